/* The frame of the tests: build/verify-sample has tests that end in every way there is. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "verify/harness/harness.h"

static struct outcome sample(struct test *t, const char *a, const char *b) {
    const char *const argv[] = {"build/verify-sample", "--jobs", "1", a, b, NULL};
    return test_command(t, argv);
}

static void expect_line(struct test *t, const char *output, const char *line) {
    if (!strstr(output, line))
        test_fail(t, "the output does not hold `%s`: %s", line, output);
}

TEST(harness_reports_every_end_of_a_test) {
    static const char *const LINES[] = {
        "TAP version 13\n1..9\nok 1 - a-test-that-passes\n",
        "\nnot ok 2 - a-test-that-fails\n#   the text: line 2 is `two`, should be `three`\n",
        "\nnot ok 3 - a-test-that-fails-in-two-lines\n#   first\n#   second\n",
        "\nok 4 - a-test-that-is-skipped # SKIP no no-such-tool here, which no-such-package has\n",
        "\nok 5 - a-test-whose-command-is-not-here # SKIP no no-such-tool here\n",
        "\nnot ok 6 - a-test-that-crashes\n#   ended by signal 11\n",
        "\nnot ok 7 - a-row-with-1\n#   it is 1\n",
        "\nok 8 - a-row-with-2\n",
        "\nnot ok 9 - a-test-that-hangs\n#   no end after ",
    };
    struct outcome o = sample(t, NULL, NULL);
    const char *output = (const char *)o.output.data;
    for (size_t i = 0; i < sizeof LINES / sizeof LINES[0]; i++)
        expect_line(t, output, LINES[i]);
    expect_text(t, "the last line", last_line(output), "2 passed, 5 failed, 2 skipped");
    if (o.status != 1)
        test_fail(t, "exit status %d", o.status);
}

/* Perl's own reader of TAP counts what the frame counts. */
TEST(harness_speaks_tap_that_prove_understands) {
    test_needs(t, "prove", "perl");
    struct outcome o = sample(t, NULL, NULL);
    char *path = test_path(t, "sample.tap");
    test_write(t, path, o.output.data, o.output.len);
    struct buffer verdict = test_run(t, 1, "prove", "--exec", "cat", path, NULL);
    const char *output = (const char *)verdict.data;
    expect_line(t, output, "(Wstat: 0 Tests: 9 Failed: 5)\n  Failed tests:  2-3, 6-7, 9\n");
    expect_line(t, output, "(less 2 skipped subtests: 2 okay)");
    if (strstr(output, "Parse errors"))
        test_fail(t, "prove does not understand: %s", output);
}

TEST(harness_runs_what_the_filter_holds_and_names_the_slowest) {
    struct outcome o = sample(t, "--filter", "a-row-with-2");
    expect_text(t, "the output", (const char *)o.output.data,
                "TAP version 13\n1..1\nok 1 - a-row-with-2\n1 passed, 0 failed\n");
    if (o.status != 0)
        test_fail(t, "exit status %d", o.status);
    o = sample(t, "--filter", "no-such-test");
    expect_text(t, "the last line", last_line((const char *)o.output.data), "0 passed, 1 failed");
    if (o.status != 1)
        test_fail(t, "exit status %d", o.status);
    o = sample(t, "--slowest", "1");
    expect_line(t, (const char *)o.output.data, ": a-test-that-passes\n# ");
}

/* Whether there is such a process, and it is no zombie that nobody has waited for yet. */
static bool runs(long pid) {
    struct buffer status = {0};
    struct problem p;
    if (read_file(xprintf("/proc/%ld/status", pid), &status, &p) != 0)
        return false;
    buffer_append(&status, "", 1);
    return !strstr((const char *)status.data, "State:\tZ");
}

TEST(harness_ends_what_a_test_has_started) {
    char *path = test_path(t, "child");
    setenv("SAMPLE_CHILD", path, 1);
    sample(t, "--filter", "hangs");
    struct buffer child = test_read(t, path);
    buffer_append(&child, "", 1);
    long pid = atol((const char *)child.data);
    for (int i = 0; i < 100 && runs(pid); i++)
        usleep(100000); /* a signal takes its time on a busy machine */
    if (pid <= 0 || runs(pid))
        test_fail(t, "process %ld still runs", pid);
}
