/* What tests use: files in the temporary folder, comparisons, commands, numbers. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "images/lib/process.h"
#include "verify/harness/harness.h"

char *test_path(const struct test *t, const char *name) {
    return xprintf("%s/%s", t->dir, name);
}

struct buffer test_read(struct test *t, const char *path) {
    struct buffer content = {0};
    struct problem p;
    if (strncmp(path, "build/guest/", 12) == 0) /* made by `make test` where NASM is */
        test_needs(t, path, "nasm");
    if (read_file(path, &content, &p) != 0)
        test_fail(t, "%s", p.text);
    return content;
}

void test_write(struct test *t, const char *path, const void *data, size_t size) {
    struct problem p;
    if (write_file(path, data, size, &p) != 0)
        test_fail(t, "%s", p.text);
}

void expect_same(struct test *t, const char *what, const void *got, size_t got_size,
                 const void *want, size_t want_size) {
    const uint8_t *a = got;
    const uint8_t *b = want;
    size_t common = got_size < want_size ? got_size : want_size;
    for (size_t i = 0; i < common; i++)
        if (a[i] != b[i])
            test_fail(t, "%s: byte 0x%zX is %02X, should be %02X", what, i, a[i], b[i]);
    if (got_size != want_size)
        test_fail(t, "%s: %zu bytes, should be %zu", what, got_size, want_size);
}

void expect_text(struct test *t, const char *what, const char *got, const char *want) {
    size_t line = 1;
    while (*got || *want) {
        size_t a = strcspn(got, "\n");
        size_t b = strcspn(want, "\n");
        if (a != b || memcmp(got, want, a) != 0 || got[a] != want[b]) {
            test_fail(t, "%s: line %zu is `%.*s`%s, should be `%.*s`%s", what, line,
                      (int)(a < 300 ? a : 300), got, !*got ? " (the end)" : "",
                      (int)(b < 300 ? b : 300), want, !*want ? " (the end)" : "");
        }
        got += a + (got[a] == '\n');
        want += b + (want[b] == '\n');
        line++;
    }
}

struct outcome test_command(struct test *t, const char *const argv[]) {
    struct problem p;
    struct outcome outcome = {.status = 0};
    test_needs(t, argv[0], NULL);
    outcome.status = process_run((char *const *)argv, &outcome.output, &p);
    if (outcome.status < 0) {
        buffer_printf(&outcome.output, "%s\n", p.text);
        outcome.status = 127;
    }
    buffer_append(&outcome.output, "", 1);
    outcome.output.len--;
    return outcome;
}

struct buffer test_run(struct test *t, int status, const char *program, ...) {
    const char *argv[64] = {program};
    size_t count = 1;
    va_list arguments;
    va_start(arguments, program);
    while (count < 63 && (argv[count] = va_arg(arguments, const char *)))
        count++;
    va_end(arguments);
    struct outcome outcome = test_command(t, argv);
    if (outcome.status != status) {
        test_fail(t, "%s ends with %d, should be %d: %s", program, outcome.status, status,
                  last_line((const char *)outcome.output.data));
    }
    return outcome.output;
}

uint32_t test_random(uint32_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

char *last_line(const char *text) {
    size_t end = strlen(text);
    while (end > 0 && text[end - 1] == '\n')
        end--;
    size_t start = end;
    while (start > 0 && text[start - 1] != '\n')
        start--;
    return xprintf("%.*s", (int)(end - start), text + start);
}

void sleep_ms(long ms) {
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

void test_needs_source(struct test *t, const char *package) {
    char *to = xprintf("build/%s", package);
    const char *const fetch[] = {"sh", "verify/tests/ladder/fetch-source.sh", package, to, NULL};
    struct outcome o = test_command(t, fetch);
    if (o.status != 0)
        test_skip(t, "the source package of %s cannot be fetched: %s", package,
                  last_line((const char *)o.output.data));
    buffer_free(&o.output);
    free(to);
}
