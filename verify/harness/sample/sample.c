/* build/verify-sample: tests that end in every way there is, for the test of the frame itself. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "verify/harness/harness.h"

/* It computes longer than the others. */
TEST(a_test_that_passes) {
    while (clock() < CLOCKS_PER_SEC / 5)
        ;
    test_write(t, test_path(t, "file"), "text", 4);
    expect_text(t, "its own file", xprintf("%.4s", test_read(t, test_path(t, "file")).data),
                "text");
}

TEST(a_test_that_fails) {
    expect_text(t, "the text", "one\ntwo\n", "one\nthree\n");
}

TEST(a_test_that_fails_in_two_lines) {
    test_fail(t, "first\nsecond");
}

TEST(a_test_that_is_skipped) {
    test_needs(t, "no-such-tool", "no-such-package");
    test_fail(t, "the tool is here");
}

TEST(a_test_whose_command_is_not_here) {
    test_run(t, 0, "no-such-tool", NULL);
}

TEST(a_test_that_crashes) {
    (void)t;
    raise(SIGSEGV);
}

/* What it starts is ended with it; its process number is left in $SAMPLE_CHILD. */
TEST_WITHIN(1, a_test_that_hangs) {
    const char *left = getenv("SAMPLE_CHILD");
    char *command = xprintf("sleep 1000 & echo $! >'%s'; wait", left ? left : "/dev/null");
    test_run(t, 0, "sh", "-c", command, NULL);
}

static void row(struct test *t, const void *argument) {
    if (*(const int *)argument != 2)
        test_fail(t, "it is %d", *(const int *)argument);
}

TESTS(rows) {
    static const int ROWS[] = {1, 2};
    for (int i = 0; i < 2; i++)
        suite_add(s, xprintf("a-row-with-%d", ROWS[i]), row, &ROWS[i]);
}
