/*
 * The shell, line by line of CONTRACT.md section 2. A case is a group of files in
 * verify/cases/shell:
 *
 *   NAME.script  the script, NULs and all
 *   NAME.log     all that the console shows; where its last line is an ERROR the build must fail
 *   NAME.hda     what must stand at the start of the disk afterwards, in whole sectors with zeros;
 *                without this file the disk must be as it was
 */
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "verify/harness/boot.h"

/* The disk a build leaves: the file, zeros to the end of its sector, and the rest. */
static void expect_flushed(struct test *t, const struct aftermath *a, const struct buffer *image,
                           const struct buffer *hda) {
    struct buffer want = {0};
    buffer_append(&want, hda->data, hda->len);
    pad_sectors(&want);
    buffer_append(&want, image->data + want.len, image->len - want.len);
    expect_same(t, "the disk", a->disk.data, a->disk.len, want.data, want.len);
    buffer_free(&want);
}

/* Reads NAME with another ending. */
static struct buffer read_part(struct test *t, const char *name, const char *ending) {
    char *path = xprintf("%s%s", name, ending);
    struct buffer content = test_read(t, path);
    free(path);
    return content;
}

/* The argument: the path of the case, without its ending. */
static void run_case(struct test *t, const void *argument) {
    const char *name = argument;
    struct buffer script = read_part(t, name, ".script");
    struct buffer log = read_part(t, name, ".log");
    struct buffer image;
    buffer_append(&log, "", 1);
    const char *last = last_line((const char *)log.data);
    bool fails = strncmp(last, "ERROR", 5) == 0;
    bool writes = access(xprintf("%s.hda", name), R_OK) == 0;
    struct aftermath a = boot_script(t, &script, NULL, &image);
    expect_text(t, "log", a.log, (const char *)log.data);
    if (a.end != (fails ? RUN_ERROR : RUN_FINISHED))
        test_fail(t, "another end: %s", a.message);
    if (writes && fails && t->engine->script_only)
        return; /* it has no disk to write to before the end */
    if (writes) {
        struct buffer hda = read_part(t, name, ".hda");
        expect_flushed(t, &a, &image, &hda);
        if (!fails && a.length != hda.len)
            test_fail(t, "length %u, should be %zu", a.length, hda.len);
    } else {
        expect_same(t, "the disk", a.disk.data, a.disk.len, image.data, image.len);
    }
    aftermath_free(&a);
}

/* Whether this path and the one before it are in different folders. */
static bool begins_folder(const char *path, const char *before) {
    size_t folder = (size_t)(strrchr(path, '/') - path);
    return !before || strncmp(path, before, folder) != 0 || strchr(before + folder + 1, '/');
}

TESTS(cases_of_the_shell) {
    glob_t found;
    if (glob("verify/cases/shell/*/*.script", 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *path = found.gl_pathv[i];
        const char *before = i ? found.gl_pathv[i - 1] : NULL;
        char *name = xprintf("%.*s", (int)(strrchr(path, '.') - path), path);
        suite_add_on(s, begins_folder(path, before) ? EVERY_ENGINE : QUICK_ENGINES,
                     xprintf("shell-%s", strrchr(name, '/') + 1), run_case, name);
    }
    globfree(&found);
}

/* `f` writes what /dev/hda is at that time; a later, shorter /dev/hda leaves the rest. */
TEST_ON(DISK_ENGINES, shell_f_writes_at_once) {
    uint8_t *first = random_bytes(5, 1500);
    struct buffer script = {0};
    struct buffer image;
    buffer_printf(&script, "src 0 /dev\n");
    add_src(&script, "/dev/hda", first, 1500);
    buffer_printf(&script, "f\n");
    add_src(&script, "/dev/hda", "late", 4);
    struct aftermath a = boot_script(t, &script, NULL, &image);
    expect_finished(t, "end", &a);
    struct buffer want = {0};
    buffer_append(&want, "late", 4);
    pad_sectors(&want);
    buffer_append(&want, first + SECTOR, 1500 - SECTOR);
    pad_sectors(&want);
    buffer_append(&want, image.data + want.len, image.len - want.len);
    expect_same(t, "the disk", a.disk.data, a.disk.len, want.data, want.len);
}
