/* Singles, doubles, integers, decimals. */
#include "refmodel/float80/pack.h"

#define TOP_BIT ((uint64_t)1 << 63)

/* From a format with `fraction` bits behind the point and exponents up to `max`. */
static struct float80 widen(bool sign, uint32_t exponent, uint64_t fraction, uint32_t max,
                            int bits) {
    struct float80 r = {fraction << (63 - bits), (uint16_t)(sign ? 0x8000 : 0)};
    uint32_t rebias = EXPONENT_BIAS - (max >> 1);
    if (exponent == max) {
        r.significand |= TOP_BIT;
        r.top |= EXPONENT_MAX;
    } else if (exponent) {
        r.significand |= TOP_BIT;
        r.top |= (uint16_t)(exponent + rebias);
    } else if (fraction) {
        uint32_t n = float80_leading_zeros(r.significand);
        r.significand <<= n;
        r.top |= (uint16_t)(1 + rebias - n);
    }
    return r;
}

struct float80 float80_from_single(uint32_t bits) {
    return widen(bits >> 31, bits >> 23 & 0xFF, bits & 0x7FFFFF, 0xFF, 23);
}

struct float80 float80_from_double(uint64_t bits) {
    return widen(bits >> 63, (uint32_t)(bits >> 52) & 0x7FF, bits & 0xFFFFFFFFFFFFF, 0x7FF, 52);
}

bool float80_single_denormal(uint32_t bits) {
    return bits << 1 && !(bits >> 23 & 0xFF);
}

bool float80_double_denormal(uint64_t bits) {
    return bits << 1 && !(bits >> 52 & 0x7FF);
}

/* To such a format, with the sign in bit `sign_bit`. */
static uint64_t narrow(struct float_env *env, struct float80 a, uint32_t max, int bits,
                       int sign_bit) {
    struct unpacked u = float80_unpack(a);
    struct float_format format = {bits + 1, (int32_t)max};
    struct float80 r = a;
    env->up = false;
    if (u.class == CLASS_UNSUPPORTED || u.class == CLASS_NAN) {
        if (u.class == CLASS_UNSUPPORTED || u.signalling)
            env->raised |= FLOAT_INVALID;
        if (u.class == CLASS_UNSUPPORTED)
            r = float80_default_nan();
        r.significand |= (uint64_t)1 << 62;
        r.top = (uint16_t)((r.top & 0x8000) | max);
    } else if (u.class == CLASS_INFINITE) {
        r.top = (uint16_t)((r.top & 0x8000) | max);
    } else if (u.class == CLASS_FINITE) {
        int32_t exponent = u.exponent - EXPONENT_BIAS + (int32_t)(max >> 1);
        r = float80_pack(env, format, u.sign, exponent, u.significand, 0);
    }
    return (uint64_t)float80_sign(r) << sign_bit | (uint64_t)(r.top & 0x7FFF) << bits |
           (r.significand << 1 >> 1 >> (63 - bits));
}

uint32_t float80_to_single(struct float_env *env, struct float80 a) {
    return (uint32_t)narrow(env, a, 0xFF, 23, 31);
}

uint64_t float80_to_double(struct float_env *env, struct float80 a) {
    return narrow(env, a, 0x7FF, 52, 63);
}

struct float80 float80_from_integer(uint64_t v) {
    bool sign = v >> 63;
    uint64_t size = sign ? 0 - v : v;
    if (!size)
        return float80_zero(false);
    uint32_t n = float80_leading_zeros(size);
    uint32_t exponent = EXPONENT_BIAS + 63 - n;
    return (struct float80){size << n, (uint16_t)((sign ? 0x8000u : 0u) | exponent)};
}

/* The size of a rounded to an integer; false: it does not fit into 64 bits. */
static bool integer_size(struct float_env *env, struct float80 a, uint64_t *size) {
    struct unpacked u = float80_unpack(a);
    *size = 0;
    env->up = false;
    if (u.class == CLASS_ZERO)
        return true;
    if (u.class != CLASS_FINITE)
        return false;
    struct unpacked r = float80_unpack(float80_round(env, a));
    env->raised &= ~(uint32_t)FLOAT_DENORMAL; /* storing an integer does not raise it */
    if (r.class == CLASS_ZERO)
        return true;
    int32_t e = r.exponent - EXPONENT_BIAS;
    if (e > 63)
        return false;
    *size = r.significand >> (63 - e);
    return true;
}

uint64_t float80_to_integer(struct float_env *env, struct float80 a, int bits) {
    uint64_t size, limit = (uint64_t)1 << (bits - 1);
    bool sign = float80_sign(a);
    uint32_t raised = env->raised;
    if (!integer_size(env, a, &size) || size > limit || (size == limit && !sign)) {
        env->raised = raised | FLOAT_INVALID;
        env->up = false;
        return 0 - limit;
    }
    return sign ? 0 - size : size;
}

struct float80 float80_from_decimal(const uint8_t bytes[10]) {
    uint64_t v = 0;
    for (int n = 9; n-- > 0;)
        v = v * 100 + (uint64_t)(bytes[n] >> 4) * 10 + (bytes[n] & 15);
    struct float80 r = float80_from_integer(v);
    if (bytes[9] & 0x80)
        r.top |= 0x8000;
    return r;
}

void float80_to_decimal(struct float_env *env, struct float80 a, uint8_t bytes[10]) {
    uint64_t size;
    uint32_t raised = env->raised;
    if (!integer_size(env, a, &size) || size > 999999999999999999u) {
        env->raised = raised | FLOAT_INVALID;
        env->up = false;
        for (int n = 0; n < 7; n++)
            bytes[n] = 0;
        bytes[7] = 0xC0;
        bytes[8] = bytes[9] = 0xFF;
        return;
    }
    for (int n = 0; n < 9; n++, size /= 100)
        bytes[n] = (uint8_t)(size % 100 / 10 << 4 | size % 10);
    bytes[9] = float80_sign(a) ? 0x80 : 0;
}
