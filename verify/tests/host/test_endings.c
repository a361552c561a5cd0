/*
 * Only the kernel ends a build well: verify/guest/liar.asm prints the last lines of a good build
 * and resets the machine itself.
 */
#include <stdlib.h>
#include <string.h>

#include "images/machine/kernel.h"
#include "verify/harness/boot.h"

struct lie {
    const char *name;
    const struct engine *engine;
    char way;  /* of liar.asm */
    bool last; /* it is the last command of the script */
    enum run_end end;
    const char *words; /* of the message */
};

static void expect_no_success(struct test *t, const void *argument) {
    const struct lie *l = argument;
    struct buffer script = {0}, image = {0};
    test_needs(t, "build/guest/liar", "nasm");
    struct buffer program = test_read(t, "build/guest/liar");
    struct kernel kernel;
    struct problem p;
    if (kernel_load(&kernel, &p) != 0)
        test_fail(t, "%s", p.text);
    buffer_printf(&script, "src 0 /dev\nsrc 4 /dev/hda\nlies");
    add_src(&script, "/liar", program.data, program.len);
    buffer_printf(&script, "\n/liar %c %08lX\n", l->way, (unsigned long)kernel.reset);
    if (!l->last)
        buffer_printf(&script, "src 4 /more\nmore");
    struct aftermath a = boot_script_on(t, l->engine, &script, NULL, &image);
    if (a.end != l->end || !strstr(a.message, l->words)) {
        test_fail(t, "it ends as %d, should as %d with `%s`: %s", a.end, l->end, l->words,
                  a.message);
    }
    char *end = strstr(a.log, "\nBuild finished.\n00000004\n");
    if (!end && l->engine != &engine_model)
        test_fail(t, "the program has not lied: %s", a.log);
    expect_same(t, "the disk", a.disk.data, a.disk.len, image.data, image.len);
}

/* The model has no reset: it says what it cannot do. argument: the way, and words of the message.
 */
static void expect_no_success_of_model(struct test *t, const void *argument) {
    const char *way = argument;
    test_needs(t, "build/guest/liar", "nasm");
    struct buffer program = test_read(t, "build/guest/liar");
    struct buffer disk = full_system(t);
    buffer_printf(&disk, "src 0 /dev\nsrc 4 /dev/hda\nlies");
    add_src(&disk, "/liar", program.data, program.len);
    buffer_printf(&disk, "\n/liar %c\n", *way);
    end_disk(&disk);
    char *image = test_path(t, "liar.img");
    test_write(t, image, disk.data, disk.len);
    const char *const argv[] = {"build/seedbed", "run", "--engine", "model",
                                "--timeout",     "3",   image,      NULL};
    struct outcome o = test_command(t, argv);
    if (o.status == 0 || !strstr((const char *)o.output.data, way + 1)) {
        test_fail(t, "it ends with %d, should not with 0 and with `%s`: %s", o.status, way + 1,
                  (const char *)o.output.data);
    }
}

/* The kernel's own end counts, also where a program has read a part of the script. */
TEST(ending_of_a_script_that_a_program_has_read_from) {
    struct buffer script = {0};
    test_needs(t, "build/guest/liar", "nasm");
    struct buffer program = test_read(t, "build/guest/liar");
    buffer_printf(&script, "src 0 /dev\nsrc 4 /dev/hda\nSEED");
    add_src(&script, "/reads", program.data, program.len);
    buffer_printf(&script, "\n/reads l 0\nsrc 700 /nosuch/file\n#");
    add_filler(&script, 600);
    struct aftermath a = boot_script_on(t, &engine_qemu_tcg, &script, NULL, NULL);
    expect_artifact(t, "the build", &a, "SEED", 4);
}

TESTS(endings_tests) {
    static const char PLACE[] = "the reset came from address 0804";
    static const char PROGRAM[] = "program number 1 was still running";
    static const struct lie LIES[] = {
        {"a-triple-fault", &engine_qemu_tcg, 'a', false, RUN_RESET, PROGRAM},
        {"a-triple-fault-at-the-end", &engine_qemu_tcg, 'a', true, RUN_RESET, PROGRAM},
        {"the-keyboard-controller", &engine_qemu_tcg, 'b', true, RUN_RESET, PROGRAM},
        {"the-chipset", &engine_qemu_tcg, 'c', true, RUN_RESET, PROGRAM},
        {"port-92", &engine_qemu_tcg, 'd', true, RUN_RESET, PROGRAM},
        {"a-jump-to-the-kernel", &engine_qemu_tcg, 'e', true, RUN_RESET, PROGRAM},
        {"a-jump-to-the-kernel-on-its-stack", &engine_qemu_tcg, 'f', true, RUN_RESET, PROGRAM},
        {"a-jump-with-a-script-that-goes-on", &engine_qemu_tcg, 'g', false, RUN_RESET,
         "not read to its end"},
        {"a-process-number-of-none", &engine_qemu_tcg, 'h', true, RUN_RESET, PLACE},
        {"a-changed-kernel", &engine_qemu_tcg, 'i', false, RUN_RESET,
         "not hex0/kernel.hex0 as it is here"},
        {"a-jump-on-its-own-stack", &engine_qemu_tcg, 'k', false, RUN_RESET,
         "on a program's stack"},
        {"a-triple-fault-in-the-pc", &engine_pc, 'a', true, RUN_RESET, PROGRAM},
        {"a-process-number-of-none-in-the-pc", &engine_pc, 'h', true, RUN_RESET, PLACE},
        {"a-script-that-goes-on-in-the-pc", &engine_pc, 'g', false, RUN_RESET,
         "not read to its end"},
        {"a-changed-kernel-in-the-pc", &engine_pc, 'i', false, RUN_RESET,
         "not hex0/kernel.hex0 as it is here"},
        {"a-stack-of-its-own-in-the-pc", &engine_pc, 'k', false, RUN_RESET, "on a program's stack"},
        {"a-triple-fault-in-bochs", &engine_bochs, 'a', true, RUN_RESET, PROGRAM},
        {"a-process-number-of-none-in-bochs", &engine_bochs, 'h', true, RUN_RESET, PLACE},
        {"port-92-in-bochs", &engine_bochs, 'd', true, RUN_RESET, PROGRAM},
        {"a-script-that-goes-on-in-bochs", &engine_bochs, 'g', false, RUN_RESET,
         "not read to its end"},
        {"a-halt", &engine_qemu_tcg, 'j', true, RUN_HALTED, "without an ERROR line"},
    };
    static const char *const MODEL[] = {"acannot go on", "dno end after", "fcannot go on",
                                        "jhalted the machine"};
    for (size_t i = 0; i < sizeof MODEL / sizeof MODEL[0]; i++) {
        suite_add(s, xprintf("ending-no-success-by-way-%c-in-the-model", *MODEL[i]),
                  expect_no_success_of_model, MODEL[i]);
    }
    for (size_t i = 0; i < sizeof LIES / sizeof LIES[0]; i++)
        suite_add(s, xprintf("ending-no-success-by-%s", LIES[i].name), expect_no_success, &LIES[i]);
}
