/* The files a machine had in memory are written out, also after an ERROR. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "verify/harness/boot.h"

enum { LARGE = 3 << 20 };

static void expect_file(struct test *t, const char *name, const void *want, size_t n) {
    char *path = xprintf("%s/files%s", t->dir, name);
    struct buffer have = test_read(t, path);
    expect_same(t, name, have.data, have.len, want, n);
    buffer_free(&have);
    free(path);
}

TEST_ON(QUICK_ENGINES, mortem_after_an_error_every_file_is_there) {
    uint8_t *large = random_bytes(3, LARGE);
    struct buffer script = {0}, alone, e820;
    char *folder = test_path(t, "files"), *out = test_path(t, "alone");
    char *file = xprintf("/deep/er/large=%s", out);
    const char *both[] = {file, xprintf("/text=%s.text", out)};
    struct run_request how = {.files = folder, .file = {both, 2}, .timeout = BOOT_SECONDS};
    buffer_printf(&script, "src 0 /dev\nsrc 0 /deep\nsrc 0 /deep/er\nsrc 0 /empty\n");
    add_src(&script, "/deep/er/large", "x", 1);
    buffer_printf(&script, "src 6 /text\nline 1\n");
    add_src(&script, "/text/below", "x", 1);
    add_src(&script, "/deep/er/large", large, LARGE); /* what lies behind it moves */
    buffer_printf(&script, "/no/such/program\n");
    struct aftermath a = boot_script_on(t, t->engine, &script, &how, NULL);
    if (a.end != RUN_ERROR)
        test_fail(t, "should end with an ERROR: %s", a.message);
    expect_file(t, "/deep/er/large", large, LARGE);
    expect_file(t, "/text", "line 1", 6);
    expect_file(t, "/text~/below", "x", 1);
    expect_file(t, "/empty", "", 0);
    alone = test_read(t, out);
    expect_same(t, "the file alone", alone.data, alone.len, large, LARGE);
    alone = test_read(t, xprintf("%s.text", out));
    expect_same(t, "the other file", alone.data, alone.len, "line 1", 6);
    e820 = test_read(t, xprintf("%s/e820", folder));
    if (e820.len < 48 || e820.len % 24)
        test_fail(t, "a memory map of %zu bytes", e820.len);
    aftermath_free(&a);
}

TEST_ON(QUICK_ENGINES, mortem_a_file_that_is_not_there_is_an_error) {
    struct buffer script = {0};
    char *image = test_path(t, "image"), *out = test_path(t, "out");
    char *file = xprintf("--file=/none=%s", out);
    struct buffer disk = full_system(t);
    buffer_printf(&script, "src 0 /dev\nsrc 1 /dev/hda\nx\n");
    buffer_append(&disk, script.data, script.len);
    end_disk(&disk);
    test_write(t, image, disk.data, disk.len);
    struct buffer said =
        test_run(t, 3, "build/seedbed", "run", "--quiet", "--engine", t->engine->name,
                 xprintf("--file=/dev/hda=%s.there", out), file, image, NULL);
    buffer_append(&said, "", 1);
    if (!strstr((char *)said.data, "the machine has no file /none"))
        test_fail(t, "it says: %s", (char *)said.data);
}

TEST(mortem_a_file_wants_a_path_and_where_to) {
    static const char *const wrong[] = {"/path", "path=out", "=out", ""};
    for (size_t n = 0; n < sizeof wrong / sizeof wrong[0]; n++) {
        struct buffer said = test_run(t, 2, "build/seedbed", "run", "--engine", "pc", "--file",
                                      wrong[n], "/dev/null", NULL);
        if (!strstr((char *)said.data, "PATH=OUT is wanted"))
            test_fail(t, "--file '%s': %s", wrong[n], said.data);
    }
}
