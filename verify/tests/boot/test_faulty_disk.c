/*
 * Disks that are too small for what is written to them, and disks that fail: QEMU's blkdebug gives
 * errors below the machine's own controller and BIOS.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "verify/harness/boot.h"

enum { SECTORS = DISK_MIN / SECTOR, CONTENT = 300000, SICK = 123 };

/* Wraps QEMU in a program of the same name that puts blkdebug under the disk: `errors` is a list
 * of its options. */
static void let_disk_fail(struct test *t, const char *errors) {
    test_needs(t, "qemu-system-i386", NULL);
    struct buffer text = {0};
    char *bin = test_path(t, "bin");
    char *wrapper = test_path(t, "bin/qemu-system-i386");
    const char *path = getenv("PATH");
    buffer_printf(&text,
                  "#!/bin/sh\n"
                  "for a; do\n"
                  "    shift\n"
                  "    case $a in\n"
                  "    file=/dev/fd/*) file=${a#file=} file=${file%%%%,*}\n"
                  "        a=\"format=raw,if=none,id=disk,cache=unsafe,rerror=report\"\n"
                  "        a=\"$a,werror=report,file.driver=blkdebug\"\n"
                  "        a=\"$a,file.image.driver=file,file.image.filename=$file\"\n"
                  "        a=\"$a%s\" ;;\n"
                  "    esac\n"
                  "    set -- \"$@\" \"$a\"\n"
                  "done\n"
                  "PATH='%s' exec qemu-system-i386 \"$@\"\n",
                  errors, path);
    if (mkdir(bin, 0755) != 0)
        test_fail(t, "%s cannot be made", bin);
    test_write(t, wrapper, text.data, text.len);
    chmod(wrapper, 0755);
    setenv("PATH", xprintf("%s:%s", bin, path), 1);
    buffer_free(&text);
    free(wrapper);
    free(bin);
}

/* One rule of blkdebug: an error of the host for `what` (read, write) of a sector, or of any. */
static char *rule(unsigned number, const char *what, long sector, bool once) {
    char *place =
        sector >= 0 ? xprintf(",file.inject-error.%u.sector=%ld", number, sector) : xstrdup("");
    char *text = xprintf(",file.inject-error.%u.event=none,file.inject-error.%u.iotype=%s"
                         ",file.inject-error.%u.errno=5,file.inject-error.%u.once=%s%s",
                         number, number, what, number, number, once ? "on" : "off", place);
    free(place);
    return text;
}

static struct buffer disk_of(struct test *t, bool staged, uint8_t **content) {
    struct buffer disk = staged ? staged_system(t) : full_system(t);
    *content = random_bytes(21, CONTENT);
    buffer_printf(&disk, "src 0 /dev\n");
    add_src(&disk, "/dev/hda", *content, CONTENT);
    end_disk(&disk);
    return disk;
}

/* Errors that go away: the first of each of these sectors. */
static void passing_errors(struct test *t, const char *what, bool staged) {
    static const long places[] = {1, SICK, SICK + 1, 300, 500};
    struct buffer rules = {0};
    uint8_t *content;
    for (unsigned i = 0; i < sizeof places / sizeof places[0]; i++) {
        /* sector 0 is for the BIOS itself */
        char *text = rule(i, what, places[i], true);
        buffer_printf(&rules, "%s", text);
        free(text);
    }
    buffer_append(&rules, "", 1);
    let_disk_fail(t, (const char *)rules.data);
    struct buffer disk = disk_of(t, staged, &content);
    struct aftermath a = boot_image(t, &disk, NULL);
    expect_artifact(t, "/dev/hda", &a, content, CONTENT);
}

static void passing_errors_full(struct test *t, const void *argument) {
    passing_errors(t, argument, false);
}

static void passing_errors_staged(struct test *t, const void *argument) {
    passing_errors(t, argument, true);
}

/* A sector that no one can read, and who finds out. */
struct lost {
    const char *name;
    bool staged;
    long sector;
    const char *says;
};

static const struct lost LOST[] = {
    {"the-boot-sector", false, 2, "ERROR: disk"},
    {"the-kernel", false, SICK, "ERROR: disk: 0000007B"},
    {"stage1", true, SICK, "ERROR: disk"},
    {"the-kernel-that-stage1-made", true, 600, "ERROR: disk: 00000258"},
};

static void lasting_read_error(struct test *t, const void *argument) {
    const struct lost *lost = argument;
    uint8_t *content;
    let_disk_fail(t, rule(0, "read", lost->sector, false));
    struct buffer disk = disk_of(t, lost->staged, &content);
    struct aftermath a = boot_image(t, &disk, NULL);
    expect_error(t, "end", &a, lost->says, &disk);
}

static void lasting_write_error(struct test *t, const void *argument) {
    long sector = *(const long *)argument;
    uint8_t *content;
    let_disk_fail(t, rule(0, "write", sector, false));
    struct buffer disk = disk_of(t, false, &content);
    struct aftermath a = boot_image(t, &disk, NULL);
    if (a.end != RUN_ERROR)
        test_fail(t, "should end with an ERROR: %s", a.message);
    expect_text(t, "end", last_line(a.log), xprintf("ERROR: disk: %08lX", sector));
    expect_same(t, "the sectors before the bad one", a.disk.data, (size_t)sector * SECTOR, content,
                (size_t)sector * SECTOR);
    expect_same(t, "the bad one and all after it", a.disk.data + sector * SECTOR,
                a.disk.len - (size_t)sector * SECTOR, disk.data + sector * SECTOR,
                disk.len - (size_t)sector * SECTOR);
}

TEST(disk_that_takes_nothing_is_left_as_it_was) {
    uint8_t *content;
    let_disk_fail(t, rule(0, "write", -1, false));
    struct buffer disk = disk_of(t, false, &content);
    struct aftermath a = boot_image(t, &disk, NULL);
    expect_error(t, "end", &a, "ERROR: disk: 00000000", &disk);
}

/* A /dev/hda of `size` bytes on a disk of SECTORS, written at the end or by `f`. */
struct artifact {
    size_t size;
    bool flush;
};

static struct buffer large_artifact(struct test *t, const struct artifact *artifact) {
    struct buffer disk = full_system(t), calls = test_read(t, "build/fuzz-calls");
    struct buffer ops = {0};
    /* the program appends a line about the case: an empty one, of number 0, gives none */
    buffer_printf(&ops, "open /dev/hda 577\nlseek 3 %zu 0\nwrite 3 1 83\n", artifact->size - 1);
    buffer_printf(&disk, "src 0 /dev\nsrc 0 /bin\n");
    add_src(&disk, "/ops", ops.data, ops.len);
    add_src(&disk, "/bin/calls", calls.data, calls.len);
    buffer_printf(&disk, "/bin/calls\n%s", artifact->flush ? "f\n# more\n/bin/calls\n" : "");
    end_disk(&disk);
    if (disk.len != DISK_MIN)
        test_fail(t, "the disk has %zu bytes", disk.len);
    buffer_free(&ops);
    buffer_free(&calls);
    return disk;
}

static void artifact_does_not_fit(struct test *t, const void *argument) {
    const struct artifact *artifact = argument;
    uint8_t *zeros = xrealloc(NULL, DISK_MIN);
    struct buffer disk = large_artifact(t, artifact);
    struct aftermath a = boot_image(t, &disk, NULL);
    memset(zeros, 0, DISK_MIN);
    if (a.end != RUN_ERROR)
        test_fail(t, "should end with an ERROR: %s", a.message);
    expect_text(t, "end", last_line(a.log), xprintf("ERROR: disk: %08X", SECTORS));
    expect_same(t, "what the disk took", a.disk.data, a.disk.len, zeros, DISK_MIN);
}

static void artifact_just_fits(struct test *t, const void *argument) {
    const struct artifact *artifact = argument;
    uint8_t *want = xrealloc(NULL, artifact->size);
    struct buffer disk = large_artifact(t, artifact);
    struct aftermath a = boot_image(t, &disk, NULL);
    memset(want, 0, artifact->size);
    want[artifact->size - 1] = 83;
    expect_artifact(t, "/dev/hda", &a, want, artifact->size);
}

TESTS(faulty_disk_tests) {
    static const long FIRST = 0, MIDDLE = SICK, LAST = CONTENT / SECTOR;
    static const struct artifact FITS = {DISK_MIN, false}, NEARLY = {DISK_MIN - 5, false};
    static const struct artifact ONE_MORE = {DISK_MIN + 1, false}, MUCH = {100 * DISK_MIN, false};
    static const struct artifact FLUSHED = {DISK_MIN + SECTOR, true};
    suite_add(s, "disk-reads-that-fail-once-do-no-harm", passing_errors_full, "read");
    suite_add(s, "disk-reads-that-fail-once-do-no-harm-to-stage1", passing_errors_staged, "read");
    suite_add(s, "disk-writes-that-fail-once-do-no-harm", passing_errors_full, "write");
    for (size_t i = 0; i < sizeof LOST / sizeof LOST[0]; i++) {
        suite_add(s, xprintf("disk-sector-that-never-reads-is-an-error-of-%s", LOST[i].name),
                  lasting_read_error, &LOST[i]);
    }
    suite_add(s, "disk-whose-first-sector-never-writes-is-named", lasting_write_error, &FIRST);
    suite_add(s, "disk-sector-that-never-writes-is-named", lasting_write_error, &MIDDLE);
    suite_add(s, "disk-whose-last-sector-never-writes-is-named", lasting_write_error, &LAST);
    suite_add(s, "disk-as-large-as-the-artifact-takes-it", artifact_just_fits, &FITS);
    suite_add(s, "disk-as-large-as-the-artifact-in-sectors-takes-it", artifact_just_fits, &NEARLY);
    suite_add(s, "disk-a-sector-too-small-is-an-error", artifact_does_not_fit, &ONE_MORE);
    suite_add(s, "disk-much-too-small-is-an-error", artifact_does_not_fit, &MUCH);
    suite_add(s, "disk-too-small-for-a-flush-is-an-error", artifact_does_not_fit, &FLUSHED);
}
