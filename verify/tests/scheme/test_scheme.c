/* The Scheme interpreter against guile and chicken, and against the R7RS document. */
#include <stdlib.h>
#include <string.h>

#include "verify/harness/harness.h"
#include "verify/tests/scheme/generate_scheme.h"

enum { CASES = 300, CASES_UNDER_STRESS = 30 };

#define SCHEME "build/scheme"

/* Libraries that guile wants named; ours and chicken have all at hand. */
static const char IMPORTS[] =
    "(import (scheme base) (scheme write) (scheme eval) (scheme read) (scheme char) (scheme file)\n"
    "  (scheme cxr) (scheme lazy) (scheme case-lambda) (scheme repl) (scheme process-context))\n";

/* What a command with a file writes. */
static char *output_of(struct test *t, const char *const argv[]) {
    struct outcome outcome = test_command(t, argv);
    if (outcome.status != 0) {
        test_fail(t, "%s %s: exit status %d: %.300s", argv[0], argv[1], outcome.status,
                  (const char *)outcome.output.data);
    }
    return (char *)outcome.output.data;
}

/* The lines of a text that begin with one of the marks; the rest are warnings. */
static char *marked_lines(const char *text) {
    struct buffer lines = {0};
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        if (text[0] == '@') {
            buffer_append(&lines, text, length);
            buffer_append(&lines, "\n", 1);
        }
        text += length + (text[length] == '\n');
    }
    buffer_append(&lines, "", 1);
    return (char *)lines.data;
}

/*
 * A program that shows the values of `count` generated expressions, one a line after @ and its
 * number, or only that there was a condition.
 */
static struct buffer program(const char *imports, uint32_t *state, int count, bool conditions) {
    struct buffer text = {0};
    buffer_printf(&text, "%s", imports);
    generate_head(&text);
    buffer_printf(&text, "(define (show n f)\n"
                         "  (let ((x (call/cc (lambda (k) (with-exception-handler\n"
                         "             (lambda (e) (k 'condition)) f)))))\n"
                         "    (write-string (string-append \"@\" (number->string n) \" \"))\n"
                         "    (write x) (newline)))\n");
    for (int i = 0; i < count; i++) {
        buffer_printf(&text, "(show %d (lambda () ", i);
        generate_expression(&text, state, conditions);
        buffer_printf(&text, "))\n");
    }
    return text;
}

/* Writes the same generated program for one interpreter; gives its path. */
static const char *write_program(struct test *t, const char *name, const char *imports,
                                 uint32_t seed, int count, bool conditions) {
    struct buffer text = program(imports, &seed, count, conditions);
    char *path = test_path(t, name);
    test_write(t, path, text.data, text.len);
    buffer_free(&text);
    return path;
}

/* Compares what our Scheme and another one, `argv` without the program's path, make of a program.
 */
static void compare_with(struct test *t, const char *scheme, const char *const argv[],
                         const char *imports, uint32_t seed, int count, bool conditions) {
    const char *ours = write_program(t, "ours.scm", "", seed, count, conditions);
    const char *theirs = write_program(t, "theirs.scm", imports, seed, count, conditions);
    const char *command[8] = {NULL};
    int words = 0;
    for (; argv[words]; words++)
        command[words] = argv[words];
    command[words] = theirs;
    char *got = marked_lines(output_of(t, (const char *[]){scheme, ours, NULL}));
    char *want = marked_lines(output_of(t, command));
    if (strcmp(got, want) != 0) {
        struct buffer copy = test_read(t, ours);
        test_write(t, "build/scheme-differs.scm", copy.data, copy.len);
        expect_text(t, xprintf("build/scheme-differs.scm, seed %u", seed), got, want);
    }
}

static void compare_with_guile(struct test *t, const char *scheme, uint32_t seed, int count) {
    const char *argv[] = {"guile", "--no-auto-compile", "--r7rs", NULL};
    compare_with(t, scheme, argv, IMPORTS, seed, count, true);
}

/* The number of an environment variable, or another one. */
static int count_from(const char *name, int otherwise) {
    const char *text = getenv(name);
    return text ? atoi(text) : otherwise;
}

TEST_WITHIN(4000, scheme_agrees_with_guile_on_300_generated_programs) {
    test_needs(t, "guile", "guile-3.0");
    int count = count_from("SCHEME_CASES", CASES);
    uint32_t seed = (uint32_t)count_from("SCHEME_SEED", 1);
    for (int done = 0; done < count; done += 50, seed++)
        compare_with_guile(t, SCHEME, seed, 50);
}

/* Without its eggs, chicken has other conditions than R7RS. */
TEST_WITHIN(4000, scheme_agrees_with_chicken_on_100_generated_programs) {
    test_needs(t, "csi", "chicken-bin");
    struct buffer head = test_read(t, "verify/scheme/chicken.scm");
    buffer_append(&head, "", 1);
    int count = count_from("SCHEME_CASES", 100);
    uint32_t seed = (uint32_t)count_from("SCHEME_SEED", 500);
    const char *argv[] = {"csi", "-q", "-w", "-s", NULL};
    for (int done = 0; done < count; done += 50, seed++)
        compare_with(t, SCHEME, argv, (const char *)head.data, seed, 50, false);
}

TEST_WITHIN(300, scheme_agrees_with_guile_when_every_allocation_collects) {
    test_needs(t, "guile", "guile-3.0");
    compare_with_guile(t, "build/scheme-stress", 77, CASES_UNDER_STRESS);
}

/*
 * The examples, each (EXPRESSION VALUE), judged by a program that says @ for each one that differs
 * and in the end how many there were.
 */
static const char JUDGE[] =
    "(define (judge e want)\n"
    "  (let ((got (call/cc (lambda (k) (with-exception-handler (lambda (c) (k 'condition))\n"
    "               (lambda () (eval e (interaction-environment))))))))\n"
    "    (if (not (equal? got want))\n"
    "        (begin (write-string \"@\") (write e) (write-string \" is \") (write got)\n"
    "               (newline)))))\n"
    "(define (all port n)\n"
    "  (let ((x (read port)))\n"
    "    (if (eof-object? x) (begin (write-string \"@\") (write n) (newline))\n"
    "        (begin (judge (car x) (cadr x)) (all port (+ n 1))))))\n"
    "(call-with-input-file \"verify/scheme/examples.scm\" (lambda (p) (all p 0)))\n";

static char *judged(struct test *t, const char *imports, const char *const argv[]) {
    char *text = xprintf("%s%s", imports, JUDGE);
    test_write(t, test_path(t, "judge.scm"), text, strlen(text));
    return marked_lines(output_of(t, argv));
}

TEST(scheme_gives_the_values_of_the_r7rs_document) {
    char *path = test_path(t, "judge.scm");
    expect_text(t, SCHEME, judged(t, "", (const char *[]){SCHEME, path, NULL}), "@302\n");
}

/* Four of them are known faults of guile: force, file-error?, |a b| and labels of data. */
TEST(guile_gives_the_same_values) {
    test_needs(t, "guile", "guile-3.0");
    char *path = test_path(t, "judge.scm");
    const char *argv[] = {"guile", "--no-auto-compile", "--r7rs", path, NULL};
    char *got = judged(t, IMPORTS, argv);
    int differ = -1; /* the last line is the number of all */
    for (const char *c = got; *c != '\0'; c++)
        differ += *c == '\n';
    if (differ != 4)
        test_fail(t, "%d of the examples differ, not 4: %s", differ, got);
}

TEST_WITHIN(300, scheme_gives_the_values_of_the_document_when_every_allocation_collects) {
    char *path = test_path(t, "judge.scm");
    expect_text(t, "build/scheme-stress",
                judged(t, "", (const char *[]){"build/scheme-stress", path, NULL}), "@302\n");
}

TEST(scheme_computes_with_large_integers_as_guile_does) {
    test_needs(t, "guile", "guile-3.0");
    static const char program[] = "verify/scheme/integers.scm";
    char *got = output_of(t, (const char *[]){SCHEME, program, NULL});
    struct buffer want = test_run(t, 0, "sh", "-c",
                                  xprintf("guile --no-auto-compile %s 2>/dev/null", program), NULL);
    buffer_append(&want, "", 1);
    expect_text(t, program, got, (const char *)want.data);
}
