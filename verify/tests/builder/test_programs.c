/*
 * What the shell says about programs, and what programs do to the script and the disk. The
 * programs are verify/cases/programs/NAME.asm; the system calls in them are those of i386 Linux.
 * Where there is a NAME.log, a script makes /dev/hda and the program /p and runs it, and this is
 * what the console shows of the run; an ERROR leaves the disk alone.
 */
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "verify/harness/boot.h"

#define PROGRAMS "verify/cases/programs/"

static const char PREFIX[] = "src 0 /dev\nsrc 4 /dev/hda\n";
static const char ENDS_WELL[] = "Build finished.\n00000004\n";

/* Assembles a program; `a` and `b` are options of NASM, or null. */
static struct buffer assemble(struct test *t, const char *name, const char *a, const char *b) {
    char *out = test_path(t, "program");
    test_run(t, 0, "nasm", "-f", "bin", "-I", "verify/guest/", "-o", out,
             xprintf("%s%s.asm", PROGRAMS, name), a, b, NULL);
    return test_read(t, out);
}

/* A script that makes /dev/hda and /p, and what the console shows of that. */
static struct buffer program_script(const struct buffer *program, char **shown) {
    struct buffer script = {0};
    buffer_printf(&script, "src 0 /dev\n");
    add_src(&script, "/dev/hda", "SEED", 4);
    add_src(&script, "/p", program->data, program->len);
    *shown = xprintf("%ssrc %zu /p\n", PREFIX, program->len);
    return script;
}

/* The argument: the program's name. */
static void run_case(struct test *t, const void *argument) {
    struct buffer image;
    char *shown = NULL;
    struct buffer program = assemble(t, argument, NULL, NULL);
    struct buffer script = program_script(&program, &shown);
    struct buffer log = test_read(t, xprintf("%s%s.log", PROGRAMS, (const char *)argument));
    buffer_append(&log, "", 1);
    buffer_printf(&script, "p\n");
    struct aftermath a = boot_script(t, &script, NULL, &image);
    const char *error = strstr((const char *)log.data, "ERROR");
    if (error)
        expect_error(t, "end", &a, xprintf("%.*s", (int)strcspn(error, "\n"), error), &image);
    else
        expect_artifact(t, "/dev/hda", &a, "SEED", 4);
    expect_text(t, "log", a.log, xprintf("%s%s", shown, (const char *)log.data));
}

TESTS(cases_of_programs) {
    enum { ON_BOCHS_TOO = 6 }; /* each one after so many others */
    glob_t found;
    if (glob(PROGRAMS "*.log", 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *file = strrchr(found.gl_pathv[i], '/') + 1;
        char *name = xprintf("%.*s", (int)(strrchr(file, '.') - file), file);
        suite_add_on(s, i % ON_BOCHS_TOO == 0 ? EVERY_ENGINE : QUICK_ENGINES,
                     xprintf("program-%s", name), run_case, name);
    }
    globfree(&found);
}

/* Ten bytes that a program reads from descriptor 0, one a call, are no commands. */
TEST_ON(EVERY_ENGINE, program_reads_the_script) {
    char *shown = NULL;
    struct buffer program = assemble(t, "reads-the-script", NULL, NULL);
    struct buffer script = program_script(&program, &shown);
    buffer_printf(&script, "p\n#ab\ncd src\nsrc 0 /x\np\n\nnosuch\nx\nsrc 0 /y\n");
    struct aftermath a = boot_script(t, &script, NULL, NULL);
    expect_artifact(t, "/dev/hda", &a, "SEED", 4);
    expect_text(
        t, "log", a.log,
        xprintf("%sp\n#ab\ncd src\nsrc 0 /x\np\n\nnosuch\nx\nsrc 0 /y\n%s", shown, ENDS_WELL));
}

/* Arguments reach a program as the words of the line: it prints all of them, from argv[0] on. */
TEST_ON(EVERY_ENGINE, program_has_the_words_of_the_line_as_arguments) {
    char *shown = NULL;
    struct buffer program = assemble(t, "writes-its-arguments", NULL, NULL);
    struct buffer script = program_script(&program, &shown);
    buffer_printf(&script, "/p a #b src\tx --opt=1\n../p\n");
    struct aftermath a = boot_script(t, &script, NULL, NULL);
    expect_artifact(t, "/dev/hda", &a, "SEED", 4);
    expect_text(t, "log", a.log,
                xprintf("%s/p a #b src\tx --opt=1\n/p\na\n#b\nsrc\tx\n--opt=1\n../p\n../p\n%s",
                        shown, ENDS_WELL));
}

/* The disk has fewer sectors than /dev/hda. */
TEST_ON(DISK_ENGINES, disk_smaller_than_hda_fails) {
    struct buffer program = assemble(t, "writes-hda", "-DPLACE=0x180000", "-DFILL=1");
    struct buffer script = {0};
    buffer_printf(&script, "src 0 /dev\n");
    add_src(&script, "/p", program.data, program.len);
    buffer_printf(&script, "p\n");
    struct buffer image;
    struct aftermath a = boot_script(t, &script, NULL, &image);
    char *line = xprintf("ERROR: disk: %08zX", image.len / SECTOR);
    if (a.end != RUN_ERROR)
        test_fail(t, "should end with `%s`: %s", line, a.message);
    expect_text(t, "end", last_line(a.log), line);
}

/*
 * After `f` the script is read from the disk as it is then: where the old disk goes on with
 * `nosuch`, /dev/hda has other commands. argument: bytes that the command after `f`, a src, takes
 * from the new disk, so that the new commands stand in a sector read before, or far behind.
 */
static void f_reads_the_script_anew(struct test *t, const void *argument) {
    size_t taken = *(const size_t *)argument;
    struct buffer system = full_system(t);
    struct buffer script = {0};
    size_t place = 1 << 24; /* of as many digits as the true one, so that the sizes stay */
    for (int round = 0; round < 2; round++) {
        struct buffer program =
            assemble(t, "writes-hda", xprintf("-DPLACE=%zu", place), xprintf("-DFILL=%zu", taken));
        script.len = 0;
        buffer_printf(&script, "src 0 /dev\n");
        add_src(&script, "/p", program.data, program.len);
        buffer_printf(&script, "p\nf\nsrc %zu /x\n", taken);
        place = system.len + script.len;
        buffer_free(&program);
    }
    add_filler(&script, taken);
    buffer_printf(&script, "\nnosuch\n");
    struct aftermath a = boot_script(t, &script, NULL, NULL);
    expect_artifact(t, "/dev/hda", &a, "NEW!", 4);
}

TESTS(scripts_after_f) {
    static const size_t TAKEN[] = {1, 100000};
    suite_add_on(s, QUICK_ENGINES, "shell-f-then-the-script-as-it-is-on-the-disk",
                 f_reads_the_script_anew, &TAKEN[0]);
    suite_add_on(s, QUICK_ENGINES, "shell-f-then-the-script-far-behind-as-it-is-on-the-disk",
                 f_reads_the_script_anew, &TAKEN[1]);
}
