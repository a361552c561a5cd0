#ifndef BUILDSCRIPTS_LIBC_INCLUDE_MATH_H
#define BUILDSCRIPTS_LIBC_INCLUDE_MATH_H
#define HUGE_VAL 1e1000
#define HUGE_VALF 1e1000F
#define HUGE_VALL 1e10000L
#define INFINITY 1e1000F
#define NAN (0.0F / 0.0F)
int __float_class(long double x);
#define FP_NAN 0
#define FP_INFINITE 1
#define FP_ZERO 2
#define FP_SUBNORMAL 3
#define FP_NORMAL 4
#define isnan(x) ((x) != (x))
#define isinf(x) (__float_class(x) == FP_INFINITE)
#define isfinite(x) (__float_class(x) > FP_INFINITE)
#define signbit(x) __sign_bit(x)
int __sign_bit(long double x);
double fabs(double x);
float fabsf(float x);
long double fabsl(long double x);
double floor(double x);
float floorf(float x);
long double floorl(long double x);
double ceil(double x);
float ceilf(float x);
long double ceill(long double x);
double trunc(double x);
long double truncl(long double x);
double rint(double x);
long double rintl(long double x);
double round(double x);
long double roundl(long double x);
double fmod(double x, double y);
long double fmodl(long double x, long double y);
double sqrt(double x);
float sqrtf(float x);
long double sqrtl(long double x);
double ldexp(double x, int exponent);
float ldexpf(float x, int exponent);
long double ldexpl(long double x, int exponent);
double scalbn(double x, int exponent);
long double scalbnl(long double x, int exponent);
double frexp(double x, int *exponent);
float frexpf(float x, int *exponent);
long double frexpl(long double x, int *exponent);
double modf(double x, double *whole);
long double modfl(long double x, long double *whole);
double copysign(double x, double y);
long double copysignl(long double x, long double y);
double sin(double x);
double cos(double x);
double tan(double x);
double asin(double x);
double acos(double x);
double atan(double x);
double atan2(double y, double x);
double sinh(double x);
double cosh(double x);
double tanh(double x);
double exp(double x);
double log(double x);
double log2(double x);
double log10(double x);
double pow(double x, double y);
#endif
