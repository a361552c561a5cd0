/* Rounding to integers, and remainders. */
#include "refmodel/float80/pack.h"

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
