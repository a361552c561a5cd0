/*
 * What every engine of the table answers in the same way: how a run ends, what is on the console
 * and on the disk, that the clock ticks, that a time limit and a Ctrl-C end it.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "images/lib/process.h"
#include "images/lib/stop.h"
#include "verify/harness/boot.h"

/* An ELF file whose program does nothing for ever (ELF specification 1.2, book I). */
static const uint8_t ENDLESS[] = {
    0x7F, 'E',  'L', 'F', 1,    1,    1, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* ident */
    2,    0,    3,   0,   1,    0,    0, 0,                         /* EXEC, 386 */
    0x54, 0x80, 4,   8,   0x34, 0,    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* entry, program headers */
    0x34, 0,    32,  0,   1,    0,    0, 0, 0, 0, 0, 0,             /* one of 32 bytes */
    1,    0,    0,   0,   0,    0,    0, 0,                         /* LOAD from 0 */
    0,    0x80, 4,   8,   0,    0x80, 4, 8,                         /* to 08048000h */
    0x56, 0,    0,   0,   0x56, 0,    0, 0,                         /* all of the file */
    5,    0,    0,   0,   0,    0x10, 0, 0,                         /* read and execute */
    0xEB, 0xFE,                                                     /* jmp $ */
};

static const char GOOD[] = "src 0 /dev\nsrc 5 /dev/hda\nhello\n# the end\n";
static const char BAD[] = "src 0 /dev\nsrc 5 /nowhere/x\nhello";

struct watch {
    struct buffer lines;
    unsigned ticks;
    pid_t stop; /* gets a SIGINT at the first tick after a line */
};

static void on_line(void *arg, const char *line, size_t n, uint64_t instructions) {
    (void)instructions;
    struct watch *w = arg;
    if (n >= 12 && memcmp(line, "Booting from", 12) == 0)
        return;
    buffer_printf(&w->lines, "%.*s\n", (int)n, line);
}

static void on_tick(void *arg) {
    struct watch *w = arg;
    w->ticks++;
    if (w->stop && w->lines.len)
        kill(w->stop, SIGINT);
}

/* Boots a full image with the script on the test's engine. */
static struct run_result run(struct test *t, const struct buffer *script, double timeout,
                             struct watch *watch) {
    struct problem p;
    struct run_result result;
    struct buffer head = full_system(t);
    struct run_request request = {.head = &head,
                                  .text = script,
                                  .size = 4 << 20,
                                  .mem_mib = 256,
                                  .timeout = timeout,
                                  .on_line = on_line,
                                  .on_tick = on_tick,
                                  .arg = watch};
    if (boot(t->engine, &request, &result, &p) < 0)
        test_fail(t, "%s", p.text);
    buffer_append(&watch->lines, "", 1);
    buffer_free(&head);
    return result;
}

static struct buffer text_of(const char *text) {
    struct buffer b = {0};
    buffer_append(&b, text, strlen(text));
    return b;
}

static struct buffer endless_script(void) {
    struct buffer script = {0};
    buffer_printf(&script, "src %zu /endless\n", sizeof ENDLESS);
    buffer_append(&script, ENDLESS, sizeof ENDLESS);
    buffer_printf(&script, "/endless\n");
    return script;
}

static void ends_a_build(struct test *t, const void *argument) {
    struct watch watch = {{0}, 0, 0};
    struct buffer script = text_of(GOOD), made = {0};
    struct problem p;
    (void)argument;
    struct run_result r = run(t, &script, 60 * test_patience(), &watch);
    expect_text(t, "the console", (char *)watch.lines.data,
                "src 0 /dev\nsrc 5 /dev/hda\nBuild finished.\n00000005\n");
    if (r.end != RUN_FINISHED || r.length != 5)
        test_fail(t, "end %d, length %u: %s", r.end, r.length, r.message);
    if (run_artifact(&r, &made, &p) < 0)
        test_fail(t, "%s", p.text);
    expect_same(t, "/dev/hda", made.data, made.len, "hello", 5);
    run_result_free(&r);
}

static void ends_with_an_error(struct test *t, const void *argument) {
    struct watch watch = {{0}, 0, 0};
    struct buffer script = text_of(BAD);
    (void)argument;
    struct run_result r = run(t, &script, 60 * test_patience(), &watch);
    char *last = last_line((char *)watch.lines.data);
    if (r.end != RUN_ERROR || strcmp(r.message, last) != 0 || strncmp(last, "ERROR: ", 7) != 0)
        test_fail(t, "end %d, message `%s`, last line `%s`", r.end, r.message, last);
    run_result_free(&r);
}

static void ends_when_the_time_is_up(struct test *t, const void *argument) {
    struct watch watch = {{0}, 0, 0};
    struct buffer script = endless_script();
    double started = now();
    (void)argument;
    struct run_result r = run(t, &script, 3, &watch);
    if (r.end != RUN_TIMEOUT || now() - started < 3)
        test_fail(t, "end %d after %.1f s: %s", r.end, now() - started, r.message);
    if (watch.ticks < 2)
        test_fail(t, "the clock has ticked %u times in 3 seconds", watch.ticks);
    run_result_free(&r);
}

static void ends_at_a_ctrl_c(struct test *t, const void *argument) {
    struct buffer script = endless_script();
    (void)argument;
    pid_t pid = process_fork(OWN_GROUP);
    if (pid == 0) {
        struct watch watch = {{0}, 0, getpid()};
        stop_catch();
        struct run_result r = run(t, &script, 60 * test_patience(), &watch);
        _exit(r.end == RUN_INTERRUPTED ? STOP_STATUS : 1);
    }
    int status = process_wait(pid);
    /* The model asks nobody, so that the signal ends it. */
    bool ended = status == STOP_STATUS || (t->engine->script_only && status == 128 + SIGINT);
    if (!ended)
        test_fail(t, "exit status %d, should be %d", status, STOP_STATUS);
}

TESTS(engines_end_in_the_same_ways) {
    static const struct {
        const char *name;
        test_function *run;
        enum engine_set set;
    } WAYS[] = {{"engine-ends-a-build", ends_a_build, EVERY_ENGINE},
                {"engine-ends-with-an-error", ends_with_an_error, EVERY_ENGINE},
                {"engine-ends-when-the-time-is-up", ends_when_the_time_is_up, EVERY_ENGINE},
                {"engine-ends-at-a-ctrl-c", ends_at_a_ctrl_c, EVERY_ENGINE}};
    for (size_t i = 0; i < sizeof WAYS / sizeof WAYS[0]; i++)
        suite_add_on(s, WAYS[i].set, WAYS[i].name, WAYS[i].run, NULL);
}
