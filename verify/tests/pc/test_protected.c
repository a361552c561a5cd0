/*
 * Segments, privileges, gates, paging, virtual-8086 mode and their faults: generated cases in
 * protected mode give the same on the PC, in QEMU and, a sample, in Bochs: vector, error code,
 * registers, tables with their accessed, dirty and busy bits, and memory.
 */
#include <stdlib.h>
#include <string.h>

#include "verify/harness/boot.h"

enum { COUNT = 200, GDT_AT = 0x1A00, IDT_AT = 0x1C00, PAGES_AT = 0x1D00, CASES_AT = 0x1E00 };
enum { CASE = 64, WINDOW = 0x40000, CODE = 0x60000, END = 24, GATES = 32, SELECTORS = 64 };
enum { RING_0, RING_3, NARROW, VIRTUAL, MODES };

struct maker {
    uint32_t state;
    uint8_t *image;
    uint8_t *code; /* of the case being made */
    unsigned n;
    unsigned mode;
    bool limits; /* accesses through segments with limits; QEMU does not look at these */
};

static uint32_t below(struct maker *m, uint32_t limit) {
    return test_random(&m->state) % limit;
}

static void put(uint8_t *p, uint32_t v, unsigned n) {
    for (unsigned k = 0; k < n; k++)
        p[k] = (uint8_t)(v >> 8 * k);
}

/* A descriptor: data, code or a system one, near enough to what is there that much works. */
static void make_descriptor(struct maker *m, uint8_t *p) {
    static const uint32_t limits[] = {0, 3, 4, 15, 23, 25, 31, 0xFFF, 0xFFFF};
    static const uint8_t systems[] = {0, 2, 8, 11, 12, 12, 14};
    uint32_t kind = below(m, 8), limit = limits[below(m, 9)], base = WINDOW + below(m, 3) * 0xFFC;
    uint32_t access = below(m, 8) ? 0x80 : 0, size = below(m, 3) ? 0x40 : 0;
    access |= below(m, 2) ? 0x60 : below(m, 4) << 5;
    if (kind < 4) {
        access |= 0x10 | below(m, 8);
    } else if (kind < 7) {
        access |= 0x19 | below(m, 8); /* QEMU does not mark what CS is loaded with */
        base = CODE;
        size = 0x40;
        if (!m->limits)
            limit = 0xFFFF;
    } else {
        access |= systems[below(m, 7)];
    }
    if (below(m, 6) == 0)
        size |= 0x80;
    put(p, (limit & 0xFFFF) | base << 16, 4);
    put(p + 4,
        (base >> 16 & 0xFF) | access << 8 | (limit >> 16 & 15) << 16 | size << 16 |
            (base & 0xFF000000),
        4);
    if (kind == 7 && ((access & 15) == 4 || (access & 15) == 12)) { /* a call gate */
        put(p, CODE + END, 2);
        put(p + 2, below(m, 2) || !m->limits ? 8 : 0x38, 2);
        put(p + 4, below(m, 2), 1);
        put(p + 6, CODE >> 16, 2);
    }
}

static void make_tables(struct maker *m) {
    static const uint64_t fixed[8] = {0,
                                      0x00CF9B000000FFFF,
                                      0x00CF93000000FFFF,
                                      0x00CFFB000000FFFF,
                                      0x00CFF3000000FFFF,
                                      0x0000890200000067 | (uint64_t)0x2000 << 16,
                                      0x00009B060000FFFF,
                                      0x00CF1A000000FFFF};
    uint8_t *gdt = m->image + GDT_AT, *idt = m->image + IDT_AT;
    for (int n = 0; n < SELECTORS; n++) {
        make_descriptor(m, gdt + 8 * n);
        if (n < 8) {
            put(gdt + 8 * n, (uint32_t)fixed[n], 4);
            put(gdt + 8 * n + 4, (uint32_t)(fixed[n] >> 32), 4);
        }
    }
    static const uint8_t types[] = {14, 14, 14, 15, 15, 0, 3, 8, 12};
    static const uint16_t targets[] = {8, 8, 8, 8, 0, 0x10, 0x18, 0x38, 0x20};
    for (int n = 0; n < GATES; n++) {
        uint32_t access = (below(m, 8) ? 0x80 : 0) | (below(m, 2) ? 0x60 : 0) | types[below(m, 9)];
        put(idt + 8 * n, CODE + END, 2);
        put(idt + 8 * n + 2, targets[below(m, 9)], 2);
        put(idt + 8 * n + 4, access << 8 | (CODE >> 16) << 16, 4);
    }
    for (int n = 0; n < 16; n++)
        put(m->image + PAGES_AT + 4 * n,
            (uint32_t)(WINDOW + 0x1000 * n) | (below(m, 5) ? 1 : 0) | (below(m, 2) ? 2 : 0) |
                (below(m, 3) ? 4 : 0),
            4);
}

static void byte(struct maker *m, uint32_t v) {
    if (m->n < END)
        m->code[m->n] = (uint8_t)v;
    m->n++;
}

static void bytes(struct maker *m, uint32_t v, unsigned n) {
    for (unsigned k = 0; k < n; k++)
        byte(m, v >> 8 * k);
}

static bool is_narrow(const struct maker *m) {
    return m->mode >= NARROW;
}

/* A word of the operand size of the mode. */
static void natural(struct maker *m, uint32_t v) {
    bytes(m, v, is_narrow(m) ? 2 : 4);
}

static uint32_t selector(struct maker *m) {
    if (m->mode == VIRTUAL)
        return (WINDOW >> 4) + 0x100 * below(m, 15);
    uint32_t v = below(m, 8) ? 8 * below(m, SELECTORS + 2) : below(m, 4);
    return v | (below(m, 2) ? 0 : below(m, 4)) | (below(m, 16) ? 0 : 4);
}

/* Near limits; QEMU does not look at that of virtual-8086 mode. */
static uint32_t offset(struct maker *m) {
    static const uint32_t near_limits[] = {0, 1, 4, 13, 15, 16, 22, 24, 28, 32, 0xFFC, 0xFFF};
    uint32_t at = near_limits[below(m, 12)] - (below(m, 3) == 0);
    return m->limits ? at : at & 0xFFF;
}

static void load_segment(struct maker *m) {
    static const uint8_t targets[] = {4, 5, 4, 5, 0, 3, 2};
    bytes(m, is_narrow(m) ? 0xB8 : 0xB866, is_narrow(m) ? 1 : 2); /* mov ax, selector */
    bytes(m, selector(m), 2);
    bool all = m->limits || m->mode == VIRTUAL;
    uint32_t target = targets[below(m, all ? 6 + (below(m, 8) == 0) : 4)];
    if (target == 2 && m->mode != VIRTUAL) { /* SS only with what it refuses or what it has */
        m->code[m->n - 2] = 0x18;
        m->code[m->n - 1] = 0;
    }
    bytes(m, 0x8E | (0xC0 | target << 3) << 8, 2);
}

static void access_memory(struct maker *m) {
    static const uint8_t prefixes[] = {0x64, 0x65}; /* the others are flat, or may be */
    bool flat = (below(m, 3) == 0 || !m->limits) && !is_narrow(m);
    if (!flat && !m->limits && m->mode != VIRTUAL)
        return;
    uint32_t at = flat ? WINDOW + below(m, 16) * 0x1000 + (below(m, 3) ? 0x10 : 0xFFE) : offset(m);
    if (!flat)
        byte(m, prefixes[below(m, 2)]);
    switch (below(m, 4)) {
    case 0:
        byte(m, 0xA0 + below(m, 2));
        break;
    case 1:
        byte(m, 0xA2 + below(m, 2));
        break;
    default: /* add [at], eax; add eax, [at]; xchg */
        /* QEMU reads before it looks whether it may write. */
        byte(m, (const uint8_t[]){3, 1, 0x87, 0}[m->limits ? below(m, 4) : 0]);
        byte(m, is_narrow(m) ? 0x06 : 0x05);
        break;
    }
    natural(m, at);
}

static void far_transfer(struct maker *m) {
    bool back = below(m, 3) == 0;
    uint32_t where = selector(m);
    bool whole = m->mode != VIRTUAL &&
                 (where >> 2 == 2 || where >> 2 == 6); /* the flat ones: by its linear address */
    if (whole && m->mode == NARROW)
        where = 0x30;
    if (m->mode == VIRTUAL)
        where = CODE >> 4;
    uint32_t to = END + 2 * below(m, 4) + (whole && !is_narrow(m) ? CODE : 0);
    if (back) { /* push selector; push offset; retf, or iret with flags */
        bool flags = below(m, 2);
        if (flags) {
            byte(m, 0x68);
            natural(m, 2 | (below(m, 2) ? 0x3000 : 0));
        }
        byte(m, 0x68);
        natural(m, where);
        byte(m, 0x68);
        natural(m, to);
        byte(m, flags ? 0xCF : 0xCB);
    } else {
        byte(m, below(m, 2) ? 0xEA : 0x9A);
        natural(m, to);
        bytes(m, where, 2);
    }
}

static void look_at_selector(struct maker *m) {
    static const uint32_t looks[] = {0xC8020F, 0xC8030F, 0xE0000F, 0xE8000F, 0xC863, 0xD0000F};
    uint32_t which = below(m, 6), where = selector(m);
    if (which == 0) /* LAR: not those with bits 16 to 19 of a limit, which are undefined there */
        where |= 0x40;
    bytes(m, is_narrow(m) ? 0xB8 : 0xB866, is_narrow(m) ? 1 : 2);
    bytes(m, where, 2);
    bytes(m, looks[which], which == 4 ? 2 : 3);
}

static void privileged(struct maker *m) {
    static const struct {
        uint32_t code;
        unsigned n;
    } all[] = {{0xFA, 1},     {0xC0200F, 3}, {0xD8200F, 3}, {0x060F, 2}, {0x9C, 1},   {0x37E4, 2},
               {0xC0000F, 3}, {0xC8000F, 3}, {0xE0010F, 3}, {0x1F, 1},   {0x07, 1},   {0x1E, 1},
               {0x0E, 1},     {0xA10F, 2},   {0xA80F, 2},   {0xF1F7, 2}, {0x0B0F, 2}, {0xCE, 1},
               {0xF0010F, 3}, {0x9D9C, 2},   {0x0F08, 1},   {0x0D62, 1}};
    uint32_t which = below(m, 20);
    bool pops = all[which].code == 0x1F || all[which].code == 0x07;
    bytes(m, pops && !m->limits ? 0x06 : all[which].code, all[which].n);
}

/* mov dr0, address; mov dr7, what; then something that may be it */
static void set_breakpoint(struct maker *m) {
    static const uint8_t kinds[] = {0, 1, 3, 5, 7, 13, 15};
    uint32_t kind = kinds[below(m, 7)], page = WINDOW + 0x1000 * below(m, 16);
    uint32_t address = kind ? page + 0x10 + below(m, 6) : CODE + 16 + below(m, 6);
    if (m->mode != RING_0 || m->n)
        return;
    if (kind)
        address &= ~(kind >> 2); /* QEMU wants it aligned */
    byte(m, 0xB8);
    natural(m, address);
    bytes(m, 0xC0230F, 3);
    byte(m, 0xB8);
    natural(m, kind << 16 | 0x400 | below(m, 4));
    bytes(m, 0xF8230F, 3);
    if (kind) {
        byte(m, 0xA0 + below(m, 4));
        natural(m, page + 0x10);
    }
}

static void make_case(struct maker *m, uint8_t *at) {
    m->code = at;
    m->n = 0;
    m->mode = below(m, MODES);
    for (unsigned k = 1 + below(m, 3); k > 0; k--) {
        static void (*const kinds[])(struct maker *) = {
            load_segment,     access_memory, access_memory, far_transfer,
            look_at_selector, privileged,    set_breakpoint};
        unsigned before = m->n;
        if (below(m, 8) == 0) {
            byte(m, 0xCD); /* INT */
            byte(m, below(m, 4) ? 64 + below(m, GATES) : 0x80);
        } else {
            kinds[below(m, 7)](m);
        }
        if (m->n > END - 2) { /* no room for the end */
            m->n = before;
            break;
        }
    }
    if (m->n % 2)
        byte(m, 0x90);
    for (; m->n < 32; m->n += 2) /* so that the end can be jumped to at END and behind */
        put(at + m->n, 0x7FCD, 2);
    for (int k = 0; k < 6; k++)
        put(at + 32 + 4 * k, below(m, 3) ? below(m, 256) : test_random(&m->state), 4);
    at[56] = (uint8_t)m->mode;
    at[57] = (uint8_t)(below(m, 3) ? 3 : below(m, 4));
    at[58] = m->limits && below(m, 2); /* QEMU does not check alignment */
}

static struct buffer make_image(struct test *t, uint32_t seed, bool limits) {
    char *out = test_path(t, "protected.bin");
    test_run(t, 0, "nasm", "-f", "bin", xprintf("-DCOUNT=%d", COUNT), "-o", out,
             "verify/tests/pc/protected.asm", NULL);
    struct buffer image = test_read(t, out);
    struct maker m = {.state = seed, .image = image.data, .limits = limits};
    make_tables(&m);
    for (int n = 0; n < COUNT; n++)
        make_case(&m, image.data + CASES_AT + CASE * n);
    if (image.len < DISK_MIN)
        add_zeros(&image, DISK_MIN - image.len);
    free(out);
    return image;
}

static void compare(struct test *t, const struct engine *other, uint32_t first, uint32_t images) {
    for (uint32_t seed = first; seed < first + images; seed++) {
        struct buffer image = make_image(t, seed, other == &engine_bochs);
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

TEST_WITHIN(600, protected_mode_2000_cases_are_the_same_on_the_pc_and_in_qemu) {
    const char *images = getenv("SEEDBED_PC_IMAGES"); /* of 200 cases each */
    compare(t, &engine_qemu_tcg, 1, images ? (uint32_t)atoi(images) : 10);
}

TEST_WITHIN(100, protected_mode_400_cases_are_the_same_on_the_pc_and_in_bochs) {
    compare(t, &engine_bochs, 1, 2);
}
