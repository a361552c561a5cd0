/* tcc on the ladder: a fixed point, and the same bytes as a tcc that descends from gcc. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "images/machine/engine.h"
#include "verify/tests/cc/compile.h"

static struct outcome fetch_with(struct test *t, const char *etc, const char *to) {
    const char *const fetch[] = {"env", xprintf("APT_SOURCES=%s", etc),
                                 "sh",  "verify/tests/ladder/fetch-source.sh",
                                 "tcc", to,
                                 NULL};
    return test_command(t, fetch);
}

/* Few systems have lists of source packages; none of theirs is touched, and what is missing is one
 * line. */
TEST_WITHIN(120, tcc_source_is_fetched_where_the_system_lists_no_sources) {
    static const char broken[] = "deb http://127.0.0.1:9/debian stable main\n";
    test_needs(t, "apt-get", NULL);
    test_needs(t, "bzip2", "bzip2");
    const char *etc = test_path(t, "etc");
    mkdir(etc, 0777);
    struct outcome o = fetch_with(t, etc, test_path(t, "source"));
    const char *said = (const char *)o.output.data;
    if (o.status != 0 && strstr(said, "Failed to fetch"))
        test_skip(t, "no network: %s", last_line(said));
    if (o.status != 0 || access(test_path(t, "source/tcc.c"), F_OK) != 0)
        test_fail(t, "without lists: %s", said);
    buffer_free(&o.output);
    test_write(t, test_path(t, "etc/sources.list"), broken, sizeof broken - 1);
    o = fetch_with(t, etc, test_path(t, "none"));
    said = (const char *)o.output.data;
    if (o.status != 1 || strchr(said, '\n') != said + o.output.len - 1 ||
        strncmp(said, "seedbed: the source of Debian's package tcc cannot be had: ", 59) != 0)
        test_fail(t, "from a server that is none: %d, %s", o.status, said);
    buffer_free(&o.output);
}

/* The table of verify/ladder/ddc.sh, which compares tcc2 with tcc3 and tccG2 by itself. */
TEST_WITHIN(240, tcc_of_the_ladder_is_the_tcc_of_gcc_byte_for_byte) {
    test_needs(t, "build/scheme", "build/scheme");
    test_needs_source(t, "tcc");
    const char *dir = test_path(t, "ddc");
    struct buffer table = test_run(t, 0, "sh", "verify/ladder/ddc.sh", dir, NULL);
    if (!strstr((const char *)table.data, "\ntcc2 = tcc3 = tccG2\n"))
        test_fail(t, "%s", (const char *)table.data);
    buffer_free(&table);
}

/* The whole loop in one go: ladder, C, tcc, model, and the bytes of the text. On machines: make
 * loop. */
TEST_WITHIN(240, loop_from_text_to_the_bytes_of_that_text_closes) {
    test_needs_source(t, "tcc");
    const char *dir = test_path(t, "loop");
    struct buffer said = test_run(t, 0, "sh", "verify/ladder/loop.sh", dir, "native", NULL);
    if (strcmp(last_line((const char *)said.data),
               "the loop is closed: text > ladder > cc > model > the same bytes") != 0)
        test_fail(t, "%s", (const char *)said.data);
    buffer_free(&said);
}

/* 10,319 lines in at most 40 seconds, and code at most 8 times slower than gcc -O1. On the machine:
 * make cc-speed. */
TEST_WITHIN(200, cc_compiles_ten_thousand_lines_in_40_seconds) {
    needs_gcc32(t);
    test_needs(t, "build/scheme", "build/scheme");
    test_needs_source(t, "tcc");
    struct buffer said =
        test_run(t, 0, "sh", "verify/ladder/speed.sh", test_path(t, "speed"), NULL);
    if (!strstr((const char *)said.data, "sorting"))
        test_fail(t, "%s", (const char *)said.data);
    buffer_free(&said);
}

/* ---- on machines ------------------------------------------------------------------------------
 */

static const char hello[] =
    "#include <stdio.h>\n"
    "#include <stdlib.h>\n"
    "int main(int argc, char **argv) {\n"
    "    FILE *f = fopen(argv[1], \"w\");\n"
    "    double third = 1.0 / 3;\n"
    "    for (int i = 0; f && i < 3; i++)\n"
    "        fprintf(f, \"hello %d %lld %.17g\\n\", i, 1LL << (40 + i), third);\n"
    "    return f && argc == 2 ? fclose(f) : 1;\n"
    "}\n";

/* A program in C goes through all rungs on the machine: cc.scm on scheme, link, and then it runs.
 */
TEST_ON(QUICK_ENGINES, cc_compiles_and_links_a_program_on_the_machine) {
    test_needs_own_root(t);
    test_needs(t, "build/scheme", "build/scheme");
    const char *programs = test_path(t, "bin");
    struct buffer log = test_run(t, 0, "sh", "verify/ladder/programs.sh", programs, NULL);
    buffer_free(&log);
    const char *library = cc_library(t);
    const char *build = test_path(t, "hello.build");
    const char *out = test_path(t, "hello.out");
    test_write(t, test_path(t, "hello.c"), hello, sizeof hello - 1);
    char *top = realpath(".", NULL);
    struct buffer b = {0};
    buffer_printf(&b, "@tree /bin %s\n", programs);
    buffer_printf(&b, "@tree /boot3 %s/buildscripts/boot3\n", top);
    buffer_printf(&b, "@tree /include %s/buildscripts/libc/include\n", top);
    buffer_printf(&b, "@tree /libc %s\n@file /hello.c hello.c\n@dir /dev\n", library);
    buffer_printf(&b, "/bin/scheme /boot3/cc.scm -o /hello.link -I /include /hello.c\n"
                      "/bin/link /hello /hello.link");
    static const char *const modules[] = {"decimal", "format", "math",    "print",
                                          "runtime", "scan",   "start",   "stdio",
                                          "stdlib",  "string", "syscall", "time"};
    for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++)
        buffer_printf(&b, " /libc/%s.link", modules[i]);
    buffer_printf(&b, "\n/hello /dev/hda\n");
    test_write(t, build, b.data, b.len);
    log = test_run(t, 0, "build/seedbed", "build", "--engine", t->engine->name, "--quiet", "-o",
                   out, build, NULL);
    struct buffer got = test_read(t, out);
    static const char want[] = "hello 0 1099511627776 0.33333333333333331\n"
                               "hello 1 2199023255552 0.33333333333333331\n"
                               "hello 2 4398046511104 0.33333333333333331\n";
    size_t n = got.len < sizeof want - 1 ? got.len : sizeof want - 1; /* sectors are whole */
    expect_same(t, "what hello has written", got.data, n, want, sizeof want - 1);
    buffer_free(&log);
    buffer_free(&got);
    buffer_free(&b);
}

/* The worked example of C.md is the one that runs with the pipelines: it shows both files whole. */
TEST(cc_example_of_its_page_is_the_one_that_runs) {
    static const char *const FILES[] = {"buildscripts/count.c", "buildscripts/count.pipeline"};
    struct buffer page = test_read(t, "buildscripts/C.md");
    buffer_append(&page, "", 1);
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++) {
        struct buffer file = test_read(t, FILES[i]);
        buffer_append(&file, "", 1);
        if (!strstr((const char *)page.data, (const char *)file.data))
            test_fail(t, "buildscripts/C.md does not show %s as it is", FILES[i]);
    }
}

TEST_WITHIN(240, tcc_of_the_ladder_passes_its_own_tests) {
    test_needs(t, "build/scheme", "build/scheme");
    test_needs_source(t, "tcc");
    const char *dir = test_path(t, "tests2");
    struct buffer said = test_run(t, 0, "sh", "verify/ladder/tests2.sh", dir, "native", NULL);
    if (!strstr((const char *)said.data, ": 98 passed, 0 failed"))
        test_fail(t, "%s", (const char *)said.data);
    buffer_free(&said);
}

/* The driver that a person uses, here, on the machine, and there with all rungs: same program, and
 * it runs. */
TEST_WITHIN(120, cc_driver_makes_the_same_program_here_and_on_the_machine) {
    test_needs_own_root(t);
    test_needs(t, "build/scheme", "build/scheme");
    const char *here = test_path(t, "here");
    const char *there = test_path(t, "there");
    const char *bin = test_path(t, "bin");
    struct buffer said = test_run(t, 0, "sh", "verify/ladder/programs.sh", bin, NULL);
    buffer_free(&said);
    setenv("CC_SCHEME", xprintf("%s/scheme buildscripts/boot3/cc.scm", bin), 1);
    setenv("CC_LINK", xprintf("%s/link", bin), 1);
    said = test_run(t, 0, "sh", "buildscripts/cc", "-g", "-o", here, "buildscripts/hello.c", NULL);
    buffer_free(&said);
    said = test_run(t, 0, "sh", "buildscripts/cc", "--engine", "model", "-o", there,
                    "buildscripts/hello.c", NULL);
    buffer_free(&said);
    struct buffer got = test_read(t, there);
    struct buffer want = test_read(t, here);
    expect_same(t, "hello of the machine", got.data, got.len, want.data, want.len);
    buffer_free(&got);
    said = test_run(t, 0, "sh", "buildscripts/cc", "--from-hex", "--engine", "model", "-o", there,
                    "buildscripts/hello.c", NULL);
    buffer_free(&said);
    got = test_read(t, there);
    expect_same(t, "hello of text alone", got.data, got.len, want.data, want.len);
    buffer_free(&got);
    struct buffer map = test_read(t, xprintf("%s.map", here));
    buffer_append(&map, "", 1);
    if (!strstr((const char *)map.data, "hello.c@10"))
        test_fail(t, "the map has no line 10 of hello.c");
    buffer_free(&map);
    buffer_free(&want);
    got = output_of(t, here);
    expect_text(t, "hello", (const char *)got.data,
                "Hello, world, 1! A third is 0.33333333333333331.\n"
                "Hello, world, 2! A third is 0.33333333333333331.\n"
                "Hello, world, 3! A third is 0.33333333333333331.\n");
    buffer_free(&got);
}
