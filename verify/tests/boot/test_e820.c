/*
 * Memory maps that no machine here has: a hook of ours answers int 15h/E820h from a table, and a
 * program says where it finds the end of memory. What must come of each map was worked out by hand
 * after CONTRACT.md section 7.
 */
#include <stdlib.h>
#include <string.h>

#include "images/machine/memory_map.h"
#include "verify/tests/boot/faulty_bios.h"
#include "verify/tests/boot/maps.h"

enum { STACK_TOP = 0x08000000, MOST = 13 };

struct map {
    const char *name;
    struct pc_area regions[MOST]; /* up to the first of type 0 */
    uint32_t end;                 /* of RAM; 0: the build ends with `error` */
    uint64_t mem_mib;             /* of the machine, if not 320 */
    const char *error;
    const char *source; /* how the BIOS answers, in e820/; null: well */
};

/* clang-format off */
static const struct map MAPS[] = {
    {.name = "plain", .end = 0x10000000,
     .regions = {LOW, {KIB(632), KIB(392), 2}, {MIB(1), MIB(255), 1}}},
    {.name = "in-reverse-order", .end = 0x10000000,
     .regions = {{MIB(255), MIB(1), 1}, {MIB(64), MIB(191), 1}, {MIB(1), MIB(63), 1}, LOW}},
    {.name = "unsorted", .end = 0x10000000,
     .regions = {{GIB(4), GIB(1), 1}, {MIB(64), MIB(64), 1}, LOW, {MIB(200), MIB(56), 1},
                 {MIB(1), MIB(63), 1}, {MIB(128), MIB(72), 1}}},
    {.name = "with-overlapping-entries", .end = 0x0F000000,
     .regions = {LOW, {MIB(1), MIB(100), 1}, {MIB(50), MIB(150), 1}, {MIB(60), MIB(10), 1},
                 {MIB(180), MIB(60), 1}}},
    {.name = "with-an-entry-from-0-to-the-end", .end = 0x0C000000,
     .regions = {{0, MIB(192), 1}}},
    {.name = "with-a-hole", .end = 0x0FF00000,
     .regions = {LOW, {MIB(1), MIB(175), 1}, {MIB(177), MIB(79), 1}}},
    {.name = "with-a-hole-of-a-page", .end = 0x0FF00000,
     .regions = {LOW, {MIB(1), MIB(175), 1}, {MIB(176) + KIB(4), MIB(79), 1}}},
    {.name = "with-a-reserved-entry-over-a-usable-one", .end = 0x0FF00000,
     .regions = {LOW, {MIB(1), MIB(255), 1}, {MIB(168), MIB(1), 2}}},
    {.name = "with-a-reserved-entry-before-a-usable-one", .end = 0x0FFFE000,
     .regions = {{MIB(168), KIB(4), 2}, {MIB(200), KIB(4), 4}, LOW, {MIB(1), MIB(255), 1}}},
    {.name = "with-acpi-tables-at-the-end", .end = 0x0FF00000,
     .regions = {LOW, {MIB(1), MIB(254), 1}, {MIB(255), KIB(64), 3}, {MIB(255) + KIB(64), KIB(960), 4}}},
    {.name = "with-an-unknown-type", .end = 0x0FE00000,
     .regions = {LOW, {MIB(1), MIB(191), 1}, {MIB(192), MIB(1), 12}, {MIB(193), MIB(62), 1}}},
    {.name = "with-a-type-that-is-1-in-its-lowest-byte", .end = 0x0FE00000,
     .regions = {LOW, {MIB(1), MIB(255), 1}, {MIB(192), MIB(1), 0x101}, {MIB(200), MIB(1), 0x80000001}}},
    {.name = "with-an-entry-up-to-4-gib", .end = 0x10000000,
     .regions = {LOW, {MIB(1), GIB(4) - MIB(1), 1}, {MIB(256), GIB(4) - MIB(256), 2}}},
    {.name = "with-the-same-entry-twice", .end = 0x10000000,
     .regions = {LOW, LOW, {MIB(1), MIB(255), 1}, {MIB(1), MIB(255), 1}}},
    {.name = "with-an-empty-entry", .end = 0x10000000,
     .regions = {LOW, {MIB(1), 0, 1}, {MIB(1), MIB(255), 1}, {MIB(128), 0, 1}, {0, 0, 1}}},
    {.name = "with-much-above-4-gib", .end = 0x10000000,
     .regions = {LOW, {MIB(1), MIB(255), 1}, {GIB(4) - MIB(1), MIB(1), 2}, {GIB(4), GIB(64), 1},
                 {GIB(4) + MIB(1), MIB(512), 2}, {GIB(1024), GIB(1), 2}}},
    {.name = "reserved-above-4-gib-at-a-low-place", .end = 0x10000000,
     .regions = {LOW, {MIB(1), MIB(255), 1}, {GIB(4) + MIB(128), MIB(1), 2}, {GIB(8) + MIB(256), MIB(64), 1}}},
    {.name = "and-its-end-shows-as-a-failure", .end = 0x10000000, .source = "ends-with-carry",
     .regions = {LOW, {MIB(1), MIB(127), 1}, {MIB(128), MIB(128), 1}}},
    {.name = "and-registers-change", .end = 0x10000000, .source = "clobbers",
     .regions = {LOW, {MIB(1), MIB(127), 1}, {MIB(128), MIB(128), 1}}},
    {.name = "and-it-never-ends", .error = "ERROR: /: no memory", .source = "endless",
     .regions = {LOW, {MIB(1), MIB(127), 1}, {MIB(128), MIB(128), 1}}},
    {.name = "and-the-a20-gate-cannot-be-opened", .end = 0x10000000, .source = "a20-fails",
     .regions = {LOW, {MIB(1), MIB(127), 1}, {MIB(128), MIB(128), 1}}},
    {.name = "with-1-gib", .end = 0x40000000, .mem_mib = 1280,
     .regions = {LOW, {MIB(1), MIB(511), 1}, {MIB(512), MIB(512), 1}}},
    {.name = "with-a-hole-below-128-mib", .end = 0x0FF00000,
     .regions = {LOW, {MIB(1), MIB(63), 1}, {MIB(65), MIB(191), 1}}},
    {.name = "of-a-current-desktop-board", .end = 0x13D11000,
     .regions = {LOW, {MIB(1), 0x09C1F000, 1}, {0x09D1F000, 0x2E1000, 2}, {MIB(160), MIB(2), 1},
                 {MIB(162), KIB(56), 4}, {MIB(162) + KIB(56), MIB(320) - MIB(162) - KIB(56), 1}}},
    {.name = "with-many-holes", .end = 0x0D3F8000,
     .regions = {LOW, {MIB(1), MIB(255), 1}, {MIB(22), KIB(4), 2}, {MIB(30), KIB(8), 3}, {MIB(127), KIB(12), 2},
                 {MIB(128), KIB(4), 2}, {MIB(140), MIB(3), 2}, {MIB(150), MIB(1), 4}, {MIB(200), MIB(40), 2},
                 {MIB(255), KIB(4), 2}}},
    {.name = "with-entries-that-are-no-pages", .end = 0x0FFFB000,
     .regions = {LOW, {MIB(1), MIB(31) + 1, 1}, {MIB(32) + 1, MIB(1) - 1, 1}, {MIB(33) + 0xFFF, MIB(100), 1},
                 {MIB(133) + 0xFFF, MIB(123), 1}, {MIB(140) - 1, 2, 3}}},
    {.name = "too-small-for-a-program", .error = "ERROR: /bin/ram: no memory",
     .regions = {LOW, {MIB(1), MIB(63), 1}, {MIB(65), MIB(63), 1}}},
    {.name = "with-no-memory-above-16-mib", .error = "ERROR: /: no memory",
     .regions = {LOW, {MIB(1), MIB(15), 1}, {MIB(17), MIB(239), 1}}},
    {.name = "with-a-hole-at-1-mib", .error = "ERROR: /: no memory",
     .regions = {LOW, {MIB(1) + KIB(4), MIB(255), 1}}},
    {.name = "with-a-reserved-entry-at-1-mib", .error = "ERROR: /: no memory",
     .regions = {LOW, {MIB(1), MIB(255), 1}, {MIB(1), KIB(4), 2}}},
    {.name = "missing", .error = "ERROR: /: no memory", .source = "fails"},
    {.name = "without-its-signature", .error = "ERROR: /: no memory", .source = "no-signature"},
    {.name = "behind-a-closed-a20-gate", .error = "ERROR: A20", .source = "a20-closed"},
};
/* clang-format on */

/* What the program must find: the stack is at the same place with any memory (7.2). */
static struct buffer findings(const struct map *m) {
    struct buffer text = {0};
    buffer_printf(&text, "end %08X\nstack %08X\n", m->end, STACK_TOP);
    for (const struct pc_area *r = m->regions; r->type != 0; r++) {
        buffer_printf(&text, "20 %08X %08X %08X %08X %08X\n", (uint32_t)r->base,
                      (uint32_t)(r->base >> 32), (uint32_t)r->length, (uint32_t)(r->length >> 32),
                      r->type);
    }
    return text;
}

/* A disk whose program writes down what it finds of the map. */
static struct buffer searching_disk(struct test *t) {
    struct buffer disk = full_system(t), program = test_read(t, "build/fuzz-ram");
    buffer_printf(&disk, "src 0 /dev\nsrc 0 /bin\n");
    add_src(&disk, "/bin/ram", program.data, program.len);
    buffer_printf(&disk, "/bin/ram\n");
    end_disk(&disk);
    buffer_free(&program);
    return disk;
}

static void expect_map(struct test *t, const struct map *m, const struct aftermath *a,
                       const struct buffer *image) {
    if (m->error) {
        expect_error(t, "end", a, m->error, image);
        return;
    }
    struct buffer want = findings(m);
    expect_finished(t, "the program", a);
    expect_same(t, "what the program finds", a->disk.data, a->length, want.data, want.len);
    buffer_free(&want);
}

static void map_is_understood(struct test *t, const void *argument) {
    const struct map *m = argument;
    const char *source = xprintf("e820/%s", m->source ? m->source : "well");
    const struct fault fault = {source, 0x15, NULL};
    struct buffer disk = searching_disk(t), image = {0};
    struct run_request how = {.mem_mib = m->mem_mib != 0 ? m->mem_mib : 320};
    map_as_table(t, m->regions);
    faulty_bios(t, &disk, &fault, &image);
    struct aftermath a = boot_image(t, &disk, &how);
    expect_map(t, m, &a, &image);
}

/* The same map as a file: it is the machine's own. */
static void map_in_a_file_is_the_machines(struct test *t, const void *argument) {
    const struct map *m = argument;
    struct buffer disk = searching_disk(t);
    struct run_request how = {.mem_map = map_as_file(t, m->regions)};
    struct aftermath a = boot_image_on(t, &engine_pc, &disk, &how);
    expect_map(t, m, &a, &disk);
}

TESTS(e820_tests) {
    for (size_t i = 0; i < sizeof MAPS / sizeof MAPS[0]; i++) {
        suite_add_on(s, DISK_ENGINES, xprintf("bios-memory-map-%s-is-understood", MAPS[i].name),
                     map_is_understood, &MAPS[i]);
        if (!MAPS[i].source)
            suite_add(s, xprintf("memory-map-in-a-file-%s-is-the-machines", MAPS[i].name),
                      map_in_a_file_is_the_machines, &MAPS[i]);
    }
}

/* What is no map is refused with a line that says why; `want` is what follows the name of the file.
 */
static void expect_no_map(struct test *t, const char *text, size_t n, const char *want) {
    struct pc_area map[PC_AREAS];
    struct problem p;
    char *name = test_path(t, "bad.map");
    test_write(t, name, text, n);
    if (memory_map_read(name, map, &p) != -1)
        test_fail(t, "`%s` is taken for a map", text);
    expect_text(t, text, p.text, xprintf("%s%s", name, want));
}

TEST(memory_map_in_a_file_that_is_none_is_refused) {
    static const char NO_ENTRY[] = ":2: no entry of a memory map; BASE LENGTH TYPE is one";
    static const char *const BAD[] = {"0 1",
                                      "0 1 1 1",
                                      "-1 1 1",
                                      "0x 1 1",
                                      "0 0x1g 1",
                                      "0 18446744073709551616 1",
                                      "0 1 4294967296",
                                      "zero 1 1"};
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        char *text = xprintf("0 0x100000 1\n%s\n", BAD[i]);
        expect_no_map(t, text, strlen(text), NO_ENTRY);
    }
    expect_no_map(t, "# none\n\n", 8, ": a memory map without entries");
    expect_no_map(t, "", 0, ": a memory map without entries");
    expect_no_map(t, "0 1 1\n\0zero\n", 12, ": a NUL byte; a memory map is text");
}

TEST(memory_map_in_a_file_has_up_to_128_entries) {
    struct buffer text = {0};
    struct pc_area map[PC_AREAS];
    struct problem p;
    char *name = test_path(t, "long.map");
    for (int n = 0; n < 128; n++)
        buffer_printf(&text, "%d 1 2\n", n);
    test_write(t, name, text.data, text.len);
    if (memory_map_read(name, map, &p) != 128 || map[127].base != 127)
        test_fail(t, "128 entries are not what is read");
    buffer_printf(&text, "128 1 2\n");
    buffer_append(&text, "", 1);
    expect_no_map(t, (const char *)text.data, text.len - 1, ":129: more than 128 entries");
    buffer_free(&text);
}
