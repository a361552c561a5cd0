/* A real gdb on the kernel in the PC and in QEMU: it knows labels, lines and the prose. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "images/lib/process.h"
#include "verify/harness/boot.h"

/* `more` is another option, or null. */
static pid_t start_machine(struct test *t, const char *engine, const char *image, int port,
                           const char *more) {
    struct problem p;
    char *gdb = xprintf("--gdb=%d", port);
    char *argv[] = {"build/seedbed", "run", "--quiet",     "--timeout",  "50", "--engine",
                    (char *)engine,  gdb,   (char *)image, (char *)more, NULL};
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
    pid_t machine = start_machine(t, engine, image, port, NULL);
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

/* Runs gdb with commands, again until it has met the machine; what it has said. */
static const char *run_gdb(struct test *t, int port, const char *commands) {
    char *line = xprintf("for i in 1 2 3 4 5 6 7 8; do gdb -nx -batch "
                         "-ex 'set architecture i8086' -ex 'target remote :%d' %s 2>&1 > %s/out; "
                         "grep -q '^\\$1' %s/out && break; sleep 0.3; done; cat %s/out",
                         port, commands, t->dir, t->dir, t->dir);
    const char *const argv[] = {"sh", "-c", line, NULL};
    struct outcome o = test_command(t, argv);
    buffer_append(&o.output, "", 1);
    return (const char *)o.output.data;
}

/* Real mode: EIP is linear, CS:IP and the bases are there, and segment registers can be set. The
   code: mov al, [0]; mov al, [es:0]. */
TEST(gdb_sees_and_sets_segments_in_real_mode_on_the_pc) {
    test_needs(t, "gdb", "gdb");
    char *image = test_path(t, "image");
    int port = 20000 + (int)(getpid() + 7919) % 20000;
    struct buffer disk = full_system(t);
    end_disk(&disk);
    test_write(t, image, disk.data, disk.len);
    pid_t machine = start_machine(t, "pc", image, port, "--bios=start-07c0");
    const char *said = run_gdb(
        t, port,
        "-ex 'print/x $eip' -ex 'print/x $cs' -ex 'monitor where' "
        "-ex 'set {unsigned char[7]}0x7c00 = {0xa0, 0, 0, 0x26, 0xa0, 0, 0}' "
        "-ex 'set {unsigned char}0x12340 = 0x77' -ex 'set $ds = 0x7c0' -ex 'set $es = 0x1234' "
        "-ex 'print/x $ds' -ex stepi -ex 'print/x $al' -ex 'x/i $eip' -ex 'set $cs = 0x7a0' "
        "-ex 'print/x $eip' -ex 'monitor where' -ex stepi -ex 'print/x $al' "
        "-ex 'print/x $eip' -ex kill");
    static const char *const words[] = {"$1 = 0x7c00",
                                        "$2 = 0x7c0",
                                        "07C0:0000, linear 00007C00, real mode",
                                        "$3 = 0x7c0",
                                        "$4 = 0xa0",
                                        "mov    %es:0x0,%al",
                                        "$5 = 0x7c03",
                                        "07A0:0203, linear 00007C03",
                                        "1234 es base 00012340 limit 0000FFFF",
                                        "$6 = 0x77",
                                        "$7 = 0x7c07"};
    for (size_t n = 0; n < sizeof words / sizeof words[0]; n++)
        expect_word(t, said, words[n]);
    process_kill(machine);
}

/* In protected mode a selector is that of a descriptor, or it is refused. */
TEST(gdb_loads_only_what_the_gdt_has_in_protected_mode_on_the_pc) {
    test_needs(t, "gdb", "gdb");
    char *image = test_path(t, "image"), *elf = test_path(t, "kernel.elf");
    int port = 20000 + (int)(getpid() + 104729) % 20000;
    struct buffer disk = full_system(t);
    buffer_printf(&disk, "src 0 /dev\nsrc 4 /dev/hda\nfour\n");
    end_disk(&disk);
    test_write(t, image, disk.data, disk.len);
    test_run(t, 0, "build/seedbed", "symbols", "-o", elf, "hex0/kernel.hex0", NULL);
    pid_t machine = start_machine(t, "pc", image, port, NULL);
    const char *said =
        run_gdb(t, port,
                xprintf("-ex 'file %s' -ex 'break shell_src' -ex continue -ex 'print/x $fs' "
                        "-ex 'set $fs = $ds' -ex 'print $fs == $ds' -ex 'set $fs = 0xfff8' "
                        "-ex 'monitor where' -ex kill",
                        elf));
    expect_word(t, said, "Breakpoint 1, shell_src () at hex0/kernel.hex0:");
    expect_word(t, said, "$2 = 1");
    expect_word(t, said, "Could not write register \"fs\"");
    expect_word(t, said, "protected mode");
    process_kill(machine);
}
