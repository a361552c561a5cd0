/* Tests of build/routes/run: the quick roads agree, and a wrong byte is seen. */
#include "verify/harness/harness.h"

#include <stdlib.h>
#include <string.h>

/* Goes some roads in the test's folder, `want` being the file that all should equal. */
static struct outcome go(struct test *t, const char *want) {
    const char *const argv[] = {
        "build/routes/run", "--folder",   t->dir,         "--want",       want,    "cut-xxd",
        "awk",         "hex2",       "sed-printf",   "nasm",         "boot0", "qemu-mini",
        "qemu-stage1", "bochs-mini", "bochs-kernel", "bochs-stage1", NULL};
    return test_command(t, argv);
}

static void roads_agree(struct test *t, const void *argument) {
    (void)argument;
    struct outcome o = go(t, "build/seeds/seedbed.bin");
    expect_text(t, (const char *)o.output.data, last_line((const char *)o.output.data),
                "11 roads lead to the same bytes, 0 do not, 0 cannot be gone here");
    if (o.status != 0) {
        test_fail(t, "status %d", o.status);
    }
}

static void roads_see_a_difference(struct test *t, const void *argument) {
    (void)argument;
    struct buffer seed = test_read(t, "build/seeds/seedbed.bin");
    char *path = test_path(t, "spoilt.bin");
    seed.data[seed.len - 1] ^= 1;
    test_write(t, path, seed.data, seed.len);
    struct outcome o = go(t, path);
    expect_text(t, (const char *)o.output.data, last_line((const char *)o.output.data),
                "0 roads lead to the same bytes, 11 do not, 0 cannot be gone here");
    if (o.status != 1) {
        test_fail(t, "status %d", o.status);
    }
}

void test_paths(struct suite *s) {
    suite_add(s, "paths-eleven-roads-lead-to-the-same-bytes", roads_agree, NULL);
    suite_add(s, "paths-a-bit-that-differs-is-seen", roads_see_a_difference, NULL);
}
