/* How a test went, see verdict.h; and the ways in which a test says so itself. */
#include "verify/harness/verdict.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "images/lib/process.h"
#include "verify/harness/harness.h"

enum { REASON_SIZE = 2048 };

enum verdict verdict_of(int status) {
    return status == 0 ? PASSED : status == STATUS_SKIPPED ? SKIPPED : FAILED;
}

/* Prints the reason, and marks further lines of it as comments. */
static void print_reason(const struct buffer *why) {
    for (size_t i = 0; i < why->len; i++) {
        putchar(why->data[i]);
        if (why->data[i] == '\n' && i + 1 < why->len)
            fputs("#   ", stdout);
    }
    if (why->len == 0 || why->data[why->len - 1] != '\n')
        putchar('\n');
}

void verdict_print(enum verdict verdict, size_t number, const char *name,
                   const struct buffer *why) {
    printf("%s %zu - %s", verdict == FAILED ? "not ok" : "ok", number, name);
    if (verdict == SKIPPED)
        printf(" # SKIP ");
    else if (verdict == FAILED)
        printf("\n#   ");
    if (verdict == PASSED)
        putchar('\n');
    else
        print_reason(why);
    fflush(stdout);
}

void verdict_totals(const size_t totals[VERDICTS]) {
    printf("%zu passed, %zu failed", totals[PASSED], totals[FAILED]);
    if (totals[SKIPPED])
        printf(", %zu skipped", totals[SKIPPED]);
    putchar('\n');
}

/*
 * A tool that the reason of a failure names and that is not here, or null: what a test says of it
 * is no verdict on what it tests.
 */
static const char *missing_tool(const char *why) {
    static const char *const TOOLS[] = {"qemu-system-i386", "bochs", "nasm", "clang-format"};
    for (size_t i = 0; i < sizeof TOOLS / sizeof TOOLS[0]; i++)
        if (strstr(why, TOOLS[i]) && !process_found(TOOLS[i]))
            return TOOLS[i];
    return NULL;
}

static _Noreturn void end_test(struct test *t, int status, const char *why) {
    struct problem ignored;
    write_all(t->report, why, strlen(why), "report", &ignored);
    _exit(status);
}

void test_fail(struct test *t, const char *format, ...) {
    char why[REASON_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    const char *tool = missing_tool(why);
    if (tool)
        test_skip(t, "no %s here", tool);
    end_test(t, FAILED, why);
}

void test_skip(struct test *t, const char *format, ...) {
    char why[REASON_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    end_test(t, STATUS_SKIPPED, why);
}

void test_needs(struct test *t, const char *tool, const char *package) {
    if (process_found(tool))
        return;
    if (package)
        test_skip(t, "no %s here, which %s has", tool, package);
    test_skip(t, "no %s here", tool);
}

double test_patience(void) {
    enum { MOST = 10 };
    double load = 0;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    if (getloadavg(&load, 1) != 1 || processors < 1)
        return 1;
    double patience = load / (double)processors;
    return patience < 1 ? 1 : patience > MOST ? MOST : patience;
}
