/* Tests of verify/spoken.c: what a machine's program says, and in what pieces, is understood. */
#include <stdlib.h>
#include <string.h>

#include "images/machine/spoken.h"
#include "verify/harness/harness.h"

/* A shell command that speaks as Bochs does, what it means, and the console it leaves. */
struct speech {
    const char *command;
    enum run_end end;
    const char *log;
};

#define BOOT "printf 'Next at t=0\\n(0) [0] jmpf\\n\\nBooting from Hard Disk...\\r\\n"
#define DONE "Build finished.\\r\\n00001000\\r\\n"
#define INSTRUCTION "(0).[2100] [0x8416] 0008:8416 (unk. ctxt): int3 ; cc\\n"
#define REST "; sleep 5"

static void is_understood(struct test *t, const void *argument) {
    const struct speech *s = argument;
    char *argv[] = {"sh", "-c", (char *)s->command, NULL};
    struct run_request request = {.timeout = 4};
    struct run_result result;
    struct problem p;
    if (spoken_run(argv, &request, &result, &p) != 0)
        test_fail(t, "%s", p.text);
    buffer_append(&result.log, "", 1);
    expect_text(t, "the console", (const char *)result.log.data, s->log);
    if (result.end != s->end || (s->end == RUN_FINISHED && result.length != 0x1000))
        test_fail(t, "end %d, length %x: %s", result.end, result.length, result.message);
    run_result_free(&result);
}

TESTS(spoken_tests) {
    static const char FINISHED[] = "Build finished.\n00001000\n";
    static const struct {
        const char *name;
        struct speech speech;
    } TESTS[] = {
        {"spoken-an-end-and-the-debugger-in-one-piece",
         {BOOT DONE INSTRUCTION "Next at t=2101\\n'" REST, RUN_FINISHED, FINISHED}},
        {"spoken-an-end-and-half-of-the-debugger",
         {BOOT DONE INSTRUCTION "'" REST, RUN_FINISHED, FINISHED}},
        {"spoken-an-end-and-a-piece-of-the-debugger's-mark",
         {BOOT DONE "(0)'; sleep 0.2; printf '.[21] [0x8]\\n'" REST, RUN_FINISHED, FINISHED}},
        {"spoken-an-end-in-two-pieces",
         {BOOT "Build finished.\\r\\n000'; sleep 0.2; printf '01000\\r\\n'" REST, RUN_FINISHED,
          FINISHED}},
        {"spoken-a-reset-in-the-middle-of-a-line",
         {BOOT "one\\r\\ntw" INSTRUCTION "'" REST, RUN_RESET, "one\ntw\n"}},
        {"spoken-a-second-boot-is-a-reset",
         {BOOT "one\\r\\nBooting from Hard Disk...\\r\\n'" REST, RUN_RESET, "one\n"}},
        {"spoken-an-error-ends-it",
         {BOOT "one\\r\\nERROR: /: no memory\\r\\n'" REST, RUN_ERROR,
          "one\nERROR: /: no memory\n"}},
        {"spoken-an-end-of-the-program-is-one", {BOOT "one\\r\\n'", RUN_HALTED, "one\n"}},
        {"spoken-a-program-that-says-no-more-is-ended",
         {BOOT "one\\r\\n'" REST, RUN_TIMEOUT, "one\n"}},
    };
    for (size_t i = 0; i < sizeof TESTS / sizeof TESTS[0]; i++)
        suite_add(s, TESTS[i].name, is_understood, &TESTS[i].speech);
}
