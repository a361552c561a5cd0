/* A machine that is put back (pc_mark, pc_back) goes on as one that has just booted. */
#include <glob.h>
#include <string.h>

#include "images/machine/image.h"
#include "verify/harness/harness.h"
#include "verify/warm/warm.h"

enum { DISK = 2 << 20, MEMORY = 64, LIMIT = 100000000 };

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

static void start(struct test *t, struct warm *w, const char *bios, bool cold) {
    struct problem p;
    struct buffer head = {0};
    struct warm_config config = {
        .head = &head, .disk = DISK, .memory_mib = MEMORY, .bios = bios, .cold = cold};
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
    start(t, &one, bios, cold);
    if (glob("verify/cases/shell/*/*.script", 0, NULL, &found) != 0)
        test_fail(t, "no scripts");
    for (size_t n = 0; n < found.gl_pathc; n++) {
        struct buffer script = {0};
        struct problem p;
        if (read_file(found.gl_pathv[n], &script, &p) < 0)
            test_fail(t, "%s", p.text);
        start(t, &other, bios, !cold);
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
