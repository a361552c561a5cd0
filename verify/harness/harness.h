/*
 * The test program's frame. A test file offers `void test_xxx(struct suite *s)`, which adds its
 * tests to the suite; verify/harness/main.c lists these functions. Every test runs in a process of its own
 * with a temporary folder of its own; both are gone when it ends, with all it has started.
 */
#ifndef SEEDBED_HARNESS_H
#define SEEDBED_HARNESS_H

#include "images/lib/util.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A running test, as its function sees it. */
struct test {
    const char *name;
    const char *dir; /* the temporary folder */
    int report;      /* where test_fail writes */
};

/* Returns if the property holds; calls test_fail if not. `argument` is what suite_add was given. */
typedef void test_function(struct test *t, const void *argument);

struct test_case {
    const char *name;
    test_function *run;
    const void *argument;
    unsigned seconds; /* after that many seconds it is ended, and has failed */
};

struct suite {
    struct test_case *cases;
    size_t count;
    size_t room;
};

enum { TEST_SECONDS = 60 };

/*
 * Adds a test. `name` says what must hold, in words joined by dashes; it and `argument` must live
 * as long as the suite.
 */
void suite_add(struct suite *s, const char *name, test_function *run, const void *argument);

/* The same for a test that may take up to `seconds`. */
void suite_add_slow(struct suite *s, const char *name, unsigned seconds, test_function *run,
                    const void *argument);

/* How suite_run goes about it. */
struct suite_options {
    const char *filter; /* run the tests whose name holds this word; NULL: all */
    unsigned jobs;      /* tests at the same time, at least 1 */
};

/* Runs the tests, prints one line for each and the summary; returns the number of failures. */
size_t suite_run(const struct suite *s, const struct suite_options *options);

/* Ends the test as failed, with the reason in one line. */
_Noreturn void test_fail(struct test *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A path (allocated) in the temporary folder. */
char *test_path(const struct test *t, const char *name);

/* Reads a file that must be there. */
struct buffer test_read(struct test *t, const char *path);

/* Writes a file. */
void test_write(struct test *t, const char *path, const void *data, size_t size);

/* Fails unless both are the same; `what` opens the message, which names the first difference. */
void expect_same(struct test *t, const char *what, const void *got, size_t got_size,
                 const void *want, size_t want_size);

/* Fails unless `got` is `want`. */
void expect_text(struct test *t, const char *what, const char *got, const char *want);

/* What a command has left. */
struct outcome {
    int status;           /* exit status; 128 + signal if a signal ended it */
    struct buffer output; /* stdout and stderr, with a NUL after it */
};

/* Runs a program (argv[0] is looked up in PATH) with no input and waits for it. */
struct outcome test_command(struct test *t, const char *const argv[]);

/* The same with arguments that end in NULL; fails unless the exit status is `status`. */
struct buffer test_run(struct test *t, int status, const char *program, ...);

/* The last line of a text (allocated), without its newline. */
char *last_line(const char *text);

/* A generator of numbers that gives the same ones in every run (xorshift32, never seeded with 0).
 */
uint32_t test_random(uint32_t *state);

#endif
