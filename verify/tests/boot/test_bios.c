/* A BIOS that is as bad with int 13h as CONTRACT.md section 1 allows. */
#include <stdlib.h>
#include <string.h>

#include "verify/harness/boot.h"
#include "verify/tests/boot/faulty_bios.h"

enum { CONTENT = 200000 };

/* A script with a /dev/hda of CONTENT bytes, flushed in between as well. */
static void add_script(struct buffer *disk, const uint8_t *content) {
    buffer_printf(disk, "src 0 /dev\n");
    add_src(disk, "/dev/hda", content, CONTENT / 2);
    buffer_printf(disk, "f\n");
    add_src(disk, "/dev/hda", content, CONTENT);
}

struct worse {
    const char *name;
    struct fault fault;
};

static const struct worse WORSE[] = {
    {"fails-until-reset", {"bios/fails-until-reset", 0x13, NULL}},
    {"transfers-three-sectors-at-most", {"bios/three-sectors-at-most", 0x13, NULL}},
    {"transfers-fewer-than-asked", {"bios/fewer", 0x13, NULL}},
    {"transfers-fewer-than-asked-and-fails", {"bios/fewer-and-fails", 0x13, NULL}},
    {"transfers-none-and-fails", {"bios/none-and-fails", 0x13, NULL}},
    {"transfers-none-of-many-and-says-so", {"bios/none", 0x13, "-DLEAST=1"}},
    {"changes-general-registers", {"bios/changes-general-registers", 0x13, NULL}},
    {"changes-segment-registers", {"bios/changes-segment-registers", 0x13, NULL}},
    {"changes-flags", {"bios/changes-flags", 0x13, NULL}},
    {"changes-all", {"bios/changes-all", 0x13, NULL}},
    {"changes-all-as-it-prints", {"bios/changes-all-as-it-answers", 0x10, NULL}},
    {"changes-all-as-it-opens-a20", {"bios/changes-all-as-it-opens-a20", 0x15, NULL}},
    {"starts-at-07c0-0000", {"bios/passes", 0x13, "-DOTHER_CS"}},
};

static void builds_in_spite(struct test *t, const struct fault *fault, struct buffer disk) {
    uint8_t *content = random_bytes(11, CONTENT);
    add_script(&disk, content);
    end_disk(&disk);
    faulty_bios(t, &disk, fault, NULL);
    struct aftermath a = boot_image(t, &disk, NULL);
    expect_artifact(t, "/dev/hda", &a, content, CONTENT);
}

static void kernel_copes(struct test *t, const void *argument) {
    builds_in_spite(t, argument, full_system(t));
}

static void stage1_copes(struct test *t, const void *argument) {
    builds_in_spite(t, argument, staged_system(t));
}

static void mini_copes(struct test *t, const void *argument) {
    const struct fault *fault = argument;
    struct buffer disk = compile_source(t, "hex0/mini.hex0");
    struct buffer want = {0};
    uint32_t state = 12;
    for (size_t i = 0; i < 20000; i++) {
        uint8_t byte = (uint8_t)test_random(&state);
        buffer_printf(&disk, "%02X\n", byte);
        buffer_append(&want, &byte, 1);
    }
    end_disk(&disk);
    faulty_bios(t, &disk, fault, NULL);
    struct aftermath a = boot_image(t, &disk, NULL);
    if (a.end != RUN_RESET)
        test_fail(t, "mini should end with a reset: %s", a.message);
    expect_same(t, "what mini compiled", a.disk.data, want.len, want.data, want.len);
}

static const struct fault DEAD_READ = {"bios/dead-sector", 0x13, "-DCALL=0x42"};
static const struct fault DEAD_WRITE = {"bios/dead-sector", 0x13, "-DCALL=0x43"};

/* A sector that cannot be read ends the build with its number, after all tries. */
TEST_ON(DISK_ENGINES, bios_with_a_sector_that_cannot_be_read_ends_the_build) {
    uint8_t *content = random_bytes(11, CONTENT);
    struct buffer disk = full_system(t);
    add_script(&disk, content);
    end_disk(&disk);
    struct buffer image = {0};
    faulty_bios(t, &disk, &DEAD_READ, &image);
    struct aftermath a = boot_image(t, &disk, NULL);
    expect_error(t, "end", &a, "ERROR: disk: 0000007B", &image);
}

TEST_ON(DISK_ENGINES, bios_with_a_sector_that_cannot_be_written_ends_the_build) {
    uint8_t *content = random_bytes(11, CONTENT);
    struct buffer disk = full_system(t);
    add_script(&disk, content);
    end_disk(&disk);
    faulty_bios(t, &disk, &DEAD_WRITE, NULL);
    struct aftermath a = boot_image(t, &disk, NULL);
    if (a.end != RUN_ERROR)
        test_fail(t, "should end with an ERROR: %s", a.message);
    expect_text(t, "end", last_line(a.log), "ERROR: disk: 0000007B");
    expect_same(t, "the sectors before the bad one", a.disk.data, 123 * SECTOR, content,
                123 * SECTOR);
}

/* mini with a sector that never works: it says so, and has written only what came before. */
struct stuck {
    struct fault fault;
    size_t written; /* sectors */
};

static void mini_is_stuck(struct test *t, const void *argument) {
    const struct stuck *stuck = argument;
    struct buffer disk = compile_source(t, "hex0/mini.hex0"), image = {0};
    while (disk.len < DISK_MIN)
        buffer_printf(&disk, "5A\n");
    end_disk(&disk);
    faulty_bios(t, &disk, &stuck->fault, &image);
    memset(image.data, 0x5A, stuck->written * SECTOR);
    struct aftermath a = boot_image(t, &disk, NULL);
    expect_error(t, "end", &a, "ERROR: disk", &image);
}

TESTS(bios_tests) {
    static const struct fault NOTHING = {"bios/none", 0x13, "-DLEAST=0"};
    static const struct fault CHS = {"bios/no-lba", 0x13, NULL};
    static const struct fault CHS_WORSE = {"bios/changes-all-without-lba", 0x13, NULL};
    /* a sector of text is a third of one of bytes */
    static const struct stuck READ = {{"bios/dead-sector", 0x13, "-DCALL=0x42"}, 122 / 3};
    static const struct stuck WRITE = {{"bios/dead-sector", 0x13, "-DCALL=0x43"}, 123};
    static const struct stuck CHS_READ = {{"bios/no-lba-no-read", 0x13, NULL}, 0};
    for (size_t i = 0; i < sizeof WORSE / sizeof WORSE[0]; i++) {
        const char *name = WORSE[i].name;
        const struct fault *fault = &WORSE[i].fault;
        suite_add_on(s, DISK_ENGINES, xprintf("bios-%s-and-the-kernel-builds", name), kernel_copes,
                     fault);
        suite_add_on(s, DISK_ENGINES, xprintf("bios-%s-and-stage1-builds", name), stage1_copes,
                     fault);
        suite_add_on(s, DISK_ENGINES, xprintf("bios-%s-and-mini-builds", name), mini_copes, fault);
    }
    suite_add_on(s, DISK_ENGINES, "bios-transfers-none-and-says-so-and-the-kernel-builds",
                 kernel_copes, &NOTHING);
    suite_add_on(s, DISK_ENGINES, "bios-transfers-none-and-says-so-and-stage1-builds", stage1_copes,
                 &NOTHING);
    suite_add_on(s, DISK_ENGINES, "bios-without-lba-and-mini-builds", mini_copes, &CHS);
    suite_add_on(s, DISK_ENGINES, "bios-without-lba-that-changes-all-and-mini-builds", mini_copes,
                 &CHS_WORSE);
    suite_add_on(s, DISK_ENGINES, "bios-with-a-sector-that-mini-cannot-read-ends-it", mini_is_stuck,
                 &READ);
    suite_add_on(s, DISK_ENGINES, "bios-without-lba-that-reads-nothing-ends-mini", mini_is_stuck,
                 &CHS_READ);
    suite_add_on(s, DISK_ENGINES, "bios-with-a-sector-that-mini-cannot-write-ends-it",
                 mini_is_stuck, &WRITE);
}
