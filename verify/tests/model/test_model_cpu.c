/*
 * The model's processor against the one these tests run on, and against an emulator: the same
 * program (verify/cpu) tries out every form of an instruction and prints a checksum for each.
 */
#include <stdlib.h>
#include <string.h>

#include "refmodel/seedbed.h"
#include "verify/harness/boot.h"
#include "verify/harness/harness.h"

enum { ROUNDS = 56, WITNESS_ROUNDS = 8, CASES_LEAST = 2000000, SECONDS = 100 };

static const char PROGRAM[] = "build/cpu/cpu";

static unsigned rounds(unsigned usual) {
    const char *wanted = getenv("SEEDBED_CPU_ROUNDS");
    return wanted && atoi(wanted) > 0 ? (unsigned)atoi(wanted) : usual;
}

static void append_console(void *user, const char *bytes, size_t n) {
    buffer_append(user, bytes, n);
}

/* What the program says on the model. */
static struct buffer on_model(struct test *t, unsigned n) {
    struct buffer file = test_read(t, PROGRAM);
    struct buffer script = {0};
    struct buffer log = {0};
    add_src(&script, "/cpu", file.data, file.len);
    buffer_printf(&script, "/cpu %u\nsrc 0 /dev\nsrc 0 /dev/hda\n", n);
    struct seedbed_config config = {.console = append_console, .user = &log};
    struct seedbed *s = seedbed_new(&config);
    if (!s || seedbed_run(s, script.data, script.len) != SEEDBED_FINISHED)
        test_fail(t, "the model does not finish: %s", s ? seedbed_error(s) : "no memory");
    seedbed_free(s);
    buffer_free(&script);
    buffer_free(&file);
    buffer_append(&log, "", 1);
    return log;
}

/* The part of the model's log that the program has written. */
static char *output_of(struct test *t, struct buffer *log) {
    char *start = strstr((char *)log->data, "\n/cpu ");
    char *end = start ? strstr(start, "\nsrc 0 /dev\n") : NULL;
    if (!end)
        test_fail(t, "no output in the model's log");
    end[1] = '\0';
    return strchr(start + 1, '\n') + 1;
}

/* Takes a line "CHECKSUM NAME" off *text; false at the end. */
static bool next_line(char **text, const char **line) {
    *line = *text;
    char *newline = strchr(*text, '\n');
    if (!newline)
        return false;
    *newline = '\0';
    *text = newline + 1;
    return true;
}

static unsigned long cases_in(struct test *t, const char *text) {
    char *last = last_line(text);
    char *word;
    unsigned long n = strtoul(last, &word, 10);
    if (strcmp(word, " cases") != 0)
        test_fail(t, "the last line is `%s`", last);
    free(last);
    return n;
}

static void as_this_processor(struct test *t, const void *argument) {
    (void)argument;
    char *n = xprintf("%u", rounds(ROUNDS));
    struct buffer native = test_run(t, 0, PROGRAM, n, NULL);
    struct buffer log = on_model(t, rounds(ROUNDS));
    char *ours = output_of(t, &log);
    unsigned long cases = cases_in(t, ours);
    if (cases < CASES_LEAST)
        test_fail(t, "%lu cases, should be %d at least", cases, CASES_LEAST);
    expect_text(t, "the model", ours, (const char *)native.data);
    free(n);
}

/*
 * What the emulator gets wrong, as this processor shows: it loses flags around LOOPE and LOOPNE,
 * changes all of EBP in a 16-bit ENTER, and keeps no record of x87 exceptions.
 */
static bool witness_errs(const char *name) {
    return name[0] == 'f' || strcmp(name, "loope") == 0 || strcmp(name, "loopne") == 0 ||
           strcmp(name, "enter 16, another ebp") == 0;
}

static void as_an_emulator(struct test *t, const void *argument) {
    (void)argument;
    unsigned n = rounds(ROUNDS) / (ROUNDS / WITNESS_ROUNDS);
    char *number = xprintf("%u", n);
    test_needs(t, "build/cpu/witness", NULL);
    struct buffer witness = test_run(t, 0, "build/cpu/witness", PROGRAM, number, NULL);
    struct buffer log = on_model(t, n);
    char *ours = output_of(t, &log);
    char *theirs = (char *)witness.data;
    const char *a;
    const char *b;
    size_t compared = 0;
    while (next_line(&ours, &a) && next_line(&theirs, &b)) {
        const char *name = strchr(a, ' ');
        if (name && witness_errs(name + 1))
            continue;
        if (strcmp(a, b) != 0)
            test_fail(t, "the model says `%s`, the emulator `%s`", a, b);
        compared++;
    }
    if (compared < 400)
        test_fail(t, "only %zu forms were compared", compared);
    free(number);
}

TESTS(processor_tests) {
    unsigned seconds = SECONDS * (rounds(ROUNDS) / ROUNDS + 1);
    suite_add_slow(s, "the-model-computes-as-this-processor-does", seconds, as_this_processor,
                   NULL);
    suite_add_slow(s, "the-model-computes-as-another-emulator-of-the-processor-does", seconds,
                   as_an_emulator, NULL);
}
