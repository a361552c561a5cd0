/*
 * Segments, privileges, gates, paging, virtual-8086 mode and their faults: generated cases in
 * protected mode give the same on the PC, in QEMU and, a sample, in Bochs: vector, error code,
 * registers, tables with their accessed, dirty and busy bits, and memory.
 */
#include "verify/tests/pc/cases.h"

enum { GATES = 32, SELECTORS = 64, PAGES = 16, WINDOW = 0x40000, CODE = 0x60000 };
enum {
    GDT_AT = 0x1A00,
    IDT_AT = GDT_AT + 8 * SELECTORS,
    PAGES_AT = IDT_AT + 8 * GATES,
    CASES_AT = 0x1E00
};
_Static_assert(PAGES_AT + 4 * PAGES <= CASES_AT, "the tables have room");
enum { RING_0, RING_3, NARROW, VIRTUAL, MODES };

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
        if (!m->strict)
            limit = 0xFFFF;
    } else {
        access |= systems[below(m, 7)];
    }
    if (below(m, 6) == 0)
        size |= 0x80;
    put_descriptor(p, base, limit, access, size);
    if (kind == 7 && ((access & 15) == 4 || (access & 15) == 12)) { /* a call gate */
        put(p, CODE + END, 2);
        put(p + 2, below(m, 2) || !m->strict ? 8 : 0x38, 2);
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
    for (int n = 0; n < SELECTORS; n++)
        make_descriptor(m, gdt + 8 * n);
    put_descriptors(gdt, fixed, 8);
    static const uint8_t types[] = {14, 14, 14, 15, 15, 0, 3, 8, 12};
    static const uint16_t targets[] = {8, 8, 8, 8, 0, 0x10, 0x18, 0x38, 0x20};
    for (int n = 0; n < GATES; n++) {
        uint32_t access = (below(m, 8) ? 0x80 : 0) | (below(m, 2) ? 0x60 : 0) | types[below(m, 9)];
        put(idt + 8 * n, CODE + END, 2);
        put(idt + 8 * n + 2, targets[below(m, 9)], 2);
        put(idt + 8 * n + 4, access << 8 | (CODE >> 16) << 16, 4);
    }
    for (int n = 0; n < PAGES; n++)
        put(m->image + PAGES_AT + 4 * n,
            (uint32_t)(WINDOW + 0x1000 * n) | (below(m, 5) ? 1 : 0) | (below(m, 2) ? 2 : 0) |
                (below(m, 3) ? 4 : 0),
            4);
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
    return m->strict ? at : at & 0xFFF;
}

static void load_segment(struct maker *m) {
    static const uint8_t targets[] = {4, 5, 4, 5, 0, 3, 2};
    bytes(m, is_narrow(m) ? 0xB8 : 0xB866, is_narrow(m) ? 1 : 2); /* mov ax, selector */
    bytes(m, selector(m), 2);
    bool all = m->strict || m->mode == VIRTUAL;
    uint32_t target = targets[below(m, all ? 6 + (below(m, 8) == 0) : 4)];
    if (target == 2 && m->mode != VIRTUAL) { /* SS only with what it refuses or what it has */
        m->code[m->n - 2] = 0x18;
        m->code[m->n - 1] = 0;
    }
    bytes(m, 0x8E | (0xC0 | target << 3) << 8, 2);
}

static void access_memory(struct maker *m) {
    static const uint8_t prefixes[] = {0x64, 0x65}; /* the others are flat, or may be */
    bool flat = (below(m, 3) == 0 || !m->strict) && !is_narrow(m);
    if (!flat && !m->strict && m->mode != VIRTUAL)
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
        byte(m, (const uint8_t[]){3, 1, 0x87, 0}[m->strict ? below(m, 4) : 0]);
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

/* Bits 16 to 19 of an entry's upper half, of a limit or of a gate's offset: undefined after LAR. */
static bool lar_is_undefined(const struct maker *m, uint32_t where) {
    return where >> 3 < SELECTORS && m->image[GDT_AT + (where & ~7u) + 6] & 15;
}

static void look_at_selector(struct maker *m) {
    static const uint32_t looks[] = {0xC8020F, 0xC8030F, 0xE0000F, 0xE8000F, 0xC863, 0xD0000F};
    uint32_t which = below(m, 6), where;
    do
        where = selector(m);
    while (which == 0 && lar_is_undefined(m, where));
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
    bytes(m, pops && !m->strict ? 0x06 : all[which].code, all[which].n);
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

static void interrupt(struct maker *m) {
    byte(m, 0xCD);
    byte(m, below(m, 4) ? 64 + below(m, GATES) : 0x80);
}

static void make_case(struct maker *m, uint8_t *at) {
    static void (*const kinds[])(struct maker *) = {load_segment,  access_memory,    access_memory,
                                                    far_transfer,  look_at_selector, privileged,
                                                    set_breakpoint};
    begin_code(m, at);
    m->mode = below(m, MODES);
    for (unsigned k = 1 + below(m, 3); k > 0; k--) /* with room for the end */
        if (!append_code(m, below(m, 8) == 0 ? interrupt : kinds[below(m, 7)], END - 2))
            break;
    if (m->n % 2)
        byte(m, 0x90);
    end_code(m, m->n); /* so that it can be jumped to at END and behind */
    for (int k = 0; k < 6; k++)
        put(at + REGISTERS_AT + 4 * k, below(m, 3) ? below(m, 256) : test_random(&m->state), 4);
    at[MODE_AT] = (uint8_t)m->mode;
    at[57] = (uint8_t)(below(m, 3) ? 3 : below(m, 4));
    at[58] = m->strict && below(m, 2); /* QEMU does not check alignment */
}

/* Strict: accesses through segments with limits, which QEMU does not look at. */
const struct case_kind PROTECTED_MODE = {.name = "protected-mode",
                                         .source = "verify/tests/pc/protected.asm",
                                         .tables_at = GDT_AT,
                                         .cases_at = CASES_AT,
                                         .make_tables = make_tables,
                                         .make_case = make_case};
