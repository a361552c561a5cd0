/*
 * Sequences of instructions that the PC runs as one step (exec_binary.c, exec_fused.c): generated
 * ones give the same in one piece, an instruction at a time, and in QEMU: memory, the registers,
 * what a fault in their midst leaves, accessed and dirty bits. Their operands and the stack lie
 * anywhere, also across two pages, where pages may be absent, be read only, be the supervisor's or
 * be that of the code.
 */
#include "verify/tests/pc/cases.h"

enum {
    PROGRAM_SECTORS = 15, /* verify/tests/pc/protected.asm before its cases */
    GDT_AT = 0x1A00,
    PAGES_AT = GDT_AT + 512 + 256,
    CASES_AT = 512 * PROGRAM_SECTORS,
    PAGES = 16,
    PAGE = 0x1000,
    WINDOW = 0x40000,
    CODE = 0x60000
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
        uint32_t page = n == 0 && below(m, 2) ? CODE : (uint32_t)WINDOW + PAGE * n;
        uint32_t refused = below(m, 9); /* of P, W and U */
        put(m->image + PAGES_AT + 4 * n, page | (7 & ~(refused < 3 ? 1u << refused : 0)), 4);
    }
}

enum { EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI };

static uint32_t any_register(struct maker *m) {
    static const uint8_t all[] = {EAX, ECX, EDX, EBX, ESI};
    return all[below(m, sizeof all)];
}

/* The same register, but now and then another. */
static uint32_t mostly(struct maker *m, uint32_t r) {
    return below(m, 8) ? r : any_register(m);
}

/* An address in the window, every other one close to where a page begins. */
static uint32_t address(struct maker *m) {
    uint32_t page = (uint32_t)WINDOW + PAGE * (1 + below(m, PAGES - 2));
    return below(m, 2) ? page + below(m, 16) - 8 : page + below(m, PAGE);
}

static void with_memory(struct maker *m, uint32_t opcode, uint32_t reg, uint32_t base) {
    byte(m, opcode);
    byte(m, 0x40 | reg << 3 | base);
    if (base == ESP)
        byte(m, 0x24);
    byte(m, below(m, 4) * 4 - 8);
}

static void with_register(struct maker *m, uint32_t opcode, uint32_t reg, uint32_t rm) {
    byte(m, opcode);
    byte(m, 0xC0 | reg << 3 | rm);
}

/* An operand in r: a number, 0, a pointer, a load through one of either kind, or what is there. */
static void operand(struct maker *m, uint32_t r, uint32_t kinds) {
    switch (below(m, kinds)) {
    case 0:
        byte(m, 0xB8 + r);
        bytes(m, address(m), 4);
        if (below(m, 2))
            with_memory(m, 0x8B, mostly(m, r), r);
        break;
    case 1:
        with_register(m, below(m, 2) ? 0x31 : 0x29, r, r);
        break;
    case 2:
        with_memory(m, 0x8D, r, below(m, 4) ? ESI : ESP);
        with_memory(m, 0x8B, mostly(m, r), r);
        break;
    case 3:
        with_memory(m, 0x8D, r, below(m, 4) ? ESI : ESP);
        break;
    default:
        break;
    }
}

/* What comes behind the POP of q. */
static void end(struct maker *m, uint32_t q, uint32_t r) {
    switch (below(m, 7)) {
    case 0:
        with_register(m, 0x01, q, r);
        break;
    case 1:
        with_register(m, 0x29, r, q);
        with_register(m, 0x89, mostly(m, q), r);
        break;
    case 2:
    case 3:
        with_memory(m, 0x89, mostly(m, r), q);
        break;
    case 4:
        with_memory(m, 0x88, mostly(m, r), q);
        break;
    case 5: /* cmp q,r; setcc r; movzx r,r; test r,r; jcc over an inc edi */
        with_register(m, 0x39, r, q);
        byte(m, 0x0F);
        with_register(m, 0x90 + below(m, 16), 0, r);
        byte(m, 0x0F);
        with_register(m, 0xB6, r, r);
        with_register(m, 0x85, r, mostly(m, r));
        byte(m, 0x74 + below(m, 2));
        byte(m, 1);
        byte(m, 0x47);
        break;
    default:
        break;
    }
}

static void left(struct maker *m) {
    uint32_t r = any_register(m);
    operand(m, r, 5);
    byte(m, 0x50 + mostly(m, r));
}

static void whole(struct maker *m) {
    uint32_t r = any_register(m), q = any_register(m);
    operand(m, r, 5);
    byte(m, 0x50 + mostly(m, r));
    operand(m, r, 3);
    byte(m, 0x58 + q);
    end(m, q, r);
}

static void right(struct maker *m) {
    uint32_t q = any_register(m);
    byte(m, 0x58 + q);
    end(m, q, any_register(m));
}

/* PUSHes or POPs in a row; where faults have a stack of their own, now and then of ESP. */
static void row(struct maker *m) {
    uint32_t opcode = below(m, 2) ? 0x50 : 0x58;
    for (uint32_t k = 2 + below(m, 4); k > 0; k--)
        byte(m, opcode + (below(m, 16) || m->mode == 0 ? any_register(m) : (uint32_t)ESP));
}

/*
 * In ring 3, where faults have a stack of their own, the stack may lie in the window, too. All of
 * it runs twice, by NEG of EBP, which was above 0: the second time its pages are at hand.
 */
static void make_case(struct maker *m, uint8_t *at) {
    enum { AGAIN = 4 }; /* bytes */
    bool outer = below(m, 4) > 0;
    m->mode = outer;
    begin_code(m, at);
    if (outer)
        with_register(m, 0x89, EDI, ESP);
    unsigned head = m->n;
    if (below(m, 4) == 0)
        append_code(m, row, END - AGAIN);
    if (!append_code(m, whole, END - AGAIN) || below(m, 8) == 0)
        append_code(m, below(m, 2) ? left : right, END - AGAIN);
    append_code(m, below(m, 2) ? left : right, END - AGAIN);
    with_register(m, 0xF7, 3, EBP);
    byte(m, 0x78);
    byte(m, head - m->n - 1);
    end_code(m, m->n + m->n % 2);
    if (m->n % 2)
        at[m->n] = 0x90;
    for (int k = 0; k < 6; k++)
        put(at + REGISTERS_AT + 4 * k, address(m), 4);
    at[MODE_AT] = outer;
}

const struct case_kind SEQUENCES = {.name = "sequences",
                                    .source = "verify/tests/pc/protected.asm",
                                    .tables_at = GDT_AT,
                                    .cases_at = CASES_AT,
                                    .make_tables = make_tables,
                                    .make_case = make_case};
