/*
 * Mathematics (C99 7.12). The processor gives sqrt, rint and remainders; the rest are series in
 * long double, so that machines without the x87's transcendental instructions can run them. Results
 * are good to a double's last place or two.
 */
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

static const long double pi_2 = 1.57079632679489661923132169163975144L;
static const long double pi_2_low = -2.5e-20L; /* what a long double leaves of pi / 2 */
static const long double ln_2 = 0.693147180559945309417232121458176568L;

/* x^first / first! - x^(first+2) / (first+2)! + ..., for |x| < 1: sine from 1, cosine from 0 */
static long double alternating(long double x, int first) {
    long double term = first ? x : 1, sum = term;
    for (int n = first + 2; n < 30; n += 2) {
        term *= -x * x / (n * (n - 1));
        sum += term;
    }
    return sum;
}

static long double sine(long double x, int quarters) {
    long double n = __x87_rint(x / pi_2), rest = x - n * pi_2 - n * pi_2_low;
    switch (((int)__x87_rem(n, 4) + quarters) & 3) {
    case 0:
        return alternating(rest, 1);
    case 1:
        return alternating(rest, 0);
    case 2:
        return -alternating(rest, 1);
    default:
        return -alternating(rest, 0);
    }
}

double sin(double x) {
    return sine(x, 0);
}

double cos(double x) {
    return sine(x, 1);
}

double tan(double x) {
    return sine(x, 0) / sine(x, 1);
}

/* Three times half the angle, then the series. */
static long double arc(long double x) {
    if (isinf(x))
        return copysignl(pi_2, x);
    for (int i = 0; i < 3; i++)
        x /= 1 + __x87_sqrt(1 + x * x);
    long double power = x, sum = x;
    for (int n = 3; n < 36; n += 2) {
        power *= -x * x;
        sum += power / n;
    }
    return 8 * sum;
}

double atan(double x) {
    return arc(x);
}

static long double arc2(long double y, long double x) {
    if (x > 0)
        return arc(y / x);
    if (x < 0)
        return arc(y / x) + copysignl(2 * pi_2, y);
    return y == 0 ? (__sign_bit(x) ? copysignl(2 * pi_2, y) : y) : copysignl(pi_2, y);
}

double atan2(double y, double x) {
    return arc2(y, x);
}

/* 2^x */
static long double exp2l_(long double x) {
    if (x > 16384)
        return HUGE_VALL;
    if (x < -16500)
        return 0;
    long double whole = __x87_rint(x), rest = (x - whole) * ln_2, term = 1, sum = 1;
    for (int n = 1; n < 24; n++) {
        term *= rest / n;
        sum += term;
    }
    return ldexpl(sum, (int)whole);
}

/* The natural logarithm: of 2^n by n, of what is between sqrt(1/2) and sqrt(2) by the series of
 * artanh. */
static long double logl_(long double x) {
    if (x < 0)
        return NAN;
    if (x == 0)
        return -HUGE_VALL;
    if (isinf(x) || x != x)
        return x;
    int n;
    long double m = frexpl(x, &n);
    if (m < 0.70710678118654752440L) {
        m *= 2;
        n--;
    }
    long double s = (m - 1) / (m + 1), power = s, sum = s;
    for (int k = 3; k < 40; k += 2) {
        power *= s * s;
        sum += power / k;
    }
    return 2 * sum + n * ln_2;
}

double log2(double x) {
    return logl_(x) / ln_2;
}

double log(double x) {
    return logl_(x);
}

double log10(double x) {
    return logl_(x) * 0.434294481903251827651128918916605082L;
}

double exp(double x) {
    return exp2l_(x * 1.44269504088896340735992468100189214L);
}

double asin(double x) {
    return arc2(x, __x87_sqrt((1 - (long double)x) * (1 + (long double)x)));
}

double acos(double x) {
    return arc2(__x87_sqrt((1 - (long double)x) * (1 + (long double)x)), x);
}

/* (e^x - e^-x) / 2; near 0, where that cancels, the first terms of the series */
double sinh(double x) {
    long double y = x, power = exp2l_(y * 1.44269504088896340735992468100189214L);
    if (fabsl(y) < 0.01L)
        return y + y * y * y / 6 + y * y * y * y * y / 120;
    return (power - 1 / power) / 2;
}

double cosh(double x) {
    long double power = exp2l_((long double)x * 1.44269504088896340735992468100189214L);
    return (power + 1 / power) / 2;
}

double tanh(double x) {
    if (fabsl(x) > 22)
        return copysignl(1, x);
    return sinh(x) / cosh(x);
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
    long double p = exp2l_(y * (logl_(fabsl(x)) / ln_2));
    if (x > 0)
        return p;
    if (y != truncl(y))
        return NAN;
    return fmodl(y, 2) != 0 ? -p : p;
}
