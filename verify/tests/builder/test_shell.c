/* The shell, line by line of CONTRACT.md section 2: the whole log, and the disk afterwards. */
#include <stdlib.h>
#include <string.h>

#include "verify/harness/boot.h"

/* A script, NULs and all, and what the console shows. */
struct shell_case {
    const char *name;
    const char *script;
    size_t size;
    const char *log; /* an ERROR line at its end: the disk must be unchanged */
    const char *hda; /* otherwise: what must stand on the disk */
    size_t hda_size;
};

#define BYTES(text) (text), sizeof(text) - 1
#define FAILS(name, script, log)                                                                   \
    { name, BYTES(script), log, NULL, 0 }
#define BUILDS(name, script, log, hda)                                                             \
    { name, BYTES(script), log, BYTES(hda) }

#define HDA "src 0 /dev\nsrc 4 /dev/hda\nSEED"
#define HDA_LOG "src 0 /dev\nsrc 4 /dev/hda\n"
/* More than the console takes at once. */
#define BLANKS50 "                                                  "
#define BLANKS BLANKS50 BLANKS50 BLANKS50 BLANKS50 BLANKS50 BLANKS50
#define END(length) "Build finished.\n" length "\n"

static const struct shell_case CASES[] = {
    /* what is there to run */
    FAILS("missing-program", "prog\n", "prog\nERROR: prog: not found\n"),
    FAILS("missing-program-with-arguments", "/x/prog a  b\n",
          "/x/prog a  b\nERROR: /x/prog: not found\n"),
    FAILS("source-is-not-src", "source 1 a\n", "source 1 a\nERROR: source: not found\n"),
    FAILS("srcs-is-not-src", "srcs 1 a\n", "srcs 1 a\nERROR: srcs: not found\n"),
    FAILS("sr-is-not-src", "sr 1 a\n", "sr 1 a\nERROR: sr: not found\n"),
    FAILS("hex0-x86-is-not-hex0", "hex0-x86 a b\n", "hex0-x86 a b\nERROR: hex0-x86: not found\n"),
    FAILS("fmt-is-not-f", "fmt\n", "fmt\nERROR: fmt: not found\n"),
    FAILS("dot-slash-f-is-a-program", HDA "./f\n", HDA_LOG "./f\nERROR: ./f: not found\n"),
    FAILS("dot-slash-src-is-a-program", "./src 1 a\nx", "./src 1 a\nERROR: ./src: not found\n"),
    FAILS("tab-belongs-to-a-word", "src\t1 a\nx", "src\t1 a\nERROR: src\t1: not found\n"),
    FAILS("empty-file-is-not-a-program", "src 0 p\np\n", "src 0 p\np\nERROR: p: not a program\n"),
    FAILS("text-is-not-a-program", "src 9 d\n#!/bin/sh/d x\n",
          "src 9 d\n/d x\nERROR: /d: not a program\n"),
    FAILS("root-is-not-a-program", "/ x\n", "/ x\nERROR: /: not a program\n"),

    /* src and hex0 and their operands */
    FAILS("src-without-operands", "src\n", "src\nERROR: src: bad operand\n"),
    FAILS("src-with-one-operand", "src 1\nx", "src 1\nERROR: src: bad operand\n"),
    FAILS("src-with-three-operands", "src 1 a b\nx", "src 1 a b\nERROR: src: bad operand\n"),
    FAILS("hex0-without-operands", "hex0\n", "hex0\nERROR: hex0: bad operand\n"),
    FAILS("hex0-with-one-operand", "src 2 a\n90hex0 a\n",
          "src 2 a\nhex0 a\nERROR: hex0: bad operand\n"),
    FAILS("hex0-with-three-operands", "src 2 a\n90hex0 a b c\n",
          "src 2 a\nhex0 a b c\nERROR: hex0: bad operand\n"),
    FAILS("number-with-a-letter", "src 1x a\nx", "src 1x a\nERROR: 1x: bad operand\n"),
    FAILS("number-that-is-hex", "src 0x1 a\nx", "src 0x1 a\nERROR: 0x1: bad operand\n"),
    FAILS("number-with-a-sign", "src +1 a\nx", "src +1 a\nERROR: +1: bad operand\n"),
    FAILS("negative-number", "src -1 a\nx", "src -1 a\nERROR: -1: bad operand\n"),
    FAILS("number-below-zero-digit", "src 1/ a\nx", "src 1/ a\nERROR: 1/: bad operand\n"),
    FAILS("number-above-nine-digit", "src : a\nx", "src : a\nERROR: :: bad operand\n"),
    FAILS("number-2-to-32", "src 4294967296 a\nx",
          "src 4294967296 a\nERROR: 4294967296: bad operand\n"),
    FAILS("number-that-wraps-around-to-1", "src 4294967297 a\nx",
          "src 4294967297 a\nERROR: 4294967297: bad operand\n"),
    FAILS("number-ten-times-2-to-32", "src 42949672960 a\nx",
          "src 42949672960 a\nERROR: 42949672960: bad operand\n"),
    FAILS("number-of-thirty-digits", "src 100000000000000000000000000001 a\nx",
          "src 100000000000000000000000000001 a\n"
          "ERROR: 100000000000000000000000000001: bad operand\n"),
    FAILS("number-2-to-32-less-1-has-no-space", "src 4294967295 a\nx",
          "src 4294967295 a\nERROR: a: no space\n"),
    FAILS("src-without-parent", "src 1 a/b\nx", "src 1 a/b\nERROR: a/b: not found\n"),
    FAILS("src-of-a-directory-without-parent", "src 0 /dev/x\n",
          "src 0 /dev/x\nERROR: /dev/x: not found\n"),
    FAILS("hex0-input-missing", "hex0 nosuch out\n", "hex0 nosuch out\nERROR: nosuch: not found\n"),
    FAILS("hex0-output-without-parent", "src 2 a\n90hex0 a x/out\n",
          "src 2 a\nhex0 a x/out\nERROR: x/out: not found\n"),
    FAILS("odd-digit", HDA "src 3 a\n123hex0 a b\n",
          HDA_LOG "src 3 a\nhex0 a b\nERROR: a: odd digit\n"),
    FAILS("one-digit", "src 7 a\nF # 0;\nhex0 a b\n", "src 7 a\nhex0 a b\nERROR: a: odd digit\n"),

    /* the end */
    FAILS("empty-script", "", "ERROR: no hda writes!\n"),
    FAILS("end-without-hda", "src 0 /dev\nsrc 1 hda\nx",
          "src 0 /dev\nsrc 1 hda\n"
          "ERROR: no hda writes!\n"),
    FAILS("f-without-hda", "f\nsrc 0 /dev\n", "f\nsrc 0 /dev\nERROR: no hda writes!\n"),
    FAILS("error-after-hda-writes-nothing", HDA "x\n", HDA_LOG "x\nERROR: x: not found\n"),
    BUILDS("last-line-without-newline", HDA "src 0 x", HDA_LOG "src 0 x\n" END("00000004"), "SEED"),
    BUILDS("nul-inside-a-line-ends-it-and-the-build", HDA "src 0 x\0y\nnosuch\n",
           HDA_LOG "src 0 x\n" END("00000004"), "SEED"),
    FAILS("nul-inside-a-line-still-runs-it", HDA "nosuch\0",
          HDA_LOG "nosuch\n"
                  "ERROR: nosuch: not found\n"),
    BUILDS("nul-inside-a-comment-ends-the-build", HDA "# x\0y\nnosuch\n", HDA_LOG END("00000004"),
           "SEED"),
    BUILDS("empty-hda", "src 0 /dev\nsrc 0 /dev/hda\n",
           "src 0 /dev\nsrc 0 /dev/hda\n" END("00000000"), ""),

    /* lines */
    BUILDS("comments-and-empty-lines-are-not-shown", "# one\n\n#two\n" HDA "\n\n# three\n\n",
           HDA_LOG END("00000004"), "SEED"),
    BUILDS("blanks-may-precede-words-and-comments", "  # one\n  src 0  /dev  \n" HDA,
           "src 0  /dev  \n" HDA_LOG END("00000004"), "SEED"),
    BUILDS("many-blanks-are-no-line", BLANKS "# one\n" BLANKS "\n" HDA BLANKS,
           HDA_LOG END("00000004"), "SEED"),
    FAILS("blanks-before-the-end-are-no-line", "src 0 /dev\n" BLANKS,
          "src 0 /dev\nERROR: no hda writes!\n"),
    BUILDS("many-blanks-between-words", "src    0       /dev\nsrc  3   /dev/hda\nabc",
           "src    0       /dev\nsrc  3   /dev/hda\n" END("00000003"), "abc"),
    BUILDS("number-with-leading-zeros", "src 0000 /dev\nsrc 0000000000000000000003 /dev/hda\nabc",
           "src 0000 /dev\nsrc 0000000000000000000003 /dev/hda\n" END("00000003"), "abc"),
    BUILDS("content-may-look-like-commands",
           "src 0 /dev\nsrc 13 /dev/hda\nsrc 9 x\n\0\nf\n#\n# y\n",
           "src 0 /dev\nsrc 13 /dev/hda\n" END("0000000D"), "src 9 x\n\0\nf\n#"),
    BUILDS("hash-inside-a-line-is-a-letter", "src 0 /dev#\nsrc 0 /dev\nsrc 1 /dev/hda\n#",
           "src 0 /dev#\nsrc 0 /dev\nsrc 1 /dev/hda\n" END("00000001"), "#"),

    /* files */
    BUILDS("src-again-replaces-a-file", HDA "src 2 /dev/hda\nab",
           HDA_LOG "src 2 /dev/hda\n" END("00000002"), "ab"),
    BUILDS("src-0-empties-a-file", HDA "src 0 /dev/hda\n",
           HDA_LOG "src 0 /dev/hda\n" END("00000000"), ""),
    BUILDS("src-0-of-a-directory-keeps-what-is-in-it", HDA "src 0 /dev\nsrc 0 /\n",
           HDA_LOG "src 0 /dev\nsrc 0 /\n" END("00000004"), "SEED"),
    BUILDS("names-are-resolved-by-the-text", "src 0 dev\nsrc 3 ./nosuch/.././/dev/../dev/hda/\nabc",
           "src 0 dev\nsrc 3 ./nosuch/.././/dev/../dev/hda/\n" END("00000003"), "abc"),
    BUILDS("dot-dot-at-the-root-is-the-root", "src 0 ../../dev/\nsrc 3 /../dev/./hda\nabc",
           "src 0 ../../dev/\nsrc 3 /../dev/./hda\n" END("00000003"), "abc"),
    BUILDS(
        "names-that-begin-with-dots-are-names",
        "src 0 /dev\nsrc 0 /...\nsrc 1 /.../..x\n1src 2 /.../.y\n22src 4 /dev/hda\nSEED",
        "src 0 /dev\nsrc 0 /...\nsrc 1 /.../..x\nsrc 2 /.../.y\nsrc 4 /dev/hda\n" END("00000004"),
        "SEED"),
    BUILDS("a-plain-file-may-be-a-parent", "src 1 /dev\nxsrc 3 /dev/hda\nabc",
           "src 1 /dev\nsrc 3 /dev/hda\n" END("00000003"), "abc"),
    BUILDS(
        "hex0-compiles",
        "src 0 /dev\nsrc 43 a\n# 11 ; 22\n53 4\t5 x;77\n\n4 5 zz 4 # 9\n 4# 0\n\nhex0 a /dev/hda\n",
        "src 0 /dev\nsrc 43 a\nhex0 a /dev/hda\n" END("00000004"), "SEED"),
    BUILDS("hex0-of-an-empty-file-is-empty", HDA "src 0 a\nhex0 a /dev/hda\n",
           HDA_LOG "src 0 a\nhex0 a /dev/hda\n" END("00000000"), ""),
    BUILDS("hex0-replaces-a-longer-file", HDA "src 4 a\n6162hex0 a /dev/hda\n",
           HDA_LOG "src 4 a\nhex0 a /dev/hda\n" END("00000002"), "ab"),
    BUILDS("hex0-in-place", "src 0 /dev\nsrc 8 /dev/hda\n53656564hex0 /dev/hda /dev/hda\n",
           "src 0 /dev\nsrc 8 /dev/hda\nhex0 /dev/hda /dev/hda\n" END("00000004"), "Seed"),
    BUILDS("f-then-the-end", HDA "f\n", HDA_LOG "f\n" END("00000004"), "SEED"),
    BUILDS("f-reads-past-comments", HDA "f\n# x\n\nsrc 2 /dev/hda\nab",
           HDA_LOG "f\nsrc 2 /dev/hda\n" END("00000002"), "ab"),
};

/* The disk a finished build leaves: the file, zeros to the end of its sector, and the rest. */
static void expect_flushed(struct test *t, const struct aftermath *a, const struct buffer *image,
                           const void *hda, size_t size) {
    struct buffer want = {0};
    buffer_append(&want, hda, size);
    pad_sectors(&want);
    buffer_append(&want, image->data + want.len, image->len - want.len);
    expect_same(t, "the disk", a->disk.data, a->disk.len, want.data, want.len);
    buffer_free(&want);
}

static void run_case(struct test *t, const void *argument) {
    const struct shell_case *c = argument;
    struct buffer script = {0};
    struct buffer image;
    buffer_append(&script, c->script, c->size);
    struct aftermath a = boot_script(t, &script, NULL, &image);
    if (!c->hda) {
        const char *error = strstr(c->log, "ERROR");
        char *line = xprintf("%.*s", (int)strlen(error) - 1, error);
        expect_error(t, "end", &a, line, &image);
        free(line);
    } else {
        expect_finished(t, "end", &a);
        expect_flushed(t, &a, &image, c->hda, c->hda_size);
        if (a.length != c->hda_size)
            test_fail(t, "length %u, should be %zu", a.length, c->hda_size);
    }
    expect_text(t, "log", a.log, c->log);
    aftermath_free(&a);
}

/* `f` writes what /dev/hda is at that time; a later, shorter /dev/hda leaves the rest. */
TEST(shell_f_writes_at_once) {
    uint8_t *first = random_bytes(5, 1500);
    struct buffer script = {0};
    struct buffer image;
    buffer_printf(&script, "src 0 /dev\n");
    add_src(&script, "/dev/hda", first, 1500);
    buffer_printf(&script, "f\n");
    add_src(&script, "/dev/hda", "late", 4);
    struct aftermath a = boot_script(t, &script, NULL, &image);
    expect_finished(t, "end", &a);
    struct buffer want = {0};
    buffer_append(&want, "late", 4);
    pad_sectors(&want);
    buffer_append(&want, first + SECTOR, 1500 - SECTOR);
    pad_sectors(&want);
    buffer_append(&want, image.data + want.len, image.len - want.len);
    expect_same(t, "the disk", a.disk.data, a.disk.len, want.data, want.len);
}

/* `f` runs the command it has read before it writes, and an error in it comes after the write. */
TEST(shell_f_writes_before_the_next_command_runs) {
    static const char SCRIPT[] = HDA "f\nnosuch\n";
    struct buffer script = {0};
    struct buffer image;
    buffer_append(&script, SCRIPT, sizeof SCRIPT - 1);
    struct aftermath a = boot_script(t, &script, NULL, &image);
    if (a.end != RUN_ERROR)
        test_fail(t, "should end with an ERROR: %s", a.message);
    expect_text(t, "log", a.log, HDA_LOG "f\nnosuch\nERROR: nosuch: not found\n");
    expect_flushed(t, &a, &image, "SEED", 4);
}

TESTS(shell_tests) {
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        suite_add(s, xprintf("shell-%s", CASES[i].name), run_case, &CASES[i]);
}
