/* Taking numbers apart, rounding, NaNs. */
#include "refmodel/float80/pack.h"

#define TOP_BIT ((uint64_t)1 << 63)
#define QUIET_BIT ((uint64_t)1 << 62)

static struct float80 make(bool sign, uint32_t exponent, uint64_t significand) {
    return (struct float80){significand, (uint16_t)((sign ? 0x8000u : 0u) | exponent)};
}

struct float80 float80_zero(bool sign) {
    return make(sign, 0, 0);
}

struct float80 float80_infinity(bool sign) {
    return make(sign, EXPONENT_MAX, TOP_BIT);
}

struct float80 float80_default_nan(void) {
    return make(true, EXPONENT_MAX, TOP_BIT | QUIET_BIT);
}

struct float80 float80_invalid(struct float_env *env) {
    env->raised |= FLOAT_INVALID;
    return float80_default_nan();
}

bool float80_is_unsupported(struct float80 a) {
    return float80_exponent(a) && !(a.significand & TOP_BIT);
}

bool float80_is_nan(struct float80 a) {
    return float80_exponent(a) == EXPONENT_MAX && a.significand << 1;
}

bool float80_is_signalling(struct float80 a) {
    return float80_is_nan(a) && a.significand & TOP_BIT && !(a.significand & QUIET_BIT);
}

struct float80 float80_quiet(struct float80 a) {
    a.significand |= QUIET_BIT;
    return a;
}

struct unpacked float80_unpack(struct float80 a) {
    struct unpacked u = {.sign = float80_sign(a), .exponent = (int32_t)float80_exponent(a)};
    u.significand = a.significand;
    if (float80_is_unsupported(a)) {
        u.class = CLASS_UNSUPPORTED;
    } else if (float80_is_nan(a)) {
        u.class = CLASS_NAN;
        u.signalling = !(a.significand & QUIET_BIT);
    } else if (u.exponent == EXPONENT_MAX) {
        u.class = CLASS_INFINITE;
    } else if (!a.significand) {
        u.class = CLASS_ZERO;
    } else {
        u.class = CLASS_FINITE;
        u.denormal = u.exponent == 0;
        if (u.denormal)
            u.exponent = 1;
        while (!(u.significand & TOP_BIT)) {
            u.significand <<= 1;
            u.exponent--;
        }
    }
    return u;
}

void float80_shift_right(uint64_t *high, uint64_t *low, uint32_t n) {
    if (n == 0)
        return;
    if (n >= 128) {
        *low = (*high | *low) != 0;
        *high = 0;
    } else if (n >= 64) {
        uint64_t lost = n > 64 ? *high << (128 - n) | *low : *low;
        *low = (n > 64 ? *high >> (n - 64) : *high) | (lost != 0);
        *high = 0;
    } else {
        uint64_t lost = *low << (64 - n);
        *low = (*high << (64 - n) | *low >> n) | (lost != 0);
        *high >>= n;
    }
}

/* Whether what lies below bit `shift` of (high.low) rounds away from zero. */
static bool rounds_up(const struct float_env *env, bool sign, uint64_t high, uint64_t low,
                      int shift) {
    uint64_t rest = shift ? high & (((uint64_t)1 << shift) - 1) : low;
    uint64_t half = shift ? (uint64_t)1 << (shift - 1) : TOP_BIT;
    bool sticky = shift ? low != 0 : false;
    if (!rest && !sticky)
        return false;
    switch (env->rounding) {
    case ROUND_NEAREST:
        if (rest == half && !sticky)
            return high >> shift & 1;
        return rest >= half;
    case ROUND_DOWN:
        return sign;
    case ROUND_UP:
        return !sign;
    default:
        return false;
    }
}

static struct float80 overflow(struct float_env *env, struct float_format format, bool sign) {
    env->raised |= FLOAT_OVERFLOW | FLOAT_INEXACT;
    env->up = env->rounding == ROUND_NEAREST || env->rounding == (sign ? ROUND_DOWN : ROUND_UP);
    if (env->up)
        return make(sign, (uint32_t)format.exponent_max, TOP_BIT);
    return make(sign, (uint32_t)format.exponent_max - 1, ~(uint64_t)0 << (64 - format.precision));
}

struct float80 float80_pack(struct float_env *env, struct float_format format, bool sign,
                            int32_t exponent, uint64_t high, uint64_t low) {
    int shift = 64 - format.precision;
    bool tiny = false;
    env->up = false;
    if (!(high | low))
        return float80_zero(sign);
    if (exponent <= 0) {
        /* Tiny is what rounds to less than the smallest normal number. */
        uint64_t rounded = (high >> shift) + rounds_up(env, sign, high, low, shift);
        bool carries = format.precision < 64 ? rounded >> format.precision & 1 : rounded == 0;
        tiny = exponent < 0 || !carries;
        float80_shift_right(&high, &low, (uint32_t)(1 - exponent));
        exponent = 1;
    }
    uint64_t rest = shift ? (high & (((uint64_t)1 << shift) - 1)) | low : low;
    bool up = rounds_up(env, sign, high, low, shift);
    if (rest)
        env->raised |= FLOAT_INEXACT | (tiny ? FLOAT_UNDERFLOW : 0u);
    env->up = up;
    high = high >> shift << shift;
    if (up) {
        high += (uint64_t)1 << shift;
        if (!high) { /* carried out of the top */
            high = TOP_BIT;
            exponent++;
        }
    }
    if (exponent >= format.exponent_max)
        return overflow(env, format, sign);
    return make(sign, high & TOP_BIT ? (uint32_t)exponent : 0, high);
}

/* The NaN that comes of two operands of which at least one is a NaN. */
static struct float80 choose_nan(struct float80 a, struct float80 b) {
    struct unpacked ua = float80_unpack(a), ub = float80_unpack(b);
    bool first = ua.class == CLASS_NAN;
    if (first && ub.class == CLASS_NAN) {
        if (ua.signalling != ub.signalling)
            first = ub.signalling; /* the quiet one */
        else if (a.significand != b.significand)
            first = a.significand > b.significand;
        else
            first = !ua.sign;
    }
    return float80_quiet(first ? a : b);
}

bool float80_special(struct float_env *env, struct float80 a, struct float80 b,
                     struct float80 *result) {
    struct unpacked ua = float80_unpack(a), ub = float80_unpack(b);
    env->up = false;
    if (ua.class == CLASS_UNSUPPORTED || ub.class == CLASS_UNSUPPORTED) {
        *result = float80_invalid(env);
        return true;
    }
    if (ua.class != CLASS_NAN && ub.class != CLASS_NAN)
        return false;
    if (ua.signalling || ub.signalling)
        env->raised |= FLOAT_INVALID;
    *result = choose_nan(a, b);
    return true;
}

uint32_t float80_leading_zeros(uint64_t v) {
    uint32_t n = 0;
    while (n < 64 && !(v << n & TOP_BIT))
        n++;
    return n;
}
