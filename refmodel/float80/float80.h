/*
 * Floating point in the x87's 80-bit format, in integer arithmetic: the same bits on every host.
 * Source: Intel SDM volume 1, chapters 4 and 8; IEEE 754.
 */
#ifndef REFMODEL_FLOAT80_FLOAT80_H
#define REFMODEL_FLOAT80_FLOAT80_H

#include <stdbool.h>
#include <stdint.h>

/* A number as it lies in a register: the integer bit is bit 63 of the significand. */
struct float80 {
    uint64_t significand;
    uint16_t top; /* sign in bit 15, biased exponent below */
};

/* Exceptions, as in the status word. */
enum {
    FLOAT_INVALID = 1,
    FLOAT_DENORMAL = 2,
    FLOAT_ZERO_DIVIDE = 4,
    FLOAT_OVERFLOW = 8,
    FLOAT_UNDERFLOW = 16,
    FLOAT_INEXACT = 32
};

/* Rounding modes, as in the control word. */
enum { ROUND_NEAREST, ROUND_DOWN, ROUND_UP, ROUND_CHOP };

/* How to compute, and what came up. */
struct float_env {
    int rounding;
    int precision;   /* bits of the significand: 24, 53 or 64 */
    uint32_t raised; /* exceptions; they add up */
    bool up;         /* the last rounding went away from zero */
};

enum { EXPONENT_BIAS = 16383, EXPONENT_MAX = 0x7FFF };

static inline bool float80_sign(struct float80 a) {
    return a.top >> 15;
}

static inline uint32_t float80_exponent(struct float80 a) {
    return a.top & 0x7FFF;
}

struct float80 float80_zero(bool sign);
struct float80 float80_infinity(bool sign);
/* The quiet NaN that stands for an invalid operation. */
struct float80 float80_default_nan(void);

bool float80_is_nan(struct float80 a);
bool float80_is_signalling(struct float80 a);
/* The NaN without signalling. */
struct float80 float80_quiet(struct float80 a);
/* An encoding that no operation makes and none accepts (pseudo-NaN, unnormal...). */
bool float80_is_unsupported(struct float80 a);

/* Arithmetic, rounded to env->precision. */
struct float80 float80_add(struct float_env *env, struct float80 a, struct float80 b);
struct float80 float80_subtract(struct float_env *env, struct float80 a, struct float80 b);
struct float80 float80_multiply(struct float_env *env, struct float80 a, struct float80 b);
struct float80 float80_divide(struct float_env *env, struct float80 a, struct float80 b);
struct float80 float80_sqrt(struct float_env *env, struct float80 a);

/* How a and b compare. A signalling NaN raises, a quiet one only if not `quiet`. */
enum float_order { FLOAT_LESS, FLOAT_EQUAL, FLOAT_GREATER, FLOAT_UNORDERED };
enum float_order float80_compare(struct float_env *env, struct float80 a, struct float80 b,
                                 bool quiet);

/* To an integer in the same format, as the rounding mode says. */
struct float80 float80_round(struct float_env *env, struct float80 a);

/*
 * FPREM (`nearest` false) and FPREM1: one step of a reduction by b. *partial: there are steps left
 * to do; otherwise *quotient has the low bits of the quotient.
 */
struct float80 float80_remainder(struct float_env *env, struct float80 a, struct float80 b,
                                 bool nearest, bool *partial, uint32_t *quotient);

/* a times 2 to the power of b without its fraction. */
struct float80 float80_scale(struct float_env *env, struct float80 a, struct float80 b);

/* Significand and exponent of a as numbers. */
struct float80 float80_extract(struct float_env *env, struct float80 a, struct float80 *exponent);

/* The constants of FLD1 FLDL2T FLDL2E FLDPI FLDLG2 FLDLN2 FLDZ, in this order, rounded. */
struct float80 float80_constant(const struct float_env *env, uint32_t n);

/*
 * Conversions. The bits of a single or a double come and go as integers. Coming in is exact, and
 * signalling NaNs stay such; whether the number was denormal has to be asked apart.
 */
struct float80 float80_from_single(uint32_t bits);
struct float80 float80_from_double(uint64_t bits);
bool float80_single_denormal(uint32_t bits);
bool float80_double_denormal(uint64_t bits);
uint32_t float80_to_single(struct float_env *env, struct float80 a);
uint64_t float80_to_double(struct float_env *env, struct float80 a);
/* A two's complement integer in the low bits of a uint64_t, sign-extended. */
struct float80 float80_from_integer(uint64_t v);
/* To `bits` bits; what does not fit is invalid and gives the most negative number. */
uint64_t float80_to_integer(struct float_env *env, struct float80 a, int bits);
/* 18 decimal digits, two a byte, and a sign in byte 9. */
struct float80 float80_from_decimal(const uint8_t bytes[10]);
void float80_to_decimal(struct float_env *env, struct float80 a, uint8_t bytes[10]);

#endif
