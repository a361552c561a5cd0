/*
 * A program that takes the machine over (CONTRACT.md section 7): verify/guest/takeover.asm finds a
 * file through the tables, overwrites what it may, and leaves the kernel for the file's content.
 */
#include <string.h>

#include "verify/harness/boot.h"

TEST(a_program_finds_a_file_in_the_tables_and_takes_the_machine_over) {
    static const char want[] = "overwritten\na child\nleaving the kernel\ntaken over\n";
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
