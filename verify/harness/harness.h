/*
 * The frame of the test program. A new test is one function in one file of verify/tests/:
 *
 *     TEST(an_empty_script_is_refused) {
 *         expect_text(t, "the message", ..., "...");
 *     }
 *
 * The function's name, with dashes for the underscores, says what must hold and is the name of the
 * test. Nothing else has to be told: the macro makes the function known before main() runs. Tests
 * run each in a process of its own with a temporary folder
 * of its own; both are gone when it ends, with all it has started.
 */
#ifndef VERIFY_HARNESS_HARNESS_H
#define VERIFY_HARNESS_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "images/lib/util.h"

struct engine; /* images/machine/engine.h */

/* A running test, as its function sees it. */
struct test {
    const char *name;
    const char *dir;             /* the temporary folder */
    const struct engine *engine; /* what its builder boots on */
    int report;                  /* where test_fail and test_skip write */
};

/* Returns if the property holds; calls test_fail if not. `argument` is what suite_add was given. */
typedef void test_function(struct test *t, const void *argument);

struct test_case {
    const char *name;
    test_function *run;
    const void *argument;
    const struct engine *engine; /* null: QEMU without KVM */
    unsigned seconds;            /* on an idle machine; after that it is ended, and has failed */
};

struct suite {
    struct test_case *cases;
    size_t count;
    size_t room;
};

enum { TEST_SECONDS = 60 };

/*
 * On which engines a test of the builder runs: on each that is here, as a test of its own, called
 * NAME-on-ENGINE. Bochs, which needs seconds for a boot, has a sample of them. KVM has none: few
 * machines have it. DISK_ENGINES are the quick ones that have a disk of sectors, which the model,
 * where a script is all there is, has not.
 */
enum engine_set { NO_SET, DISK_ENGINES, QUICK_ENGINES, EVERY_ENGINE };

/* A test, or a function that adds any number of them, as the macros below make it known. */
struct test_source {
    const char *file;
    int line;
    const char *name;             /* a test: with underscores */
    void (*run)(struct test *t);  /* a test: null where `add` is there */
    unsigned seconds;             /* a test: its time */
    enum engine_set set;          /* a test: the engines it runs on, if any */
    void (*add)(struct suite *s); /* adds tests to the suite */
    struct test_source *next;
};

void test_register(struct test_source *source);

#define TEST_SOURCE(id, ...)                                                                       \
    __attribute__((constructor)) static void id##_register(void) {                                 \
        static struct test_source source = {.file = __FILE__, .line = __LINE__, __VA_ARGS__};      \
        test_register(&source);                                                                    \
    }

/* The head of a test that may take TEST_SECONDS, or so many. */
#define TEST(id) TEST_WITHIN(TEST_SECONDS, id)
#define TEST_WITHIN(limit, id)                                                                     \
    static void id(struct test *t);                                                                \
    TEST_SOURCE(id, .name = #id, .run = (id), .seconds = (limit))                                  \
    static void id(struct test *t)

/* The head of a test that runs on a set of engines; `t->engine` is its own. */
#define TEST_ON(engines, id)                                                                       \
    static void id(struct test *t);                                                                \
    TEST_SOURCE(id, .name = #id, .run = (id), .seconds = TEST_SECONDS, .set = (engines))           \
    static void id(struct test *t)

/* The head of a function that adds tests to the suite `s`: one for each row of a table, or file. */
#define TESTS(id)                                                                                  \
    static void id(struct suite *s);                                                               \
    TEST_SOURCE(id, .add = (id))                                                                   \
    static void id(struct suite *s)

/*
 * Adds a test. `name` says what must hold, in words joined by dashes; it and `argument` must live
 * as long as the suite.
 */
void suite_add(struct suite *s, const char *name, test_function *run, const void *argument);

/* The same for a test that may take up to `seconds`. */
void suite_add_slow(struct suite *s, const char *name, unsigned seconds, test_function *run,
                    const void *argument);

/* The same for a test that runs on a set of engines; the name must not live on. */
void suite_add_on(struct suite *s, enum engine_set set, const char *name, test_function *run,
                  const void *argument);

/* Adds all that was registered, in the order of files and lines. */
void suite_collect(struct suite *s);

/* How suite_run goes about it. */
struct suite_options {
    const char *filter; /* run the tests whose name holds this word; null: all */
    unsigned jobs;      /* tests at the same time, at least 1 */
    unsigned slowest;   /* name that many in the end, those that computed the longest */
};

/*
 * Runs the tests and prints their results as TAP (testanything.org), then a line
 * `N passed, N failed`, with `, N skipped` if any were. Returns the number of failures.
 */
size_t suite_run(const struct suite *s, const struct suite_options *options);

/*
 * Ends the test as failed, with the reason in one line; as skipped where the reason names a tool
 * (QEMU, Bochs, NASM) that is not here.
 */
_Noreturn void test_fail(struct test *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Ends the test as one that cannot be done here, with the reason in one line. */
_Noreturn void test_skip(struct test *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Skips the test unless `tool` is here: a command in PATH, or a file where the name holds a slash.
 * `package` is what has it, or null. What test_command and test_run run themselves is looked at in
 * this way already.
 */
void test_needs(struct test *t, const char *tool, const char *package);

/*
 * Skips the test unless programs can have a root directory of their own: whoever is not root needs
 * user namespaces for that (user_namespaces(7)), and in a chroot there are none.
 */
void test_needs_own_root(struct test *t);

/*
 * Fetches the source of a Debian package to build/PACKAGE unless it is there; skips the test where
 * it cannot be had.
 */
void test_needs_source(struct test *t, const char *package);

/*
 * How many times longer than on an idle machine things may take now, at least 1: what tests allow
 * in seconds is multiplied by it.
 */
double test_patience(void);

/* Waits that long, in milliseconds. */
void sleep_ms(long ms);

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

/* The same with arguments that end in null; fails unless the exit status is `status`. */
struct buffer test_run(struct test *t, int status, const char *program, ...);

/* The last line of a text (allocated), without its newline. */
char *last_line(const char *text);

/* A generator of numbers that gives the same ones in every run (xorshift32, never seeded with 0).
 */
uint32_t test_random(uint32_t *state);

#endif
