/*
 * Files that grow by turns while little is free: no write takes long, however much lies behind the
 * file, and no byte is lost. The program is verify/guest/growth.c.
 */
#include <string.h>

#include "images/machine/engine.h"
#include "verify/harness/boot.h"

enum { MOST = 1000000 }; /* instructions from a line of the console to the next */

/* Of the lines with a dot, which the program writes before each of its writes. */
struct watch {
    bool dot; /* the last line was one */
    uint64_t last, longest;
    unsigned count;
};

static void on_line(void *arg, const char *line, size_t n, uint64_t instructions) {
    struct watch *w = arg;
    bool dot = n == 1 && line[0] == '.';
    if (dot && w->dot && w->longest < instructions - w->last)
        w->longest = instructions - w->last;
    w->dot = dot;
    w->count += dot;
    w->last = instructions;
}

/* Runs it on the test's engine and returns the longest write; there must be so many. */
static uint64_t longest_write(struct test *t, const char *what, unsigned mib, unsigned writes) {
    struct buffer script = {0}, file = test_read(t, "build/guest/growth");
    struct watch watch = {0};
    struct run_request how = {.mem_mib = mib, .on_line = on_line, .arg = &watch, .timeout = 100};
    buffer_printf(&script, "src 0 /dev\nsrc 0 /bin\n");
    add_src(&script, "/bin/growth", file.data, file.len);
    buffer_printf(&script, "/bin/growth %s\n", what);
    add_src(&script, "/dev/hda", "SEED", 4);
    struct aftermath a = boot_script(t, &script, &how, NULL);
    expect_artifact(t, what, &a, "SEED", 4);
    if (watch.count != writes)
        test_fail(t, "%s: %u writes instead of %u", what, watch.count, writes);
    aftermath_free(&a);
    buffer_free(&file);
    buffer_free(&script);
    return watch.longest;
}

/* The PC counts instructions; QEMU shows that the contents are right there, too. */
static void grow_by_turns(struct test *t, const char *what, unsigned mib, unsigned writes) {
    uint64_t longest = longest_write(t, what, mib, writes);
    bool counts = strcmp(t->engine->name, "pc") == 0;
    if (counts && (longest == 0 || longest > MOST))
        test_fail(t, "%s: a write takes %llu instructions", what, (unsigned long long)longest);
}

/* Two files of 100 MiB and a small one behind them, with about 20 MiB free. */
TEST_ON(DISK_ENGINES, growth_of_two_large_files_takes_few_instructions_a_write) {
    grow_by_turns(t, "large", 368, 7000);
}

/* Two files with 10,000 small ones and a large one behind them, with 4 MiB free. */
TEST_ON(DISK_ENGINES, growth_of_two_files_before_10000_takes_few_instructions_a_write) {
    grow_by_turns(t, "small", 192, 800);
}

/* At random, until nothing fits and on: the model has room for the same, to the byte. */
static void walk(struct test *t, const void *argument) {
    struct buffer script = {0}, file = test_read(t, "build/guest/growth");
    struct run_request how = {.mem_mib = 144, .timeout = 100};
    buffer_printf(&script, "src 0 /dev\nsrc 0 /bin\n");
    add_src(&script, "/dev/hda", "SEED", 4);
    add_src(&script, "/bin/growth", file.data, file.len);
    buffer_printf(&script, "/bin/growth walk %s\n", (const char *)argument);
    struct aftermath model = boot_script_on(t, &engine_model, &script, &how, NULL);
    struct aftermath a = boot_script(t, &script, &how, NULL);
    expect_artifact(t, "the walk", &a, "SEED", 4);
    expect_text(t, "what fits", a.log, model.log);
    aftermath_free(&model);
    aftermath_free(&a);
    buffer_free(&file);
    buffer_free(&script);
}

TESTS(growth_walks) {
    static const char *const SEEDS[] = {"2", "3"}; /* these come to the end of the room */
    for (size_t i = 0; i < sizeof SEEDS / sizeof SEEDS[0]; i++)
        suite_add_on(s, DISK_ENGINES, xprintf("growth-walk-%s-has-the-room-of-the-model", SEEDS[i]),
                     walk, SEEDS[i]);
}

/* Without paging a content is where its descriptor says, and moves in earnest. */
TEST_ON(DISK_ENGINES, growth_goes_on_without_paging) {
    longest_write(t, "taken", 160, 720);
}
