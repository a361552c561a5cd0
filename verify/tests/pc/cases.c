/* Generated cases on the PC, QEMU and Bochs, see cases.h. */
#include "verify/tests/pc/cases.h"

#include <stdlib.h>
#include <string.h>

enum { INT_7F = 0x7FCD, CODE_SIZE = REGISTERS_AT };

uint32_t below(struct maker *m, uint32_t limit) {
    return test_random(&m->state) % limit;
}

void put(uint8_t *p, uint32_t v, unsigned n) {
    for (unsigned k = 0; k < n; k++)
        p[k] = (uint8_t)(v >> 8 * k);
}

void byte(struct maker *m, uint32_t v) {
    if (m->n < END)
        m->code[m->n] = (uint8_t)v;
    m->n++;
}

void bytes(struct maker *m, uint32_t v, unsigned n) {
    for (unsigned k = 0; k < n; k++)
        byte(m, v >> 8 * k);
}

void begin_code(struct maker *m, uint8_t *at) {
    m->code = at;
    m->n = 0;
}

bool append_code(struct maker *m, void (*make)(struct maker *), unsigned end) {
    unsigned before = m->n;
    make(m);
    if (m->n <= end)
        return true;
    m->n = before;
    return false;
}

void end_code(struct maker *m, unsigned n) {
    for (; n < CODE_SIZE; n += 2)
        put(m->code + n, INT_7F, 2);
}

void put_descriptor(uint8_t *p, uint32_t base, uint32_t limit, uint32_t access, uint32_t size) {
    put(p, (limit & 0xFFFF) | base << 16, 4);
    put(p + 4,
        (base >> 16 & 0xFF) | access << 8 | (limit >> 16 & 15) << 16 | size << 16 |
            (base & 0xFF000000),
        4);
}

void put_descriptors(uint8_t *gdt, const uint64_t *descriptors, unsigned count) {
    for (unsigned n = 0; n < count; n++) {
        put(gdt + 8 * n, (uint32_t)descriptors[n], 4);
        put(gdt + 8 * n + 4, (uint32_t)(descriptors[n] >> 32), 4);
    }
}

/* Appends the image of one seed; `last`: nothing comes behind it on the disk. */
static void append_image(struct test *t, struct buffer *disk, const struct case_kind *kind,
                         uint32_t seed, bool last, bool strict) {
    char *out = test_path(t, "cases.bin");
    test_run(t, 0, "nasm", "-f", "bin", xprintf("-DCOUNT=%d", COUNT), xprintf("-DCASE=%d", CASE),
             xprintf("-DEND=%d", END), xprintf("-DTABLES_AT=%u", kind->tables_at),
             xprintf("-DCASES_AT=%u", kind->cases_at), xprintf("-DSEED=%u", (unsigned)seed),
             xprintf("-DSTRICT=%d", strict), xprintf("-DLAST=%d", last),
             xprintf("-DIMAGE_AT=%zu", disk->len / SECTOR), "-o", out, kind->source, NULL);
    struct buffer image = test_read(t, out);
    struct maker m = {.state = seed, .image = image.data, .strict = strict};
    kind->make_tables(&m);
    for (int n = 0; n < COUNT; n++)
        kind->make_case(&m, image.data + kind->cases_at + CASE * n);
    buffer_append(disk, image.data, image.len);
    buffer_free(&image);
    free(out);
}

struct buffer make_disk(struct test *t, const struct case_kind *kind, uint32_t seed, uint32_t count,
                        bool strict) {
    struct buffer disk = {0};
    for (uint32_t n = 0; n < count; n++)
        append_image(t, &disk, kind, seed + n, n + 1 == count, strict);
    if (disk.len < DISK_MIN)
        add_zeros(&disk, DISK_MIN - disk.len);
    return disk;
}

/* The line of `text` at offset `at`, without its end. */
static char *line_of(const char *text, size_t at) {
    while (at > 0 && text[at - 1] != '\n')
        at--;
    return xprintf("%.*s", (int)strcspn(text + at, "\r\n"), text + at);
}

/* The results are equal, and all are there. */
void expect_results(struct test *t, const char *other, uint32_t seed, uint32_t count,
                    const char *ours, const char *theirs) {
    uint32_t lines = 0;
    size_t at = 0;
    for (; ours[at] && ours[at] == theirs[at]; at++)
        lines += ours[at] == '\n';
    if (ours[at] || theirs[at])
        test_fail(t, "seed %u, case %u: the PC has `%s`, %s `%s`", seed + lines / COUNT,
                  lines % COUNT, line_of(ours, at), other, line_of(theirs, at));
    if (lines < count * COUNT)
        test_fail(t, "seed %u and those behind it: only %u lines", seed, lines);
}

void same_results(struct test *t, const struct case_kind *kind, const struct engine *other,
                  uint32_t seed, uint32_t count) {
    struct buffer disk = make_disk(t, kind, seed, count, other == &engine_bochs);
    struct run_request how = {.mem_mib = 64, .timeout = BOOT_SECONDS * count};
    struct aftermath a = boot_image_on(t, &engine_pc, &disk, &how);
    struct aftermath b = boot_image_on(t, other, &disk, &how);
    expect_results(t, other->name, seed, count, a.log, b.log);
    aftermath_free(&a);
    aftermath_free(&b);
    buffer_free(&disk);
}
