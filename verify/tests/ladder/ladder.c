/* Building and running the chain of buildscripts/boot0. */
#include "verify/tests/ladder/ladder.h"

#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

struct outcome boot0_run(struct test *t, const char *name, ...) {
    const char *argv[16] = {test_path(t, name)};
    size_t count = 1;
    va_list arguments;
    va_start(arguments, name);
    while (count < 15 && (argv[count] = va_arg(arguments, const char *)))
        count++;
    va_end(arguments);
    return test_command(t, argv);
}

/* Runs a step of the build; it must succeed and say nothing. */
static void step(struct test *t, const char *program, const char *a, const char *b, const char *c,
                 const char *d) {
    struct outcome outcome = boot0_run(t, program, a, b, c, d, NULL);
    if (outcome.status != 0 || outcome.output.len > 0) {
        test_fail(t, "%s %s %s: exit status %d, output `%s`", program, a, b, outcome.status,
                  (const char *)outcome.output.data);
    }
    buffer_free(&outcome.output);
}

void boot0_build_m1(struct test *t, const char *name) {
    char *m1 = test_path(t, xprintf("%s.M1", name));
    char *code = test_path(t, xprintf("%s.code", name));
    char *hex2 = test_path(t, xprintf("%s.hex2", name));
    char *source = xprintf(BOOT0 "%s.M1", name);
    step(t, "catm", m1, BOOT0 "defs.M1", BOOT0 "lib.M1", source);
    step(t, "M0", m1, code, NULL, NULL);
    step(t, "catm", hex2, BOOT0 "elf.hex2", code, NULL);
    step(t, "hex2", hex2, test_path(t, name), NULL, NULL);
}

void boot0_build(struct test *t) {
    char *hex0 = test_path(t, "hex0");
    test_run(t, 0, "build/seedbed", "hex0", "--strict", BOOT0 "hex0.hex0", hex0, NULL);
    if (chmod(hex0, 0755) != 0)
        test_fail(t, "%s cannot be made executable", hex0);
    step(t, "hex0", BOOT0 "hex1.hex0", test_path(t, "hex1"), NULL, NULL);
    step(t, "hex1", BOOT0 "hex2.hex1", test_path(t, "hex2"), NULL, NULL);
    step(t, "hex2", BOOT0 "catm.hex2", test_path(t, "catm"), NULL, NULL);
    step(t, "hex2", BOOT0 "M0.hex2", test_path(t, "M0"), NULL, NULL);
    boot0_build_m1(t, "dump");
    boot0_build_m1(t, "kaem");
    boot0_build_m1(t, "log");
    boot0_build_m1(t, "cmp");
}

/* Builds a program of boot1 from its parts, the variables last. */
static void build_parts(struct test *t, const char *name) {
    char *m1 = test_path(t, xprintf("%s.M1", name));
    char *code = test_path(t, xprintf("%s.code", name));
    char *hex2 = test_path(t, xprintf("%s.hex2", name));
    struct buffer command = {0};
    buffer_printf(&command,
                  "%s %s " BOOT0 "defs.M1 " BOOT1 "defs.M1 " BOOT1 "records.M1 " BOOT0
                  "lib.M1 " BOOT1 "common.M1 " BOOT1 "%s-*.M1 " BOOT1 "common-variables.M1",
                  test_path(t, "catm"), m1, name);
    buffer_append(&command, "", 1);
    test_run(t, 0, "sh", "-c", (const char *)command.data, NULL);
    step(t, "M0", m1, code, NULL, NULL);
    step(t, "catm", hex2, BOOT0 "elf.hex2", code, NULL);
    step(t, "hex2", hex2, test_path(t, name), NULL, NULL);
}

void boot1_build(struct test *t) {
    boot0_build(t);
    build_parts(t, "link");
    build_parts(t, "pp");
}

void boot2_build_tools(struct test *t) {
    static const char *const TOOLS[] = {"catm", "cp", "cmp", "mkdir", "rm", "chmod", "sha256sum"};
    boot1_build(t);
    char *library = test_path(t, "tool.link");
    struct outcome made =
        boot0_run(t, "pp", library, I386, BOOT2 "system.pp", BOOT2 "tool.pp", NULL);
    for (size_t i = 0; made.status == 0 && i < sizeof TOOLS / sizeof TOOLS[0]; i++) {
        char *module = test_path(t, xprintf("%s.link", TOOLS[i]));
        char *source = xprintf(BOOT2 "%s.pp", TOOLS[i]);
        bool is_last = i == sizeof TOOLS / sizeof TOOLS[0] - 1;
        made = boot0_run(t, "pp", module, I386, BOOT2 "system.pp", source,
                         is_last ? BOOT2 "sha256sum-check.pp" : NULL, NULL);
        if (made.status == 0)
            made = boot0_run(t, "link", test_path(t, TOOLS[i]), module, library, NULL);
    }
    if (made.status != 0)
        test_fail(t, "%s", (const char *)made.output.data);
}

struct outcome mescc_hex2(struct test *t, const char *in, const char *out, const char *base) {
    const char *argv[] = {"hex2",
                          "--little-endian",
                          "--architecture",
                          "x86",
                          "--base-address",
                          base,
                          "-f",
                          in,
                          "-o",
                          out,
                          NULL};
    return test_command(t, argv);
}

struct outcome mescc_m1(struct test *t, const char *in, const char *out) {
    const char *argv[] = {"M1", "--little-endian", "--architecture", "x86", "-f", in, "-o", out,
                          NULL};
    return test_command(t, argv);
}
