/*
 * Loops that change bits in a table, which the PC runs many turns at a time (exec_loop.c):
 * generated ones give the same in one piece, an instruction at a time, and in QEMU: memory, the
 * registers, what a fault in the midst of a loop leaves, accessed and dirty bits, single steps.
 */
#include <string.h>

#include "verify/tests/pc/cases.h"

enum {
    PROGRAM_SECTORS = 15, /* verify/tests/pc/protected.asm before its cases */
    GDT_AT = 0x1A00,
    PAGES_AT = GDT_AT + 512 + 256,
    CASES_AT = 512 * PROGRAM_SECTORS,
    PAGES = 16,
    WINDOW = 0x40000,
    CODE = 0x60000,
    LOWEST = WINDOW + CASE, /* the first page may be that of the code */
    HIGHEST = WINDOW + 0x1000 * PAGES - 4,
    TF_CODE_LENGTH = 7
};

static void make_tables(struct maker *m) {
    static const uint64_t fixed[8] = {0,
                                      0x00CF9B000000FFFF,
                                      0x00CF93000000FFFF,
                                      0x00CFFB000000FFFF,
                                      0x00CFF3000000FFFF,
                                      0x0000890200000067 | (uint64_t)0x2000 << 16};
    put_descriptors(m->image + GDT_AT, fixed, 8);
    for (uint32_t n = 0; n < PAGES; n++) {
        uint32_t page = n == 0 && below(m, 2) ? CODE : (uint32_t)WINDOW + 0x1000 * n;
        uint32_t refused =
            m->strict ? below(m, 9) : 3; /* of P, W and U; QEMU reads before it asks */
        put(m->image + PAGES_AT + 4 * n, page | (7 & ~(refused < 3 ? 1u << refused : 0)), 4);
    }
}

enum { EAX, ECX, EDX, EBX, ESI = 6, EDI };

/* One that is neither ECX nor ESP nor EBP. */
static uint32_t any_register(struct maker *m) {
    static const uint8_t all[] = {EAX, EDX, EBX, ESI, EDI};
    return all[below(m, sizeof all)];
}

/* What a loop is made of. */
struct loop {
    uint32_t base, scale;
    bool lea; /* of `pointer`, by which the changes then go */
    uint32_t pointer;
};

/* The operand [base+ecx*scale+8], or [pointer] in the changes of a loop with LEA. */
static void operand(struct maker *m, const struct loop *l, uint32_t reg, bool pointer) {
    if (pointer) {
        byte(m, reg << 3 | l->pointer);
        return;
    }
    byte(m, 0x44 | reg << 3);
    byte(m, l->scale << 6 | ECX << 3 | l->base);
    byte(m, 8);
}

/* AND, OR or XOR of a byte or a doubleword with a number or a register; now and then ADD or SUB. */
static void change(struct maker *m, const struct loop *l, bool wide) {
    static const uint8_t digits[] = {4, 4, 4, 1, 1, 1, 6, 6, 0, 5};
    uint32_t digit = digits[below(m, sizeof digits)];
    if (below(m, 2)) {
        byte(m, digit << 3 | wide);
        operand(m, l, below(m, 8) ? any_register(m) : below(m, 8), l->lea);
    } else {
        byte(m, wide ? 0x83 : 0x80);
        operand(m, l, digit, l->lea);
        byte(m, below(m, 256));
    }
}

static void loop_of(struct maker *m, const struct loop *l) {
    unsigned head = m->n;
    bool wide = below(m, 2);
    if (l->lea) {
        byte(m, 0x8D);
        operand(m, l, l->pointer, false);
    }
    for (uint32_t k = 1 + below(m, 3); k > 0 && m->n < END - 8; k--)
        change(m, l, below(m, 8) ? wide : !wide);
    byte(m, below(m, 8) ? 0xE2 : 0xE0 + below(m, 2)); /* LOOP, LOOPNE, LOOPE */
    byte(m, head - m->n - 1);
}

/* The operands lie in the window: the registers hold addresses that fit to ECX. */
static void make_case(struct maker *m, uint8_t *at) {
    struct loop l = {any_register(m), below(m, 4), below(m, 3) > 0, any_register(m)};
    uint32_t top = LOWEST + below(m, HIGHEST - LOWEST);
    uint32_t most = ((top - LOWEST) >> l.scale) + 1;
    uint32_t turns = 1 + below(m, below(m, 2) ? most : most < 20 ? most : 20);
    if (l.lea && l.pointer == l.base) /* which then runs away */
        turns = turns < 2 ? turns : 2;
    begin_code(m, at);
    if (below(m, 8) == 0) /* pushfd; or byte [esp+1], 1; popfd: a trap comes behind the next one */
        for (unsigned k = 0; k < TF_CODE_LENGTH; k++)
            byte(m, "\x9C\x80\x4C\x24\x01\x01\x9D"[k]);
    loop_of(m, &l);
    end_code(m, m->n + m->n % 2);
    if (m->n % 2)
        at[m->n] = 0x90;
    for (int k = 0; k < 6; k++)
        put(at + REGISTERS_AT + 4 * k, top - (turns << l.scale) - 8, 4);
    put(at + REGISTERS_AT + 8, turns, 4);
    at[MODE_AT] = (uint8_t)below(m, 2); /* ring 0 or 3 */
}

const struct case_kind TABLE_LOOPS = {.name = "table-loops",
                                      .source = "verify/tests/pc/protected.asm",
                                      .tables_at = GDT_AT,
                                      .cases_at = CASES_AT,
                                      .make_tables = make_tables,
                                      .make_case = make_case};
