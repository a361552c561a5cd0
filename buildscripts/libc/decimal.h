/* The decimal digits of a floating-point number, all of them. */
#ifndef BUILDSCRIPTS_LIBC_DECIMAL_H
#define BUILDSCRIPTS_LIBC_DECIMAL_H

/* The smallest long double has 11,514 digits that are not zero. */
enum { DECIMAL_DIGITS = 11600 };

/* 0.d0 d1 d2... * 10^point */
struct decimal {
    int count, point;
    char digits[DECIMAL_DIGITS];
};

/* All digits of |x|, which is finite; of zero, one 0 and point 1. */
void __float_digits(long double x, struct decimal *d);

/* Keeps the first digits only. */
void __float_round(struct decimal *d, int keep);

/* FP_NAN 0, FP_INFINITE 1, FP_ZERO 2, FP_SUBNORMAL 3, FP_NORMAL 4 */
int __float_class(long double x);
int __sign_bit(long double x);

#endif
