/*
 * The programs in hex0 build themselves and each other. What they must come out as is made by sed,
 * tr and xxd, which share nothing with them.
 */
#include <stdlib.h>
#include <string.h>

#include "verify/harness/boot.h"

enum {
    KERNEL_LIMIT = 3584,
    MINI_LIMIT = 384,
    STAGE1_LIMIT = 192,
    DISK_ID = 440, /* where a boot sector's own data begin: disk id, partition table, 55 AA */
    PARTITIONS = 446,
    SIGNATURE = 510,
    BPB_END = 0x3E,
    KIB_128 = 131072,
};

/* The bytes of a source as command-line tools see them. */
static struct buffer seed(struct test *t, const char *source) {
    char *out = test_path(t, "seed.bin");
    test_needs(t, "xxd", NULL);
    test_run(t, 0, "sh", "-c",
             xprintf("LC_ALL=C sed 's/[#;].*//' %s | LC_ALL=C tr -cd 0-9a-fA-F | xxd -r -p > %s",
                     source, out),
             NULL);
    return test_read(t, out);
}

/* A disk for mini: `first` sectors, the hex0 text, a NUL, and a sector that must stay. */
static struct buffer mini_disk(struct test *t, const struct buffer *text) {
    struct buffer disk = seed(t, "hex0/mini.hex0");
    expect_same(t, "size of mini", "", disk.len == SECTOR ? 0 : 1, "", 0);
    buffer_append(&disk, text->data, text->len);
    end_disk(&disk);
    memset(buffer_room(&disk, SECTOR), 0x5A, SECTOR);
    disk.len += SECTOR;
    return disk;
}

/* Mini compiles the text to `want` at the start of the disk and leaves all after it alone. */
static void mini_compiles(struct test *t, const char *what, const struct buffer *text,
                          const struct buffer *want) {
    struct buffer disk = mini_disk(t, text);
    struct aftermath a = boot_image(t, &disk, NULL);
    if (a.end != RUN_RESET)
        test_fail(t, "%s: mini should end with a reset: %s", what, a.message);
    expect_same(t, what, a.disk.data, want->len, want->data, want->len);
    size_t end = (want->len + SECTOR - 1) / SECTOR * SECTOR;
    expect_same(t, "the disk after what mini wrote", a.disk.data + end, a.disk.len - end,
                disk.data + end, disk.len - end);
    aftermath_free(&a);
    buffer_free(&disk);
}

TEST_ON(DISK_ENGINES, rebuild_mini_by_mini) {
    struct buffer text = test_read(t, "hex0/mini.hex0");
    struct buffer want = seed(t, "hex0/mini.hex0");
    mini_compiles(t, "mini by mini", &text, &want);
}

/* The source of the full image: both files, one after the other. */
static struct buffer full_text(struct test *t) {
    struct buffer text = test_read(t, "hex0/boot.hex0");
    struct buffer kernel = test_read(t, "hex0/kernel.hex0");
    buffer_append(&text, kernel.data, kernel.len);
    buffer_free(&kernel);
    return text;
}

static struct buffer full_seed(struct test *t) {
    struct buffer image = seed(t, "hex0/boot.hex0");
    struct buffer kernel = seed(t, "hex0/kernel.hex0");
    buffer_append(&image, kernel.data, kernel.len);
    buffer_free(&kernel);
    return image;
}

TEST_ON(DISK_ENGINES, rebuild_full_by_mini) {
    struct buffer text = full_text(t);
    struct buffer want = full_seed(t);
    mini_compiles(t, "the full image by mini", &text, &want);
}

TEST_ON(DISK_ENGINES, mini_takes_sources_of_128_kib) {
    struct buffer text = {0};
    struct buffer want = {0};
    uint32_t state = 9;
    while (text.len < KIB_128 + 5000) {
        uint8_t byte = (uint8_t)test_random(&state);
        buffer_printf(&text, byte % 16 == 3 ? "%02x # 00 ; 11\n" : "%02X ", byte);
        buffer_append(&want, &byte, 1);
    }
    mini_compiles(t, "a source of more than 128 KiB", &text, &want);
}

/* argument: bytes that the text compiles to. */
static void mini_fills_sectors(struct test *t, const void *argument) {
    size_t size = *(const size_t *)argument;
    struct buffer text = {0};
    struct buffer want = {0};
    for (size_t i = 0; i < size; i++) {
        uint8_t byte = (uint8_t)(i * 7 + 1);
        buffer_printf(&text, "%02X\n", byte);
        buffer_append(&want, &byte, 1);
    }
    mini_compiles(t, "a source", &text, &want);
}

/* Perhaps something between two digits that a compiler must skip: a byte, or a comment. */
static void add_between(struct buffer *text, uint32_t *state) {
    static const char DIGITS[] = "#;0123456789ABCDEFabcdef";
    uint8_t byte = (uint8_t)(test_random(state) % 255 + 1);
    if (test_random(state) % 8 == 0) {
        buffer_printf(text, "%c 0;1#%c\r\n", test_random(state) % 2 ? '#' : ';',
                      byte == '\n' ? ' ' : byte);
    } else if (!strchr(DIGITS, byte)) {
        buffer_append(text, &byte, 1);
    }
}

/* These bytes as hex0 text that says them in the strangest way, with fillers inside of bytes. */
static struct buffer strange_text(const struct buffer *want) {
    struct buffer text = {0};
    uint32_t state = 77;
    for (size_t i = 0; i < 2 * want->len; i++) {
        unsigned digit = i % 2 == 0 ? want->data[i / 2] >> 4 : want->data[i / 2] & 15;
        add_between(&text, &state);
        buffer_printf(&text, test_random(&state) % 2 ? "%x" : "%X", digit);
    }
    buffer_printf(&text, " # without a newline");
    return text;
}

TEST_ON(DISK_ENGINES, mini_skips_what_is_no_digit) {
    struct buffer want = full_seed(t);
    struct buffer text = strange_text(&want);
    mini_compiles(t, "the full image in strange text", &text, &want);
}

/* The script that builds the full image. */
static struct buffer self_script(struct test *t) {
    struct buffer script = {0};
    struct buffer text = full_text(t);
    buffer_printf(&script, "src 0 /dev\n");
    add_src(&script, "/full.hex0", text.data, text.len);
    buffer_printf(&script, "hex0 /full.hex0 /dev/hda\n");
    buffer_free(&text);
    return script;
}

TEST_ON(DISK_ENGINES, rebuild_full_by_full) {
    struct buffer want = full_seed(t);
    struct buffer script = self_script(t);
    struct aftermath a = boot_script(t, &script, NULL, NULL);
    expect_artifact(t, "the full image by itself", &a, want.data, want.len);
}

/* Boots a staged disk with this kernel text; the kernel it becomes builds the full image. */
static void stage1_boots(struct test *t, const struct buffer *text) {
    struct buffer disk = seed(t, "stage1/stage1.hex0");
    buffer_append(&disk, text->data, text->len);
    add_zeros(&disk, 1);
    pad_sectors(&disk);
    struct buffer script = self_script(t);
    buffer_append(&disk, script.data, script.len);
    end_disk(&disk);
    struct buffer want = full_seed(t);
    struct aftermath a = boot_image(t, &disk, NULL);
    expect_artifact(t, "the full image by stage1 and kernel text", &a, want.data, want.len);
    aftermath_free(&a);
}

TEST_ON(DISK_ENGINES, rebuild_full_by_stage1) {
    struct buffer text = test_read(t, "hex0/kernel.hex0");
    stage1_boots(t, &text);
}

/* argument: what the length of the kernel's text leaves when divided by a sector. */
static void stage1_takes_length(struct test *t, const void *argument) {
    size_t rest = *(const size_t *)argument;
    struct buffer text = test_read(t, "hex0/kernel.hex0");
    buffer_append(&text, "#", 1);
    while (text.len % SECTOR != rest)
        buffer_append(&text, "x", 1);
    stage1_boots(t, &text);
}

TEST_ON(DISK_ENGINES, stage1_skips_what_is_no_digit) {
    struct buffer kernel = seed(t, "hex0/kernel.hex0");
    struct buffer text = strange_text(&kernel);
    stage1_boots(t, &text);
}

static void expect_at_most(struct test *t, const char *what, size_t size, size_t limit) {
    if (size > limit)
        test_fail(t, "%s has %zu bytes, at most %zu are allowed", what, size, limit);
}

TEST(size_kernel_at_most_3584_bytes) {
    struct buffer boot = seed(t, "hex0/boot.hex0");
    struct buffer kernel = seed(t, "hex0/kernel.hex0");
    expect_at_most(t, "kernel.hex0", kernel.len, KERNEL_LIMIT);
    expect_at_most(t, "boot.hex0 and kernel.hex0", boot.len + kernel.len, SECTOR + KERNEL_LIMIT);
    if (boot.len != SECTOR || kernel.len == 0)
        test_fail(t, "boot.hex0 has %zu bytes, kernel.hex0 %zu", boot.len, kernel.len);
}

/* How many bytes of a boot sector are code: all up to the zeros before its own data, but for those
   that its first jump leaves to the BIOS. */
static size_t code_size(const struct buffer *sector) {
    size_t end = sector->data[PARTITIONS] != 0 ? DISK_ID : SIGNATURE;
    while (end > 0 && sector->data[end - 1] == 0)
        end--;
    return end - (sector->data[0] == 0xEB ? sector->data[1] - 1 : 0);
}

TEST(size_code_of_mini_at_most_384_and_of_stage1_at_most_192) {
    struct buffer mini = seed(t, "hex0/mini.hex0");
    struct buffer stage1 = seed(t, "stage1/stage1.hex0");
    if (mini.len != SECTOR || stage1.len != SECTOR)
        test_fail(t, "mini has %zu bytes, stage1 %zu, not one sector", mini.len, stage1.len);
    expect_at_most(t, "the code of mini", code_size(&mini), MINI_LIMIT);
    expect_at_most(t, "the code of stage1", code_size(&stage1), STAGE1_LIMIT);
}

/* The README says how large they are. */
static void expect_in_readme(struct test *t, const char *name, size_t size) {
    struct buffer readme = test_read(t, "README.md");
    char *row = xprintf("| `%s`, code | %zu |", name, size);
    buffer_append(&readme, "", 1);
    if (!strstr((const char *)readme.data, row))
        test_fail(t, "README.md has no row `%s`", row);
    buffer_free(&readme);
    free(row);
}

TEST(size_code_of_mini_and_stage1_is_what_the_readme_says) {
    struct buffer mini = seed(t, "hex0/mini.hex0");
    struct buffer stage1 = seed(t, "stage1/stage1.hex0");
    expect_in_readme(t, "mini.hex0", code_size(&mini));
    expect_in_readme(t, "stage1.hex0", code_size(&stage1));
}

/* A jump over what firmware may write a BPB to, in the shape of MS-DOS. */
TEST(boot_sectors_have_their_signature) {
    static const uint8_t FIRST[BPB_END] = {0xEB, BPB_END - 2, 0x90};
    static const char *const SECTORS[] = {"hex0/boot.hex0", "hex0/mini.hex0", "stage1/stage1.hex0"};
    for (size_t i = 0; i < sizeof SECTORS / sizeof SECTORS[0]; i++) {
        struct buffer sector = seed(t, SECTORS[i]);
        expect_same(t, SECTORS[i], sector.data + SIGNATURE, sector.len - SIGNATURE, "\x55\xAA", 2);
        expect_same(t, "its first bytes", sector.data, BPB_END, FIRST, BPB_END);
    }
}

static uint32_t little_endian(const uint8_t *p) {
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* One active partition of type B5 that is somewhere and not empty, and a disk id. */
TEST(stage1_has_an_active_partition_and_a_disk_id) {
    struct buffer sector = seed(t, "stage1/stage1.hex0");
    const uint8_t *entry = sector.data + PARTITIONS;
    if (little_endian(sector.data + DISK_ID) == 0)
        test_fail(t, "the disk id is 0");
    if (entry[0] != 0x80 || entry[4] != 0xB5)
        test_fail(t, "the first entry has status %02X and type %02X", entry[0], entry[4]);
    if (little_endian(entry + 8) == 0 || little_endian(entry + 12) == 0) {
        test_fail(t, "the partition starts at %u and has %u sectors", little_endian(entry + 8),
                  little_endian(entry + 12));
    }
    for (size_t i = 1; i < 4; i++)
        if (entry[16 * i] != 0 || entry[16 * i + 4] != 0)
            test_fail(t, "entry %zu is in use", i + 1);
}

TESTS(odd_sizes) {
    static const size_t SIZES[] = {0, 1, 511, 512, 513, 1024};
    static const size_t RESTS[] = {0, 1, 511};
    for (size_t i = 0; i < sizeof SIZES / sizeof SIZES[0]; i++)
        suite_add_on(s, DISK_ENGINES, xprintf("mini-writes-%zu-bytes", SIZES[i]),
                     mini_fills_sectors, &SIZES[i]);
    for (size_t i = 0; i < sizeof RESTS / sizeof RESTS[0]; i++) {
        suite_add_on(s, DISK_ENGINES,
                     xprintf("stage1-takes-a-kernel-text-of-512-n-plus-%zu", RESTS[i]),
                     stage1_takes_length, &RESTS[i]);
    }
}
