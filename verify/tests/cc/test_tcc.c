/* tcc on the ladder: a fixed point, and the same bytes as a tcc that descends from gcc. */
#include <string.h>

#include "verify/tests/cc/compile.h"

TEST_WITHIN(240, tcc_of_the_ladder_is_the_tcc_of_gcc_byte_for_byte) {
    test_needs(t, "build/scheme", "build/scheme");
    struct buffer table =
        test_run(t, 0, "sh", "buildscripts/boot4/ddc.sh", test_path(t, "ddc"), NULL);
    if (!strstr((const char *)table.data, "\ntcc2 = tcc3 = tccG2\n"))
        test_fail(t, "%s", (const char *)table.data);
    buffer_free(&table);
}
