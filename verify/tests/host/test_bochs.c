/*
 * Tests of images/machine/bochs.c: what Bochs says, and in what pieces, is understood. A script of
 * the shell that is called bochs says it.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "images/machine/kernel.h"
#include "verify/harness/boot.h"

/* A shell command that speaks as Bochs does, what it means, and the console it leaves. */
struct speech {
    const char *command;
    enum run_end end;
    const char *log;
};

#define BOOT "printf 'Next at t=0\\n(0) [0] jmpf\\n\\nBooting from Hard Disk...\\r\\n"
#define DONE "Build finished.\\r\\n00001000\\r\\n"
/* The debugger, from within a printf: where the kernel resets the machine, and its memory then. */
#define INSTRUCTION "(0).[2100] [0x'$AT'] 0008:'$AT' (unk. ctxt): int3 ; cc\\n"
#define MEMORY "'; cat $STATE"
#define HALT "; echo '0162i[CPU0  ] WARNING: HLT instruction with IF=0!' >/dev/fd/104"
#define REST "; sleep 5"

/* Writes what the debugger shows of memory where the kernel has ended the build; returns where. */
static uint32_t write_state(struct test *t, const char *path) {
    struct kernel k;
    struct problem p;
    struct buffer text = {0};
    if (kernel_load(&k, &p) != 0)
        test_fail(t, "%s", p.text);
    for (size_t i = 0; i < k.code.len; i += 4) {
        const uint8_t *c = k.code.data + i;
        if (i % 16 == 0)
            buffer_printf(&text, "%s0x%016zX <bogus+ %zu>:", i ? "\n" : "", k.base + i, i);
        buffer_printf(&text, "\t0x%02x%02x%02x%02x", c[3], c[2], c[1], c[0]);
    }
    for (int i = 0; i < 3; i++)
        buffer_printf(&text, "\n[bochs]:\n0x0000000000002f80 <bogus+ 0>:\t0x00000000");
    buffer_printf(&text, "\n");
    test_write(t, path, text.data, text.len);
    buffer_free(&text);
    kernel_free(&k);
    return k.reset;
}

static void is_understood(struct test *t, const void *argument) {
    const struct speech *s = argument;
    struct problem p;
    struct buffer disk = {0};
    struct run_request request = {.head = &disk, .timeout = 4};
    struct run_result result;
    char *program = test_path(t, "bochs");
    char *state = test_path(t, "state");
    uint32_t reset = write_state(t, state);
    char *text =
        xprintf("#!/bin/sh\nAT=%012lx STATE='%s'\n%s\n", (unsigned long)reset, state, s->command);
    add_zeros(&disk, SECTOR);
    test_write(t, program, text, strlen(text));
    chmod(program, 0755);
    setenv("PATH", xprintf("%s:%s", t->dir, getenv("PATH")), 1);
    if (boot(&engine_bochs, &request, &result, &p) != 0)
        test_fail(t, "%s", p.text);
    buffer_append(&result.log, "", 1);
    expect_text(t, "the console", (const char *)result.log.data, s->log);
    if (result.end != s->end || (s->end == RUN_FINISHED && result.length != 0x1000))
        test_fail(t, "end %d, length %x: %s", result.end, result.length, result.message);
    run_result_free(&result);
}

/* Bochs itself fails: the line of its panic is the message. */
static void panic_is_told(struct test *t, const void *argument) {
    (void)argument;
    struct problem p = {""};
    struct buffer disk = {0};
    struct run_request request = {.head = &disk, .timeout = 4};
    struct run_result result;
    char *program = test_path(t, "bochs");
    static const char TEXT[] = "#!/bin/sh\necho first >&2\necho 'p >>PANIC<< no ROM' >&2\nexit 1\n";
    add_zeros(&disk, SECTOR);
    test_write(t, program, TEXT, strlen(TEXT));
    chmod(program, 0755);
    setenv("PATH", xprintf("%s:%s", t->dir, getenv("PATH")), 1);
    if (boot(&engine_bochs, &request, &result, &p) == 0)
        test_fail(t, "a failure is taken for end %d", result.end);
    expect_text(t, "the message", p.text, "Bochs failed with exit status 1: p >>PANIC<< no ROM");
    run_result_free(&result);
}

TESTS(test_bochs) {
    static const char FINISHED[] = "Build finished.\n00001000\n";
    static const struct {
        const char *name;
        struct speech speech;
    } TESTS[] = {
        {"bochs-an-end-and-the-debugger-in-one-piece",
         {BOOT DONE INSTRUCTION "Next at t=2101\\n" MEMORY, RUN_FINISHED, FINISHED}},
        {"bochs-an-end-and-half-of-the-debugger",
         {BOOT DONE INSTRUCTION "'; sleep 0.2; printf 'Next" MEMORY, RUN_FINISHED, FINISHED}},
        {"bochs-an-end-at-another-place",
         {BOOT DONE "(0).[21] [0x08048000] 0008:08048000\\n" MEMORY, RUN_RESET, FINISHED}},
        {"bochs-an-end-and-pieces-of-the-debugger's-mark",
         {BOOT DONE "(0)'; sleep 0.2; printf '.[21] [0x'$AT']\\n" MEMORY, RUN_FINISHED, FINISHED}},
        {"bochs-an-end-in-two-pieces",
         {BOOT "Build finished.\\r\\n000'; sleep 0.2; printf '01000\\r\\n" INSTRUCTION MEMORY,
          RUN_FINISHED, FINISHED}},
        {"bochs-that-ends-by-itself-is-no-end-of-a-build", {BOOT DONE "'", RUN_RESET, FINISHED}},
        {"bochs-a-mark-that-is-none-belongs-to-the-console",
         {BOOT "(0).\\r\\nBooting from H\\r\\n'" HALT REST, RUN_HALTED, "(0).\nBooting from H\n"}},
        {"bochs-a-reset-in-the-middle-of-a-line",
         {BOOT "one\\r\\ntw" INSTRUCTION MEMORY, RUN_RESET, "one\ntw\n"}},
        {"bochs-a-second-boot-is-a-reset",
         {BOOT "one\\r\\nBooting from Hard Disk...\\r\\n'" REST, RUN_RESET, "one\n"}},
        {"bochs-a-halt-after-an-error-ends-it",
         {BOOT "one\\r\\nERROR: /: no memory\\r\\n'" HALT REST, RUN_ERROR,
          "one\nERROR: /: no memory\n"}},
        {"bochs-a-halt-takes-all-that-was-said-before-it",
         {BOOT "one\\r\\ntwo (0).'" HALT REST, RUN_HALTED, "one\ntwo (0).\n"}},
        {"bochs-an-error-alone-does-not-end-it",
         {BOOT "one\\r\\nERROR: /: no memory\\r\\n'" REST, RUN_TIMEOUT,
          "one\nERROR: /: no memory\n"}},
        {"bochs-a-program-that-says-no-more-is-ended",
         {BOOT "one\\r\\n'" REST, RUN_TIMEOUT, "one\n"}},
    };
    for (size_t i = 0; i < sizeof TESTS / sizeof TESTS[0]; i++)
        suite_add(s, TESTS[i].name, is_understood, &TESTS[i].speech);
    suite_add(s, "bochs-that-fails-says-why", panic_is_told, NULL);
}
