/*
 * A program that takes the machine over (CONTRACT.md section 7): verify/guest/takeover.asm finds a
 * file through the tables, overwrites what it may, and leaves the kernel for the file's content.
 */
#include <string.h>

#include "refmodel/seedbed.h"
#include "verify/harness/boot.h"

TEST(a_program_finds_a_file_in_the_tables_and_takes_the_machine_over) {
    static const char want[] = "overwritten\nleaving the kernel\ntaken over\n";
    struct buffer script = {0}, image = {0};
    test_needs(t, "build/guest/takeover", "nasm");
    struct buffer program = test_read(t, "build/guest/takeover");
    buffer_printf(&script, "src 0 /bin\nsrc 0 /dev\nsrc 4 /dev/hda\ngone");
    add_src(&script, "/bin/takeover", program.data, program.len);
    buffer_printf(&script, "\n/bin/takeover\n");
    struct aftermath a = boot_script(t, &script, NULL, &image);
    const char *start = strstr(a.log, "\n/bin/takeover\n");
    const char *rest = start ? start + strlen("\n/bin/takeover\n") : a.log;
    if (a.end != RUN_RESET)
        test_fail(t, "the machine should have been reset: %s", a.message);
    expect_text(t, "the console", rest, want);
    expect_same(t, "the disk", a.disk.data, a.disk.len, image.data, image.len);
    aftermath_free(&a);
    buffer_free(&image);
    buffer_free(&program);
    buffer_free(&script);
}

/* A script that runs kexec with an initrd of so many bytes, 8 hex digits, after other programs. */
static struct buffer kexec_script(struct test *t, const char *size) {
    struct buffer script = {0};
    struct buffer entry = test_read(t, "build/guest/entry");
    struct buffer program = test_read(t, "build/guest/kexec");
    buffer_printf(&script, "src 0 /bin\nsrc 0 /dev\n");
    add_src(&script, "/bin/entry", entry.data, entry.len);
    buffer_printf(&script, "/bin/entry\n");
    add_src(&script, "/bin/kexec", program.data, program.len);
    buffer_printf(&script, "/bin/entry\n/bin/kexec %s\n", size);
    return script;
}

#define SAID "the new kernel is in place\nleaving\n"

static void expect_taken_over(struct test *t, const char *engine, const char *size,
                              const struct run_request *how) {
    struct problem p;
    const struct engine *e = engine_choose(engine, NULL, &p);
    if (!e)
        test_fail(t, "%s", p.text);
    struct buffer script = kexec_script(t, size);
    struct aftermath a = boot_script_on(t, e, &script, how, NULL);
    const char *start = strstr(a.log, SAID);
    expect_text(t, "the console", start ? start : a.log, SAID "taken over\n");
    if (a.end != RUN_RESET)
        test_fail(t, "the machine should have been reset: %s", a.message);
    aftermath_free(&a);
}

/* It has the trampoline's place free, and its initrd overwrites nothing of the kernel. */
TEST(a_kexec_of_0_2_mib_takes_the_machine_over) {
    expect_taken_over(t, "qemu-tcg", "00033334", NULL);
}

/* This one goes over the page tables, the names and the descriptors. */
TEST(a_kexec_of_4_mib_takes_the_machine_over) {
    expect_taken_over(t, "qemu-tcg", "00400000", NULL);
}

TEST(a_kexec_of_4_mib_takes_the_machine_over_in_bochs) {
    expect_taken_over(t, "bochs", "00400000", NULL);
}

TEST(a_kexec_of_64_mib_takes_the_machine_over) {
    static const struct run_request how = {.mem_mib = 480};
    expect_taken_over(t, "qemu-tcg", "04000000", &how);
}

TEST_WITHIN(300, a_kexec_of_1_3_gib_takes_the_machine_over) {
    static const struct run_request how = {.mem_mib = 4096, .timeout = 240};
    expect_taken_over(t, "qemu-tcg", "53333334", &how);
}

TEST(the_model_says_where_it_was_taken_over) {
    const struct seedbed_config config = {0};
    struct buffer script = kexec_script(t, "00400000");
    struct seedbed *s = seedbed_new(&config);
    if (seedbed_run(s, script.data, script.len) != SEEDBED_UNSUPPORTED)
        test_fail(t, "the model should stop: %s", seedbed_error(s));
    expect_text(t, "why", seedbed_error(s), "the machine was taken over at 001B003A");
    seedbed_free(s);
}

/* Twice a program that enables interrupts for two seconds, with calls of the kernel behind it. */
static void enables_interrupts(struct test *t, const char *option) {
    char *out = test_path(t, "program");
    test_run(t, 0, "nasm", "-f", "bin", "-I", "verify/guest/", "-o", out,
             "verify/cases/programs/interrupts.asm", option, NULL);
    struct buffer program = test_read(t, out);
    struct buffer script = {0};
    buffer_printf(&script, "src 0 /dev\n");
    add_src(&script, "/dev/hda", "SEED", 4);
    add_src(&script, "/p", program.data, program.len);
    buffer_printf(&script, "/p\n");
    add_filler(&script, 100000); /* so that the disk is read */
    buffer_printf(&script, "/p\nf\n\n");
    struct aftermath a = boot_script_on(t, t->engine, &script, NULL, NULL);
    expect_artifact(t, "/dev/hda", &a, "SEED", 4);
    expect_text(t, "the console", strstr(a.log, "/p\nstill"),
                "/p\nstill here\n/p\nstill here\nf\nBuild finished.\n00000004\n");
}

TEST_ON(QUICK_ENGINES, a_program_may_enable_interrupts) {
    enables_interrupts(t, NULL);
}

TEST_ON(QUICK_ENGINES, a_program_may_enable_interrupts_while_it_takes_over) {
    enables_interrupts(t, "-DTAKES_OVER");
}
