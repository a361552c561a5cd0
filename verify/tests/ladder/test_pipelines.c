/*
 * Pipelines: the same results on every driver, errors that name the stage, no stage run without
 * need, and the acceptance script.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "verify/tests/ladder/ladder.h"

enum { PIPELINE_SECONDS = 180 };

/* The pipelines: those of the ladder up to Scheme, and what was there before; the others are long.
 */
#define EARLY "buildscripts/boot0.pipeline buildscripts/hello.pipeline buildscripts/accept.pipeline"
#define LADDER                                                                                     \
    EARLY " buildscripts/boot1.pipeline buildscripts/boot2.pipeline buildscripts/example.pipeline"

static const char *const DRIVERS[] = {"native", "model", "pc", "qemu"};
enum { DRIVER_COUNT = sizeof DRIVERS / sizeof DRIVERS[0] };

/* Writes a pipeline called `name`: its init line and `text`, in which @ is the test's folder. */
static char *write_pipeline(struct test *t, const char *name, const char *text) {
    struct buffer script = {0};
    buffer_printf(&script, ". buildscripts/pipeline.sh\npipeline_init \"$@\"\n");
    for (; *text; text++)
        if (*text == '@')
            buffer_printf(&script, "%s", t->dir);
        else
            buffer_append(&script, text, 1);
    char *path = test_path(t, xprintf("%s.pipeline", name));
    test_write(t, path, script.data, script.len);
    return path;
}

/* Runs a pipeline on a driver; the staging folder is t->dir/DRIVER/NAME, the results go beside. */
static struct outcome run_pipeline(struct test *t, const char *path, const char *name,
                                   const char *driver) {
    if (strcmp(driver, "native") != 0)
        test_needs(t, "cpio", NULL);
    if (strcmp(driver, "qemu") == 0)
        test_needs(t, "qemu-system-i386", NULL);
    const char *argv[] = {"sh",
                          path,
                          test_path(t, xprintf("%s/%s", driver, name)),
                          test_path(t, xprintf("out/%s/%s", driver, name)),
                          driver,
                          NULL};
    return test_command(t, argv);
}

/* Lets the machine's drivers use the test's own dump. */
static void use_dump(struct test *t) {
    setenv("PIPELINE_DUMP", test_path(t, "dump"), 1);
}

/* Runs every pipeline of the project on every driver, afresh, in the test's folder. */
static struct outcome run_all(struct test *t, const char *pipelines) {
    test_needs(t, "qemu-system-i386", NULL);
    setenv("PIPELINE_WORK", t->dir, 1);
    if (pipelines)
        setenv("PIPELINES", pipelines, 1);
    const char *argv[] = {"sh", "buildscripts/run-pipelines.sh", NULL};
    return test_command(t, argv);
}

/*
 * Compares what every stage of a pipeline has made, on all drivers but the native one in the folder
 * `made`, with the native files.
 */
static size_t compare_files_in(struct test *t, const char *name, const char *made) {
    char *native = test_path(t, xprintf("native/%s/files", name));
    DIR *dir = opendir(native);
    if (!dir)
        test_fail(t, "%s has left no results", name);
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (entry->d_name[0] == '.')
            continue;
        struct buffer want = test_read(t, xprintf("%s/%s", native, entry->d_name));
        for (size_t i = 1; i < DRIVER_COUNT; i++) {
            char *path = xprintf("%s/%s/files/%s", DRIVERS[i], made, entry->d_name);
            struct buffer got = test_read(t, test_path(t, path));
            expect_same(t, path, got.data, got.len, want.data, want.len);
        }
        count++;
    }
    closedir(dir);
    return count;
}

static size_t compare_files(struct test *t, const char *name) {
    return compare_files_in(t, name, name);
}

/* The lines of a machine's log between the command of the only stage and the packing. */
static char *console_of_stage(struct test *t, const char *path, const char *command) {
    struct buffer log = test_read(t, path);
    buffer_append(&log, "", 1);
    char *start = strstr((char *)log.data, xprintf("\n%s\n", command));
    if (!start)
        test_fail(t, "%s: no line `%s`", path, command);
    start += strlen(command) + 2;
    char *end = strstr(start, "\nsrc ");
    if (!end)
        test_fail(t, "%s: nothing is packed", path);
    end[1] = '\0';
    return start;
}

/* The acceptance script says the same everywhere, and ALL-OK at its end. */
static void compare_consoles(struct test *t) {
    struct buffer native = test_read(t, test_path(t, "native/accept/stage-1.log"));
    buffer_append(&native, "", 1);
    for (size_t i = 1; i < DRIVER_COUNT; i++) {
        char *log = test_path(t, xprintf("%s/accept/%s.log", DRIVERS[i], DRIVERS[i]));
        char *said = console_of_stage(t, log, "kaem --verbose accept.kaem");
        expect_text(t, log, said, (const char *)native.data);
        size_t length = strlen(said);
        if (length < 8 || strcmp(said + length - 8, "\nALL-OK\n") != 0)
            test_fail(t, "%s: the acceptance script does not end with ALL-OK", log);
    }
}

/* The calls of the contract, section 6, by their names in the model's trace. */
static void expect_all_calls(struct test *t) {
    static const char *const CALLS[] = {"exit",    "fork",   "read",   "write", "open",  "close",
                                        "waitpid", "unlink", "execve", "chdir", "lseek", "access",
                                        "mkdir",   "brk",    "wait4",  "getcwd"};
    struct buffer trace = test_read(t, test_path(t, "model/accept/trace"));
    buffer_append(&trace, "", 1);
    for (size_t i = 0; i < sizeof CALLS / sizeof CALLS[0]; i++)
        if (!strstr((const char *)trace.data, xprintf("] %s(", CALLS[i])))
            test_fail(t, "the acceptance script does not use %s", CALLS[i]);
}

static void all_pipelines(struct test *t, const void *argument) {
    test_needs_own_root(t);
    const char *boot = argument;
    if (boot)
        setenv("PIPELINE_BOOT", boot, 1);
    struct outcome outcome = run_all(t, boot ? EARLY : LADDER);
    if (outcome.status != 0)
        test_fail(t, "exit status %d: %s", outcome.status, (const char *)outcome.output.data);
    if (!boot && (compare_files(t, "boot1") < 16 || compare_files(t, "boot2") < 19 ||
                  compare_files(t, "example") < 4))
        test_fail(t, "results are missing: %s", (const char *)outcome.output.data);
    if (compare_files(t, "boot0") < 28 || compare_files(t, "accept") < 5 ||
        compare_files(t, "hello") < 5)
        test_fail(t, "results are missing: %s", (const char *)outcome.output.data);
    compare_consoles(t);
    expect_all_calls(t);
}

/*
 * One boot for everything, run by boot2's Scheme; the ladder is built twice in it,
 * the second time by what the first has made.
 */
static void one_boot(struct test *t, const void *argument) {
    test_needs_own_root(t);
    (void)argument;
    setenv("PIPELINE_BOOT", "all", 1);
    struct outcome outcome = run_all(t, LADDER);
    if (outcome.status != 0)
        test_fail(t, "exit status %d: %s", outcome.status, (const char *)outcome.output.data);
    static const char *const NAMES[] = {"boot0", "boot1", "boot2", "hello", "accept", "example"};
    static const size_t LEAST[] = {28, 16, 19, 5, 5, 4};
    for (size_t i = 0; i < 6; i++)
        if (compare_files(t, NAMES[i]) < LEAST[i])
            test_fail(t, "results of %s are missing", NAMES[i]);
    for (size_t i = 0; i < 3; i++)
        if (compare_files_in(t, NAMES[i], xprintf("again-%s", NAMES[i])) < LEAST[i])
            test_fail(t, "results of the second %s are missing", NAMES[i]);
    for (size_t i = 1; i < DRIVER_COUNT; i++) {
        struct buffer log = test_read(t, test_path(t, xprintf("%s/room.log", DRIVERS[i])));
        buffer_append(&log, "", 1);
        const char *first = strstr((const char *)log.data, "/.scheme /.run.scm /.plan-1\n");
        const char *second = strstr((const char *)log.data, "/boot2/scheme /.run.scm /.plan-2\n");
        if (!first || !second || !strstr(first, "\nALL-OK\n") || second < first)
            test_fail(t, "%s: not one boot, by two interpreters", DRIVERS[i]);
    }
}

/* A pipeline with a mistake: what the error must say, on which drivers (a letter each). */
static const struct mistake {
    const char *drivers;
    const char *text;
    const char *message;
} MISTAKES[] = {
    {"n", "pipeline_input a @/none\n", "input a: no file @/none"},
    {"n", "pipeline_input ../a @/in\n",
     "input ../a: '../a' cannot be a name; use letters, digits, . _ + -"},
    {"n", "pipeline_input catm @/catm\npipeline_input catm @/catm\n",
     "input catm: the name is taken"},
    {"n", "pipeline_export a\n", "export a: neither an input nor the output of a stage"},
    {"n", "pipeline_input catm @/catm\nstage catm out in -- in -- out\npipeline_run\n",
     "stage 1 (catm out in -- in -- out): in is neither an input nor the output of an earlier "
     "stage"},
    {"n", "stage catm out -- -- out\n",
     "stage 1 (catm out -- -- out): catm is neither an input nor the output of an earlier stage"},
    {"n", "pipeline_input catm @/catm\nstage catm out in -- in\n",
     "stage 1 (catm out in -- in): 1 separators; BIN ARG... -- INPUT... -- OUTPUT... has two"},
    {"n", "pipeline_input catm @/catm\nstage catm out - in - out\n",
     "stage 1 (catm out - in - out): 0 separators; BIN ARG... -- INPUT... -- OUTPUT... has two"},
    {"n", "pipeline_input catm @/catm\nstage catm a -- -- a -- b\n",
     "stage 1 (catm a -- -- a -- b): 3 separators; BIN ARG... -- INPUT... -- OUTPUT... has two"},
    {"n", "pipeline_input catm @/catm\nstage catm a -- --\n",
     "stage 1 (catm a -- --): no output after the second --"},
    {"n", "pipeline_input catm @/catm\nstage catm 'a b' -- -- a\n",
     "stage 1 (catm a b -- -- a): the word 'a b' is empty or holds a blank or |"},
    {"n", "pipeline_input catm @/catm\nstage catm a -- -- a\nstage catm a -- -- a\n",
     "stage 2 (catm a -- -- a): the name a is taken"},
    {"nmq",
     "pipeline_input catm @/catm\nstage catm a -- -- a\nstage catm b -- -- c\npipeline_run\n",
     "stage 2 (catm b): it has not made c"},
    {"n",
     "pipeline_input hex2 @/hex2\npipeline_input in @/in\nstage hex2 in a -- in -- a\n"
     "pipeline_run\n",
     "stage 1 (hex2 in a): exit status 1: hex2: in:1: unknown label: x"},
    {"mq",
     "pipeline_input hex2 @/hex2\npipeline_input in @/in\npipeline_input catm @/catm\n"
     "stage catm b in -- in -- b\nstage hex2 in a -- in -- a\nstage catm c a -- a -- c\n"
     "pipeline_run\n",
     "stage 2 (hex2 in a): ERROR: hex2: exit 01"},
    {"n",
     "pipeline_input catm @/catm\npipeline_input in @/in\nstage catm a in -- in -- a\n"
     "stage catm b in -- -- b\npipeline_run\n",
     "stage 2 (catm b in): exit status 1: catm: in: cannot be read"},
    {"m",
     "pipeline_input catm @/catm\npipeline_input in @/in\nstage catm a in -- in -- a\n"
     "stage catm b in -- -- b\npipeline_run\n",
     "stage 2 (catm b in): it reads in, which is not named as an input"},
    {"m",
     "pipeline_input kaem @/kaem\npipeline_input catm @/catm\npipeline_input s @/script\n"
     "stage catm a s -- s -- a\nstage kaem s -- s catm -- c\npipeline_run\n",
     "stage 2 (kaem s): it reads a, which is not named as an input"},
    {"m",
     "pipeline_input catm @/catm\nstage catm a -- -- a\nstage catm a catm -- -- b\n"
     "stage catm b a -- a -- c\npipeline_run\n",
     "stage 2 (catm a catm): it writes a, which is not its output"},
    {"n",
     "pipeline_input log @/log\npipeline_input in @/in\nstage log in x -- in -- a\n"
     "pipeline_run\n",
     "stage 1 (log in x): it has changed its input in"},
    {"m",
     "pipeline_input log @/log\npipeline_input kaem @/kaem\npipeline_input in @/in\n"
     "pipeline_input s @/append\nstage kaem s -- s in log -- a\npipeline_run\n",
     "stage 1 (kaem s): it writes in, which is not its output"},
};

TEST_WITHIN(PIPELINE_SECONDS, pipelines_name_the_stage_of_a_mistake) {
    test_needs_own_root(t);
    boot0_build(t);
    use_dump(t);
    test_write(t, test_path(t, "in"), "%x", 2);
    static const char script[] = "mkdir d\ncd d\n/catm ../c ../a\n";
    test_write(t, test_path(t, "script"), script, sizeof script - 1);
    static const char append[] = "log in x\nlog a x\n";
    test_write(t, test_path(t, "append"), append, sizeof append - 1);
    for (size_t i = 0; i < sizeof MISTAKES / sizeof MISTAKES[0]; i++) {
        const struct mistake *m = &MISTAKES[i];
        char *name = xprintf("mistake-%zu", i);
        char *path = write_pipeline(t, name, m->text);
        char *want = xprintf("seedbed: pipeline %s: %s\n", name, m->message);
        char *at = strchr(want, '@');
        if (at)
            want = xprintf("%.*s%s%s", (int)(at - want), want, t->dir, at + 1);
        for (size_t d = 0; d < DRIVER_COUNT; d++) {
            if (!strchr(m->drivers, DRIVERS[d][0]))
                continue;
            struct outcome outcome = run_pipeline(t, path, name, DRIVERS[d]);
            if (outcome.status != 1) {
                test_fail(t, "%s on %s: exit status %d, should be 1; output `%s`", name, DRIVERS[d],
                          outcome.status, (const char *)outcome.output.data);
            }
            expect_text(t, xprintf("%s on %s", name, DRIVERS[d]), (const char *)outcome.output.data,
                        want);
        }
    }
    struct outcome outcome = run_pipeline(t, write_pipeline(t, "x", ""), "x", "xt");
    expect_text(t, "an unknown driver", (const char *)outcome.output.data,
                "seedbed: pipeline x: no driver 'xt'; there are native, model, pc and qemu\n");
}

/* Runs the pipeline and fails unless it says that `ran` of its stages have been run. */
static void expect_ran(struct test *t, const char *path, const char *driver, int ran) {
    struct outcome outcome = run_pipeline(t, path, "joined", driver);
    char *want = xprintf("%-14s %-7s %3d stages, %d run\n", "joined", driver, 4, ran);
    expect_text(t, driver, (const char *)outcome.output.data, want);
    struct buffer a = test_read(t, test_path(t, "a"));
    struct buffer b = test_read(t, test_path(t, "b"));
    struct buffer all = {0};
    buffer_append(&all, a.data, a.len);
    buffer_append(&all, b.data, b.len);
    buffer_append(&all, b.data, b.len);
    struct buffer got = test_read(t, test_path(t, xprintf("out/%s/joined/all", driver)));
    expect_same(t, "all", got.data, got.len, all.data, all.len);
}

/* Of four stages, those are run again whose inputs have changed; a lost output is made again. */
static void no_needless_runs(struct test *t, const void *argument) {
    const char *driver = argument;
    if (strcmp(driver, "native") == 0)
        test_needs_own_root(t);
    boot0_build(t);
    use_dump(t);
    char *path = write_pipeline(t, "joined",
                                "pipeline_input catm @/catm\n"
                                "pipeline_input a @/a\npipeline_input b @/b\n"
                                "stage catm a2 a -- a -- a2\n"
                                "stage catm b2 b -- b -- b2\n"
                                "stage catm bb b2 b2 -- b2 -- bb\n"
                                "stage catm all a2 bb -- a2 bb -- all\n"
                                "pipeline_export all\npipeline_run\n");
    test_write(t, test_path(t, "a"), "one", 3);
    test_write(t, test_path(t, "b"), "two", 3);
    expect_ran(t, path, driver, 4);
    expect_ran(t, path, driver, 0);
    test_write(t, test_path(t, "a"), "three", 5);
    expect_ran(t, path, driver, 2);
    test_write(t, test_path(t, "b"), "four", 4);
    expect_ran(t, path, driver, 3);
    expect_ran(t, path, driver, 0);
    test_run(t, 0, "rm", test_path(t, xprintf("%s/joined/files/all", driver)), NULL);
    expect_ran(t, path, driver, 1);
    expect_ran(t, path, driver, 0);
}

/* The table says where outputs differ, and make fails. */
TEST(pipelines_that_differ_are_shown_and_fail) {
    boot0_build(t);
    use_dump(t);
    test_write(t, test_path(t, "in-native"), "1", 1);
    test_write(t, test_path(t, "in-model"), "1", 1);
    test_write(t, test_path(t, "in-pc"), "1", 1);
    test_write(t, test_path(t, "in-qemu"), "2", 1);
    char *path = write_pipeline(t, "differs",
                                "pipeline_input catm @/catm\npipeline_input in @/in-$3\n"
                                "stage catm out in -- in -- out\n"
                                "pipeline_export out\npipeline_run\n");
    struct outcome outcome = run_all(t, path);
    const char *output = (const char *)outcome.output.data;
    if (outcome.status != 1 || !strstr(output, " same    same    same    DIFFERS\n"))
        test_fail(t, "exit status %d: %s", outcome.status, output);
}

/* The worked example of the README is the one that runs: it shows both files whole. */
TEST(pipelines_example_of_the_readme_is_the_one_that_runs) {
    static const char *const FILES[] = {"buildscripts/hello.M1", "buildscripts/hello.pipeline",
                                        "buildscripts/example/upper.pp",
                                        "buildscripts/example.pipeline"};
    struct buffer readme = test_read(t, "buildscripts/README.md");
    buffer_append(&readme, "", 1);
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++) {
        struct buffer file = test_read(t, FILES[i]);
        buffer_append(&file, "", 1);
        if (!strstr((const char *)readme.data, (const char *)file.data))
            test_fail(t, "buildscripts/README.md does not show %s as it is", FILES[i]);
    }
}

TESTS(pipelines_tests) {
    suite_add_slow(s, "pipelines-give-the-same-on-every-driver-and-acceptance-ends-all-ok",
                   PIPELINE_SECONDS, all_pipelines, NULL);
    suite_add_slow(s, "pipelines-in-one-boot-give-the-same-and-the-ladder-builds-itself",
                   PIPELINE_SECONDS, one_boot, NULL);
    suite_add_slow(s, "pipelines-give-the-same-with-a-boot-for-every-stage", PIPELINE_SECONDS,
                   all_pipelines, "stage");
    suite_add(s, "pipelines-run-no-stage-without-need-natively", no_needless_runs, "native");
    suite_add(s, "pipelines-run-no-stage-without-need-on-the-model", no_needless_runs, "model");
    suite_add(s, "pipelines-run-no-stage-without-need-in-qemu", no_needless_runs, "qemu");
}
