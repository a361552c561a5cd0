/*
 * Real mode: generated cases of segments, unreal mode, 16 and 32-bit operands and addresses, string
 * instructions over the end of a segment, far transfers and interrupts give the same on the PC, in
 * QEMU and in Bochs: vector, CS:IP, registers, and 128 KiB of memory.
 */
#include "verify/tests/pc/cases.h"

enum { VECTORS_AT = 0xA00, CASES_AT = 0xB00, VECTORS = 32 };
_Static_assert(VECTORS_AT + 4 * VECTORS <= CASES_AT, "the vectors have room");
enum { WINDOW = 0x4000, STACK = 0x5000, CODE = 0x6000 }; /* segments */
enum { UNREAL = 1, DOWN = 2 };                           /* of the byte at MODE_AT */

/* A paragraph of the window or the stack. */
static uint32_t paragraph(struct maker *m) {
    return WINDOW + 0x100 * below(m, 16) + below(m, 3);
}

/* An offset near the end of a segment; unless strict one where 4 bytes do not cross it. */
static uint32_t offset(struct maker *m) {
    static const uint32_t plain[] = {0, 4, 0x1000, 0x7FFC, 0x8001, 0xFFFC};
    static const uint32_t edges[] = {0xFFFF, 0xFFFE, 0xFFFD, 0xFFFC, 1, 0xFFF8};
    return m->strict && below(m, 2) ? edges[below(m, 6)] : plain[below(m, 6)];
}

/* [mov si, offset] [mov di, offset] mov cx, n; [66] [67] [rep] string instruction */
static void string(struct maker *m) {
    static const uint8_t all[] = {0xA4, 0xA5, 0xAA, 0xAB, 0xAC, 0xAD, 0xA6, 0xA7, 0xAE, 0xAF};
    for (unsigned n = 0; n < 2; n++)
        if (!m->strict || below(m, 2)) {
            byte(m, 0xBE + n);
            bytes(m, offset(m), 2);
        }
    byte(m, 0xB9);
    bytes(m, below(m, 7), 2);
    if (below(m, 4) == 0)
        byte(m, 0x66);
    if (below(m, 3) == 0)
        byte(m, 0x26 + 8 * below(m, 4));
    if (below(m, 3))
        byte(m, 0xF2 + below(m, 2));
    byte(m, all[below(m, 10)]);
}

/* mov, add, xchg with [disp16], [bx+si], or a 32-bit address through FS or DS */
static void access_memory(struct maker *m) {
    static const uint8_t all[] = {0x8B, 0x89, 0x03, 0x01, 0x87, 0x8A, 0x88, 0x2B};
    bool wide = below(m, 3) == 0;
    if (below(m, 3) == 0)
        byte(m, 0x66);
    if (wide) {
        bool far = m->strict || m->mode == UNREAL;
        bytes(m, 0x6467, 2); /* fs:[disp32] */
        byte(m, all[below(m, 8)]);
        byte(m, 0x05 + 8 * below(m, 4));
        bytes(m, far && below(m, 2) ? 0x10000 + 0x404 * below(m, 3) : offset(m), 4);
        return;
    }
    if (below(m, 4) == 0)
        byte(m, 0x64 + below(m, 2));
    byte(m, all[below(m, 8)]);
    byte(m, 0x06 + 8 * below(m, 4));
    bytes(m, offset(m), 2);
}

static void segment(struct maker *m) {
    static const uint8_t targets[] = {0, 3, 4, 5, 2};
    uint32_t how = below(m, 4), target = targets[below(m, 5)];
    if (how == 3) { /* lds, les, lfs from the window: the selector may be anything */
        static const uint32_t loads[] = {0xC5, 0xC4, 0xB40F};
        uint32_t which = below(m, 3);
        bytes(m, loads[which], which == 2 ? 2 : 1);
        byte(m, 0x06 + 8 * below(m, 4));
        bytes(m, 0x200 + 4 * below(m, 64), 2);
        return;
    }
    byte(m, 0xB8);
    bytes(m, target == 2 ? STACK - below(m, 2) : paragraph(m), 2);
    bytes(m, 0xC08E | target << 11, 2);
    if (how == 2)
        byte(m, (const uint8_t[]){0x1E, 0x06, 0x16, 0x0E}[below(m, 4)]);
}

static void stack(struct maker *m) {
    static const struct {
        uint32_t code;
        unsigned n;
    } all[] = {{0x50, 1},   {0x5B, 1},     {0x60, 1},   {0x61, 1},     {0x9C, 1},   {0x06, 1},
               {0x1E, 1},   {0x0E, 1},     {0x16, 1},   {0x345668, 3}, {0xF66A, 2}, {0x5066, 2},
               {0x5966, 2}, {0x6066, 2},   {0x6166, 2}, {0xF0FF, 2},   {0xA00F, 2}, {0x9D9C66, 3},
               {0xA80F, 2}, {0x006A66, 3}, {0x58, 1}};
    /* enter 12, 0; leave, and with a level */
    if (below(m, 6) == 0) {
        bytes(m, below(m, 2) ? 0x00000CC8 : 0x02000AC8, 4);
        byte(m, 0xC9);
        return;
    }
    /* push a paragraph; pop ds, es, fs */
    if (below(m, 4) == 0) {
        static const uint32_t pops[] = {0x1F, 0x07, 0xA10F};
        uint32_t which = below(m, 3);
        byte(m, 0x68);
        bytes(m, paragraph(m), 2);
        bytes(m, pops[which], which == 2 ? 2 : 1);
        return;
    }
    uint32_t which = below(m, 21);
    if (below(m, 4) == 0) {
        static const uint32_t tops[] = {0x100, 0x1000, 0x7002, 0x2000, 0,      2,
                                        4,     6,      0x40,   0xFFFE, 0xFFFC, 0xFFF0};
        byte(m, 0xBC); /* mov sp, near the edge */
        bytes(m, tops[below(m, m->strict ? 12 : 4)], 2);
    }
    bytes(m, all[which].code, all[which].n);
}

/* Where far transfers go: END of the code by some CS:IP, or there and back. */
static void far_transfer(struct maker *m) {
    uint32_t back = below(m, 0x10), to = END + 2 * below(m, 3) + 16 * back, cs = CODE - back;
    switch (below(m, 5)) {
    case 0:
        byte(m, below(m, 2) ? 0xEA : 0x9A);
        bytes(m, to | cs << 16, 4);
        break;
    case 1:
        bytes(m, below(m, 2) ? 0xEA66 : 0x9A66, 2);
        bytes(m, to + (m->strict && below(m, 6) == 0 ? 0x10000 : 0), 4);
        bytes(m, cs, 2);
        break;
    case 2: /* retf, iret */
        byte(m, 0x68);
        bytes(m, below(m, 2) ? 0x0400 : 0x0001, 2);
        byte(m, 0x68);
        bytes(m, cs, 2);
        byte(m, 0x68);
        bytes(m, to, 2);
        byte(m, below(m, 2) ? 0xCB : 0xCF);
        break;
    case 3: /* near call, jump, ret */
        byte(m, below(m, 2) ? 0xE8 : 0xE9);
        bytes(m, END - m->n - 2, 2);
        break;
    default: /* push; ret n */
        byte(m, 0x68);
        bytes(m, END, 2);
        byte(m, 0xC2);
        bytes(m, 2 * below(m, 4), 2);
        break;
    }
}

static void other(struct maker *m) {
    static const struct {
        uint32_t code;
        unsigned n;
    } all[] = {{0xF1F7C931, 4}, {0xCE, 1},     {0xCC, 1},     {0x0B0F, 2},     {0xE0010F, 3},
               {0xC0200F, 3},   {0xC0000F, 3}, {0xC863, 2},   {0xFC, 1},       {0xFD, 1},
               {0xC801, 2},     {0xD83966, 3}, {0xC0FE, 2},   {0x37E4, 2},     {0x98, 1},
               {0x9966, 2},     {0xD7, 1},     {0xC80F66, 3}, {0x909002E2, 4}, {0x9001E3, 3}};
    uint32_t which = below(m, 20);
    if (below(m, 4) == 0) {
        byte(m, 0xCD);
        byte(m, 64 + below(m, VECTORS));
        return;
    }
    bytes(m, all[which].code, all[which].n);
}

static void make_case(struct maker *m, uint8_t *at) {
    static void (*const kinds[])(struct maker *) = {
        string, access_memory, string, segment, stack, segment, stack, far_transfer, other};
    begin_code(m, at);
    m->mode = below(m, 2) ? UNREAL : 0;
    for (unsigned k = 1 + below(m, 5); k > 0; k--)
        if (!append_code(m, kinds[below(m, 9)], END))
            break;
    for (unsigned n = m->n; n < END; n++)
        at[n] = 0x90;
    end_code(m, END);
    for (int k = 0; k < 6; k++) {
        uint32_t high = below(m, 2) && m->strict ? test_random(&m->state) & 0xFFFF0000 : 0;
        put(at + REGISTERS_AT + 4 * k, high | (below(m, 3) ? offset(m) : below(m, 256)), 4);
    }
    at[MODE_AT] = (uint8_t)(m->mode | (below(m, 3) ? 0 : DOWN));
}

static void make_vectors(struct maker *m) {
    for (int n = 0; n < VECTORS; n++) {
        uint32_t back = below(m, 0x100);
        put(m->image + VECTORS_AT + 4 * n, END + 16 * back, 2);
        put(m->image + VECTORS_AT + 4 * n + 2, CODE - back, 2);
    }
}

/* Strict: offsets behind limits, which QEMU does not look at in real mode. */
const struct case_kind REAL_MODE = {.name = "real-mode",
                                    .source = "verify/tests/pc/real.asm",
                                    .tables_at = VECTORS_AT,
                                    .cases_at = CASES_AT,
                                    .make_tables = make_vectors,
                                    .make_case = make_case};
