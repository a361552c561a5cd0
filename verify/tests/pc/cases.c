/* Generated cases on the PC, QEMU and Bochs, see cases.h. */
#include "verify/tests/pc/cases.h"

#include <stdlib.h>
#include <string.h>

enum { QEMU_IMAGES = 10, BOCHS_IMAGES = 2, INT_7F = 0x7FCD, CODE_SIZE = REGISTERS_AT };

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

struct buffer make_image(struct test *t, const struct case_kind *kind, uint32_t seed, bool strict) {
    char *out = test_path(t, "cases.bin");
    test_run(t, 0, "nasm", "-f", "bin", xprintf("-DCOUNT=%d", COUNT), xprintf("-DCASE=%d", CASE),
             xprintf("-DEND=%d", END), xprintf("-DTABLES_AT=%u", kind->tables_at),
             xprintf("-DCASES_AT=%u", kind->cases_at), xprintf("-DSEED=%u", (unsigned)seed),
             xprintf("-DSTRICT=%d", strict), "-o", out, kind->source, NULL);
    struct buffer image = test_read(t, out);
    struct maker m = {.state = seed, .image = image.data, .strict = strict};
    kind->make_tables(&m);
    for (int n = 0; n < COUNT; n++)
        kind->make_case(&m, image.data + kind->cases_at + CASE * n);
    if (image.len < DISK_MIN)
        add_zeros(&image, DISK_MIN - image.len);
    free(out);
    return image;
}

static void compare(struct test *t, const struct case_kind *kind, const struct engine *other,
                    uint32_t images) {
    for (uint32_t seed = 1; seed <= images; seed++) {
        struct buffer image = make_image(t, kind, seed, other == &engine_bochs);
        struct run_request how = {.mem_mib = 64, .timeout = BOOT_SECONDS};
        struct aftermath a = boot_image_on(t, &engine_pc, &image, &how);
        struct aftermath b = boot_image_on(t, other, &image, &how);
        expect_text(t, xprintf("seed %u, the PC and %s", seed, other->name), a.log, b.log);
        if (strlen(a.log) < COUNT * 20)
            test_fail(t, "seed %u: only %zu bytes of results", seed, strlen(a.log));
        aftermath_free(&a);
        aftermath_free(&b);
        buffer_free(&image);
    }
}

void same_in_qemu(struct test *t, const struct case_kind *kind) {
    const char *images = getenv("SEEDBED_PC_IMAGES");
    int count = images ? atoi(images) : QEMU_IMAGES;
    if (count <= 0)
        test_fail(t, "SEEDBED_PC_IMAGES=%s: a number of images is wanted", images);
    compare(t, kind, &engine_qemu_tcg, (uint32_t)count);
}

void same_in_bochs(struct test *t, const struct case_kind *kind) {
    compare(t, kind, &engine_bochs, BOCHS_IMAGES);
}
