/*
 * Machines with holes in their memory (CONTRACT.md 7.1): to programs they are as those with as much
 * RAM in one piece. The engine pc has memory only where the map has it, so that an access to a hole
 * shows. The kernel finds the maps of test_e820.c as their ends say; here it is about what happens
 * in them.
 */
#include <stdlib.h>
#include <string.h>

#include "images/machine/engine.h"
#include "verify/tests/boot/faulty_bios.h"
#include "verify/tests/boot/maps.h"

enum { PAGE = 4096, ENTRIES = 16, SECONDS = 60 };
/* RAM in MiB. Of the usual 160 32 are the pool, so that programs come to its end; with 384 files
   outgrow their first zone. */
enum { RAM = 160, LARGE = 384 };
/* Where the record of the shell begins, with a few bytes of this page; and the page of the first
   break of TAKES. */
enum { RECORD_PAGE = (RAM << 20) - 2 * PAGE, TOP_PAGE = 0x08069000 };

struct hole {
    uint64_t from, length;
};

/* A machine whose RAM is interrupted by holes, from below. */
struct machine {
    const char *name;
    const char *lines;              /* of the shell */
    uint64_t mib;                   /* if not RAM */
    struct hole holes[ENTRIES - 2]; /* up to the first without a length */
    bool askew; /* the entries are longer at both ends, by bytes: pages of which a part is reserved
                   do not count */
};

/* What is the same with holes as without. */
#define CALLS "/bin/fork\n/bin/exec\n/bin/edge\n"
#define POOL "/bin/pool\n/bin/pool 3\n"
#define MOVED "/bin/growth walk 2\n"
#define TAKES "/bin/takes\n"
#define GROWS "/bin/growth taken\n"
#define MOVES "/bin/growth moved\n"
#define FORKS "/bin/fork\n"

static const struct machine MACHINES[] = {
    {.name = "a-current-desktop-board",
     .lines = "/bin/brk\n" CALLS POOL "/bin/full\n" MOVED,
     .holes = {{0x09D1F000, 0x002E1000}}},
    {.name = "many-holes",
     .lines = CALLS POOL MOVED,
     .holes = {{0x01600000, PAGE},
               {0x01E00000, 2 * PAGE},
               {0x077FE000, 3 * PAGE}, /* the page that is not there is in it */
               {0x07FFD000, PAGE},
               {0x08000000, PAGE},
               {0x08049000, PAGE},
               {0x08400000, 0x00300000},
               {0x08C00000, 5 * PAGE},
               {0x09000000, 0x00100000},
               {0x09FFE000, PAGE}}},
    {.name = "a-hole-in-the-stack", .lines = CALLS POOL, .holes = {{0x07C00000, 0x00400000}}},
    {.name = "a-hole-in-the-contents", .lines = "/bin/full\n", .holes = {{0x01600000, 0x04C00000}}},
    {.name = "a-hole-larger-than-what-is-above-it",
     .lines = POOL "/bin/full\n",
     .holes = {{0x09000000, 0x60000000}}},
    {.name = "a-hole-in-place-of-the-pool",
     .lines = CALLS POOL,
     .holes = {{0x08000000, 0x02000000}}},
    {.name = "almost-nothing-below-the-hole", .lines = CALLS, .holes = {{0x01500000, 0xB0000000}}},
    {.name = "memory-up-to-4-gib-but-a-page",
     .lines = "/bin/edge\n" POOL,
     .holes = {{0x05000000, 0xF5FFF000}}},
    {.name = "files-that-outgrow-their-zone",
     .lines = MOVED CALLS,
     .mib = LARGE,
     .holes = {{0x05000000, 0x01000000}, {0x09D1F000, 0x02E1000}, {0x16000000, 0x01000000}}},
    {.name = "entries-that-are-no-pages",
     .lines = "/bin/edge\n" POOL,
     .askew = true,
     .holes = {{0x01800000, PAGE}, {0x07F00000, 2 * PAGE}, {0x08800000, 0x00800000}}},
};

/* Its map; the hook's part below 1 MiB is free. */
static void map_of(const struct machine *m, struct pc_area map[ENTRIES + 1]) {
    const struct pc_area low = LOW;
    uint64_t at = MIB(1), left = MIB((m->mib ? m->mib : RAM) - 1), more = m->askew ? PAGE - 1 : 0;
    struct pc_area *a = map;
    *a++ = low;
    for (const struct hole *h = m->holes; left > 0; h++) {
        uint64_t n = h->length && h->from - at < left ? h->from - at : left;
        if (n)
            *a++ = (struct pc_area){at - more, n + 2 * more, 1};
        at = h->from + h->length;
        left -= n;
    }
    *a = (struct pc_area){0};
}

/* Folders, and programs of verify/guest, up to the null, with what the shell is to run of them. */
static struct buffer script_of(struct test *t, const char *const programs[], const char *lines) {
    struct buffer script = {0};
    buffer_printf(&script, "src 0 /dev\nsrc 0 /bin\nsrc 0 /dev/hda\n");
    for (; *programs; programs++) {
        struct buffer file = test_read(t, xprintf("build/guest/%s", *programs));
        add_src(&script, xprintf("/bin/%s", *programs), file.data, file.len);
        buffer_free(&file);
    }
    buffer_printf(&script, "%s", lines);
    return script;
}

/* Runs the script on the PC; its files go to a folder of this name. What no program has written to
   is not zero. */
static struct aftermath run(struct test *t, const struct machine *m, const struct buffer *script,
                            const char *files, struct buffer *image) {
    struct pc_area map[ENTRIES + 1];
    map_of(m, map);
    struct run_request how = {.mem_map = map_as_file(t, map),
                              .files = test_path(t, files),
                              .bios = "ram-dirty",
                              .timeout = SECONDS};
    return boot_script_on(t, &engine_pc, script, &how, image);
}

static void expect_same_files(struct test *t) {
    test_run(t, 0, "diff", "-r", "--exclude=e820", test_path(t, "want"), test_path(t, "have"),
             NULL);
}

/* Console, disk and files, but for the map itself, are as on the machine in one piece. */
static void expect_as_in_one_piece(struct test *t, const struct machine *m,
                                   const struct buffer *script) {
    const struct machine one_piece = {.name = "one piece", .mib = m->mib};
    struct aftermath want = run(t, &one_piece, script, "want", NULL);
    struct aftermath have = run(t, m, script, "have", NULL);
    expect_finished(t, one_piece.name, &want);
    expect_finished(t, m->name, &have);
    expect_text(t, "the console", have.log, want.log);
    expect_same(t, "the disk", have.disk.data, have.disk.len, want.disk.data, want.disk.len);
    expect_same_files(t);
    aftermath_free(&want);
    aftermath_free(&have);
}

static void is_as_one_piece(struct test *t, const void *argument) {
    static const char *const PROGRAMS[] = {"brk",  "fork", "exec",   "edge",
                                           "pool", "full", "growth", NULL};
    const struct machine *m = argument;
    struct buffer script = script_of(t, PROGRAMS, m->lines);
    expect_as_in_one_piece(t, m, &script);
    buffer_free(&script);
}

TESTS(machines_with_holes) {
    for (size_t i = 0; i < sizeof MACHINES / sizeof MACHINES[0]; i++)
        suite_add(s, xprintf("holes-with-%s-memory-is-as-in-one-piece", MACHINES[i].name),
                  is_as_one_piece, &MACHINES[i]);
}

/* A take-over (CONTRACT.md 7.5) on a machine with a hole, and a program behind it. */
struct takeover {
    const char *name;
    const char *lines;
    uint64_t mib;
    struct hole hole;
    const char *error; /* the line that the build ends with; null: it is as in one piece */
};

#define FAILS(program) "ERROR: /bin/" program ": no memory"

static const struct takeover TAKEOVERS[] = {
    {"free-pages", TAKES GROWS FORKS, 0, {0x08800000, 0x00800000}, NULL},
    {"all-above-the-program", TAKES, 0, {0x08800000, 0x70000000}, FAILS("takes")},
    {"the-page-above-the-program", TAKES FORKS, 0, {TOP_PAGE + PAGE, PAGE}, NULL},
    {"the-highest-page-of-the-program", TAKES, 0, {TOP_PAGE, PAGE}, FAILS("takes")},
    {"the-page-below-the-log", TAKES FORKS, 0, {RECORD_PAGE - PAGE, PAGE}, NULL},
    {"the-page-where-the-log-begins", TAKES, 0, {RECORD_PAGE, PAGE}, FAILS("takes")},
    {"the-last-page", TAKES, 0, {RECORD_PAGE + PAGE, PAGE}, FAILS("takes")},
    {"a-page-of-the-image", TAKES, 0, {0x08048000, PAGE}, FAILS("takes")},
    {"the-lowest-page-of-programs", TAKES, 0, {0x08000000, PAGE}, FAILS("takes")},
    {"the-stack", TAKES, 0, {0x07FFF000, PAGE}, FAILS("takes")},
    {"the-contents", GROWS, 0, {0x01800000, PAGE}, FAILS("growth")},
    {"free-pages-after-the-contents-have-moved",
     MOVED GROWS FORKS,
     LARGE,
     {0x08C00000, PAGE},
     NULL},
    {"free-pages-that-contents-do-not-get", MOVES, LARGE, {0x0A000000, 0x0D000000}, NULL},
    {"contents-that-have-moved", MOVED GROWS, LARGE, {0x17C00000, PAGE}, FAILS("growth")},
};

static void takes_over(struct test *t, const void *argument) {
    static const char *const PROGRAMS[] = {"takes", "growth", "fork", NULL};
    const struct takeover *o = argument;
    const struct machine m = {.name = o->name, .mib = o->mib, .holes = {o->hole}};
    struct buffer script = script_of(t, PROGRAMS, o->lines);
    if (o->error) {
        struct buffer image = {0};
        struct aftermath a = run(t, &m, &script, "files", &image);
        expect_error(t, o->name, &a, o->error, &image);
        aftermath_free(&a);
    } else {
        expect_as_in_one_piece(t, &m, &script);
    }
    buffer_free(&script);
}

TESTS(takeovers_with_holes) {
    for (size_t i = 0; i < sizeof TAKEOVERS / sizeof TAKEOVERS[0]; i++)
        suite_add(s, xprintf("holes-in-%s-and-a-take-over", TAKEOVERS[i].name), takes_over,
                  &TAKEOVERS[i]);
}

/* QEMU has memory in the hole, but nobody uses it: what the BIOS says counts. */
TEST(holes_that_the_bios_tells_of_are_as_none_in_qemu) {
    const struct machine *m = &MACHINES[0];
    static const char *const PROGRAMS[] = {"exec", "edge", "pool", NULL};
    struct buffer disk = full_system(t), logs[2] = {{0}}, artifacts[2] = {{0}};
    struct buffer script = script_of(t, PROGRAMS, "/bin/exec\n/bin/edge\n" POOL);
    const struct machine one_piece = {.name = "one piece"};
    struct run_request how = {.mem_mib = RAM + 64, .timeout = SECONDS};
    const struct fault fault = {"e820/well", 0x15, NULL};
    buffer_append(&disk, script.data, script.len);
    end_disk(&disk);
    for (int i = 0; i < 2; i++) {
        struct pc_area map[ENTRIES + 1];
        struct buffer hooked = {0};
        buffer_append(&hooked, disk.data, disk.len);
        map_of(i ? m : &one_piece, map);
        map_as_table(t, map);
        faulty_bios(t, &hooked, &fault, NULL);
        how.files = test_path(t, i ? "have" : "want");
        struct aftermath a = boot_image(t, &hooked, &how);
        expect_finished(t, i ? m->name : one_piece.name, &a);
        buffer_append(&logs[i], a.log, strlen(a.log));
        buffer_append(&artifacts[i], a.disk.data, a.length);
        aftermath_free(&a);
        buffer_free(&hooked);
    }
    expect_same(t, "the console", logs[1].data, logs[1].len, logs[0].data, logs[0].len);
    expect_same(t, "the artifact", artifacts[1].data, artifacts[1].len, artifacts[0].data,
                artifacts[0].len);
    expect_same_files(t);
}
