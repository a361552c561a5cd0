/* Tests of the mutants: a sample of them in the time of a test, and the list of survivors. */
#include <stdlib.h>
#include <string.h>

#include "verify/harness/harness.h"

enum { SAMPLE_SECONDS = 300 }; /* a machine under load has to run every case first */

static struct outcome mutants(struct test *t, const char *sample, const char *reasons) {
    test_needs(t, "build/mutants", "libcapstone-dev");
    const char *const argv[] = {"build/mutants", "--sample", sample, "--jobs", "2",
                                "--reasons",     reasons,    NULL};
    return test_command(t, argv);
}

/* A sample may hold more of the survivors than the whole. */
TEST_WITHIN(SAMPLE_SECONDS, mutants_of_a_sample_are_noticed) {
    test_needs(t, "build/mutants", "libcapstone-dev");
    const char *const argv[] = {
        "build/mutants",          "--sample", "90", "--least", "98", "--reasons",
        "verify/mutants/reasons", NULL};
    struct outcome o = test_command(t, argv);
    if (o.status != 0)
        test_fail(t, "%s", o.output.data);
}

/* Nothing comes behind the last hlt, so nobody can notice what stands there; that it is gone is
   noticed, whatever a reason says. Of what is left out nothing is known. */
TEST_WITHIN(SAMPLE_SECONDS, mutants_and_reasons_that_do_not_hold_are_named) {
    static const char REASONS[] = "halt.forever | hlt | dropped | equal: so it is said\n"
                                  "halt | add cl, cl | dropped | equal: so it is said\n";
    test_needs(t, "build/mutants", "libcapstone-dev");
    char *list = test_path(t, "list");
    test_write(t, list, REASONS, sizeof REASONS - 1);
    const char *const argv[] = {"build/mutants", "--label", "halt.forever",
                                "--reasons",     list,      NULL};
    struct outcome o = test_command(t, argv);
    const char *said = (const char *)o.output.data;
    if (o.status != 1 || !strstr(said, ".forever | dropped: nop | no case comes there") ||
        !strstr(said, "list:1: dropped: noticed") || strstr(said, "list:2"))
        test_fail(t, "status %d: %s", o.status, said);
}

TEST(mutants_need_a_well_formed_list) {
    char *list = test_path(t, "list");
    static const char LINE[] = "start | mov ss, ax | dropped | because\n";
    test_write(t, list, (const uint8_t *)LINE, sizeof LINE - 1);
    struct outcome o = mutants(t, "100000", list);
    if (o.status == 0 || !strstr((char *)o.output.data, "list:1: LABEL | INSTRUCTION"))
        test_fail(t, "status %d: %s", o.status, o.output.data);
}
