/* Scaling, taking apart, constants. */
#include "refmodel/float80/pack.h"

#define TOP_BIT ((uint64_t)1 << 63)

static const struct float_format WHOLE = {64, EXPONENT_MAX};

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
