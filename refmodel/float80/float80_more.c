/* Rounding to integers, remainders, scaling, constants. */
#include "refmodel/float80/float80.h"

#define TOP_BIT ((uint64_t)1 << 63)

static const struct float_format WHOLE = {64, EXPONENT_MAX};

struct float80 float80_round(struct float_env *env, struct float80 a) {
    struct unpacked u = float80_unpack(a);
    struct float80 result;
    if (float80_special(env, a, a, &result))
        return result;
    if (u.class != CLASS_FINITE)
        return a;
    if (u.denormal)
        env->raised |= FLOAT_DENORMAL;
    int32_t places = EXPONENT_BIAS + 63 - u.exponent; /* behind the point */
    if (places <= 0)
        return a;
    uint64_t high = u.significand, low = 0;
    float80_shift_right(&high, &low, (uint32_t)places);
    /* With the point behind bit 0 of `high`, packing at full precision rounds to an integer. */
    struct float_env chop = {.rounding = env->rounding, .precision = 64};
    struct float80 r = float80_pack(&chop, WHOLE, u.sign, EXPONENT_BIAS + 63, high, low);
    env->raised |= chop.raised;
    env->up = chop.up;
    if (!r.significand)
        return float80_zero(u.sign);
    /* Normalise: the pack above left leading zeros. */
    return float80_pack(&chop, WHOLE, u.sign,
                        EXPONENT_BIAS + 63 - (int32_t)float80_leading_zeros(r.significand),
                        r.significand << float80_leading_zeros(r.significand), 0);
}

uint32_t float80_leading_zeros(uint64_t v) {
    uint32_t n = 0;
    while (n < 64 && !(v << n & TOP_BIT))
        n++;
    return n;
}

/* What is left of a after the multiples of b; both finite, D = difference of the exponents. */
static struct float80 reduce(struct float_env *env, struct unpacked a, struct unpacked b,
                             int32_t steps, uint32_t *quotient) {
    uint64_t rest = a.significand, q = 0;
    bool carry = false;
    for (int32_t n = 0; n <= steps; n++) {
        q <<= 1;
        if (carry || rest >= b.significand) {
            rest -= b.significand;
            q |= 1;
        }
        if (n < steps) {
            carry = rest >> 63;
            rest <<= 1;
        }
    }
    *quotient = (uint32_t)q;
    if (!rest)
        return float80_zero(a.sign);
    uint32_t n = float80_leading_zeros(rest);
    struct float_env exact = {.rounding = env->rounding, .precision = 64};
    return float80_pack(&exact, WHOLE, a.sign, a.exponent - steps - (int32_t)n, rest << n, 0);
}

/* FPREM1: the rest nearest to zero. */
static struct float80 to_nearest(struct float_env *env, struct float80 rest, struct unpacked a,
                                 struct unpacked b, uint32_t *quotient) {
    struct unpacked r = float80_unpack(rest);
    struct float_env exact = {.rounding = env->rounding, .precision = 64};
    if (r.class != CLASS_FINITE || r.exponent < b.exponent - 1)
        return rest;
    /* A rest of b's own exponent is more than half of it. */
    if (r.exponent == b.exponent - 1 &&
        (r.significand < b.significand || (r.significand == b.significand && !(*quotient & 1))))
        return rest;
    ++*quotient;
    struct float80 size = float80_pack(&exact, WHOLE, a.sign, b.exponent, b.significand, 0);
    return float80_subtract(&exact, rest, size);
}

/* The number as it is, but with a proper exponent. */
static struct float80 whole(struct unpacked a) {
    struct float_env exact = {.rounding = ROUND_NEAREST, .precision = 64};
    return float80_pack(&exact, WHOLE, a.sign, a.exponent, a.significand, 0);
}

struct float80 float80_remainder(struct float_env *env, struct float80 a, struct float80 b,
                                 bool nearest, bool *partial, uint32_t *quotient) {
    struct unpacked ua = float80_unpack(a), ub = float80_unpack(b);
    struct float80 result;
    *partial = false;
    *quotient = 0;
    if (float80_special(env, a, b, &result))
        return result;
    if (ua.class == CLASS_INFINITE || ub.class == CLASS_ZERO)
        return float80_invalid(env);
    if (ua.denormal || ub.denormal)
        env->raised |= FLOAT_DENORMAL;
    if (ua.class == CLASS_ZERO)
        return a;
    if (ub.class == CLASS_INFINITE)
        return whole(ua);
    int32_t distance = ua.exponent - ub.exponent;
    if (distance >= 64) {
        /* A part of the way: the exponent shrinks by 32 to 63. */
        int32_t part = 32 + distance % 32;
        ub.exponent += distance - part;
        *partial = true;
        result = reduce(env, ua, ub, part, quotient);
        *quotient = 0;
        return result;
    }
    if (distance < 0)
        result = whole(ua);
    else
        result = reduce(env, ua, ub, distance, quotient);
    return nearest ? to_nearest(env, result, ua, ub, quotient) : result;
}

/* b without its fraction, as far as it matters for an exponent. */
static int32_t small_integer(const struct unpacked *b) {
    int32_t e = b->exponent - EXPONENT_BIAS;
    if (e < 0)
        return 0;
    int32_t v = e > 16 ? 0x20000 : (int32_t)(b->significand >> (63 - e));
    return b->sign ? -v : v;
}

struct float80 float80_scale(struct float_env *env, struct float80 a, struct float80 b) {
    struct unpacked ua = float80_unpack(a), ub = float80_unpack(b);
    struct float80 result;
    if (float80_special(env, a, b, &result))
        return result;
    if (ub.class == CLASS_INFINITE &&
        (ub.sign ? ua.class == CLASS_INFINITE : ua.class == CLASS_ZERO))
        return float80_invalid(env);
    if (ua.denormal || ub.denormal)
        env->raised |= FLOAT_DENORMAL;
    if (ua.class != CLASS_FINITE)
        return a;
    if (ub.class == CLASS_INFINITE)
        return ub.sign ? float80_zero(ua.sign) : float80_infinity(ua.sign);
    int32_t exponent = ua.exponent;
    if (ub.class == CLASS_FINITE)
        exponent += small_integer(&ub);
    return float80_pack(env, WHOLE, ua.sign, exponent, ua.significand, 0);
}

struct float80 float80_extract(struct float_env *env, struct float80 a, struct float80 *exponent) {
    struct unpacked u = float80_unpack(a);
    struct float80 result;
    if (float80_special(env, a, a, &result)) {
        *exponent = result;
        return result;
    }
    if (u.class == CLASS_ZERO) {
        env->raised |= FLOAT_ZERO_DIVIDE;
        *exponent = float80_infinity(true);
        return a;
    }
    if (u.class == CLASS_INFINITE) {
        *exponent = float80_infinity(false);
        return a;
    }
    if (u.denormal)
        env->raised |= FLOAT_DENORMAL;
    *exponent = float80_from_integer((uint64_t)(int64_t)(u.exponent - EXPONENT_BIAS));
    uint16_t sign = u.sign ? 0x8000 : 0;
    return (struct float80){u.significand, (uint16_t)(sign | EXPONENT_BIAS)};
}

struct float80 float80_constant(const struct float_env *env, uint32_t n) {
    static const struct {
        int32_t exponent;
        uint64_t high;
        uint64_t low;
    } constants[] = {{EXPONENT_BIAS, TOP_BIT, 0},
                     {EXPONENT_BIAS + 1, 0xD49A784BCD1B8AFE, 0x492BF6FF4DAFDB4C},
                     {EXPONENT_BIAS, 0xB8AA3B295C17F0BB, 0xBE87FED0691D3E88},
                     {EXPONENT_BIAS + 1, 0xC90FDAA22168C234, 0xC4C6628B80DC1CD1},
                     {EXPONENT_BIAS - 2, 0x9A209A84FBCFF798, 0x8F8959AC0B7C9178},
                     {EXPONENT_BIAS - 1, 0xB17217F7D1CF79AB, 0xC9E3B39803F2F6AF},
                     {0, 0, 0}};
    struct float_env quiet = {.rounding = env->rounding, .precision = 64};
    return float80_pack(&quiet, WHOLE, false, constants[n].exponent, constants[n].high,
                        constants[n].low);
}
