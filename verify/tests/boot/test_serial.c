/* The BIOS's own serial console, which keeps a character until the next one or a tick comes. */
#include <string.h>

#include "images/machine/console.h"
#include "verify/harness/boot.h"

static struct aftermath boot_serial(struct test *t, const char *script) {
    const struct run_request how = {.console = "serial", .timeout = BOOT_SECONDS};
    const struct engine *qemu;
    struct problem p;
    struct buffer text = {0};
    qemu = engine_choose("qemu-tcg", NULL, &p);
    if (!qemu)
        test_fail(t, "%s", p.text);
    buffer_printf(&text, "%s", script);
    return boot_script_on(t, qemu, &text, &how, NULL);
}

static void expect_end(struct test *t, const struct aftermath *a, const char *want) {
    size_t n = strlen(a->log), k = strlen(want);
    expect_text(t, "the end of the log", a->log + (n > k ? n - k : 0), want);
}

TEST(serial_console_gets_the_length) {
    struct aftermath a = boot_serial(t, "src 0 /dev\nsrc 4 /dev/hda\nSEED");
    expect_end(t, &a, "Build finished.\n00000004\n");
    expect_artifact(t, "/dev/hda", &a, "SEED", 4);
}

TEST(serial_console_gets_the_name_of_an_error) {
    struct aftermath a = boot_serial(t, "src 0 /dev\nnosuch\n");
    expect_end(t, &a, "nosuch\nERROR: nosuch: not found\n");
}

TEST(serial_console_gets_the_number_of_an_error) {
    struct aftermath a = boot_serial(t, "src 0 /dev\nsrc 5000000 /x\n");
    expect_end(t, &a, "\nERROR: disk: 00000800\n");
}

/* Each way a build can end, by its script (%s: the program's src) and the end of the log. */
static const struct ending {
    const char *name;
    const char *program; /* of build/guest, as /p; null: none */
    const char *script;
    const char *end;
    enum run_end how;
} ENDINGS[] = {
    {"exit-status", "faults", "/p m\n", "/p m\nERROR: /p: exit 2A\n", RUN_ERROR},
    {"fault", "faults", "/p b\n", "/p b\nERROR: fault 06 at 08049010\n", RUN_ERROR},
    {"odd-digit", NULL, "src 3 /x\n123hex0 /x /y\n", "hex0 /x /y\nERROR: /x: odd digit\n",
     RUN_ERROR},
    {"bad-operand", NULL, "src x /y\n", "src x /y\nERROR: x: bad operand\n", RUN_ERROR},
    {"not-a-program", NULL, "src 3 /x\n123/x\n", "/x\nERROR: /x: not a program\n", RUN_ERROR},
    {"no-artifact", NULL, "", "ERROR: /dev/hda: not found\n", RUN_ERROR},
    {"an-artifact-of-many-sectors", "give", "/p /p /p /p /p /p /p /p\n", "Build finished.\n",
     RUN_FINISHED},
};

static void ends_whole(struct test *t, const void *argument) {
    const struct ending *e = argument;
    const struct run_request how = {.console = "serial", .timeout = BOOT_SECONDS};
    struct buffer script = {0}, program = {0};
    buffer_printf(&script, "src 0 /dev\n");
    if (e->program) {
        program = test_read(t, xprintf("build/guest/%s", e->program));
        add_src(&script, "/p", program.data, program.len);
    }
    buffer_printf(&script, "%s", e->script);
    struct aftermath a = boot_script_on(t, &engine_qemu_tcg, &script, &how, NULL);
    if (a.end != e->how)
        test_fail(t, "it ends as %d, should as %d: %s", a.end, e->how, a.message);
    char *number = xprintf("%08zX\n", 7 * program.len);
    expect_end(t, &a, e->how == RUN_FINISHED ? xprintf("Build finished.\n%s", number) : e->end);
    const char *error = strstr(e->end, "ERROR: ");
    if (error)
        expect_text(t, "the message", a.message, xprintf("%.*s", (int)strlen(error) - 1, error));
}

TESTS(serial_endings) {
    for (size_t i = 0; i < sizeof ENDINGS / sizeof ENDINGS[0]; i++)
        suite_add(s, xprintf("serial-console-gets-all-of-%s", ENDINGS[i].name), ends_whole,
                  &ENDINGS[i]);
}

/* A length that lacks its last digit is none, wherever the console was cut. */
TEST(serial_console_that_is_cut_ends_no_build) {
    static const char LAST[] = "Build finished.\r\n0000000C\r\n";
    for (size_t n = 0; n < sizeof LAST; n++) {
        struct run_request request = {.console = "serial"};
        struct run_result result = {0};
        struct console c;
        uint32_t length = 0;
        console_open(&c, &request, &result);
        console_feed(&c, (const uint8_t *)LAST, n);
        console_close(&c);
        bool whole = n >= sizeof "Build finished.\r\n0000000C" - 1;
        if (console_finished(&c, &length) != whole || (whole && length != 12))
            test_fail(t, "after %zu of %zu bytes: finished with %lu", n, sizeof LAST - 1,
                      (unsigned long)length);
        run_result_free(&result);
    }
}
