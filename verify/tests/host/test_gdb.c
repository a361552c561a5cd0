/* A real gdb on the kernel in the PC and in QEMU: it knows labels, lines and the prose. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "images/lib/process.h"
#include "verify/harness/boot.h"

static pid_t start_machine(struct test *t, const char *engine, const char *image, int port) {
    struct problem p;
    char *gdb = xprintf("--gdb=%d", port);
    char *argv[] = {"build/seedbed", "run",          "--quiet", "--timeout",   "50",
                    "--engine",      (char *)engine, gdb,       (char *)image, NULL};
    int nothing = open("/dev/null", O_WRONLY);
    const struct redirect quiet[] = {{nothing, 1}, {nothing, 2}, {-1, -1}};
    pid_t pid = process_start(argv, quiet, &p);
    close(nothing);
    free(gdb);
    if (pid < 0)
        test_fail(t, "%s", p.text);
    return pid;
}

static void expect_word(struct test *t, const char *output, const char *word) {
    if (!strstr(output, word))
        test_fail(t, "gdb does not say `%s`: %.1500s", word, output);
}

static void drive(struct test *t, const char *engine) {
    test_needs(t, "gdb", "gdb");
    char *image = test_path(t, "image"), *elf = test_path(t, "kernel.elf");
    int port = 20000 + (int)getpid() % 20000;
    struct buffer disk = full_system(t);
    buffer_printf(&disk, "src 0 /dev\nsrc 4 /dev/hda\nfour\n");
    end_disk(&disk);
    test_write(t, image, disk.data, disk.len);
    test_run(t, 0, "build/seedbed", "symbols", "-o", elf, "hex0/kernel.hex0", NULL);
    pid_t machine = start_machine(t, engine, image, port);
    char *line = xprintf(
        "for i in 1 2 3 4 5 6 7 8; do gdb -nx -batch -ex 'target remote :%d' "
        "-ex 'break shell_src' -ex continue -ex 'info symbol $eip' -ex 'list' -ex 'stepi' "
        "-ex 'print $esp < 0x3000' -ex 'print *(char*)0x7e00 == 0x31' -ex 'set $edx = 0x1234' "
        "-ex 'print/x $edx' -ex 'info line' -ex 'delete' -ex '%s' %s 2>&1 > %s/out; "
        "grep -q 'Breakpoint 1,' %s/out && break; sleep 0.3; done; cat %s/out",
        port, "kill", elf, t->dir, t->dir, t->dir);
    const char *const argv[] = {"sh", "-c", line, NULL};
    struct outcome o = test_command(t, argv);
    buffer_append(&o.output, "", 1);
    const char *said = (const char *)o.output.data;
    expect_word(t, said, "Breakpoint 1, shell_src () at hex0/kernel.hex0:");
    expect_word(t, said, "shell_src in section .text");
    expect_word(t, said, "; shell_src:");
    expect_word(t, said, "$1 = 1");
    expect_word(t, said, "$2 = 1");
    expect_word(t, said, "$3 = 0x1234");
    process_kill(machine);
}

TEST(gdb_stops_the_kernel_at_a_label_on_the_pc) {
    drive(t, "pc");
}

TEST(gdb_stops_the_kernel_at_a_label_in_qemu) {
    test_needs(t, "qemu-system-i386", NULL);
    drive(t, "qemu-tcg");
}
