/* Rotates and shifts. A count is taken modulo 32; a count of 0 changes neither result nor flags. */
#include "refmodel/cpu/exec.h"

static inline uint32_t mask_of(int bits) {
    return bits == 32 ? 0xFFFFFFFFu : (1u << bits) - 1;
}

static inline uint32_t top_bit(uint32_t v, int bits) {
    return v >> (bits - 1) & 1;
}

/* Flags of a shift; rotates set only CF and OF. */
static inline void set_shifted(struct cpu *c, uint32_t r, uint32_t cf, uint32_t of, int bits) {
    c->f.zero = c->f.sign = bits == 32 ? r : bits == 16 ? extend16(r) : extend8(r);
    set_coa(c, cf, of, 0);
}

static inline uint32_t do_rol(struct cpu *c, uint32_t a, uint32_t n, int bits) {
    uint32_t k = n & (uint32_t)(bits - 1);
    uint32_t r = k ? (a << k | a >> ((uint32_t)bits - k)) & mask_of(bits) : a;
    set_coa(c, r & 1, (r & 1) ^ top_bit(r, bits), flag_a(c));
    return r;
}

static inline uint32_t do_ror(struct cpu *c, uint32_t a, uint32_t n, int bits) {
    uint32_t k = n & (uint32_t)(bits - 1);
    uint32_t r = k ? (a >> k | a << ((uint32_t)bits - k)) & mask_of(bits) : a;
    set_coa(c, top_bit(r, bits), top_bit(r, bits) ^ top_bit(r, bits - 1), flag_a(c));
    return r;
}

/* Through the carry: bits + 1 places. */
static inline uint32_t do_rcl(struct cpu *c, uint32_t a, uint32_t n, int bits) {
    uint32_t k = bits == 32 ? n : n % (uint32_t)(bits + 1);
    uint64_t wide = (uint64_t)flag_c(c) << bits | a;
    if (k)
        wide = wide << k | wide >> ((uint32_t)bits + 1 - k);
    uint32_t r = (uint32_t)wide & mask_of(bits);
    uint32_t cf = (uint32_t)(wide >> bits) & 1;
    set_coa(c, cf, cf ^ top_bit(r, bits), flag_a(c));
    return r;
}

static inline uint32_t do_rcr(struct cpu *c, uint32_t a, uint32_t n, int bits) {
    uint32_t k = bits == 32 ? n : n % (uint32_t)(bits + 1);
    uint64_t wide = (uint64_t)flag_c(c) << bits | a;
    if (k)
        wide = wide >> k | wide << ((uint32_t)bits + 1 - k);
    uint32_t r = (uint32_t)wide & mask_of(bits);
    uint32_t cf = (uint32_t)(wide >> bits) & 1;
    set_coa(c, cf, top_bit(r, bits) ^ top_bit(r, bits - 1), flag_a(c));
    return r;
}

static inline uint32_t do_shl(struct cpu *c, uint32_t a, uint32_t n, int bits) {
    uint64_t wide = (uint64_t)a << n;
    uint32_t r = (uint32_t)wide & mask_of(bits);
    uint32_t cf = (uint32_t)(wide >> bits) & 1;
    set_shifted(c, r, cf, cf ^ top_bit(r, bits), bits);
    return r;
}

static inline uint32_t do_shr(struct cpu *c, uint32_t a, uint32_t n, int bits) {
    uint32_t r = a >> n;
    set_shifted(c, r, a >> (n - 1) & 1, top_bit(r << 1 ^ r, bits), bits);
    return r;
}

static inline uint32_t do_sar(struct cpu *c, uint32_t a, uint32_t n, int bits) {
    uint32_t wide = bits == 32 ? a : bits == 16 ? extend16(a) : extend8(a);
    uint32_t fill = wide >> 31 ? ~(0xFFFFFFFFu >> n) : 0;
    uint32_t r = wide >> n | fill;
    uint32_t cf = wide >> (n - 1) & 1;
    set_shifted(c, r & mask_of(bits), cf, 0, bits);
    return r;
}

#define FORMS_OF(name, N)                                                                          \
    static RUN(name##N##_r_imm) {                                                                  \
        if (i->imm)                                                                                \
            set_reg##N(c, i->dst, do_##name(c, reg##N(c, i->dst), i->imm, N));                     \
        CHAIN;                                                                                     \
    }                                                                                              \
    static RUN(name##N##_r_cl) {                                                                   \
        uint32_t n = c->r[ECX] & 31;                                                               \
        if (n)                                                                                     \
            set_reg##N(c, i->dst, do_##name(c, reg##N(c, i->dst), n, N));                          \
        CHAIN;                                                                                     \
    }                                                                                              \
    static RUN(name##N##_m_imm) {                                                                  \
        uint32_t at = operand(c, i);                                                               \
        if (!may_modify(c, i, at, N / 8))                                                          \
            LEAVE(i);                                                                              \
        uint32_t a = load##N(c, i, at);                                                            \
        store##N(c, i, at, i->imm ? do_##name(c, a, i->imm, N) : a);                               \
        NEXT;                                                                                      \
    }                                                                                              \
    static RUN(name##N##_m_cl) {                                                                   \
        uint32_t at = operand(c, i);                                                               \
        if (!may_modify(c, i, at, N / 8))                                                          \
            LEAVE(i);                                                                              \
        uint32_t a = load##N(c, i, at);                                                            \
        uint32_t n = c->r[ECX] & 31;                                                               \
        store##N(c, i, at, n ? do_##name(c, a, n, N) : a);                                         \
        NEXT;                                                                                      \
    }

#define SIZES_OF(name) FORMS_OF(name, 8) FORMS_OF(name, 16) FORMS_OF(name, 32)

SIZES_OF(rol)
SIZES_OF(ror)
SIZES_OF(rcl)
SIZES_OF(rcr)
SIZES_OF(shl)
SIZES_OF(shr)
SIZES_OF(sar)

static RUN(quiet_shl) {
    c->r[i->dst] <<= i->imm;
    CHAIN;
}

static RUN(quiet_shr) {
    c->r[i->dst] >>= i->imm;
    CHAIN;
}

static RUN(quiet_sar) {
    uint32_t a = c->r[i->dst];
    c->r[i->dst] = a >> i->imm | (a >> 31 ? ~(0xFFFFFFFFu >> i->imm) : 0);
    CHAIN;
}

/*
 * SHLD and SHRD. With 16 bits a count above 16 is undefined; what processors do is to shift the
 * destination into the source's bits and the destination's again, which is done here.
 */
static inline uint32_t do_shld(struct cpu *c, uint32_t a, uint32_t b, uint32_t n, int bits) {
    uint32_t r, cf;
    if (bits == 32) {
        r = a << n | b >> (32 - n);
        cf = a >> (32 - n) & 1;
    } else {
        uint64_t wide = (uint64_t)a << 32 | (uint64_t)b << 16 | a;
        r = (uint32_t)(wide << n >> 32) & 0xFFFF;
        cf = (uint32_t)(wide << n >> 48) & 1;
    }
    set_shifted(c, r, cf, top_bit(r ^ a, bits), bits);
    return r;
}

static inline uint32_t do_shrd(struct cpu *c, uint32_t a, uint32_t b, uint32_t n, int bits) {
    uint32_t r, cf;
    if (bits == 32) {
        r = a >> n | b << (32 - n);
        cf = a >> (n - 1) & 1;
    } else {
        uint64_t wide = (uint64_t)a << 32 | (uint64_t)b << 16 | a;
        r = (uint32_t)(wide >> n) & 0xFFFF;
        cf = (uint32_t)(wide >> (n - 1)) & 1;
    }
    set_shifted(c, r, cf, top_bit(r ^ a, bits), bits);
    return r;
}

#define DOUBLE_OF(name, N, COUNT, suffix)                                                          \
    static RUN(name##N##_r_##suffix) {                                                             \
        uint32_t n = COUNT;                                                                        \
        if (n)                                                                                     \
            set_reg##N(c, i->dst, do_##name(c, reg##N(c, i->dst), reg##N(c, i->src), n, N));       \
        CHAIN;                                                                                     \
    }                                                                                              \
    static RUN(name##N##_m_##suffix) {                                                             \
        uint32_t at = operand(c, i);                                                               \
        if (!may_modify(c, i, at, N / 8))                                                          \
            LEAVE(i);                                                                              \
        uint32_t a = load##N(c, i, at);                                                            \
        uint32_t n = COUNT;                                                                        \
        store##N(c, i, at, n ? do_##name(c, a, reg##N(c, i->src), n, N) : a);                      \
        NEXT;                                                                                      \
    }

#define DOUBLES_OF(name, N)                                                                        \
    DOUBLE_OF(name, N, i->imm, imm)                                                                \
    DOUBLE_OF(name, N, (c->r[ECX] & 31), cl)

DOUBLES_OF(shld, 16)
DOUBLES_OF(shld, 32)
DOUBLES_OF(shrd, 16)
DOUBLES_OF(shrd, 32)

#define ROW(name, N)                                                                               \
    {                                                                                              \
        {name##N##_r_imm, name##N##_r_cl}, {                                                       \
            name##N##_m_imm, name##N##_m_cl                                                        \
        }                                                                                          \
    }
#define TABLE(name)                                                                                \
    { ROW(name, 8), ROW(name, 16), ROW(name, 32) }

const struct shift_set SET(shift) = {
    .run = {TABLE(rol), TABLE(ror), TABLE(rcl), TABLE(rcr), TABLE(shl), TABLE(shr), TABLE(sar)},
    .quiet = {[SHIFT_SHL] = quiet_shl, [SHIFT_SHR] = quiet_shr, [SHIFT_SAR] = quiet_sar},
    .twice = {{[SIZE16] = ROW(shld, 16), [SIZE32] = ROW(shld, 32)},
              {[SIZE16] = ROW(shrd, 16), [SIZE32] = ROW(shrd, 32)}}};
