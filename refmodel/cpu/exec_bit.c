/* BT BTS BTR BTC, BSF BSR, SETcc, CMOVcc. */
#include "refmodel/cpu/exec.h"

static inline uint32_t change(int op, uint32_t a, uint32_t mask) {
    switch (op) {
    case BIT_SET:
        return a | mask;
    case BIT_RESET:
        return a & ~mask;
    case BIT_FLIP:
        return a ^ mask;
    default:
        return a;
    }
}

/* A bit number in a register reaches beyond the operand: it is signed and counts from it. */
static inline uint32_t reach(uint32_t bit, int bits) {
    uint32_t index = bits == 32 ? bit >> 5 : extend16(bit) >> 4;
    uint32_t sign = bits == 32 ? bit : extend16(bit);
    if (sign >> 31)
        index |= bits == 32 ? 0xF8000000u : 0xF0000000u;
    return index * (uint32_t)(bits / 8);
}

/* A 16-bit address stays one. */
static inline uint32_t reached(const struct insn *i, uint32_t at) {
    return i->u.m.narrow ? at & 0xFFFF : at;
}

#define BIT_OF(name, op, N)                                                                        \
    static RUN(name##N##_r) {                                                                      \
        uint32_t bit = i->imm & (N - 1);                                                           \
        uint32_t a = reg##N(c, i->dst);                                                            \
        set_carry(c, a >> bit & 1);                                                                \
        set_reg##N(c, i->dst, change(op, a, 1u << bit));                                           \
        CHAIN;                                                                                     \
    }                                                                                              \
    static RUN(name##N##_rr) {                                                                     \
        uint32_t bit = c->r[i->src] & (N - 1);                                                     \
        uint32_t a = reg##N(c, i->dst);                                                            \
        set_carry(c, a >> bit & 1);                                                                \
        set_reg##N(c, i->dst, change(op, a, 1u << bit));                                           \
        CHAIN;                                                                                     \
    }                                                                                              \
    static RUN(name##N##_mi) {                                                                     \
        uint32_t bit = i->imm & (N - 1);                                                           \
        uint32_t at = operand(c, i);                                                               \
        if (op != BIT_TEST && !may_modify(c, i, at, N / 8))                                        \
            LEAVE(i);                                                                              \
        uint32_t a = load##N(c, i, at);                                                            \
        UNLESS_FAULTED;                                                                            \
        set_carry(c, a >> bit & 1);                                                                \
        if (op != BIT_TEST)                                                                        \
            store##N(c, i, at, change(op, a, 1u << bit));                                          \
        NEXT;                                                                                      \
    }                                                                                              \
    static RUN(name##N##_mr) {                                                                     \
        uint32_t bit = c->r[i->src];                                                               \
        uint32_t at = reached(i, operand(c, i) + reach(bit, N));                                   \
        if (op != BIT_TEST && !may_modify(c, i, at, N / 8))                                        \
            LEAVE(i);                                                                              \
        uint32_t a = load##N(c, i, at);                                                            \
        UNLESS_FAULTED;                                                                            \
        set_carry(c, a >> (bit & (N - 1)) & 1);                                                    \
        if (op != BIT_TEST)                                                                        \
            store##N(c, i, at, change(op, a, 1u << (bit & (N - 1))));                              \
        NEXT;                                                                                      \
    }

#define BITS_OF(name, op) BIT_OF(name, op, 16) BIT_OF(name, op, 32)

BITS_OF(bt, BIT_TEST)
BITS_OF(bts, BIT_SET)
BITS_OF(btr, BIT_RESET)
BITS_OF(btc, BIT_FLIP)

#define BIT_ROW(name, N)                                                                           \
    {                                                                                              \
        [FORM_RI] = name##N##_r, [FORM_RR] = name##N##_rr, [FORM_MI] = name##N##_mi,               \
        [FORM_MR] = name##N##_mr                                                                   \
    }
#define BIT_TABLE(name)                                                                            \
    { [SIZE16] = BIT_ROW(name, 16), [SIZE32] = BIT_ROW(name, 32) }

/* A source of 0 sets ZF and leaves the destination as it is, as processors do. */
static inline bool scan(struct cpu *c, uint32_t v, bool reverse, uint32_t *found) {
    uint32_t n = reverse ? 31 : 0;
    c->f.zero = v;
    if (!v)
        return false;
    while (!(v >> n & 1))
        n += reverse ? 0xFFFFFFFFu : 1;
    *found = n;
    return true;
}

#define SCAN_OF(name, reverse, N)                                                                  \
    static RUN(name##N##_r) {                                                                      \
        uint32_t n;                                                                                \
        if (scan(c, reg##N(c, i->src), reverse, &n))                                               \
            set_reg##N(c, i->dst, n);                                                              \
        CHAIN;                                                                                     \
    }                                                                                              \
    static RUN(name##N##_m) {                                                                      \
        uint32_t n;                                                                                \
        uint32_t v = load##N(c, i, operand(c, i));                                                 \
        UNLESS_FAULTED;                                                                            \
        if (scan(c, v, reverse, &n))                                                               \
            set_reg##N(c, i->dst, n);                                                              \
        NEXT;                                                                                      \
    }

SCAN_OF(bsf, false, 16)
SCAN_OF(bsf, false, 32)
SCAN_OF(bsr, true, 16)
SCAN_OF(bsr, true, 32)

static RUN(set_r) {
    set_reg8(c, i->dst, condition(c, i->aux));
    CHAIN;
}

static RUN(set_m) {
    store8(c, i, operand(c, i), condition(c, i->aux));
    NEXT;
}

/* The memory operand is read even when nothing is moved. */
#define CMOV_OF(N)                                                                                 \
    static RUN(cmov##N##_rr) {                                                                     \
        if (condition(c, i->aux))                                                                  \
            set_reg##N(c, i->dst, reg##N(c, i->src));                                              \
        CHAIN;                                                                                     \
    }                                                                                              \
    static RUN(cmov##N##_rm) {                                                                     \
        uint32_t v = load##N(c, i, operand(c, i));                                                 \
        UNLESS_FAULTED;                                                                            \
        if (condition(c, i->aux))                                                                  \
            set_reg##N(c, i->dst, v);                                                              \
        NEXT;                                                                                      \
    }

CMOV_OF(16)
CMOV_OF(32)

const struct bit_set SET(bit) = {
    .run = {BIT_TABLE(bt), BIT_TABLE(bts), BIT_TABLE(btr), BIT_TABLE(btc)},
    .scan = {{[SIZE16] = {bsf16_r, bsf16_m}, [SIZE32] = {bsf32_r, bsf32_m}},
             {[SIZE16] = {bsr16_r, bsr16_m}, [SIZE32] = {bsr32_r, bsr32_m}}},
    .set = {set_r, set_m},
    .cmov = {[SIZE16] = {[FORM_RR] = cmov16_rr, [FORM_RM] = cmov16_rm},
             [SIZE32] = {[FORM_RR] = cmov32_rr, [FORM_RM] = cmov32_rm}}};
