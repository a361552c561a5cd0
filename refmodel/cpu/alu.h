/*
 * Arithmetic with flags. Operands are zero-extended; of results the bits above the size do not
 * matter. `bits` is a constant wherever these are called.
 */
#ifndef REFMODEL_CPU_ALU_H
#define REFMODEL_CPU_ALU_H

#include "refmodel/cpu/cpu.h"

/* Flags from a result and the vector of carries out of each bit. */
static inline void set_flags(struct cpu *c, uint32_t result, uint32_t carries, int bits) {
    if (bits == 32) {
        c->f.zero = c->f.sign = result;
        c->f.carry = carries;
    } else if (bits == 16) {
        c->f.zero = c->f.sign = extend16(result);
        c->f.carry = (carries & 8) | carries << 16;
    } else {
        c->f.zero = c->f.sign = extend8(result);
        c->f.carry = (carries & 8) | carries << 24;
    }
}

static inline uint32_t sum(struct cpu *c, uint32_t a, uint32_t b, uint32_t carry, int bits) {
    uint32_t r = a + b + carry;
    set_flags(c, r, (a & b) | ((a | b) & ~r), bits);
    return r;
}

static inline uint32_t difference(struct cpu *c, uint32_t a, uint32_t b, uint32_t borrow,
                                  int bits) {
    uint32_t r = a - b - borrow;
    set_flags(c, r, (~a & b) | ((~a | b) & r), bits);
    return r;
}

static inline uint32_t logic(struct cpu *c, uint32_t r, int bits) {
    set_flags(c, r, 0, bits);
    return r;
}

#endif
