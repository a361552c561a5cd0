/* NOT NEG INC DEC, XADD, CMPXCHG. */
#include "refmodel/cpu/alu.h"
#include "refmodel/cpu/exec.h"

/* INC and DEC keep CF. */
static inline uint32_t do_step(struct cpu *c, uint32_t a, bool down, int bits) {
    uint32_t cf = flag_c(c);
    uint32_t r = down ? difference(c, a, 1, 0, bits) : sum(c, a, 1, 0, bits);
    set_carry(c, cf);
    return r;
}

#define DO_NOT(a, bits) (~(a))
#define DO_NEG(a, bits) difference(c, 0, a, 0, bits)
#define DO_INC(a, bits) do_step(c, a, false, bits)
#define DO_DEC(a, bits) do_step(c, a, true, bits)
#define QUIET_NEG(a, bits) (0 - (a))
#define QUIET_INC(a, bits) ((a) + 1)
#define QUIET_DEC(a, bits) ((a)-1)

#define FORMS_OF(name, OP, N)                                                                      \
    static RUN(name##N##_r) {                                                                      \
        set_reg##N(c, i->dst, OP(reg##N(c, i->dst), N));                                           \
        CHAIN;                                                                                     \
    }                                                                                              \
    MODIFYING(name##N##_m, N, OP(v, N))

#define SIZES_OF(name, OP) FORMS_OF(name, OP, 8) FORMS_OF(name, OP, 16) FORMS_OF(name, OP, 32)

SIZES_OF(not, DO_NOT)
SIZES_OF(neg, DO_NEG)
SIZES_OF(inc, DO_INC)
SIZES_OF(dec, DO_DEC)
SIZES_OF(quiet_neg, QUIET_NEG)
SIZES_OF(quiet_inc, QUIET_INC)
SIZES_OF(quiet_dec, QUIET_DEC)

/* XADD: the destination gets the sum, the source register (src) the old destination. */
#define XADD_OF(N)                                                                                 \
    static RUN(xadd##N##_r) {                                                                      \
        uint32_t a = reg##N(c, i->dst);                                                            \
        uint32_t r = sum(c, a, reg##N(c, i->src), 0, N);                                           \
        set_reg##N(c, i->src, a);                                                                  \
        set_reg##N(c, i->dst, r);                                                                  \
        CHAIN;                                                                                     \
    }                                                                                              \
    static RUN(xadd##N##_m) {                                                                      \
        uint32_t at = operand(c, i);                                                               \
        if (!may_modify(c, i, at, N / 8))                                                          \
            LEAVE(i);                                                                              \
        uint32_t a = load##N(c, i, at);                                                            \
        store##N(c, i, at, sum(c, a, reg##N(c, i->src), 0, N));                                    \
        set_reg##N(c, i->src, a);                                                                  \
        NEXT;                                                                                      \
    }

/* CMPXCHG compares the accumulator with the destination and exchanges when they are equal. */
#define CMPXCHG_OF(N)                                                                              \
    static RUN(cmpxchg##N##_r) {                                                                   \
        uint32_t a = reg##N(c, i->dst);                                                            \
        difference(c, reg##N(c, EAX), a, 0, N);                                                    \
        if (flag_z(c))                                                                             \
            set_reg##N(c, i->dst, reg##N(c, i->src));                                              \
        else                                                                                       \
            set_reg##N(c, EAX, a);                                                                 \
        CHAIN;                                                                                     \
    }                                                                                              \
    static RUN(cmpxchg##N##_m) {                                                                   \
        uint32_t at = operand(c, i);                                                               \
        if (!may_modify(c, i, at, N / 8))                                                          \
            LEAVE(i);                                                                              \
        uint32_t a = load##N(c, i, at);                                                            \
        difference(c, reg##N(c, EAX), a, 0, N);                                                    \
        if (flag_z(c)) {                                                                           \
            store##N(c, i, at, reg##N(c, i->src));                                                 \
        } else {                                                                                   \
            store##N(c, i, at, a);                                                                 \
            set_reg##N(c, EAX, a);                                                                 \
        }                                                                                          \
        NEXT;                                                                                      \
    }

XADD_OF(8)
XADD_OF(16)
XADD_OF(32)
CMPXCHG_OF(8)
CMPXCHG_OF(16)
CMPXCHG_OF(32)

static RUN(cmpxchg8b) {
    uint32_t at = operand(c, i);
    if (!may_modify(c, i, at, 8))
        LEAVE(i);
    uint32_t low = load32(c, i, at);
    uint32_t high = load32(c, i, at + 4);
    bool equal = low == c->r[EAX] && high == c->r[EDX];
    store32(c, i, at, equal ? c->r[EBX] : low);
    store32(c, i, at + 4, equal ? c->r[ECX] : high);
    if (!equal) {
        c->r[EAX] = low;
        c->r[EDX] = high;
    }
    cpu_set_eflags(c, (cpu_eflags(c) & ~(uint32_t)FLAG_ZF) | (equal ? FLAG_ZF : 0));
    NEXT;
}

#define ROW(name, N)                                                                               \
    { name##N##_r, name##N##_m }
#define TABLE(name)                                                                                \
    { ROW(name, 8), ROW(name, 16), ROW(name, 32) }

const struct unary_set SET(unary) = {
    .run = {TABLE(not ), TABLE(neg), TABLE(inc), TABLE(dec)},
    .quiet = {TABLE(not ), TABLE(quiet_neg), TABLE(quiet_inc), TABLE(quiet_dec)},
    .xadd = TABLE(xadd),
    .cmpxchg = TABLE(cmpxchg),
    .cmpxchg8b = cmpxchg8b};
