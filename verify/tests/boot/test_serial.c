/* The BIOS's own serial console, which keeps a character until the next one or a tick comes. */
#include <string.h>

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
