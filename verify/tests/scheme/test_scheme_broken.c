/* Programs with mistakes of all kinds: the interpreter says something or goes on, it never crashes.
 */
#include <signal.h>
#include <string.h>

#include "verify/harness/harness.h"
#include "verify/tests/ladder/generate_boot1.h"

enum { PROGRAMS = 300, LINES = 4, SIGNALLED = 128 };

/* A few of the examples, with bytes changed, taken out and doubled. */
static struct buffer broken_program(const struct buffer *examples, uint32_t *state) {
    struct buffer text = {0};
    for (uint32_t lines = 1 + test_random(state) % LINES; lines > 0; lines--) {
        const char *start = (const char *)examples->data + test_random(state) % examples->len;
        start = strchr(start, '\n');
        if (!start)
            continue;
        size_t length = strcspn(start + 1, "\n");
        buffer_append(&text, start + 1, length);
        buffer_append(&text, "\n", 1);
    }
    mutate(&text, state);
    return text;
}

/* Whether a status is that of a crash; a program may end with any number by itself. */
static bool is_crash(int status) {
    static const int SIGNALS[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP};
    for (size_t i = 0; i < sizeof SIGNALS / sizeof SIGNALS[0]; i++)
        if (status == SIGNALLED + SIGNALS[i])
            return true;
    return false;
}

TEST_WITHIN(400, scheme_never_crashes_on_300_broken_programs) {
    uint32_t state = 9;
    struct buffer examples = test_read(t, "verify/scheme/examples.scm");
    buffer_append(&examples, "", 1);
    examples.len--;
    char *path = test_path(t, "broken.scm");
    char *command = xprintf("ulimit -v 300000; exec timeout 5 build/scheme %s", path);
    for (int i = 0; i < PROGRAMS; i++) {
        struct buffer text = broken_program(&examples, &state);
        test_write(t, path, text.data, text.len);
        struct outcome outcome = test_command(t, (const char *[]){"sh", "-c", command, NULL});
        if (is_crash(outcome.status)) {
            test_write(t, "build/scheme-crashes.scm", text.data, text.len);
            test_fail(t, "build/scheme-crashes.scm: exit status %d", outcome.status);
        }
        buffer_free(&text);
        buffer_free(&outcome.output);
    }
}
