/*
 * Floating point from and to decimal, exactly (C99 7.20.1.3, 7.19.6.1).
 *
 * A number is mantissa * 2^exponent. To decimal: for an exponent below zero, mantissa * 5^k has the
 * same digits as mantissa / 2^k, with the point k places further left; so all digits come from one
 * whole number. From decimal: digits * 10^ten is digits * 5^ten * 2^ten; below zero the division by
 * 5^k is done in steps of one word, and whether any of them left a rest is all that rounding needs
 * to know.
 */
#include "decimal.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef unsigned int word;
typedef unsigned long long wide;

word __divide_step(word high, word low, word by, word *rest);

/* ---- whole numbers of any length, the lowest word first
 * ----------------------------------------------------------- */

enum { WORDS = 3200, FIVES = 13 };
static const word five_to_13 = 1220703125;

struct big {
    int length;
    word digits[WORDS];
};

static word five_to(int n) {
    word p = 1;
    while (n-- > 0)
        p *= 5;
    return p;
}

/* b * by + add, in base 2^32 */
static void multiply(struct big *b, word by, word add) {
    for (int i = 0; i < b->length; i++) {
        wide p = (wide)b->digits[i] * by + add;
        b->digits[i] = (word)p;
        add = (word)(p >> 32);
    }
    if (add)
        b->digits[b->length++] = add;
}

/* b / by; the rest */
static word divide(struct big *b, word by) {
    word rest = 0;
    for (int i = b->length - 1; i >= 0; i--)
        b->digits[i] = __divide_step(rest, b->digits[i], by, &rest);
    while (b->length > 0 && b->digits[b->length - 1] == 0)
        b->length--;
    return rest;
}

static int bits_of(const struct big *b) {
    int n = 32 * b->length;
    if (b->length > 0)
        for (word top = b->digits[b->length - 1]; !(top >> 31); top <<= 1)
            n--;
    return n;
}

static void shift_words(struct big *b, int words) {
    memmove(b->digits + words, b->digits, b->length * sizeof(word));
    memset(b->digits, 0, words * sizeof(word));
    b->length += words;
}

/* ---- to decimal
 * ---------------------------------------------------------------------------------------------------
 */

union extended {
    long double number;
    struct {
        wide mantissa;
        unsigned short sign_exponent;
    } part;
};

int __float_class(long double x) {
    union extended u;
    u.number = x;
    int exponent = u.part.sign_exponent & 0x7FFF;
    if (exponent == 0x7FFF)
        return u.part.mantissa << 1 ? 0 : 1;
    if (u.part.mantissa == 0)
        return 2;
    return exponent == 0 ? 3 : 4;
}

int __sign_bit(long double x) {
    union extended u;
    u.number = x;
    return u.part.sign_exponent >> 15;
}

/* mantissa * 5^k in base 10^9 */
static void scale(struct big *b, int k) {
    for (; k > 0; k -= 12) {
        word by = five_to(k < 12 ? k : 12), carry = 0;
        for (int i = 0; i < b->length; i++) {
            wide p = (wide)b->digits[i] * by + carry;
            carry = __divide_step((word)(p >> 32), (word)p, 1000000000, &b->digits[i]);
        }
        if (carry)
            b->digits[b->length++] = carry;
    }
}

/* mantissa * 2^k in base 10^9 */
static void double_up(struct big *b, int k) {
    for (; k > 0; k -= 29) {
        word by = (word)1 << (k < 29 ? k : 29), carry = 0;
        for (int i = 0; i < b->length; i++) {
            wide p = (wide)b->digits[i] * by + carry;
            carry = __divide_step((word)(p >> 32), (word)p, 1000000000, &b->digits[i]);
        }
        if (carry)
            b->digits[b->length++] = carry;
    }
}

void __float_digits(long double x, struct decimal *d) {
    static struct big b;
    union extended u;
    u.number = x;
    int exponent = (u.part.sign_exponent & 0x7FFF) - 16383 - 63;
    wide m = u.part.mantissa;
    if ((u.part.sign_exponent & 0x7FFF) == 0)
        exponent++;
    d->count = 0;
    d->point = 1;
    if (m == 0) {
        d->digits[d->count++] = 0;
        return;
    }
    for (; !(m & 1); m >>= 1)
        exponent++;
    b.length = 0;
    for (; m != 0; m /= 1000000000)
        b.digits[b.length++] = (word)(m % 1000000000);
    if (exponent < 0)
        scale(&b, -exponent);
    else
        double_up(&b, exponent);
    for (int i = b.length - 1; i >= 0; i--) {
        word group = b.digits[i];
        for (int k = 8; k >= 0; k--) {
            d->digits[d->count + k] = group % 10;
            group /= 10;
        }
        d->count += 9;
    }
    int zeros = 0;
    while (d->digits[zeros] == 0)
        zeros++;
    d->count -= zeros;
    memmove(d->digits, d->digits + zeros, d->count);
    d->point = d->count + (exponent < 0 ? exponent : 0);
    while (d->count > 1 && d->digits[d->count - 1] == 0)
        d->count--;
}

/* Half to even, by the exact digits. Keeping less than none gives 0. */
void __float_round(struct decimal *d, int keep) {
    if (keep >= d->count)
        return;
    if (keep < 0) {
        d->count = 0;
        return;
    }
    int up = d->digits[keep] > 5;
    if (d->digits[keep] == 5)
        up = keep + 1 < d->count || (keep > 0 && d->digits[keep - 1] % 2 == 1);
    d->count = keep;
    if (up) {
        int i = keep - 1;
        while (i >= 0 && d->digits[i] == 9)
            d->digits[i--] = 0;
        if (i >= 0)
            d->digits[i]++;
        else {
            memmove(d->digits + 1, d->digits, d->count);
            d->digits[0] = 1;
            d->count++;
            d->point++;
        }
    }
}

/* ---- from decimal
 * -------------------------------------------------------------------------------------------------
 */

struct format {
    int bits, least, top; /* significant bits, exponent of the smallest subnormal, of the first
                             power of 2 too large */
};

/* What lies below the 64 bits of a mantissa: nothing, less than half of the last one, half or more.
 */
enum { REST = 1, HALF = 2 };

/* Whether a normalised mantissa just below the least normal number is rounded up to it where the
 * exponent has no limit: then it is not too small (IEEE 754, underflow after rounding, as the x87
 * has it). */
static int carries(wide m, int below, const struct format *f) {
    wide ones = ((wide)1 << (f->bits - 1) << 1) - 1;
    int next = f->bits == 64 ? below & HALF : m >> (63 - f->bits) & 1;
    return m >> (64 - f->bits) == ones && next;
}

/* mantissa * 2^exponent, and what `below` says, rounded to the format, half to even */
static long double assemble(wide m, int exponent, int below, const struct format *f) {
    if (m == 0)
        return 0;
    while (!(m >> 63)) {
        m <<= 1;
        exponent--;
    }
    int drop = 64 - f->bits, small = f->least - exponent - drop;
    if (small > 0) {
        drop += small;
        if (small > 1 || !carries(m, below, f))
            if (drop > 64 || m << (64 - drop) || below)
                errno = ERANGE;
    }
    if (drop > 64)
        return 0;
    if (drop > 0) {
        wide half = (wide)1 << (drop - 1), low = m & ((half << 1) - 1);
        m = drop == 64 ? 0 : m >> drop;
        if (low > half || (low == half && (below || (m & 1))))
            m++;
        exponent += drop;
        if (m == 0)
            return 0;
    }
    while (!(m >> 63)) {
        m <<= 1;
        exponent--;
    }
    union extended u;
    if (exponent + 64 > f->top) {
        errno = ERANGE;
        u.part.mantissa = (wide)1 << 63;
        u.part.sign_exponent = 0x7FFF;
        return u.number;
    }
    int biased = exponent + 63 + 16383;
    if (biased <= 0) {
        m >>= 1 - biased;
        biased = 0;
    }
    u.part.mantissa = m;
    u.part.sign_exponent = biased;
    return u.number;
}

/* The top 64 bits of b * 2^exponent; for a format of 64 bits the next one decides, so 66 are looked
 * at by way of rounding here. */
static long double round_big(struct big *b, int exponent, int sticky, const struct format *f) {
    int n = bits_of(b);
    if (n == 0)
        return 0;
    wide m = 0;
    int low = n - 64, half = 0;
    for (int i = n - 1; i >= 0 && i >= low; i--)
        m = m << 1 | (b->digits[i / 32] >> (i % 32) & 1);
    if (low <= 0)
        return assemble(m, exponent, sticky, f);
    half = b->digits[(low - 1) / 32] >> ((low - 1) % 32) & 1;
    for (int i = low - 2; i >= 0 && !sticky; i--)
        sticky = b->digits[i / 32] >> (i % 32) & 1;
    exponent += low;
    if (f->bits == 64 && exponent >= f->least) {
        if (half && (sticky || (m & 1)) && ++m == 0) {
            m = (wide)1 << 63;
            exponent++;
        }
        return assemble(m, exponent, 0, f);
    }
    return assemble(m, exponent, half * HALF | sticky, f);
}

/* b * 10^ten */
static long double scale_decimal(struct big *b, int ten, int sticky, const struct format *f) {
    int exponent = ten;
    if (b->length == 0)
        return 0;
    if (ten >= 0) {
        for (int k = ten; k > 0; k -= FIVES)
            multiply(b, k < FIVES ? five_to(k) : five_to_13, 0);
        return round_big(b, exponent, sticky, f);
    }
    /* 5^k has at most 7k/3 bits */
    int words = (7 * -ten / 3 + 70 - bits_of(b)) / 32 + 1;
    if (words > 0) {
        shift_words(b, words);
        exponent -= 32 * words;
    }
    for (int k = -ten; k > 0; k -= FIVES)
        if (divide(b, k < FIVES ? five_to(k) : five_to_13))
            sticky = 1;
    return round_big(b, exponent, sticky, f);
}

enum { MOST_DIGITS = 12000, HEXADECIMAL_WORDS = 4 };

/* What the exponent whose letter stands before s adds; *end moves behind it if it has digits. */
static int read_exponent(const char *s, const char **end) {
    int minus = *s == '-', n = 0;
    if (*s == '-' || *s == '+')
        s++;
    if (!isdigit((unsigned char)*s))
        return 0;
    for (; isdigit((unsigned char)*s); s++)
        n = n < 1000000 ? n * 10 + (*s - '0') : n;
    *end = s;
    return minus ? -n : n;
}

static long double decimal(const char *s, const char **end, const struct format *f) {
    static struct big b;
    int digits = 0, ten = 0, any = 0, point = 0, sticky = 0;
    b.length = 0;
    for (;; s++) {
        if (*s == '.' && !point)
            point = 1;
        else if (isdigit((unsigned char)*s)) {
            any = 1;
            if (digits < MOST_DIGITS) {
                multiply(&b, 10, *s - '0');
                digits += b.length > 0;
                ten -= point;
            } else {
                sticky |= *s != '0';
                ten += !point;
            }
        } else
            break;
    }
    if (!any)
        return 0;
    *end = s;
    if ((*s | 32) == 'e')
        ten += read_exponent(s + 1, end);
    if (b.length > 0 && digits + ten > 5000)
        return assemble((wide)1 << 63, 20000, 0, f);
    if (b.length > 0 && digits + ten < -5000)
        return assemble((wide)1 << 63, -20000, 0, f);
    return scale_decimal(&b, ten, sticky, f);
}

static long double hexadecimal(const char *s, const char **end, const struct format *f) {
    static struct big b;
    int exponent = 0, any = 0, point = 0, sticky = 0;
    b.length = 0;
    for (;; s++) {
        if (*s == '.' && !point)
            point = 1;
        else if (isxdigit((unsigned char)*s)) {
            int d = isdigit((unsigned char)*s) ? *s - '0' : (*s | 32) - 'a' + 10;
            any = 1;
            if (b.length < HEXADECIMAL_WORDS) {
                multiply(&b, 16, d);
                exponent -= 4 * point;
            } else {
                sticky |= d != 0;
                exponent += 4 * !point;
            }
        } else
            break;
    }
    if (!any)
        return 0;
    *end = s;
    if ((*s | 32) == 'p')
        exponent += read_exponent(s + 1, end);
    return round_big(&b, exponent, sticky, f);
}

/* Behind nan: (n) with letters, digits and _, or nothing. */
static const char *skip_kind_of_nan(const char *s) {
    const char *t = s;
    if (*t == '(')
        for (t++; isalnum((unsigned char)*t) || *t == '_'; t++)
            ;
    return *s == '(' && *t == ')' ? t + 1 : s;
}

static long double parse(const char *text, char **end, const struct format *f) {
    const char *s = text, *after = text;
    while (isspace((unsigned char)*s))
        s++;
    int negative = *s == '-';
    if (*s == '-' || *s == '+')
        s++;
    long double x = 0;
    static const union extended infinity = {.part = {(wide)1 << 63, 0x7FFF}},
                                nan = {.part = {(wide)3 << 62, 0x7FFF}};
    if (strncasecmp(s, "inf", 3) == 0) {
        after = s + (strncasecmp(s, "infinity", 8) == 0 ? 8 : 3);
        x = infinity.number;
    } else if (strncasecmp(s, "nan", 3) == 0) {
        after = skip_kind_of_nan(s + 3);
        x = nan.number;
    } else {
        if (s[0] == '0' && (s[1] | 32) == 'x')
            x = hexadecimal(s + 2, &after, f);
        if (after == text)
            x = decimal(s, &after, f);
    }
    if (end)
        *end = (char *)after;
    return negative && after != text ? -x : x;
}

long double strtold(const char *text, char **end) {
    static const struct format extended = {64, -16445, 16384};
    return parse(text, end, &extended);
}

double strtod(const char *text, char **end) {
    static const struct format twice = {53, -1074, 1024};
    return (double)parse(text, end, &twice);
}

float strtof(const char *text, char **end) {
    static const struct format once = {24, -149, 128};
    return (float)parse(text, end, &once);
}
