/* Tests of build/house: it is content with the tree, and finds what is planted. */
#include <stdlib.h>
#include <string.h>

#include "verify/harness/harness.h"

TEST(house_the_tree_keeps_its_rules) {
    struct buffer said = test_run(t, 0, "build/house", NULL);
    expect_text(t, "build/house", (char *)said.data, "");
}

TEST(house_every_c_file_is_laid_out) {
    test_needs(t, "clang-format", "clang-format");
    struct buffer said = test_run(t, 0, "make", "-s", "check-format", NULL);
    if (strstr((char *)said.data, "error"))
        test_fail(t, "%s", said.data);
}

/* A file of a tree, and what is said about it after its name; null: nothing. */
struct plant {
    const char *file;
    const char *text;
    const char *said;
};

#define GUARDED(NAME, TEXT) "#ifndef " NAME "\n#define " NAME "\n" TEXT "#endif\n"

static const struct plant PLANTS[] = {
    {"refmodel/cpu/up.c", "/* */\n#include \"images/lib/util.h\"\n",
     ":2: includes images/lib/util.h, which is not below it"},
    {"refmodel/cpu/side.c", "#include \"refmodel/builder/files.h\"\n",
     ":1: includes refmodel/builder/files.h, which is not below it"},
    {"refmodel/builder/down.c", "#include \"refmodel/cpu/cpu.h\"\n", NULL},
    {"refmodel/cpu/posix.c", "\n\n#include <unistd.h>\n",
     ":3: includes <unistd.h>, which is no header of C11"},
    {"refmodel/main.c", "/* */\nint main(void) {\n", ":2: main() in a library"},
    {"refmodel/cpu/c11.c", "#include <string.h>\n", NULL},
    {"images/lib/up.c", "#include \"verify/harness/harness.h\"\n",
     ":1: includes verify/harness/harness.h, which is not below it"},
    {"images/lib/machine.c", "#include \"images/machine/run.h\"\n",
     ":1: includes images/machine/run.h, which is not below it"},
    {"images/machine/posix.c", "#include <unistd.h>\n", NULL},
    {"verify/tests/all.c", "#include \"images/machine/run.h\"\n#include \"refmodel/hex0.h\"\n",
     NULL},
    {"verify/harness/up.c", "#include \"verify/tests/x.h\"\n",
     ":1: includes verify/tests/x.h, which is not below it"},
    {"verify/fuzz/up.c", "#include \"verify/tests/x.h\"\n",
     ":1: includes verify/tests/x.h, which is not below it"},
    {"refmodel/rules.mk", "A = b\nall: images/main.c\n",
     ":2: names images/, which is not below it"},
    {"images/rules.mk", "# verify/ is above\ntest: verify/run\n",
     ":2: names verify/, which is not below it"},
    {"verify/rules.mk", "all: images/main.c refmodel/hex0.c\n", NULL},
    {"refmodel/new/x.c", "\n", ":1: its folder is not in the table of floors"},
    {"images/lib/good.h", GUARDED("IMAGES_LIB_GOOD_H", ""), NULL},
    {"images/lib/bad.h", GUARDED("BAD_H", ""),
     ":1: its guard should begin with `#ifndef IMAGES_LIB_BAD_H`"},
    {"images/lib/null.c",
     "    if (p == "
     "NULL)\n",
     ":1: tests a pointer by comparing it with NULL"},
    {"images/lib/value.c", "    found = p != NULL;\n", NULL},
};

static void is_seen(struct test *t, const void *argument) {
    const struct plant *plant = argument;
    char *path = test_path(t, plant->file);
    char *folder = xprintf("%.*s", (int)(strrchr(path, '/') - path), path);
    test_run(t, 0, "mkdir", "-p", folder, NULL);
    test_write(t, path, plant->text, strlen(plant->text));
    struct buffer said = test_run(t, plant->said ? 1 : 0, "build/house", t->dir, NULL);
    char *want = plant->said ? xprintf("seedbed: %s%s\n", plant->file, plant->said) : xstrdup("");
    expect_text(t, plant->file, (char *)said.data, want);
}

TESTS(house_sees_each_break_of_a_rule) {
    for (size_t i = 0; i < sizeof PLANTS / sizeof PLANTS[0]; i++)
        suite_add(s, xprintf("house-%s-%s", PLANTS[i].said ? "refuses" : "allows", PLANTS[i].file),
                  is_seen, &PLANTS[i]);
}

/* Lines of a C file with a function of so many lines, and as many lines as asked for in all. */
static char *long_file(int in_function, int in_all) {
    struct buffer text = {0};
    buffer_printf(&text, "static int f(int a,\n             int b) {\n");
    for (int i = 3; i < in_function; i++)
        buffer_printf(&text, "    a++;\n");
    buffer_printf(&text, "}\n");
    for (int i = in_function; i < in_all; i++)
        buffer_printf(&text, "\n");
    return (char *)text.data;
}

TESTS(house_sees_what_is_too_long) {
    static const char FUNCTION[] = ":1: a function of more than 60 lines";
    static const char WHOLE[] = ":501: more than 500 lines";
    static struct plant plants[4];
    plants[0] = (struct plant){"images/lib/60.c", long_file(60, 60), NULL};
    plants[1] = (struct plant){"images/lib/61.c", long_file(61, 61), FUNCTION};
    plants[2] = (struct plant){"images/lib/500.c", long_file(9, 500), NULL};
    plants[3] = (struct plant){"images/lib/501.c", long_file(9, 501), WHOLE};
    for (size_t i = 0; i < 4; i++)
        suite_add(s, xprintf("house-knows-the-limit-%s", plants[i].file), is_seen, &plants[i]);
}
