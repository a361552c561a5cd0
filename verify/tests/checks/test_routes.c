/* Tests of build/router: the quick routes agree, and a wrong byte is seen. */
#include <stdlib.h>
#include <string.h>

#include "verify/harness/harness.h"

/* Takes some routes in the test's folder, `want` being the file that all should equal. */
static struct outcome take(struct test *t, const char *want) {
    static const char *const NEEDED[] = {"hex2", "nasm", "xxd", "qemu-system-i386", "bochs"};
    for (size_t i = 0; i < sizeof NEEDED / sizeof NEEDED[0]; i++)
        test_needs(t, NEEDED[i], NULL);
    const char *const argv[] = {
        "build/router", "--folder",   t->dir,         "--want",       want,    "cut-xxd",
        "awk",          "hex2",       "sed-printf",   "nasm",         "boot0", "qemu-mini",
        "qemu-stage1",  "bochs-mini", "bochs-kernel", "bochs-stage1", NULL};
    return test_command(t, argv);
}

TEST(routes_eleven_routes_lead_to_the_same_bytes) {
    struct outcome o = take(t, "build/seeds/seedbed.bin");
    expect_text(t, (const char *)o.output.data, last_line((const char *)o.output.data),
                "11 routes lead to the same bytes, 0 do not, 0 cannot be taken here");
    if (o.status != 0)
        test_fail(t, "status %d", o.status);
}

TEST(routes_a_bit_that_differs_is_seen) {
    struct buffer seed = test_read(t, "build/seeds/seedbed.bin");
    char *path = test_path(t, "spoilt.bin");
    seed.data[seed.len - 1] ^= 1;
    test_write(t, path, seed.data, seed.len);
    struct outcome o = take(t, path);
    expect_text(t, (const char *)o.output.data, last_line((const char *)o.output.data),
                "0 routes lead to the same bytes, 11 do not, 0 cannot be taken here");
    if (o.status != 1)
        test_fail(t, "status %d", o.status);
}
