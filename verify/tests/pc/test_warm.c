/* A machine that is put back (pc_mark, pc_back) goes on as one that has just booted. */
#include <glob.h>
#include <string.h>

#include "images/machine/image.h"
#include "verify/harness/boot.h"
#include "verify/warm/warm.h"

enum { DISK = 2 << 20, LIMIT = 100000000 };
enum { MEMORY = 64, FOR_PROGRAMS = 256 }; /* MiB */

struct left {
    enum pc_end end;
    uint64_t instructions, writes;
    struct buffer console;
};

static struct left run(struct test *t, struct warm *w, const struct buffer *script) {
    struct problem p;
    struct left l = {0};
    if (warm_begin(w, script->data, script->len, &p) < 0)
        test_fail(t, "%s", p.text);
    l.end = warm_run(w, LIMIT);
    l.instructions = pc_instructions(w->pc);
    l.writes = w->writes;
    buffer_append(&l.console, w->console.data, w->console.len);
    return l;
}

static void start(struct test *t, struct warm *w, uint64_t mib, const char *bios, bool cold) {
    struct problem p;
    struct buffer head = {0};
    struct warm_config config = {
        .head = &head, .disk = DISK, .memory_mib = mib, .bios = bios, .cold = cold};
    if (image_head(false, &head, &p) < 0 || warm_open(w, &config, &p) < 0)
        test_fail(t, "%s", p.text);
    buffer_free(&head);
}

static void compare(struct test *t, const char *name, const struct left *a, const struct left *b) {
    if (a->end != b->end || a->instructions != b->instructions || a->writes != b->writes ||
        a->console.len != b->console.len ||
        (a->console.len && memcmp(a->console.data, b->console.data, a->console.len) != 0))
        test_fail(t, "%s: ended %d after %llu instructions, another time %d after %llu", name,
                  a->end, (unsigned long long)a->instructions, b->end,
                  (unsigned long long)b->instructions);
}

/* All scripts one after another on one machine, and each on one of its own that has booted for it.
 */
static void put_back(struct test *t, const char *bios, bool cold) {
    struct warm one, other;
    glob_t found;
    start(t, &one, MEMORY, bios, cold);
    if (glob("verify/cases/shell/*/*.script", 0, NULL, &found) != 0)
        test_fail(t, "no scripts");
    for (size_t n = 0; n < found.gl_pathc; n++) {
        struct buffer script = {0};
        struct problem p;
        if (read_file(found.gl_pathv[n], &script, &p) < 0)
            test_fail(t, "%s", p.text);
        start(t, &other, MEMORY, bios, !cold);
        struct left a = run(t, &one, &script), b = run(t, &other, &script);
        compare(t, found.gl_pathv[n], &a, &b);
        warm_close(&other);
        buffer_free(&script);
        buffer_free(&a.console);
        buffer_free(&b.console);
    }
    globfree(&found);
    warm_close(&one);
}

TEST(pc_a_machine_put_back_before_its_script_goes_on_as_one_that_boots) {
    put_back(t, NULL, false);
}

TEST(pc_a_machine_put_back_before_its_boot_goes_on_as_one_that_boots) {
    put_back(t, "trash,segments,errors=1,pic", true);
}

static bool put(void *user, const void *bytes, size_t n) {
    buffer_append(user, bytes, n);
    return true;
}

struct reader {
    const struct buffer *from;
    size_t at;
};

static bool get(void *user, void *bytes, size_t n) {
    struct reader *r = user;
    if (n > r->from->len - r->at)
        return false;
    memcpy(bytes, r->from->data + r->at, n);
    r->at += n;
    return true;
}

static bool no_sector(void *user, uint64_t lba, uint32_t n, uint8_t *to) {
    (void)user, (void)lba, (void)n, (void)to;
    return false;
}

/* A machine of its own that goes on from a checkpoint. */
static struct pc *load(struct test *t, const struct buffer *checkpoint) {
    char bad[80];
    struct reader reader = {.from = checkpoint};
    struct pc *pc =
        pc_new(&(struct pc_config){.memory_mib = FOR_PROGRAMS,
                                   .disk = {.sectors = DISK / SECTOR, .read = no_sector}},
               bad, sizeof bad);
    if (!pc || !pc_load(pc, get, &reader) || reader.at != checkpoint->len)
        test_fail(t, "the checkpoint cannot be loaded");
    return pc;
}

/* The message at the end of a run depends on it. */
TEST(pc_a_refused_brk_is_in_a_checkpoint_and_is_forgotten_by_a_machine_put_back) {
    struct warm w;
    struct problem p;
    struct buffer script = {0}, saved = {0}, program = test_read(t, "build/guest/machine");
    start(t, &w, FOR_PROGRAMS, NULL, false);
    buffer_printf(&script, "src 0 /dev\nsrc 0 /bin\n");
    add_src(&script, "/bin/machine", program.data, program.len);
    buffer_printf(&script, "/bin/machine\n");
    if (warm_begin(&w, script.data, script.len, &p) < 0)
        test_fail(t, "%s", p.text);
    while (!pc_brk_refused(w.pc) && warm_run(&w, 1000) == PC_RUNNING)
        if (pc_instructions(w.pc) > LIMIT)
            break;
    if (!pc_brk_refused(w.pc) || !pc_save(w.pc, put, &saved))
        test_fail(t, "no brk was refused, or the machine cannot be saved: %s", pc_message(w.pc));
    struct pc *other = load(t, &saved);
    if (!pc_brk_refused(other))
        test_fail(t, "it is not in the checkpoint");
    if (warm_begin(&w, script.data, script.len, &p) < 0 || pc_brk_refused(w.pc))
        test_fail(t, "it is not forgotten");
    pc_free(other);
    warm_close(&w);
    buffer_free(&saved);
    buffer_free(&script);
    buffer_free(&program);
}
