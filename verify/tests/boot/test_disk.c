/* Reading and writing the disk: sizes, places, ends, memory sizes and controllers. */
#include <stdlib.h>
#include <string.h>

#include "verify/harness/boot.h"

enum {
    TRACK = 127 * SECTOR, /* the most a transfer may carry */
    MIB = 1 << 20,
};

/* Content of `size` bytes that begins `shift` bytes into a sector arrives as it is. */
struct place {
    size_t size;
    size_t shift;
};

static const struct place PLACES[] = {
    {0, 0},     {1, 0},       {1, 511},         {511, 0},       {512, 0},       {512, 1},
    {513, 0},   {513, 511},   {TRACK, 0},       {TRACK - 1, 7}, {TRACK + 1, 0}, {65535, 0},
    {65536, 0}, {65537, 300}, {2 * TRACK, 511}, {MIB, 0},       {MIB - 1, 1},   {3 * MIB + 77, 13}};

/* A script whose content of /dev/hda begins `shift` bytes into a sector. */
static struct buffer shifted_script(const uint8_t *content, const struct place *place) {
    struct buffer script = {0};
    char *command = xprintf("src %zu /dev/hda\n", place->size);
    buffer_printf(&script, "src 0 /dev\n#");
    while ((script.len + 1 + strlen(command)) % SECTOR != place->shift)
        buffer_append(&script, "x", 1);
    buffer_printf(&script, "\n");
    add_src(&script, "/dev/hda", content, place->size);
    return script;
}

static void content_arrives(struct test *t, const void *argument) {
    const struct place *place = argument;
    uint8_t *content = random_bytes((uint32_t)(place->size + place->shift + 1), place->size);
    struct buffer script = shifted_script(content, place);
    struct buffer image;
    struct aftermath a = boot_script(t, &script, NULL, &image);
    expect_artifact(t, "/dev/hda", &a, content, place->size);
    size_t end = (place->size + SECTOR - 1) / SECTOR * SECTOR;
    for (size_t i = place->size; i < end; i++)
        if (a.disk.data[i] != 0)
            test_fail(t, "the last sector is not padded with zeros: byte %zu", i);
    expect_same(t, "the disk after /dev/hda", a.disk.data + end, a.disk.len - end, image.data + end,
                image.len - end);
}

/* 64 MiB in BOOT_SECONDS, which a BIOS call a sector or a byte would not reach. */
TEST_WITHIN(120, disk_64_mib_arrive) {
    size_t size = 64 * MIB;
    uint8_t *content = random_bytes(64, size);
    struct buffer script = {0};
    buffer_printf(&script, "src 0 /dev\n");
    add_src(&script, "/dev/hda", content, size);
    struct aftermath a = boot_script(t, &script, NULL, NULL);
    expect_artifact(t, "/dev/hda", &a, content, size);
}

/* A disk that ends `missing` bytes before the content of a src does; LBA of the missing sector. */
static void ends_inside_src(struct test *t, const void *argument) {
    size_t sectors = *(const size_t *)argument;
    struct buffer disk = full_system(t);
    add_filler(&disk, DISK_MIN);
    buffer_printf(&disk, "src 0 /dev\nsrc 4 /dev/hda\nSEEDsrc 1000000 /rest\n");
    pad_sectors(&disk);
    memset(buffer_room(&disk, sectors * SECTOR), 'x', sectors * SECTOR);
    disk.len += sectors * SECTOR;
    struct aftermath a = boot_image(t, &disk, NULL);
    expect_error(t, "end", &a, xprintf("ERROR: disk: %08zX", disk.len / SECTOR), &disk);
    expect_text(t, "log", a.log,
                xprintf("src 0 /dev\nsrc 4 /dev/hda\nsrc 1000000 /rest\n"
                        "ERROR: disk: %08zX\n",
                        disk.len / SECTOR));
}

/* The content ends with the disk, and no NUL follows it. */
TEST_ON(DISK_ENGINES, disk_that_ends_with_a_src_and_no_nul_fails) {
    struct buffer disk = full_system(t);
    add_filler(&disk, DISK_MIN);
    buffer_printf(&disk, "src 0 /dev\nsrc 4 /dev/hda\nSEED#");
    while (disk.len % SECTOR != SECTOR - 11)
        buffer_append(&disk, "x", 1);
    buffer_printf(&disk, "\nsrc 1 /x\nX");
    struct aftermath a = boot_image(t, &disk, NULL);
    expect_error(t, "end", &a, xprintf("ERROR: disk: %08zX", disk.len / SECTOR), &disk);
}

/* A src that takes zeros after the script takes them as its content; then the build ends. */
TEST_ON(DISK_ENGINES, disk_src_takes_zeros_as_content) {
    struct buffer script = {0};
    buffer_printf(&script, "src 0 /dev\nsrc 300 /dev/hda\nSEED");
    struct aftermath a = boot_script(t, &script, NULL, NULL);
    char want[300] = "SEED";
    expect_artifact(t, "/dev/hda", &a, want, sizeof want);
}

TEST_ON(DISK_ENGINES, disk_whose_last_byte_is_the_nul_is_enough) {
    struct buffer disk = full_system(t);
    add_filler(&disk, DISK_MIN);
    buffer_printf(&disk, "src 0 /dev\nsrc 4 /dev/hda\nSEED#");
    while (disk.len % SECTOR != SECTOR - 1)
        buffer_append(&disk, "x", 1);
    add_zeros(&disk, 1);
    struct aftermath a = boot_image(t, &disk, NULL);
    expect_artifact(t, "/dev/hda", &a, "SEED", 4);
}

struct computer {
    const char *name;
    struct run_request how;
};

static const struct computer COMPUTERS[] = {
    {"with-32-mib", {.mem_mib = 32}},
    {"with-64-mib", {.mem_mib = 64}},
    {"with-1-gib", {.mem_mib = 1024}},
    {"with-2-gib", {.mem_mib = 2048}},
    {"with-4-gib", {.mem_mib = 4096}},
    {"with-6-gib", {.mem_mib = 6144}},
    {"pc-with-ide", {.machine = "pc", .disk = "ide"}},
    {"pc-with-ahci", {.machine = "pc", .disk = "ahci"}},
    {"pc-with-usb", {.machine = "pc", .disk = "usb"}},
    {"q35-with-ide", {.machine = "q35", .disk = "ide"}},
    {"q35-with-ahci", {.machine = "q35", .disk = "ahci"}},
    {"q35-with-usb", {.machine = "q35", .disk = "usb"}},
};

/* The same for both layouts: 2 MiB and a compiled file pass through the machine. */
static void computer_builds(struct test *t, const struct computer *c, bool staged) {
    size_t size = 2 * MIB + 99;
    struct buffer text = {0};
    uint8_t *content = random_bytes(3, size);
    for (size_t i = 0; i < size; i++)
        buffer_printf(&text, i % 32 == 31 ? "%02X\n" : "%02X", content[i]);
    struct buffer disk = staged ? staged_system(t) : full_system(t);
    buffer_printf(&disk, "src 0 /dev\n");
    add_src(&disk, "/in", text.data, text.len);
    buffer_printf(&disk, "hex0 /in /dev/hda\n");
    end_disk(&disk);
    struct aftermath a = boot_image(t, &disk, &c->how);
    expect_artifact(t, staged ? "staged" : "full", &a, content, size);
    aftermath_free(&a);
    buffer_free(&disk);
    buffer_free(&text);
    free(content);
}

static void computer_runs(struct test *t, const void *argument) {
    computer_builds(t, argument, false);
    computer_builds(t, argument, true);
}

TESTS(disk_tests) {
    static const size_t SECTORS[] = {0, 1, 127, 300};
    for (size_t i = 0; i < sizeof PLACES / sizeof PLACES[0]; i++) {
        suite_add_on(
            s, DISK_ENGINES,
            xprintf("disk-%zu-bytes-from-%zu-in-a-sector-arrive", PLACES[i].size, PLACES[i].shift),
            content_arrives, &PLACES[i]);
    }
    for (size_t i = 0; i < sizeof SECTORS / sizeof SECTORS[0]; i++) {
        suite_add_on(s, DISK_ENGINES,
                     xprintf("disk-that-ends-%zu-sectors-into-a-src-fails", SECTORS[i]),
                     ends_inside_src, &SECTORS[i]);
    }
    for (size_t i = 0; i < sizeof COMPUTERS / sizeof COMPUTERS[0]; i++) {
        suite_add_slow(s, xprintf("machine-%s", COMPUTERS[i].name), 120, computer_runs,
                       &COMPUTERS[i]);
    }
}
