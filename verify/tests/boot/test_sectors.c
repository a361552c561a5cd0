/*
 * The boot sectors by themselves on bad firmware (refmodel/pc/quirks.h) and on long disks: what
 * boot and stage1 start is a program that says in which state it was entered, so that nothing here
 * depends on the kernel.
 */
#include <stdlib.h>
#include <string.h>

#include "refmodel/pc/pc.h"
#include "verify/harness/boot.h"

static const char ERROR[] = "ERROR: disk";

/* Where the boot sectors cannot do it, and say so. */
static const char *const REFUSED[] = {"edd-bx",        "edd-none",   "errors-from",
                                      "errors-from=3", "errors=100", "sector-4096"};

/* More than one fault, or one with another number. */
static const char *const WORSE[] = {
    "count-more=255",
    "count-none=4",
    "direction,segments,trash,upper",
    "drive-wrong,trash,segments,errors=2",
    "drive=0xFF",
    "errors=4",
    "errors-from=3",
    "errors=100",
    "esp-dirty,interrupts-left-off,packet,segments,stack=8192,trash,upper",
    "interrupts-left-off,waits",
    "interrupts-off,waits,errors=3",
    "stack=8192",
    "start-07c0,bpb,interrupts-off",
};

/* The same for the last line, when int 10h is as bad. */
static const char *const SPEECHLESS[] = {"direction",
                                         "segments",
                                         "trash",
                                         "upper",
                                         "esp-dirty",
                                         "interrupts-left-off",
                                         "direction,segments,trash,upper,stack=8192"};

struct arrival {
    const char *quirks;
    const char *source; /* of the boot sector */
    bool refused;
};

static struct buffer assemble(struct test *t) {
    char *out = test_path(t, "arrival.bin");
    test_needs(t, "nasm", NULL);
    test_run(t, 0, "nasm", "-f", "bin", "-o", out, "verify/tests/boot/arrival.asm", NULL);
    return test_read(t, out);
}

/* Boot sector and program, or the program's text. */
static struct buffer make_disk(struct test *t, const struct arrival *a,
                               const struct buffer *program) {
    struct buffer disk = compile_source(t, a->source);
    if (strstr(a->source, "stage1")) {
        for (size_t i = 0; i < program->len; i++)
            buffer_printf(&disk, i % 16 == 15 ? "%02x ; a; line\n" : "%02X ", program->data[i]);
        add_zeros(&disk, 1);
        pad_sectors(&disk);
    } else {
        buffer_append(&disk, program->data, program->len);
    }
    return disk;
}

static struct aftermath boot_on_pc(struct test *t, const char *quirks, const struct buffer *disk) {
    const struct run_request how = {.bios = quirks, .timeout = BOOT_SECONDS};
    return boot_image_on(t, &engine_pc, disk, &how);
}

static void arrives(struct test *t, const void *argument) {
    const struct arrival *a = argument;
    struct buffer program = assemble(t), disk = make_disk(t, a, &program);
    size_t next = disk.len / SECTOR;
    unsigned sum = 0;
    for (size_t i = 0; i < program.len; i++)
        sum += program.data[i];
    end_disk(&disk);
    struct aftermath after = boot_on_pc(t, a->quirks, &disk);
    if (a->refused) {
        expect_error(t, a->quirks, &after, ERROR, &disk);
        return;
    }
    const char *drive = strstr(a->quirks, "drive=");
    unsigned long number = drive ? strtoul(drive + strlen("drive="), NULL, 0) : 0x80;
    if (strcmp(a->quirks, "drive") == 0)
        number = 0x81;
    if (after.end != RUN_RESET)
        test_fail(t, "%s: %s", a->quirks, after.message);
    expect_text(t, "the state on arrival", after.log,
                xprintf("0000 0000 %02lX %04zX %04X \n", number, next, sum & 0xFFFF));
    expect_same(t, "the disk", after.disk.data, after.disk.len, disk.data, disk.len);
}

static bool is_refused(const char *quirks) {
    for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++)
        if (strcmp(REFUSED[i], quirks) == 0)
            return true;
    return false;
}

static void add(struct suite *s, const char *quirks, bool refused) {
    static const struct {
        const char *name, *source;
    } SECTORS[] = {{"boot", "hex0/boot.hex0"}, {"stage1", "stage1/stage1.hex0"}};
    for (size_t i = 0; i < sizeof SECTORS / sizeof SECTORS[0]; i++) {
        struct arrival *a = xrealloc(NULL, sizeof *a);
        *a = (struct arrival){quirks, SECTORS[i].source, refused};
        suite_add(s, xprintf("boot-sector-%s-with-%s", SECTORS[i].name, quirks), arrives, a);
    }
}

TESTS(boot_sectors) {
    size_t count;
    const struct pc_quirk *all = pc_quirks(&count);
    for (size_t i = 0; i < count; i++)
        add(s, all[i].name, is_refused(all[i].name));
    for (size_t i = 0; i < sizeof WORSE / sizeof WORSE[0]; i++)
        add(s, WORSE[i], is_refused(WORSE[i]));
    for (size_t i = 0; i < sizeof SPEECHLESS / sizeof SPEECHLESS[0]; i++)
        add(s, xprintf("errors-from,%s", SPEECHLESS[i]), true);
}

/* A sector of text behind others that compile to whole sectors: they are written, and no more. */
TEST(boot_sector_mini_stops_at_a_sector_that_cannot_be_read) {
    enum { BAD = 9, TEXT = 3 * SECTOR };
    struct buffer disk = compile_source(t, "hex0/mini.hex0");
    uint8_t *content = random_bytes(5, 2 * TEXT);
    for (size_t i = 0; i < 2 * TEXT; i++)
        buffer_printf(&disk, "%02X ", content[i]);
    end_disk(&disk);
    struct aftermath a = boot_on_pc(t, "errors-from=9", &disk);
    memcpy(disk.data, content, (BAD - 1) * SECTOR / 3 / SECTOR * SECTOR);
    expect_error(t, "sector 9", &a, ERROR, &disk);
    free(content);
}

/* Text that ends in the last sector that 16 bits number, or in the one behind it. */
struct distance {
    const char *source;
    size_t sectors; /* of text */
    bool refused;
};

static void reaches(struct test *t, const void *argument) {
    const struct distance *d = argument;
    struct buffer disk = compile_source(t, d->source);
    static const char code[] = "\nB0 4B B4 0E CD 10 EA 00 00 FF FF"; /* prints K, and resets */
    size_t end = (1 + d->sectors) * SECTOR - 1 - (sizeof code - 1);
    buffer_append(&disk, "#", 1);
    memset(buffer_room(&disk, end - disk.len), 'x', end - disk.len);
    disk.len = end;
    buffer_append(&disk, code, sizeof code);
    if (disk.len != (1 + d->sectors) * SECTOR)
        test_fail(t, "the text ends at %zu", disk.len);
    add_zeros(&disk, 100 * SECTOR);
    struct aftermath a = boot_on_pc(t, NULL, &disk);
    if (d->refused) {
        expect_error(t, "the sector behind the last", &a, ERROR, &disk);
        return;
    }
    if (a.end != RUN_RESET)
        test_fail(t, "should end with a reset: %s", a.message);
    if (strstr(d->source, "mini"))
        expect_same(t, "what mini compiled", a.disk.data, 11,
                    "\xB0\x4B\xB4\x0E\xCD\x10\xEA\0\0\xFF\xFF", 11);
    else
        expect_text(t, "what the program says", last_line(a.log), "K");
}

/* Without LBA there are 1024 cylinders. */
TEST(boot_sector_mini_knows_where_cylinders_end) {
    struct buffer disk = compile_source(t, "hex0/mini.hex0");
    buffer_append(&disk, "#", 1);
    while (disk.len < 1100 * SECTOR)
        buffer_append(&disk, "x", 1);
    buffer_printf(&disk, "\n41");
    end_disk(&disk);
    struct aftermath a = boot_on_pc(t, "edd-none,geometry=1", &disk);
    expect_error(t, "a sector behind cylinder 1023", &a, ERROR, &disk);
}

TESTS(distant_text) {
    static const struct distance DISTANCES[] = {
        {"hex0/mini.hex0", 65535, false},
        {"hex0/mini.hex0", 65536, true},
        {"stage1/stage1.hex0", 65535, false},
        {"stage1/stage1.hex0", 65536, true},
    };
    for (size_t i = 0; i < sizeof DISTANCES / sizeof DISTANCES[0]; i++) {
        const struct distance *d = &DISTANCES[i];
        suite_add(s,
                  xprintf("boot-sector-%s-and-%zu-sectors-of-text",
                          strstr(d->source, "mini") ? "mini" : "stage1", d->sectors),
                  reaches, d);
    }
}
