/* MUL IMUL DIV IDIV. Flags other than CF and OF are undefined after MUL, all after DIV. */
#include "refmodel/cpu/exec.h"

static inline void product_flags(struct cpu *c, bool overflow, uint32_t low, int bits) {
    c->f.zero = c->f.sign = bits == 32 ? low : bits == 16 ? extend16(low) : extend8(low);
    set_coa(c, overflow, overflow, 0);
}

/* A 64-bit product of sign-extended numbers, in unsigned arithmetic. */
static inline uint64_t signed_product(uint32_t a, uint32_t b) {
    uint64_t p = (uint64_t)a * b;
    if (a >> 31)
        p -= (uint64_t)b << 32;
    if (b >> 31)
        p -= (uint64_t)a << 32;
    return p;
}

static inline uint32_t extended(uint32_t v, int bits) {
    return bits == 32 ? v : bits == 16 ? extend16(v) : extend8(v);
}

/* Whether the product is more than its low half sign-extended. */
static inline bool too_wide(uint64_t p, int bits) {
    uint32_t low = extended((uint32_t)p, bits);
    uint64_t back = low >> 31 ? 0xFFFFFFFF00000000u | low : low;
    return back != p;
}

static void put_product(struct cpu *c, uint64_t p, int bits) {
    if (bits == 8) {
        set_reg16(c, EAX, (uint32_t)p);
    } else if (bits == 16) {
        set_reg16(c, EAX, (uint32_t)p);
        set_reg16(c, EDX, (uint32_t)(p >> 16));
    } else {
        c->r[EAX] = (uint32_t)p;
        c->r[EDX] = (uint32_t)(p >> 32);
    }
}

static void do_mul(struct cpu *c, const struct insn *i, uint32_t v, int bits) {
    uint32_t mask = bits == 32 ? 0xFFFFFFFFu : (1u << bits) - 1;
    uint64_t p = (uint64_t)(c->r[EAX] & mask) * v;
    (void)i;
    put_product(c, p, bits);
    product_flags(c, p >> bits != 0, (uint32_t)p, bits);
}

static void do_imul(struct cpu *c, const struct insn *i, uint32_t v, int bits) {
    uint64_t p = signed_product(extended(c->r[EAX], bits), extended(v, bits));
    (void)i;
    put_product(c, p, bits);
    product_flags(c, too_wide(p, bits), (uint32_t)p, bits);
}

static uint64_t dividend(const struct cpu *c, int bits) {
    if (bits == 8)
        return reg16(c, EAX);
    if (bits == 16)
        return reg16(c, EDX) << 16 | reg16(c, EAX);
    return (uint64_t)c->r[EDX] << 32 | c->r[EAX];
}

static void put_quotient(struct cpu *c, uint32_t quotient, uint32_t rest, int bits) {
    if (bits == 8) {
        set_reg16(c, EAX, (rest & 0xFF) << 8 | (quotient & 0xFF));
    } else if (bits == 16) {
        set_reg16(c, EAX, quotient);
        set_reg16(c, EDX, rest);
    } else {
        c->r[EAX] = quotient;
        c->r[EDX] = rest;
    }
}

static void do_div(struct cpu *c, const struct insn *i, uint32_t v, int bits) {
    uint64_t n = dividend(c, bits);
    if (!v || n / v >> bits)
        cpu_fault(c, VECTOR_DIVIDE, i->eip);
    else
        put_quotient(c, (uint32_t)(n / v), (uint32_t)(n % v), bits);
}

static uint64_t negate_if(uint64_t v, bool yes) {
    return yes ? 0 - v : v;
}

static void do_idiv(struct cpu *c, const struct insn *i, uint32_t v, int bits) {
    uint64_t n = dividend(c, bits);
    bool minus = n >> (2 * bits - 1) & 1;
    if (bits != 32 && minus)
        n |= ~(((uint64_t)1 << 2 * bits) - 1);
    uint32_t wide = extended(v, bits);
    bool other = wide >> 31;
    uint64_t size = other ? 0 - wide : wide;
    size &= 0xFFFFFFFFu;
    n = negate_if(n, minus);
    uint64_t limit = (uint64_t)1 << (bits - 1); /* of the quotient, one more where negative */
    if (!size || n / size > limit || (n / size == limit && minus == other)) {
        cpu_fault(c, VECTOR_DIVIDE, i->eip);
        return;
    }
    put_quotient(c, (uint32_t)negate_if(n / size, minus != other),
                 (uint32_t)negate_if(n % size, minus), bits);
}

#define FORMS_OF(name, N)                                                                          \
    static RUN(name##N##_r) {                                                                      \
        do_##name(c, i, reg##N(c, i->dst), N);                                                     \
        NEXT;                                                                                      \
    }                                                                                              \
    static RUN(name##N##_m) {                                                                      \
        uint32_t v = load##N(c, i, operand(c, i));                                                 \
        if (!c->stop)                                                                              \
            do_##name(c, i, v, N);                                                                 \
        NEXT;                                                                                      \
    }

#define SIZES_OF(name) FORMS_OF(name, 8) FORMS_OF(name, 16) FORMS_OF(name, 32)

SIZES_OF(mul)
SIZES_OF(imul)
SIZES_OF(div)
SIZES_OF(idiv)

#define ROW(name, N)                                                                               \
    { name##N##_r, name##N##_m }
#define TABLE(name)                                                                                \
    { ROW(name, 8), ROW(name, 16), ROW(name, 32) }

static inline uint32_t truncated(struct cpu *c, uint32_t a, uint32_t b, int bits) {
    uint64_t p = signed_product(extended(a, bits), extended(b, bits));
    product_flags(c, too_wide(p, bits), (uint32_t)p, bits);
    return (uint32_t)p;
}

#define IMUL_OF(N)                                                                                 \
    static RUN(imul##N##_rr) {                                                                     \
        set_reg##N(c, i->dst, truncated(c, reg##N(c, i->dst), reg##N(c, i->src), N));              \
        CHAIN;                                                                                     \
    }                                                                                              \
    static RUN(imul##N##_rm) {                                                                     \
        uint32_t v = load##N(c, i, operand(c, i));                                                 \
        UNLESS_FAULTED;                                                                            \
        set_reg##N(c, i->dst, truncated(c, reg##N(c, i->dst), v, N));                              \
        NEXT;                                                                                      \
    }                                                                                              \
    static RUN(imul##N##_rri) {                                                                    \
        set_reg##N(c, i->dst, truncated(c, reg##N(c, i->src), i->imm, N));                         \
        CHAIN;                                                                                     \
    }                                                                                              \
    static RUN(imul##N##_rmi) {                                                                    \
        uint32_t v = load##N(c, i, operand(c, i));                                                 \
        UNLESS_FAULTED;                                                                            \
        set_reg##N(c, i->dst, truncated(c, v, i->imm, N));                                         \
        NEXT;                                                                                      \
    }

IMUL_OF(16)
IMUL_OF(32)

const struct muldiv_set SET(muldiv) = {
    .run = {TABLE(mul), TABLE(imul), TABLE(div), TABLE(idiv)},
    .imul2 = {[SIZE16] = {[FORM_RR] = imul16_rr, [FORM_RM] = imul16_rm},
              [SIZE32] = {[FORM_RR] = imul32_rr, [FORM_RM] = imul32_rm}},
    .imul3 = {[SIZE16] = {imul16_rri, imul16_rmi}, [SIZE32] = {imul32_rri, imul32_rmi}}};
