/* What link's map is good for: names in the trace and the profile of the model, and for nm's
 * readers. */
#include <stdlib.h>
#include <string.h>

#include "verify/tests/ladder/ladder.h"

/* Spends its time in `busy`, and calls the system in `finish`. */
static const char SOURCE[] = "section text\n"
                             "start:\n"
                             "\tcall busy\n"
                             "\tjmp finish\n"
                             "busy:\tmov ecx, 3000000\n"
                             ".next:\tdec ecx\n"
                             "\tjnz short .next\n"
                             "\tret\n"
                             "..mine: nop\n"
                             "finish:\tmov eax, 1\n"
                             "\txor ebx, ebx\n"
                             "\tint 0x80\n"
                             "section bss\n"
                             "room:\tspace 4\n";

/* Builds the program `prog` with the map `prog.map`, and a build file that runs it. */
static char *build_program(struct test *t) {
    boot1_build(t);
    char *source = test_path(t, "prog.pp"), *module = test_path(t, "prog.link");
    test_write(t, source, SOURCE, strlen(SOURCE));
    struct outcome made = boot0_run(t, "pp", module, I386, source, NULL);
    if (made.status == 0)
        made = boot0_run(t, "link", "--map", test_path(t, "prog.map"), test_path(t, "prog"), module,
                         NULL);
    if (made.status != 0)
        test_fail(t, "%s", (const char *)made.output.data);
    char *build = test_path(t, "prog.build");
    static const char text[] = "@file /prog prog\n@dir /dev\n@file /dev/hda prog\n/prog\n";
    test_write(t, build, text, strlen(text));
    return build;
}

TEST(the_map_of_a_program_is_as_nm_writes_it) {
    build_program(t);
    struct buffer map = test_read(t, test_path(t, "prog.map"));
    buffer_append(&map, "", 1);
    expect_text(t, "the map", (const char *)map.data,
                "08048094 T start\n0804809E T busy\n080480A7 t ..mine\n080480A8 T finish\n"
                "0804A0B4 B room\n");
}

/* nm reads the same from the symbols as the map says; objdump finds the code by them. */
TEST(the_symbols_of_a_program_are_its_map) {
    build_program(t);
    test_needs(t, "nm", "binutils");
    char *prog = test_path(t, "with-symbols"), *map = test_path(t, "symbols.map");
    struct outcome made =
        boot0_run(t, "link", "--symbols", "--map", map, prog, test_path(t, "prog.link"), NULL);
    if (made.status != 0)
        test_fail(t, "%s", (const char *)made.output.data);
    struct buffer got = test_run(t, 0, "nm", "-n", prog, NULL);
    struct buffer want = test_read(t, map);
    buffer_append(&want, "", 1);
    size_t column = 0;
    for (size_t i = 0; i < want.len; i++) { /* nm writes small digits */
        uint8_t *c = &want.data[i];
        if (column++ < 8 && *c >= 'A')
            *c |= 32;
        if (*c == '\n')
            column = 0;
    }
    expect_text(t, "nm -n", (const char *)got.data, (const char *)want.data);
    struct buffer code = test_run(t, 0, "objdump", "-d", "--no-show-raw-insn", prog, NULL);
    if (!strstr((const char *)code.data, "<busy>") ||
        !strstr((const char *)code.data, "<busy+0x5>"))
        test_fail(t, "objdump does not find busy: %s", (const char *)code.data);
    test_run(t, 0, prog, NULL);
}

TEST(the_model_names_functions_in_its_trace_and_profile) {
    char *build = build_program(t);
    char *trace = test_path(t, "trace");
    char *maps = xprintf("/prog=%s", test_path(t, "prog.map"));
    struct buffer said = test_run(t, 0, "build/seedbed", "model", "--profile", "--map", maps,
                                  "--trace", trace, build, NULL);
    struct buffer lines = test_read(t, trace);
    buffer_append(&lines, "", 1);
    expect_text(t, "the trace", (const char *)lines.data, "[1] exit(0) = ?  # finish+0x9\n");
    const char *busy = strstr((const char *)said.data, " %  busy\n");
    if (!busy || atof(busy - 5) < 99)
        test_fail(t, "no function that takes all the time: %s", (const char *)said.data);
    test_run(t, 1, "build/seedbed", "model", "--map", xprintf("/prog=%s", build), build, NULL);
    test_run(t, 1, "build/seedbed", "model", "--map", "/prog", build, NULL);
}
