/*
 * What programs are linked with: the one in README.md works, and one of each small C library of
 * Debian ends with what README.md says of it, on kernel and model.
 */
#include <stdlib.h>
#include <string.h>

#include "verify/harness/boot.h"

static const char HELLO[] = "#include <stdio.h>\n"
                            "int main(void) { printf(\"Hello, world\\n\"); return 0; }\n";

/* A script that runs the program as /bin/hello. */
static struct buffer script_with(struct test *t, const char *program) {
    struct buffer script = {0}, file = test_read(t, program);
    buffer_printf(&script, "src 0 /dev\nsrc 0 /dev/hda\nsrc 0 /bin\n");
    add_src(&script, "/bin/hello", file.data, file.len);
    buffer_printf(&script, "/bin/hello\n");
    buffer_free(&file);
    return script;
}

/* The line of README.md that begins so, and what follows up to the next empty line. */
static char *part_of_readme(struct test *t, const char *beginning) {
    struct buffer readme = test_read(t, "README.md");
    buffer_append(&readme, "", 1);
    const char *at = strstr((const char *)readme.data, beginning);
    if (!at)
        test_fail(t, "README.md has no `%s`", beginning);
    return xprintf("%.*s\n", (int)(strstr(at, "\n\n") - at), at);
}

/* The same with the ladder's compiler: cc's tests. */
TEST_ON(QUICK_ENGINES, the_hello_of_the_readme_works) {
    test_needs(t, "gcc", "gcc");
    char *source = part_of_readme(t, "    /* hello.c */");
    test_write(t, test_path(t, "hello.c"), source, strlen(source));
    char *line = xprintf("cd '%s' && %s", t->dir, part_of_readme(t, "    cc -m32"));
    test_run(t, 0, "sh", "-c", line, NULL);
    struct buffer script = script_with(t, test_path(t, "hello"));
    struct aftermath a = boot_script(t, &script, NULL, NULL);
    expect_finished(t, "the program", &a);
    if (!strstr(a.log, "\n/bin/hello\nHello, world\nBuild finished.\n"))
        test_fail(t, "the console: %s", a.log);
}

/* A C library, the options that compile and link with it, and how the program ends. */
struct library {
    const char *name;
    const char *package;
    const char *options;
    const char *end;
};

#define MUSL "/usr/lib/i386-linux-musl"
#define DIET "/usr/lib/i386-linux-gnu/diet/lib-i386"
#define KLIBC "/usr/lib/klibc"
#define LINUX                                                                                      \
    "-isystem /usr/include/x86_64-linux-gnu -isystem /usr/include "                                \
    "-isystem $(gcc -print-file-name=include)"

static const struct library LIBRARIES[] = {
    {"musl", "musl-dev:i386",
     "-isystem /usr/include/i386-linux-musl " MUSL "/crt1.o hello.c " MUSL "/libc.a -lgcc " MUSL
     "/libc.a",
     "halted"},
    {"dietlibc", "dietlibc-dev:i386",
     "-isystem /usr/include/diet " DIET "/start.o hello.c " DIET "/libc.a -lgcc " DIET "/libc.a",
     "ERROR: fault 0"}, /* 0D, or 0E in QEMU, which lets null segments pass */
    {"klibc", "libklibc-dev:i386",
     "-mregparm=3 -D_REGPARM=3 -D__KLIBC__=2 -D_BITSIZE=32 -isystem " KLIBC
     "/include/arch/i386 -isystem " KLIBC "/include/bits32 -isystem " KLIBC "/include " LINUX
     " " KLIBC "/lib/crt0.o hello.c " KLIBC "/lib/libc.a -lgcc " KLIBC "/lib/libc.a",
     "ERROR: fault 0E at "}};

static void ends_as_the_readme_says(struct test *t, const void *argument) {
    const struct library *l = argument;
    test_write(t, test_path(t, "hello.c"), HELLO, strlen(HELLO));
    char *line = xprintf("cd '%s' && gcc -m32 -static -fno-pie -no-pie -nostdlib -nostdinc "
                         "-fno-stack-protector -o hello %s",
                         t->dir, l->options);
    const char *const argv[] = {"sh", "-c", line, NULL};
    struct outcome o = test_command(t, argv);
    if (o.status != 0)
        test_skip(t, "needs gcc-multilib and %s", l->package);
    struct buffer script = script_with(t, test_path(t, "hello"));
    struct aftermath a = boot_script(t, &script, NULL, NULL);
    if (a.end == RUN_FINISHED || !strstr(a.message, l->end))
        test_fail(t, "%s: %s", l->name, a.message);
    buffer_free(&o.output);
}

TESTS(linked_programs) {
    for (size_t i = 0; i < sizeof LIBRARIES / sizeof LIBRARIES[0]; i++)
        suite_add_on(s, QUICK_ENGINES,
                     xprintf("a-program-with-%s-ends-as-the-readme-says", LIBRARIES[i].name),
                     ends_as_the_readme_says, &LIBRARIES[i]);
}
