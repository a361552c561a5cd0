/* Mathematics, as far as the x87 or a few lines of C go (C99 7.12). Precision is that of the
 * processor's instructions. */
#include <math.h>

union extended {
    long double number;
    struct {
        unsigned long long mantissa;
        unsigned short sign_exponent;
    } part;
};

/*
 * long double __x87_NAME(long double x, ...): the instructions that C has no operators for;
 * arguments are at esp+4 and esp+16.
 */
__asm__(".globl __x87_sqrt\n"
        "__x87_sqrt:\n"
        ".byte 0xDB,0x6C,0x24,0x04      # fld tword [esp+4]\n"
        ".byte 0xD9,0xFA                # fsqrt\n"
        ".byte 0xC3                     # ret\n"
        ".globl __x87_rint\n"
        "__x87_rint:\n"
        ".byte 0xDB,0x6C,0x24,0x04      # fld tword [esp+4]\n"
        ".byte 0xD9,0xFC                # frndint\n"
        ".byte 0xC3                     # ret\n"
        ".globl __x87_sin\n"
        "__x87_sin:\n"
        ".byte 0xDB,0x6C,0x24,0x04      # fld tword [esp+4]\n"
        ".byte 0xD9,0xFE                # fsin\n"
        ".byte 0xC3                     # ret\n"
        ".globl __x87_cos\n"
        "__x87_cos:\n"
        ".byte 0xDB,0x6C,0x24,0x04      # fld tword [esp+4]\n"
        ".byte 0xD9,0xFF                # fcos\n"
        ".byte 0xC3                     # ret\n"
        ".globl __x87_atan2\n"
        "__x87_atan2:\n"
        ".byte 0xDB,0x6C,0x24,0x04      # fld tword [esp+4]\n"
        ".byte 0xDB,0x6C,0x24,0x10      # fld tword [esp+16]\n"
        ".byte 0xD9,0xF3                # fpatan: arc of st1 / st0\n"
        ".byte 0xC3                     # ret\n"
        ".globl __x87_ylog2x\n"
        "__x87_ylog2x:\n"
        ".byte 0xDB,0x6C,0x24,0x04      # fld tword [esp+4]\n"
        ".byte 0xDB,0x6C,0x24,0x10      # fld tword [esp+16]\n"
        ".byte 0xD9,0xF1                # fyl2x: st1 * log2 of st0\n"
        ".byte 0xC3                     # ret\n"
        ".globl __x87_exp2m1\n"
        "__x87_exp2m1:\n"
        ".byte 0xDB,0x6C,0x24,0x04      # fld tword [esp+4]\n"
        ".byte 0xD9,0xF0                # f2xm1, for -1 to 1\n"
        ".byte 0xC3                     # ret\n"
        ".globl __x87_rem\n"
        "__x87_rem:\n"
        ".byte 0xDB,0x6C,0x24,0x10      # fld tword [esp+16]\n"
        ".byte 0xDB,0x6C,0x24,0x04      # fld tword [esp+4]\n"
        ".byte 0xD9,0xF8                # again: fprem\n"
        ".byte 0xDF,0xE0                # fnstsw ax\n"
        ".byte 0xF6,0xC4,0x04           # test ah, 4\n"
        ".byte 0x75,0xF7                # jnz again\n"
        ".byte 0xDD,0xD9                # fstp st1\n"
        ".byte 0xC3                     # ret\n");
long double __x87_sqrt(long double x);
long double __x87_rint(long double x);
long double __x87_sin(long double x);
long double __x87_cos(long double x);
long double __x87_atan2(long double y, long double x);
long double __x87_ylog2x(long double y, long double x);
long double __x87_exp2m1(long double x);
long double __x87_rem(long double x, long double y);

/* ---- parts of a number
 * -------------------------------------------------------------------------------------------- */

long double fabsl(long double x) {
    union extended u;
    u.number = x;
    u.part.sign_exponent &= 0x7FFF;
    return u.number;
}

double fabs(double x) {
    return fabsl(x);
}

float fabsf(float x) {
    return fabsl(x);
}

long double copysignl(long double x, long double y) {
    return __sign_bit(y) == __sign_bit(x) ? x : -x;
}

double copysign(double x, double y) {
    return copysignl(x, y);
}

static long double power_of_two(int n) /* -16382 <= n <= 16383 */
{
    union extended u;
    u.part.mantissa = 1ULL << 63;
    u.part.sign_exponent = n + 16383;
    return u.number;
}

/* In steps, the last of which may round: the others keep the number normal. */
long double ldexpl(long double x, int n) {
    for (; n > 16000; n -= 16000) {
        x *= power_of_two(16000);
        if (n > 70000)
            n = 70000;
    }
    union extended u;
    u.number = x;
    int exponent = (u.part.sign_exponent & 0x7FFF) - 16383;
    if (n < -16000 && exponent > 0) {
        x *= power_of_two(-16000);
        n += 16000;
    }
    return x * power_of_two(n < -16382 ? -16382 : n) *
           (n < -16382 ? power_of_two(n + 16382 < -16382 ? -16382 : n + 16382) : 1);
}

double ldexp(double x, int n) {
    return ldexpl(x, n);
}

float ldexpf(float x, int n) {
    return ldexpl(x, n);
}

double scalbn(double x, int n) {
    return ldexpl(x, n);
}

long double scalbnl(long double x, int n) {
    return ldexpl(x, n);
}

long double frexpl(long double x, int *exponent) {
    union extended u;
    u.number = x;
    *exponent = 0;
    if (u.part.mantissa == 0 || (u.part.sign_exponent & 0x7FFF) == 0x7FFF)
        return x;
    if ((u.part.sign_exponent & 0x7FFF) == 0) {
        u.number = x * power_of_two(64);
        *exponent = -64;
    }
    *exponent += (u.part.sign_exponent & 0x7FFF) - 16382;
    u.part.sign_exponent = (u.part.sign_exponent & 0x8000) | 16382;
    return u.number;
}

double frexp(double x, int *exponent) {
    return frexpl(x, exponent);
}

float frexpf(float x, int *exponent) {
    return frexpl(x, exponent);
}

/* ---- whole numbers
 * ------------------------------------------------------------------------------------------------
 */

long double truncl(long double x) {
    union extended u;
    u.number = x;
    int bits = (u.part.sign_exponent & 0x7FFF) - 16383;
    if (bits >= 63)
        return x;
    u.part.mantissa = bits < 0 ? 0 : u.part.mantissa & -1ULL << (63 - bits);
    if (bits < 0)
        u.part.sign_exponent &= 0x8000;
    return u.number;
}

long double floorl(long double x) {
    long double t = truncl(x);
    return t > x ? t - 1 : t;
}

long double ceill(long double x) {
    long double t = truncl(x);
    return t < x ? t + 1 : t;
}

long double roundl(long double x) {
    long double t = truncl(x);
    return fabsl(x - t) >= 0.5L ? t + copysignl(1, x) : t;
}

long double rintl(long double x) {
    return __x87_rint(x);
}

double trunc(double x) {
    return truncl(x);
}

double floor(double x) {
    return floorl(x);
}

float floorf(float x) {
    return floorl(x);
}

double ceil(double x) {
    return ceill(x);
}

float ceilf(float x) {
    return ceill(x);
}

double round(double x) {
    return roundl(x);
}

double rint(double x) {
    return __x87_rint(x);
}

long double modfl(long double x, long double *whole) {
    *whole = truncl(x);
    return copysignl(isinf(x) ? 0 : x - *whole, x);
}

double modf(double x, double *whole) {
    long double w, part = modfl(x, &w);
    *whole = w;
    return part;
}

long double fmodl(long double x, long double y) {
    return __x87_rem(x, y);
}

double fmod(double x, double y) {
    return __x87_rem(x, y);
}

/* ---- roots, angles, powers
 * ---------------------------------------------------------------------------------------- */

long double sqrtl(long double x) {
    return __x87_sqrt(x);
}

double sqrt(double x) {
    return __x87_sqrt(x);
}

float sqrtf(float x) {
    return __x87_sqrt(x);
}

double sin(double x) {
    return __x87_sin(x);
}

double cos(double x) {
    return __x87_cos(x);
}

double tan(double x) {
    return __x87_sin(x) / __x87_cos(x);
}

double atan2(double y, double x) {
    return __x87_atan2(y, x);
}

double atan(double x) {
    return __x87_atan2(x, 1);
}

static long double exp2l_(long double x) {
    if (x > 16384)
        return (long double)HUGE_VAL;
    if (x < -16500)
        return 0;
    long double whole = __x87_rint(x);
    return ldexpl(__x87_exp2m1(x - whole) + 1, (int)whole);
}

double log2(double x) {
    return __x87_ylog2x(1, x);
}

double log(double x) {
    return __x87_ylog2x(0.693147180559945309417232121458176568L, x);
}

double log10(double x) {
    return __x87_ylog2x(0.301029995663981195213738894724493027L, x);
}

double exp(double x) {
    return exp2l_(x * 1.44269504088896340735992468100189214L);
}

double pow(double x, double y) {
    if (y == 0 || x == 1)
        return 1;
    if (y == truncl(y) && fabsl(y) <= 1024) {
        long double p = 1, b = x;
        for (unsigned n = (unsigned)fabsl(y); n != 0; n >>= 1, b *= b)
            if (n & 1)
                p *= b;
        return y < 0 ? 1 / p : p;
    }
    if (x == 0)
        return y < 0 ? HUGE_VAL : 0;
    long double p = exp2l_(__x87_ylog2x(y, fabsl(x)));
    if (x > 0)
        return p;
    if (y != truncl(y))
        return NAN;
    return fmodl(y, 2) != 0 ? -p : p;
}
