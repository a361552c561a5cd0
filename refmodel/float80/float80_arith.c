/* Sum, product, quotient, square root, order. */
#include "refmodel/float80/pack.h"

#define TOP_BIT ((uint64_t)1 << 63)

static struct float_format format_of(const struct float_env *env) {
    return (struct float_format){env->precision, EXPONENT_MAX};
}

static void note_denormal(struct float_env *env, const struct unpacked *a,
                          const struct unpacked *b) {
    if (a->denormal || b->denormal)
        env->raised |= FLOAT_DENORMAL;
}

/* Shifts left until bit 63 of *high is set; both are not 0 together. Returns the distance. */
static int32_t normalise(uint64_t *high, uint64_t *low) {
    int32_t n = 0;
    while (!(*high & TOP_BIT)) {
        *high = *high << 1 | *low >> 63;
        *low <<= 1;
        n++;
    }
    return n;
}

/* Sizes added; both finite. */
static struct float80 add_sizes(struct float_env *env, struct unpacked a, struct unpacked b) {
    if (a.exponent < b.exponent) {
        struct unpacked t = a;
        a = b;
        b = t;
    }
    uint64_t high = b.significand, low = 0;
    float80_shift_right(&high, &low, (uint32_t)(a.exponent - b.exponent));
    uint64_t sum = a.significand + high;
    if (sum < high) { /* carried */
        float80_shift_right(&sum, &low, 1);
        sum |= TOP_BIT;
        a.exponent++;
    }
    return float80_pack(env, format_of(env), a.sign, a.exponent, sum, low);
}

/* The smaller size taken from the larger; both finite, of different sign. */
static struct float80 subtract_sizes(struct float_env *env, struct unpacked a, struct unpacked b) {
    if (a.exponent < b.exponent || (a.exponent == b.exponent && a.significand < b.significand)) {
        struct unpacked t = a;
        a = b;
        b = t;
    }
    uint64_t high = b.significand, low = 0;
    float80_shift_right(&high, &low, (uint32_t)(a.exponent - b.exponent));
    uint64_t rest = 0 - low;
    uint64_t difference = a.significand - high - (low != 0);
    if (!(difference | rest))
        return float80_zero(env->rounding == ROUND_DOWN);
    a.exponent -= normalise(&difference, &rest);
    return float80_pack(env, format_of(env), a.sign, a.exponent, difference, rest);
}

static struct float80 pack_unpacked(struct float_env *env, const struct unpacked *a) {
    return float80_pack(env, format_of(env), a->sign, a->exponent, a->significand, 0);
}

struct float80 float80_add(struct float_env *env, struct float80 a, struct float80 b) {
    struct unpacked ua = float80_unpack(a), ub = float80_unpack(b);
    struct float80 result;
    if (float80_special(env, a, b, &result))
        return result;
    if (ua.class == CLASS_INFINITE && ub.class == CLASS_INFINITE && ua.sign != ub.sign)
        return float80_invalid(env);
    note_denormal(env, &ua, &ub);
    if (ua.class == CLASS_INFINITE || ub.class == CLASS_INFINITE)
        return ua.class == CLASS_INFINITE ? a : b;
    if (ua.class == CLASS_ZERO && ub.class == CLASS_ZERO)
        return float80_zero(ua.sign == ub.sign ? ua.sign : env->rounding == ROUND_DOWN);
    if (ua.class == CLASS_ZERO)
        return pack_unpacked(env, &ub);
    if (ub.class == CLASS_ZERO)
        return pack_unpacked(env, &ua);
    return ua.sign == ub.sign ? add_sizes(env, ua, ub) : subtract_sizes(env, ua, ub);
}

struct float80 float80_subtract(struct float_env *env, struct float80 a, struct float80 b) {
    if (!float80_is_nan(b))
        b.top ^= 0x8000;
    return float80_add(env, a, b);
}

/* The 128 bits of a product, by halves. */
static void product(uint64_t a, uint64_t b, uint64_t *high, uint64_t *low) {
    uint64_t a1 = a >> 32, a0 = a & 0xFFFFFFFFu;
    uint64_t b1 = b >> 32, b0 = b & 0xFFFFFFFFu;
    uint64_t middle = a1 * b0 + (a0 * b0 >> 32);
    uint64_t other = a0 * b1 + (middle & 0xFFFFFFFFu);
    *high = a1 * b1 + (middle >> 32) + (other >> 32);
    *low = a * b;
}

struct float80 float80_multiply(struct float_env *env, struct float80 a, struct float80 b) {
    struct unpacked ua = float80_unpack(a), ub = float80_unpack(b);
    struct float80 result;
    uint64_t high, low;
    bool sign = ua.sign != ub.sign;
    if (float80_special(env, a, b, &result))
        return result;
    bool infinite = ua.class == CLASS_INFINITE || ub.class == CLASS_INFINITE;
    bool zero = ua.class == CLASS_ZERO || ub.class == CLASS_ZERO;
    if (infinite && zero)
        return float80_invalid(env);
    note_denormal(env, &ua, &ub);
    if (infinite)
        return float80_infinity(sign);
    if (zero)
        return float80_zero(sign);
    product(ua.significand, ub.significand, &high, &low);
    int32_t exponent = ua.exponent + ub.exponent - EXPONENT_BIAS + 1;
    exponent -= normalise(&high, &low);
    return float80_pack(env, format_of(env), sign, exponent, high, low);
}

/*
 * The quotient of two significands with bit 63 set, a below b: 64 bits and a sticky one behind
 * them.
 */
static void quotient(uint64_t a, uint64_t b, uint64_t *high, uint64_t *low) {
    uint64_t q = 0;
    for (int n = 0; n < 64; n++) {
        bool carry = a >> 63;
        a <<= 1;
        q <<= 1;
        if (carry || a >= b) {
            a -= b;
            q |= 1;
        }
    }
    *high = q;
    /* The next bit decides between below and above the half. */
    *low = (a >> 63 || a << 1 >= b ? TOP_BIT : 0);
    uint64_t rest = *low ? (a << 1) - b : a;
    *low |= rest != 0;
}

struct float80 float80_divide(struct float_env *env, struct float80 a, struct float80 b) {
    struct unpacked ua = float80_unpack(a), ub = float80_unpack(b);
    struct float80 result;
    uint64_t high, low;
    bool sign = ua.sign != ub.sign;
    if (float80_special(env, a, b, &result))
        return result;
    if (ua.class == ub.class && ua.class != CLASS_FINITE)
        return float80_invalid(env);
    if (ub.class == CLASS_ZERO && ua.class == CLASS_FINITE) {
        env->raised |= FLOAT_ZERO_DIVIDE;
        return float80_infinity(sign);
    }
    note_denormal(env, &ua, &ub);
    if (ua.class == CLASS_INFINITE)
        return float80_infinity(sign);
    if (ua.class == CLASS_ZERO || ub.class == CLASS_INFINITE)
        return float80_zero(sign);
    int32_t exponent = ua.exponent - ub.exponent + EXPONENT_BIAS - 1;
    uint64_t dividend = ua.significand;
    bool whole = dividend >= ub.significand;
    if (whole)
        dividend -= ub.significand;
    quotient(dividend, ub.significand, &high, &low);
    if (whole) { /* an integer bit before those 64 */
        float80_shift_right(&high, &low, 1);
        high |= TOP_BIT;
        exponent++;
    } else {
        exponent -= normalise(&high, &low);
    }
    return float80_pack(env, format_of(env), sign, exponent, high, low);
}

/*
 * The square root of (high.low), one of whose two top bits is set: 64 bits, and in *more what
 * follows them, as far as rounding needs it.
 */
static uint64_t root(uint64_t high, uint64_t low, uint64_t *more) {
    uint64_t r = 0, rest_high = 0, rest_low = 0; /* the rest is at most 2r */
    for (int k = 0; k < 64; k++) {
        rest_high = rest_high << 2 | rest_low >> 62;
        rest_low = rest_low << 2 | high >> 62;
        high = high << 2 | low >> 62;
        low <<= 2;
        uint64_t try_high = r >> 62, try_low = r << 2 | 1; /* (2r + 1)^2 - (2r)^2 */
        r <<= 1;
        if (rest_high > try_high || (rest_high == try_high && rest_low >= try_low)) {
            rest_high -= try_high + (rest_low < try_low);
            rest_low -= try_low;
            r |= 1;
        }
    }
    /* The half is (r + 1/2)^2 = r^2 + r + 1/4, which no integer is. */
    bool above = rest_high || rest_low > r;
    *more = (above ? TOP_BIT : 0) | ((rest_high | rest_low) != 0);
    return r;
}

struct float80 float80_sqrt(struct float_env *env, struct float80 a) {
    struct unpacked u = float80_unpack(a);
    struct float80 result;
    uint64_t more;
    if (float80_special(env, a, a, &result))
        return result;
    if (u.class == CLASS_ZERO)
        return a;
    if (u.sign)
        return float80_invalid(env);
    if (u.class == CLASS_INFINITE)
        return a;
    note_denormal(env, &u, &u);
    int32_t e = u.exponent - EXPONENT_BIAS;
    bool odd = e & 1;
    uint64_t s = u.significand;
    uint64_t high = odd ? root(s, 0, &more) : root(s >> 1, s << 63, &more);
    return float80_pack(env, format_of(env), false, (e - odd) / 2 + EXPONENT_BIAS, high, more);
}

enum float_order float80_compare(struct float_env *env, struct float80 a, struct float80 b,
                                 bool quiet) {
    struct unpacked ua = float80_unpack(a), ub = float80_unpack(b);
    bool nan = ua.class == CLASS_NAN || ub.class == CLASS_NAN;
    bool bad = ua.class == CLASS_UNSUPPORTED || ub.class == CLASS_UNSUPPORTED;
    if (nan || bad) {
        if (bad || !quiet || ua.signalling || ub.signalling)
            env->raised |= FLOAT_INVALID;
        return FLOAT_UNORDERED;
    }
    note_denormal(env, &ua, &ub);
    if (ua.class == CLASS_ZERO && ub.class == CLASS_ZERO)
        return FLOAT_EQUAL;
    if (ua.class == CLASS_ZERO)
        return ub.sign ? FLOAT_GREATER : FLOAT_LESS;
    if (ub.class == CLASS_ZERO || ua.sign != ub.sign)
        return ua.sign ? FLOAT_LESS : FLOAT_GREATER;
    if (ua.exponent == ub.exponent && ua.significand == ub.significand)
        return FLOAT_EQUAL;
    bool less =
        ua.exponent != ub.exponent ? ua.exponent < ub.exponent : ua.significand < ub.significand;
    return less != ua.sign ? FLOAT_LESS : FLOAT_GREATER;
}
