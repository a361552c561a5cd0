/* What `make pc-long` says in the end: verify/cpu/pc-long.awk, given logs of its tests. */
#include <string.h>

#include "verify/harness/harness.h"

#define SAME "-are-the-same-on-the-pc-and-in-"

static void expect_sum(struct test *t, const char *log, int status, const char *sum) {
    char *path = test_path(t, "log");
    test_write(t, path, log, strlen(log));
    const char *const argv[] = {"awk", "-f", "verify/cpu/pc-long.awk", path, NULL};
    struct outcome o = test_command(t, argv);
    expect_text(t, "the last line", last_line((const char *)o.output.data), sum);
    if (o.status != status)
        test_fail(t, "exit status %d, should be %d: %s", o.status, status, o.output.data);
}

TEST(pc_long_adds_up_the_cases_of_each_witness) {
    expect_sum(t,
               "TAP version 13\n1..3\n"
               "ok 1 - real-mode-2000-cases" SAME "qemu\n"
               "ok 2 - real-mode-1600-cases-from-seed-3" SAME "bochs\n"
               "ok 3 - tasks-30-cases-from-seed-11" SAME "qemu\n"
               "3 passed, 0 failed\n",
               0,
               "2030 cases are the same in QEMU and 1600 in Bochs, 0 are in tests that failed, "
               "0 were not run");
}

TEST(pc_long_is_not_well_if_a_case_differs_or_was_not_run) {
    expect_sum(t,
               "TAP version 13\n1..2\n"
               "ok 1 - tasks-400-cases" SAME "bochs\n"
               "not ok 2 - real-mode-2000-cases" SAME "qemu\n#   seed 7, case 3\n",
               1,
               "0 cases are the same in QEMU and 400 in Bochs, 2000 are in tests that failed, "
               "0 were not run");
    expect_sum(t,
               "TAP version 13\n1..2\n"
               "ok 1 - tasks-400-cases" SAME "bochs # SKIP no bochs here\n"
               "ok 2 - real-mode-2000-cases" SAME "qemu\n",
               1,
               "2000 cases are the same in QEMU and 0 in Bochs, 0 are in tests that failed, "
               "400 were not run");
}

TEST(pc_long_is_not_well_if_it_was_cut) {
    static const char NOTHING[] =
        "0 cases are the same in QEMU and 0 in Bochs, 0 are in tests that "
        "failed, 0 were not run";
    expect_sum(t, "", 1, NOTHING);
    expect_sum(t, "TAP version 13\n1..2\nBail out! stopped\n", 1, NOTHING);
    expect_sum(t, "TAP version 13\n1..2\nok 1 - tasks-400-cases" SAME "qemu\n", 1,
               "400 cases are the same in QEMU and 0 in Bochs, 0 are in tests that failed, 0 were "
               "not run");
}

/* The names that the sum is made from are those of the tests there are. */
TEST(pc_long_knows_the_names_of_the_tests) {
    struct buffer names = test_run(t, 0, "build/verify", "--list", NULL), log = {0};
    unsigned planned = 0, qemu = 0, bochs = 0;
    buffer_append(&names, "", 1);
    buffer_printf(&log, "TAP version 13\n");
    for (char *name = strtok((char *)names.data, "\n"); name; name = strtok(NULL, "\n"))
        if (strstr(name, SAME + 1)) {
            unsigned cases = 0;
            sscanf(name + strcspn(name, "0123456789"), "%u-cases", &cases);
            *(strstr(name, "-bochs") ? &bochs : &qemu) += cases;
            buffer_printf(&log, "ok %u - %s\n", ++planned, name);
        }
    buffer_printf(&log, "1..%u\n", planned);
    buffer_append(&log, "", 1);
    if (qemu == 0 || bochs == 0)
        test_fail(t, "%u cases in QEMU, %u in Bochs", qemu, bochs);
    expect_sum(t, (const char *)log.data, 0,
               xprintf("%u cases are the same in QEMU and %u in Bochs, 0 are in tests that failed, "
                       "0 were not run",
                       qemu, bochs));
}
