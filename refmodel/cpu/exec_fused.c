/*
 * Sequences of instructions that simple compilers make all the time, as one step. The slots of the
 * instructions stay as they are, for jumps into the middle and for the count; only the first one
 * runs differently. A sequence runs as one where all its operands are at hand. Where one is not,
 * nothing has happened yet, and the first instruction runs alone; so no fault, no change of code
 * and no first touch is ever seen from in here.
 */
#include "refmodel/cpu/exec_fused.h"

#include "refmodel/cpu/alu.h"

/* Conditions of a comparison of a with b, by their code (SDM appendix B); the others, of single
   flags, are not made of comparisons. */
#define TOP 0x80000000u
#define CONDITIONS(OF)                                                                             \
    OF(2, a < b)                                                                                   \
    OF(3, a >= b)                                                                                  \
    OF(4, a == b)                                                                                  \
    OF(5, a != b)                                                                                  \
    OF(6, a <= b)                                                                                  \
    OF(7, a > b)                                                                                   \
    OF(12, (a ^ TOP) < (b ^ TOP))                                                                  \
    OF(13, (a ^ TOP) >= (b ^ TOP)) OF(14, (a ^ TOP) <= (b ^ TOP)) OF(15, (a ^ TOP) > (b ^ TOP))

/* cmp a,b; setcc r8; movzx r,r8; test r,r; je or jne, which jumps on `jumps` */
#define CONDITION_JUMP(name, holds, jumps)                                                         \
    static RUN(name) {                                                                             \
        uint32_t a = c->r[i[0].dst], b = c->r[i[0].src], v = holds;                                \
        c->r[i[2].dst] = v;                                                                        \
        logic(c, v, 32);                                                                           \
        i += 4;                                                                                    \
        if (v == jumps)                                                                            \
            FOLLOW;                                                                                \
        CHAIN;                                                                                     \
    }                                                                                              \
    static RUN(pop_##name) {                                                                       \
        const uint8_t *p = readable_in(c, SS, c->r[ESP], 4);                                       \
        if (UNLIKELY(!p))                                                                          \
            return stack_flat.run[POP_REG][SIZE32](c, i);                                          \
        uint32_t a = get32(p), b = c->r[i[1].src], v = holds;                                      \
        c->r[ESP] += 4;                                                                            \
        c->r[i[0].dst] = a;                                                                        \
        c->r[i[3].dst] = v;                                                                        \
        logic(c, v, 32);                                                                           \
        i += 5;                                                                                    \
        if (v == jumps)                                                                            \
            FOLLOW;                                                                                \
        CHAIN;                                                                                     \
    }
#define CONDITION_JUMPS(code, holds)                                                               \
    CONDITION_JUMP(je_##code, holds, 0)                                                            \
    CONDITION_JUMP(jne_##code, holds, 1)

CONDITIONS(CONDITION_JUMPS)

enum { JE = 4, JNE = 5 };
#define CONDITION_ROW(code, holds)                                                                 \
    [code] = {{je_##code, jne_##code}, {pop_je_##code, pop_jne_##code}},
static run_fn *const CONDITION_JUMP[16][2][2] = {CONDITIONS(CONDITION_ROW)}; /* [code][pop][jne] */

static uint32_t fuse_condition(struct insn *first, uint32_t n) {
    bool pop = first->run == stack_flat.run[POP_REG][SIZE32];
    struct insn *i = first + pop;
    if (n < 5u + pop || i[0].run != alu_flat.run[ALU_CMP][SIZE32][FORM_RR] ||
        i[1].run != bit_flat.set[FORM_R] ||
        i[2].run != move_flat.extend[0][SIZE8][SIZE32][FORM_RR] ||
        i[3].run != alu_flat.run[ALU_TEST][SIZE32][FORM_RR])
        return 0;
    bool je = i[4].run == flow_flat.jcc[JE], jne = i[4].run == flow_flat.jcc[JNE];
    uint32_t r = i[2].dst;
    if (!(je || jne) || r > EBX || i[1].dst != r || i[2].src != r || i[3].dst != r ||
        i[3].src != r || !CONDITION_JUMP[i[1].aux][pop][jne])
        return 0;
    if (pop &&
        (first->dst == ESP || i[0].dst != first->dst || i[0].src == ESP || i[0].src == first->dst))
        return 0;
    first->run = CONDITION_JUMP[i[1].aux][pop][jne];
    return 5 + pop;
}

/* lea q,[b+d] or mov q,address; mov r,[q+e] */
#define ADDRESS_LOAD(name, address, alone)                                                         \
    static RUN(name) {                                                                             \
        uint32_t at = address;                                                                     \
        const uint8_t *p = readable_in(c, DS, at + i[1].u.m.disp, 4);                              \
        if (UNLIKELY(!p))                                                                          \
            return alone(c, i);                                                                    \
        c->r[i[0].dst] = at;                                                                       \
        c->r[i[1].dst] = get32(p);                                                                 \
        CHAIN_BEHIND(2);                                                                           \
    }

ADDRESS_LOAD(lea_load, plain_operand(c, i), move_flat.lea_plain)
ADDRESS_LOAD(set_load, i->imm, move_flat.mov[SIZE32][FORM_RI])

static uint32_t fuse_load(struct insn *i, uint32_t n) {
    bool lea = i->run == move_flat.lea_plain;
    if (n < 2 || (!lea && i->run != move_flat.mov[SIZE32][FORM_RI]) ||
        i[1].run != move_flat.plain[SIZE32][FORM_RM] || i[1].u.m.base != i[0].dst)
        return 0;
    i->run = lea ? lea_load : set_load;
    return 2;
}

/* Several PUSHes or POPs of registers. */
#define PUSHES(n)                                                                                  \
    static RUN(push_##n) {                                                                         \
        uint8_t *to = writable_in(c, SS, c->r[ESP] - 4 * n, 4 * n);                                \
        if (UNLIKELY(!to))                                                                         \
            return stack_flat.run[PUSH_REG][SIZE32](c, i);                                         \
        for (uint32_t k = 0; k < n; k++)                                                           \
            put32(to + 4 * (n - 1 - k), c->r[i[k].dst]);                                           \
        c->r[ESP] -= 4 * n;                                                                        \
        CHAIN_BEHIND(n);                                                                           \
    }
#define POPS(n)                                                                                    \
    static RUN(pop_##n) {                                                                          \
        const uint8_t *p = readable_in(c, SS, c->r[ESP], 4 * n);                                   \
        if (UNLIKELY(!p))                                                                          \
            return stack_flat.run[POP_REG][SIZE32](c, i);                                          \
        for (uint32_t k = 0; k < n; k++)                                                           \
            c->r[i[k].dst] = get32(p + 4 * k);                                                     \
        c->r[ESP] += 4 * n;                                                                        \
        CHAIN_BEHIND(n);                                                                           \
    }

PUSHES(2)
PUSHES(3)
PUSHES(4)
POPS(2)
POPS(3)
POPS(4)

enum { MOST_IN_A_ROW = 4 };
static run_fn *const IN_A_ROW[2][MOST_IN_A_ROW + 1] = {{NULL, NULL, push_2, push_3, push_4},
                                                       {NULL, NULL, pop_2, pop_3, pop_4}};

/* What is more than PUSHes or POPs in a row. */
static uint32_t fuse_others(struct insn *first, uint32_t n) {
    uint32_t taken = fuse_condition(first, n);
    if (!taken)
        taken = fuse_binary(first, n);
    return taken ? taken : fuse_load(first, n);
}

/* The last of them may be the first of something else. */
static uint32_t fuse_row(struct insn *first, uint32_t n) {
    run_fn *run = first->run;
    bool pop = run == stack_flat.run[POP_REG][SIZE32];
    uint32_t k = 1;
    if ((!pop && run != stack_flat.run[PUSH_REG][SIZE32]) || first->dst == ESP)
        return 0;
    while (k < n && k < MOST_IN_A_ROW && first[k].run == run && first[k].dst != ESP &&
           !fuse_others(&first[k], n - k))
        k++;
    if (k > 1)
        first->run = IN_A_ROW[pop][k];
    return k;
}

void fuse(struct insn *first, uint32_t n) {
    while (n) {
        uint32_t taken = fuse_others(first, n);
        if (!taken)
            taken = fuse_row(first, n);
        taken += !taken;
        first += taken;
        n -= taken;
    }
}
