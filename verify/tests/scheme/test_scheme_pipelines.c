/* Pipelines run by Scheme, the acceptance in Scheme, and the ladder that builds itself again. */
#include <stdlib.h>
#include <string.h>

#include "verify/harness/harness.h"

enum { SECONDS = 600 };

static const char *const MACHINES[] = {"model", "pc", "qemu"};

/* The text between the line `command` of a log and `end`, or the log's end. */
static char *console_after(struct test *t, const char *path, const char *command, const char *end) {
    struct buffer log = test_read(t, path);
    buffer_append(&log, "", 1);
    char *text = (char *)log.data;
    char *start = strstr(text, command);
    if (!start)
        test_fail(t, "%s: no line `%s`", path, command);
    start += strlen(command);
    char *stop = strstr(start, end);
    if (stop)
        stop[1] = '\0';
    return start;
}

/* The calls of the contract, section 6, by their names in the model's trace. */
static void expect_all_calls(struct test *t) {
    static const char *const CALLS[] = {"exit",    "fork",   "read",   "write", "open",  "close",
                                        "waitpid", "unlink", "execve", "chdir", "lseek", "access",
                                        "mkdir",   "brk",    "wait4",  "getcwd"};
    struct buffer trace = test_read(t, test_path(t, "model/trial/trace"));
    buffer_append(&trace, "", 1);
    for (size_t i = 0; i < sizeof CALLS / sizeof CALLS[0]; i++)
        if (!strstr((const char *)trace.data, xprintf("] %s(", CALLS[i])))
            test_fail(t, "the acceptance in Scheme does not use %s", CALLS[i]);
}

/* What the acceptance says is the same everywhere, and ends with ALL-OK. */
static void compare_transcripts(struct test *t) {
    static const char command[] = "scheme accept.scm\n";
    char *want = console_after(t, test_path(t, "native/trial/native.log"), command, "\nsrc ");
    size_t length = strlen(want);
    if (length < 8 || strcmp(want + length - 8, "\nALL-OK\n") != 0)
        test_fail(t, "the acceptance in Scheme does not end with ALL-OK: %.200s", want);
    for (size_t i = 0; i < 3; i++) {
        char *log = test_path(t, xprintf("%s/trial/%s.log", MACHINES[i], MACHINES[i]));
        expect_text(t, log, console_after(t, log, command, "\nsrc "), want);
    }
}

TEST_WITHIN(SECONDS, pipelines_run_by_scheme_in_one_boot_give_the_same_and_a_fixed_point) {
    test_needs_own_root(t);
    setenv("PIPELINE_WORK", t->dir, 1);
    test_needs(t, "qemu-system-i386", NULL);
    setenv("PIPELINE_BOOT", "scheme", 1);
    test_run(t, 0, "sh", "buildscripts/run-pipelines.sh", NULL);
    compare_transcripts(t);
    expect_all_calls(t);
    test_run(t, 0, "sh", "buildscripts/fixpoint.sh", NULL);
}

/* Pipelines with a mistake: on which drivers (a letter each), and what the error says. */
static const struct mistake {
    const char *drivers;
    const char *stages;
    const char *message;
} MISTAKES[] = {
    {"nmpq", "stage catm a in -- in -- a\nstage hex2 a b -- a -- b\n",
     "stage 2 (hex2 a b): ERROR: hex2: exit 01"},
    {"nmpq", "stage catm a in -- in -- a\nstage catm c a -- a -- b\n",
     "stage 2 (catm c a): it has not made b"},
    {"m", "stage catm a in -- in -- a\nstage catm b in -- a -- b\n",
     "stage 2 (catm b in): it reads in, which is not named as an input"},
};

static void expect_mistake(struct test *t, const struct mistake *m, const char *driver) {
    if (strcmp(driver, "qemu") == 0)
        test_needs(t, "qemu-system-i386", NULL);
    char *text = xprintf(". buildscripts/pipeline.sh\npipeline_init \"$@\"\n"
                         "pipeline_input catm %s/out/native/boot0/catm\n"
                         "pipeline_input hex2 %s/out/native/boot0/hex2\n"
                         "pipeline_input in %s/in\n%spipeline_run\n",
                         t->dir, t->dir, t->dir, m->stages);
    char *path = test_path(t, "mistake.pipeline");
    test_write(t, path, text, strlen(text));
    const char *argv[] = {
        "sh", path, test_path(t, xprintf("%s/mistake", driver)), test_path(t, "out"), driver, NULL};
    struct outcome outcome = test_command(t, argv);
    expect_text(t, driver, (const char *)outcome.output.data,
                xprintf("seedbed: pipeline mistake: %s\n", m->message));
    if (outcome.status != 1)
        test_fail(t, "%s: exit status %d", driver, outcome.status);
}

TEST_WITHIN(SECONDS, pipelines_run_by_scheme_name_the_stage_of_a_mistake) {
    test_needs_own_root(t);
    static const char *const DRIVERS[] = {"native", "model", "pc", "qemu"};
    setenv("PIPELINE_WORK", t->dir, 1);
    setenv("PIPELINES",
           "buildscripts/boot0.pipeline buildscripts/boot1.pipeline buildscripts/boot2.pipeline",
           1);
    test_run(t, 0, "sh", "buildscripts/run-pipelines.sh", "native", NULL);
    setenv("PIPELINE_DUMP", test_path(t, "out/native/boot0/dump"), 1);
    setenv("PIPELINE_SCHEME", test_path(t, "out/native/boot2/scheme"), 1);
    setenv("PIPELINE_BOOT", "scheme", 1);
    test_write(t, test_path(t, "in"), "%x", 2);
    for (size_t i = 0; i < sizeof MISTAKES / sizeof MISTAKES[0]; i++)
        for (size_t d = 0; d < 4; d++)
            if (strchr(MISTAKES[i].drivers, DRIVERS[d][0]))
                expect_mistake(t, &MISTAKES[i], DRIVERS[d]);
}
