/* How the files of float80 take numbers apart and put them together; nobody else needs it. */
#ifndef REFMODEL_FLOAT80_PACK_H
#define REFMODEL_FLOAT80_PACK_H

#include "refmodel/float80/float80.h"

enum float_class { CLASS_ZERO, CLASS_FINITE, CLASS_INFINITE, CLASS_NAN, CLASS_UNSUPPORTED };

/* A number taken apart; the significand of a finite one has bit 63 set. */
struct unpacked {
    enum float_class class;
    bool sign;
    bool denormal;
    bool signalling;
    int32_t exponent; /* biased */
    uint64_t significand;
};

struct unpacked float80_unpack(struct float80 a);

/* The format that a number is rounded to. */
struct float_format {
    int precision;
    int32_t exponent_max; /* the one of infinity */
};

/*
 * Rounds (high.low) * 2^exponent, bit 63 of high being the integer bit, which is set unless all
 * is zero. The result's top holds sign and exponent of that format, its significand bit 63 the
 * integer bit.
 */
struct float80 float80_pack(struct float_env *env, struct float_format format, bool sign,
                            int32_t exponent, uint64_t high, uint64_t low);

/* Whether an operation on a (and b) has its result already, because of NaNs and the like. */
bool float80_special(struct float_env *env, struct float80 a, struct float80 b,
                     struct float80 *result);

/* Shifts right; bits that fall out at the end stay visible in bit 0 of *low. */
void float80_shift_right(uint64_t *high, uint64_t *low, uint32_t n);

/* Raises FLOAT_INVALID and gives its NaN. */
struct float80 float80_invalid(struct float_env *env);

/* How many bits above the highest one that is set; 64 where none is. */
uint32_t float80_leading_zeros(uint64_t v);

#endif
