/*
 * Errors lead home: a build that fails names file and line of its build file and says what to do;
 * what the host can see it says before a machine is started.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "verify/harness/boot.h"

/* A build file and how `seedbed build OPTIONS` of it ends. %s is the temporary folder. */
struct failing {
    const char *name;
    const char *options;
    const char *build;
    int status;
    const char *words; /* of the messages */
    bool boots;        /* else no machine is started, and no log kept */
};

/* A program that jumps to itself. */
#define LOOP                                                                                       \
    "7F454C4601010100 0000000000000000 0200030001000000 5480040834000000 0000000000000000\n"       \
    "3400200001000000 00000000 01000000 00000000 00800408 00800408 56000000 56000000\n"            \
    "07000000 00100000 EBFE\n"

/* A program that writes one byte of /dev/hda, at 4 MiB. */
#define GROWS                                                                                      \
    "7F454C4601010100 0000000000000000 0200030001000000 5480040834000000 0000000000000000\n"       \
    "3400200001000000 00000000 01000000 00000000 00800408 00800408 8B000000 8B000000\n"            \
    "07000000 00100000 6A0558BB82800408B942000000CD80 936A1358B90000400031D2CD80\n"                \
    "B98280040842 6A0458CD80 31DB6A0158CD80 2F6465762F68646100\n"

#define GIVE "src 0 /dev\n@file /give build/guest/give\n"

static const struct failing FAILING[] = {
    {"no-folder", "", "# x\nsrc 4 /dev/hda\nSEED", 1,
     "x.build:2: /dev/hda: there is no folder /dev, put `@dir /dev` before this line", false},
    {"no-input", "", "@dir /dev\nhex0 /in /dev/hda\n", 1,
     "x.build:2: /in: no such file is made before this line", false},
    {"odd-digit-in-a-source", "", "@dir /dev\n@file /in %s/even %s/odd\nhex0 /in /dev/hda\n", 1,
     "/odd:2:4", false},
    {"odd-digit-in-the-build-file", "", "@dir /dev\nsrc 12 /in\n41 42\n# x\n4\nhex0 /in /dev/hda\n",
     1, "x.build:6: /in: odd digit, at %s/x.build:5:1", false},
    {"no-program", "", "@dir /dev\nsrc 1 /dev/hda\nx/prog\n", 1, "x.build:3: /prog: no command",
     false},
    {"program-for-another-processor", "", "@file /p build/seedbed\n/p\n", 1,
     "x.build:2: /p: a program for another processor", false},
    {"program-that-is-a-script", "", "@file /p %s/script\n/p\n", 1,
     "x.build:2: /p: a script for an interpreter", false},
    {"no-artifact", "", "@dir /dev\n", 1, "x.build:1: the build ends and nothing has made /dev/hda",
     false},
    {"no-file-at-run-time", "", GIVE "/give /even\nhex0 /no /x\n", 1,
     "x.build:3: ERROR: /give: exit 02", true},
    {"no-folder-at-run-time", "", GIVE "src 1 /a\nb/give /a\n\nsrc 1 /no/x\ny", 1,
     "x.build:6: ERROR: /no/x: not found\nseedbed: a file is made in a folder that is there: put "
     "`@dir /no` before this line",
     true},
    {"no-program-at-run-time", "", GIVE "src 1 /a\nb/give /a\nnosuch\n", 1,
     "x.build:5: ERROR: nosuch: not found\nseedbed: there is no program of that name", true},
    {"odd-digit-at-run-time", "", GIVE "@file /in %s/even %s/odd\n/give /in\nhex0 /in /x\n", 1,
     "ERROR: /in: odd digit\nseedbed: the digit is at %s/odd:2:4", true},
    {"no-artifact-at-run-time", "", "@file /p build/guest/liar\n/p l x\nx\n", 1,
     "ERROR: /dev/hda: not found\nseedbed: a build is for what it leaves in /dev/hda", true},
    {"no-space", "--mem 64", "@dir /dev\n@file /big %s/big\n@file /dev/hda %s/even\n", 1,
     "x.build:2: ERROR: /big: no space\nseedbed: files had at most 47 MiB; --mem 128 gives them "
     "103",
     true},
    {"disk-too-small", "--size 2M", "@dir /dev\n@file /g.hex0 %s/grows.hex0\nhex0 /g.hex0 /g\n/g\n",
     1, "after 2097152 bytes: it is smaller than the artifact (--size makes it larger)", true},
    {"no-end", "--timeout 3", "@dir /dev\n@file /l.hex0 %s/loop.hex0\nhex0 /l.hex0 /l\n/l\n", 124,
     "x.build:4: no end after 3 seconds", true},
    {"engine-that-is-none", "--engine nosuch", "@dir /dev\n", 2, "no engine 'nosuch'", false},
    {"disk-of-qemu", "--engine model --disk ide", "@dir /dev\n", 2, "--disk is for QEMU", false},
    {"disk-that-is-none", "--engine model --disk floppy", "@dir /dev\n", 2, "no disk 'floppy'",
     false},
    {"output-in-no-folder", "-o %s/no/such", "@dir /dev\n", 1, "cannot create", false},
    {"output-that-is-a-folder", "-o %s", "@dir /dev\n", 1, "Is a directory", false},
    {"output-that-is-an-input", "-o %s/even", "@dir /dev\n@file /dev/hda %s/even\n", 2,
     "%s/even is read, and cannot be written, too", false},
    {"output-that-is-the-build-file", "-o %s/x.build", "@dir /dev\nsrc 1 /dev/hda\nx", 2,
     "x.build is read", false},
    {"trace-that-is-an-input", "--engine pc --trace %s/even", "@dir /dev\n@file /dev/hda %s/even\n",
     2, "%s/even is read, and cannot be written, too", false},
    {"trace-that-is-the-log", "--engine pc --trace %s/a --log %s/a", "@dir /dev\n", 1,
     "two things cannot", false},
    {"output-that-is-the-log", "-o %s/a --log %s/a", "@dir /dev\n", 1, "two things cannot", false},
};

/* The text with the folder for each %s. */
static char *filled(const struct test *t, const char *text) {
    struct buffer out = {0};
    for (; *text; text++)
        if (strncmp(text, "%s", 2) == 0) {
            buffer_append(&out, t->dir, strlen(t->dir));
            text++;
        } else {
            buffer_append(&out, text, 1);
        }
    buffer_append(&out, "", 1);
    return (char *)out.data;
}

static void write_text(struct test *t, const char *name, const char *text) {
    test_write(t, test_path(t, name), text, strlen(text));
}

/* A file of zeros, all hole. */
static void write_hole(struct test *t, const char *name, off_t size) {
    write_text(t, name, "");
    if (truncate(test_path(t, name), size) != 0)
        test_fail(t, "%s: cannot be made so large", name);
}

static void leads_home(struct test *t, const void *argument) {
    const struct failing *f = argument;
    write_text(t, "even", "41 42\n");
    write_text(t, "odd", "# 1\n41 4\n");
    write_text(t, "script", "#!/bin/sh\n");
    write_hole(t, "big", 60 << 20);
    write_text(t, "loop.hex0", LOOP);
    write_text(t, "grows.hex0", GROWS);
    if (symlink(xprintf("%s/build", getenv("PWD")), test_path(t, "build")) != 0)
        test_fail(t, "no link to build");
    write_text(t, "x.build", filled(t, f->build));
    setenv("TMPDIR", t->dir, 1);
    const char *engine = strstr(f->options, "--engine") ? "" : "--engine qemu-tcg";
    char *command = filled(t, xprintf("exec build/seedbed build -o %%s/out %s %s %%s/x.build "
                                      "2>&1 >/dev/null",
                                      engine, f->options));
    struct outcome o = test_command(t, (const char *const[]){"sh", "-c", command, NULL});
    const char *said = (const char *)o.output.data;
    char *words = filled(t, f->words);
    if (o.status != f->status || !strstr(said, words))
        test_fail(t, "ends with %d, should with %d and `%s`: %s", o.status, f->status, words, said);
    /* On stderr an ERROR stands once. */
    const char *first = strstr(said, "ERROR: ");
    if (first && strstr(first + 1, "ERROR: "))
        test_fail(t, "the error is told twice: %s", said);
    const char *log = strstr(said, "seedbed: the log is in ");
    if (f->boots == !log)
        test_fail(t, "%s log is kept: %s", f->boots ? "no" : "a", said);
    if (log) {
        char *path = xprintf("%.*s", (int)strcspn(log + 23, "\n"), log + 23);
        struct buffer lines = test_read(t, path);
        buffer_append(&lines, "", 1);
        const char *error = strstr(f->words, "ERROR: ");
        char *line = filled(t, xprintf("%.*s", error ? (int)strcspn(error, "\n") : 0, error));
        if (!strstr((const char *)lines.data, line))
            test_fail(t, "%s does not say `%s`", path, line);
    }
}

TESTS(errors_of_builds) {
    for (size_t i = 0; i < sizeof FAILING / sizeof FAILING[0]; i++)
        suite_add(s, xprintf("error-leads-home-%s", FAILING[i].name), leads_home, &FAILING[i]);
}

static const char GOOD[] = "src 0 /dev\nsrc 2 /a b\nhisrc 4 /dev/hda\nSEED";

static void expect_file(struct test *t, const char *name, const char *want) {
    struct buffer got = test_read(t, test_path(t, name));
    expect_same(t, name, got.data, got.len, want, strlen(want));
    buffer_free(&got);
}

/* argument: the engine. All files, one file, from a good build and from one that fails. */
static void files_are_taken(struct test *t, const void *argument) {
    test_needs(t, "build/guest/liar", "nasm");
    write_text(t, "x.build", "src 0 /dev\nsrc 0 /sub\nsrc 2 /sub/a\nhisrc 4 /dev/hda\nSEED");
    char *all = test_path(t, "all"), *one = xprintf("/sub/a=%s", test_path(t, "one"));
    test_run(t, 0, "build/seedbed", "build", "--engine", argument, "-o", test_path(t, "out"),
             "--files", all, "--file", one, test_path(t, "x.build"), NULL);
    expect_file(t, "all/sub/a", "hi");
    expect_file(t, "all/dev/hda", "SEED");
    expect_file(t, "one", "hi");
    write_text(t, "y.build",
               "@dir /dev\nsrc 3 /dev/hda\nxyz@file /p build/guest/liar\n/p l\n\n/no\n");
    test_run(t, 0, "cp", "-r", "build/guest", test_path(t, "guest"), NULL);
    write_text(t, "y.build", "@dir /dev\nsrc 3 /dev/hda\nxyz@file /p guest/liar\n/p l\n\n/no\n");
    test_run(t, 1, "build/seedbed", "build", "--engine", argument, "-o", test_path(t, "out2"),
             "--files", test_path(t, "late"), test_path(t, "y.build"), NULL);
    expect_file(t, "late/dev/hda", "xyz");
}

TESTS(errors_files) {
    static const char *const ENGINES_WITH_FILES[] = {"qemu-tcg", "pc", "model"};
    for (size_t i = 0; i < 3; i++)
        suite_add(s, xprintf("files-of-the-machine-are-taken-from-%s", ENGINES_WITH_FILES[i]),
                  files_are_taken, ENGINES_WITH_FILES[i]);
}

/* `run` gives the artifact, and with --snapshot leaves the image alone; --keep keeps a bad one. */
TEST(run_gives_what_build_gives) {
    write_text(t, "s.src", "src 0 /dev\nsrc 4 /dev/hda\nSEED");
    char *image = test_path(t, "s.img"), *out = test_path(t, "out");
    test_run(t, 0, "build/seedbed", "image", "-o", image, "--size", "1M", test_path(t, "s.src"),
             NULL);
    struct buffer before = test_read(t, image);
    test_run(t, 0, "build/seedbed", "run", "--engine", "qemu-tcg", "--snapshot", "-o", out, image,
             NULL);
    expect_file(t, "out", "SEED");
    struct buffer after = test_read(t, image);
    expect_same(t, "the image", after.data, after.len, before.data, before.len);
    write_text(t, "b.src", "src 0 /dev\nno\n");
    test_run(t, 0, "build/seedbed", "image", "-o", image, "--size", "1M", test_path(t, "b.src"),
             NULL);
    test_run(t, 1, "build/seedbed", "run", "--engine", "qemu-tcg", "--keep", test_path(t, "kept"),
             image, NULL);
    after = test_read(t, test_path(t, "kept"));
    before = test_read(t, image);
    expect_same(t, "the image that is kept", after.data, after.len, before.data, before.len);
    test_run(t, 1, "build/seedbed", "run", test_path(t, "b.src"), NULL);
}

/* The model's exit statuses are those of run, and it knows an image from a script. */
TEST(model_ends_as_run_does) {
    write_text(t, "loop.hex0", LOOP);
    write_text(t, "x.build", "@dir /dev\n@file /l.hex0 loop.hex0\nhex0 /l.hex0 /l\n/l\n");
    write_text(t, "s.src", "src 0 /dev\nsrc 4 /dev/hda\nSEED");
    char *image = test_path(t, "s.img");
    test_run(t, 124, "build/seedbed", "model", "--timeout", "1", test_path(t, "x.build"), NULL);
    test_run(t, 0, "build/seedbed", "model", test_path(t, "s.src"), NULL);
    test_run(t, 0, "build/seedbed", "image", "-o", image, "--size", "1M", test_path(t, "s.src"),
             NULL);
    struct buffer said = test_run(t, 1, "build/seedbed", "model", image, NULL);
    buffer_append(&said, "", 1);
    if (!strstr((char *)said.data, "a disk image and no script"))
        test_fail(t, "it says: %s", (char *)said.data);
}

/* The other commands do not write over what they read either. */
TEST(outputs_are_no_inputs) {
    write_text(t, "in", "hi");
    write_text(t, "x.build", "@file /dev/hda in\n");
    test_run(t, 1, "build/seedbed", "pack", "-o", test_path(t, "in"), test_path(t, "x.build"),
             NULL);
    expect_file(t, "in", "hi");
    test_run(t, 1, "build/seedbed", "pack", "-o", test_path(t, "x.build"), test_path(t, "x.build"),
             NULL);
    write_text(t, "s.src", "src 0 /dev\n");
    test_run(t, 1, "build/seedbed", "image", "-o", test_path(t, "s.src"), test_path(t, "s.src"),
             NULL);
    expect_file(t, "s.src", "src 0 /dev\n");
    write_text(t, "a.hex0", "41\n");
    char *text = test_path(t, "a.hex0"), *script = test_path(t, "s.src");
    test_run(t, 1, "build/seedbed", "hex0", text, text, NULL);
    test_run(t, 1, "build/seedbed", "symbols", "-o", text, text, NULL);
    test_run(t, 1, "build/seedbed", "read", "--length", "2", "-o", text, text, NULL);
    expect_file(t, "a.hex0", "41\n");
    test_run(t, 1, "build/seedbed", "model", "--trace", script, script, NULL);
    test_run(t, 1, "build/seedbed", "model", "--trace", test_path(t, "in"), test_path(t, "x.build"),
             NULL);
    expect_file(t, "s.src", "src 0 /dev\n");
    expect_file(t, "in", "hi");
}

/* What was made is said in one sentence, with the digest that sha256sum gives. */
TEST(build_says_what_it_has_made) {
    write_text(t, "x.build", GOOD);
    write_text(t, "y.build", "src 0 /dev\nsrc 4 /dev/hda\nSEED");
    char *command = xprintf(
        "build/seedbed build --engine model -o - %s/y.build 2>%s/said | sha256sum", t->dir, t->dir);
    struct buffer sum = test_run(t, 0, "sh", "-c", command, NULL);
    struct buffer said = test_read(t, test_path(t, "said"));
    buffer_append(&said, "", 1);
    char *want = xprintf("seedbed: stdout: 4 bytes, SHA-256 %.64s, in ", (const char *)sum.data);
    if (!strstr((const char *)said.data, want))
        test_fail(t, "`%s` is not in `%s`", want, (const char *)said.data);
}

/* brk(0xF0000000); then an access to what there is not, or exit(1). */
static void refused_break(struct test *t, const void *argument) {
    const char *end = argument;
    test_write(t, test_path(t, "p.asm"), end, strlen(end));
    char *program = test_path(t, "p");
    test_run(t, 0, "nasm", "-f", "bin", "-I", "verify/guest/", "-o", program, test_path(t, "p.asm"),
             NULL);
    char *build = test_path(t, "x.build");
    char *text = xprintf("@file /p p\nsrc 0 /dev\nsrc 0 /dev/hda\n/p\n");
    test_write(t, build, text, strlen(text));
    static const char *const engines[] = {"pc", "model"};
    for (int i = 0; i < 2; i++) {
        struct buffer said = test_run(t, 1, "build/seedbed", "build", "--quiet", "--engine",
                                      engines[i], "--mem", "256", build, NULL);
        if (!strstr((const char *)said.data,
                    "seedbed: brk was refused before; try --mem: programs had at most 128 MiB; "
                    "--mem 384 gives them 256\n"))
            test_fail(t, "%s says: %s", engines[i], (const char *)said.data);
    }
}

TESTS(refused_breaks) {
    static const char HEAD[] = "%include \"elf.inc\"\n mov eax, 45\n mov ebx, 0xF0000000\n"
                               " int 0x80\n";
    suite_add(s, "a-fault-after-a-refused-brk-says-so", refused_break,
              xprintf("%s mov [0xE0000000], eax\nend:\n", HEAD));
    suite_add(s, "an-exit-after-a-refused-brk-says-so", refused_break,
              xprintf("%s exit 1\nend:\n", HEAD));
}
