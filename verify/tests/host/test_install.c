/* What is installed works anywhere, and its pages and completions know what the program knows. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "verify/harness/boot.h"

static const char BUILD[] = "src 0 /dev\nsrc 4 /dev/hda\nSEED";

/* A copied program has all it needs: no checkout, no folder of its own. */
TEST(install_a_copied_program_works_anywhere) {
    char *program = test_path(t, "copy");
    char *build = test_path(t, "x.build");
    test_write(t, build, BUILD, sizeof BUILD - 1);
    test_run(t, 0, "cp", "build/seedbed", program, NULL);
    static const char *const OPTIONS[] = {"--engine pc", "--engine pc --staged",
                                          "--engine qemu-tcg"};
    for (size_t i = 0; i < sizeof OPTIONS / sizeof OPTIONS[0]; i++) {
        char *command = xprintf("cd / && env -u SEEDBED_HOME %s build %s -o %s/out %s", program,
                                OPTIONS[i], t->dir, build);
        test_run(t, 0, "sh", "-c", command, NULL);
        struct buffer out = test_read(t, test_path(t, "out"));
        expect_same(t, OPTIONS[i], out.data, out.len, "SEED", 4);
        buffer_free(&out);
    }
}

/* The version says which kernel is inside, by the digest that the tool of that name gives. */
TEST(install_version_names_the_kernel) {
    test_run(t, 0, "build/seedbed", "hex0", "hex0/kernel.hex0", test_path(t, "kernel"), NULL);
    struct buffer sum = test_run(t, 0, "sha256sum", test_path(t, "kernel"), NULL);
    struct buffer said = test_run(t, 0, "build/seedbed", "--version", NULL);
    char *want = xprintf("SHA-256 %.64s\n", (const char *)sum.data);
    buffer_append(&said, "", 1);
    if (strncmp((const char *)said.data, "seedbed ", 8) != 0 ||
        !strstr((const char *)said.data, want))
        test_fail(t, "`%s` does not say `%s`", (const char *)said.data, want);
}

/* make install puts each file below DESTDIR and PREFIX, and make uninstall leaves none. */
TEST_WITHIN(120, install_and_uninstall) {
    static const char *const FILES[] = {"bin/seedbed",
                                        "lib/libseedbed.a",
                                        "lib/pkgconfig/seedbed.pc",
                                        "include/seedbed.h",
                                        "share/man/man1/seedbed.1",
                                        "share/man/man5/seedbed-build.5",
                                        "share/bash-completion/completions/seedbed",
                                        "share/zsh/site-functions/_seedbed"};
    char *destination = xprintf("DESTDIR=%s/root", t->dir);
    test_run(t, 0, "make", "install", destination, "PREFIX=/usr", NULL);
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++)
        if (access(xprintf("%s/root/usr/%s", t->dir, FILES[i]), R_OK) != 0)
            test_fail(t, "%s is not there", FILES[i]);
    /* The library is linked by what its pkg-config file says. */
    static const char USER[] =
        "#include <seedbed.h>\n#include <stdio.h>\nint main(void) {\n"
        "struct seedbed_config c = {0}; struct seedbed *s = seedbed_new(&c);\n"
        "static const char t[] = \"src 0 /dev\\nsrc 2 /dev/hda\\nhi\";\n"
        "size_t n; if (seedbed_run(s, (const void *)t, sizeof t - 1)) return 1;\n"
        "const void *a = seedbed_artifact(s, &n);\n"
        "fwrite(a, 1, n, stdout); seedbed_free(s); return 0; }\n";
    test_needs(t, "pkg-config", "pkg-config");
    char *source = test_path(t, "user.c");
    test_write(t, source, USER, sizeof USER - 1);
    char *command = xprintf("cd %s && export PKG_CONFIG_PATH=root/usr/lib/pkgconfig "
                            "PKG_CONFIG_SYSROOT_DIR=%s/root && cc -o user user.c "
                            "$(pkg-config --cflags --libs seedbed) && ./user",
                            t->dir, t->dir);
    struct buffer said = test_run(t, 0, "sh", "-c", command, NULL);
    expect_same(t, "what the library builds", said.data, said.len, "hi", 2);
    test_run(t, 0, "make", "uninstall", destination, "PREFIX=/usr", NULL);
    struct buffer left = test_run(t, 0, "find", test_path(t, "root"), "-type", "f", NULL);
    if (left.len)
        test_fail(t, "there is left: %s", (const char *)left.data);
}

/* Every option of every command stands in the manual page and in the completions. */
TEST(install_pages_and_completions_know_all_options) {
    static const char *const COMMANDS[] = {"hex0",   "pack",    "image", "run",   "build", "make",
                                           "hexfmt", "symbols", "model", "write", "read"};
    struct buffer bash = test_read(t, "images/install/seedbed.bash");
    struct buffer page = test_read(t, "images/install/seedbed.1");
    struct buffer zsh = test_read(t, "images/install/_seedbed");
    buffer_append(&bash, "", 1);
    buffer_append(&page, "", 1);
    buffer_append(&zsh, "", 1);
    for (size_t i = 0; i < sizeof COMMANDS / sizeof COMMANDS[0]; i++) {
        const char *command = COMMANDS[i];
        bool machine = strcmp(command, "run") == 0 || strcmp(command, "build") == 0;
        struct buffer help = test_run(t, 0, "build/seedbed", command, "--help", NULL);
        buffer_append(&help, "", 1);
        if (!strstr((char *)page.data, command) || !strstr((char *)zsh.data, command))
            test_fail(t, "%s has no place in the page or in zsh's completion", command);
        for (char *at = (char *)help.data; (at = strstr(at, "\n  -")); at++) {
            char *option = xprintf("%.*s", (int)strcspn(at + 3, " =\n,"), at + 3);
            if (!strstr((char *)bash.data, option))
                test_fail(t, "%s %s is not in bash's completion", command, option);
            if (machine && !strstr((char *)zsh.data, option))
                test_fail(t, "%s %s is not in zsh's completion", command, option);
            struct buffer roff = {0};
            for (const char *c = option; *c; c++)
                buffer_printf(&roff, "%s%c", *c == '-' ? "\\" : "", *c);
            buffer_append(&roff, "", 1);
            if (machine && !strstr((char *)page.data, (char *)roff.data))
                test_fail(t, "%s %s is not in the manual page", command, option);
        }
    }
}

/* groff finds nothing to complain about. */
TEST(install_pages_are_good_roff) {
    test_needs(t, "groff", "groff-base");
    static const char *const PAGES[] = {"images/install/seedbed.1",
                                        "images/install/seedbed-build.5"};
    for (size_t i = 0; i < 2; i++) {
        char *command = xprintf("groff -man -Tutf8 -ww %s 2>&1 >/dev/null", PAGES[i]);
        struct buffer said = test_run(t, 0, "sh", "-c", command, NULL);
        if (said.len)
            test_fail(t, "%s", (const char *)said.data);
    }
}

/* bash completes commands, options and the words that an option takes. */
TEST(install_bash_completes) {
    test_needs(t, "bash", "bash");
    static const char *const TRIES[][2] = {{"seedbed bu", "build"},
                                           {"seedbed run --sna", "--snapshot"},
                                           {"seedbed run --engine mo", "model"},
                                           {"seedbed build --stag", "--staged"}};
    for (size_t i = 0; i < sizeof TRIES / sizeof TRIES[0]; i++) {
        char *command = xprintf(". images/install/seedbed.bash; COMP_WORDS=(%s); "
                                "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _seedbed; "
                                "printf '%%s' \"${COMPREPLY[*]}\"",
                                TRIES[i][0]);
        struct buffer said = test_run(t, 0, "bash", "-c", command, NULL);
        expect_same(t, TRIES[i][0], said.data, said.len, TRIES[i][1], strlen(TRIES[i][1]));
        buffer_free(&said);
    }
}

/* A small C compiler, a build folder elsewhere, a source tree that cannot be written. */
TEST_WITHIN(240, install_builds_with_tcc_elsewhere) {
    test_needs(t, "tcc", "tcc");
    char *elsewhere = xprintf("BUILD=%s/elsewhere", t->dir);
    test_run(t, 0, "make", "host", "CC=tcc", elsewhere, NULL);
    char *build = test_path(t, "x.build");
    test_write(t, build, BUILD, sizeof BUILD - 1);
    test_run(t, 0, test_path(t, "elsewhere/seedbed"), "build", "--engine", "model", "-o",
             test_path(t, "out"), build, NULL);
    struct buffer out = test_read(t, test_path(t, "out"));
    expect_same(t, "the artifact", out.data, out.len, "SEED", 4);
}

/* An image goes to a device and is read back; the artifact is taken from there. */
TEST(write_and_read_a_device) {
    char *script = test_path(t, "s.src"), *image = test_path(t, "s.img");
    char *device = test_path(t, "device");
    test_write(t, script, BUILD, sizeof BUILD - 1);
    test_run(t, 0, "build/seedbed", "image", "-o", image, "--size", "4M", script, NULL);
    uint8_t *dirt = random_bytes(7, 1 << 20);
    test_write(t, device, dirt, 1 << 20);
    struct buffer said = test_run(t, 0, "build/seedbed", "write", image, device, NULL);
    buffer_append(&said, "", 1);
    if (!strstr((char *)said.data, "written and read back, SHA-256"))
        test_fail(t, "it says: %s", (char *)said.data);
    test_run(t, 0, "build/seedbed", "run", "--engine", "pc", device, NULL);
    test_run(t, 0, "build/seedbed", "read", "--length", "00000004", "-o", test_path(t, "out"),
             device, NULL);
    struct buffer out = test_read(t, test_path(t, "out"));
    expect_same(t, "the artifact", out.data, out.len, "SEED", 4);
    test_run(t, 1, "build/seedbed", "read", "--length", "2M", "-o", test_path(t, "out"), device,
             NULL);
    test_run(t, 2, "build/seedbed", "read", "--length", "4x", "-o", test_path(t, "out"), device,
             NULL);
    test_run(t, 1, "build/seedbed", "write", script, device, NULL);
}

/* A loop device that is mounted is refused by write and by image. */
TEST(write_refuses_a_device_in_use) {
    test_needs(t, "losetup", "mount");
    test_needs(t, "/sbin/mkfs.ext2", "e2fsprogs");
    if (geteuid() != 0)
        test_skip(t, "only root can mount");
    char *file = test_path(t, "disk"), *place = test_path(t, "place");
    test_write(t, file, "", 0);
    if (truncate(file, 4 << 20) != 0 || mkdir(place, 0777) != 0)
        test_fail(t, "%s: %s", file, strerror(errno));
    test_run(t, 0, "/sbin/mkfs.ext2", "-q", file, NULL);
    char *command =
        xprintf("d=$(losetup --find --show %s) || exit 9; mount $d %s || { losetup -d $d; "
                "exit 9; }; build/seedbed write %s/i.img $d; a=$?; "
                "build/seedbed image -o $d %s/s.src; b=$?; umount %s; "
                "build/seedbed write %s/i.img $d; c=$?; "
                "build/seedbed write --force %s/i.img $d; e=$?; losetup -d $d; "
                "echo $a $b $c $e",
                file, place, t->dir, t->dir, place, t->dir, t->dir);
    test_write(t, test_path(t, "s.src"), BUILD, sizeof BUILD - 1);
    test_run(t, 0, "build/seedbed", "image", "-o", test_path(t, "i.img"), "--size", "2M",
             test_path(t, "s.src"), NULL);
    struct outcome o = test_command(t, (const char *const[]){"sh", "-c", command, NULL});
    if (o.status == 9)
        test_skip(t, "no loop device can be mounted here");
    char *last = last_line((const char *)o.output.data);
    if (strcmp(last, "1 1 1 0") != 0)
        test_fail(t, "in use twice, not removable, forced: %s", (const char *)o.output.data);
}
