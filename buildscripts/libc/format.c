/* printf: one engine that hands its characters to a function (C99 7.19.6.1). */
#include "format.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "decimal.h"

enum { LEFT = 1, PLUS = 2, SPACE = 4, ALTERNATE = 8, ZERO = 16, UPPER = 32 };

struct output {
    void (*put)(void *to, const char *text, size_t n);
    void *to;
    int count;
};

struct spec {
    int flags, width, precision; /* precision -1: none */
    char size;                   /* h H (hh) l L (ll) D (long double) j z t, or 0 */
};

static void put(struct output *o, const char *text, int n) {
    if (n > 0) {
        o->put(o->to, text, n);
        o->count += n;
    }
}

static void pad(struct output *o, char c, int n) {
    char run[32];
    memset(run, c, sizeof run);
    for (; n > 0; n -= 32)
        put(o, run, n < 32 ? n : 32);
}

/* prefix (sign, 0x), zeros, body, more zeros, tail; and what the width wants before, between or
 * behind */
static void put_field(struct output *o, const struct spec *s, const char *prefix, int zeros,
                      const char *body, int n, int more, const char *tail) {
    int prefix_length = strlen(prefix), tail_length = strlen(tail);
    int fill = s->width - prefix_length - zeros - n - more - tail_length;
    if (fill > 0 && !(s->flags & (LEFT | ZERO)))
        pad(o, ' ', fill);
    put(o, prefix, prefix_length);
    if (fill > 0 && (s->flags & ZERO) && !(s->flags & LEFT))
        pad(o, '0', fill);
    pad(o, '0', zeros);
    put(o, body, n);
    pad(o, '0', more);
    put(o, tail, tail_length);
    if (fill > 0 && (s->flags & LEFT))
        pad(o, ' ', fill);
}

/* ---- integers
 * -----------------------------------------------------------------------------------------------------
 */

static void put_integer(struct output *o, struct spec *s, unsigned long long n, int base,
                        const char *sign) {
    char digits[24], *d = digits + sizeof digits, prefix[4];
    const char *set = s->flags & UPPER ? "0123456789ABCDEF" : "0123456789abcdef";
    int zero = n == 0;
    strcpy(prefix, sign);
    if (base == 10)
        for (; n >> 32; n /= 10)
            *--d = set[n % 10];
    else
        for (; n >> 32; n /= base)
            *--d = set[n % base];
    for (unsigned low = (unsigned)n; low != 0; low /= base)
        *--d = set[low % base];
    int length = digits + sizeof digits - d;
    int precision = s->precision < 0 ? 1 : s->precision;
    if (s->flags & ALTERNATE) {
        if (base == 16 && !zero)
            strcat(prefix, s->flags & UPPER ? "0X" : "0x");
        if (base == 8 && precision <= length)
            precision = length + 1;
    }
    if (s->precision >= 0)
        s->flags &= ~ZERO;
    put_field(o, s, prefix, precision > length ? precision - length : 0, d, length, 0, "");
}

static const char *sign_text(const struct spec *s, int negative) {
    return negative ? "-" : s->flags & PLUS ? "+" : s->flags & SPACE ? " " : "";
}

/* ---- floating point
 * -----------------------------------------------------------------------------------------------
 */

static char text[16600]; /* of one conversion, without the zeros that a large precision adds */

static char *put_exponent(char *t, int e, char letter, int least) {
    char digits[8];
    int n = 0;
    *t++ = letter;
    *t++ = e < 0 ? '-' : '+';
    for (unsigned u = e < 0 ? -e : e; u != 0 || n < least; u /= 10)
        digits[n++] = '0' + u % 10;
    while (n > 0)
        *t++ = digits[--n];
    return t;
}

/* digit i of d, 0 outside */
static char digit(const struct decimal *d, int i) {
    return i >= 0 && i < d->count ? '0' + d->digits[i] : '0';
}

/* Text of d with places behind the point; those that are zeros at the end are counted in zeros, not
 * written. */
static char *fixed(char *t, const struct decimal *d, int places, int point, int *zeros) {
    for (int i = d->point > 0 ? 0 : d->point - 1; i < d->point; i++)
        *t++ = digit(d, i);
    if (places > 0 || point)
        *t++ = '.';
    int real = d->count - d->point < 0 ? 0 : d->count - d->point;
    if (real > places)
        real = places;
    for (int i = 0; i < real; i++)
        *t++ = digit(d, d->point + i);
    *zeros = places - real;
    return t;
}

static void put_decimal(struct output *o, struct spec *s, long double x, char kind,
                        const char *sign) {
    static struct decimal d;
    int precision = s->precision < 0 ? 6 : s->precision, zeros = 0, point = s->flags & ALTERNATE,
        strip = 0;
    char *t = text;
    __float_digits(x, &d);
    int zero = d.digits[0] == 0;
    if (kind == 'g') {
        if (precision == 0)
            precision = 1;
        if (!zero)
            __float_round(&d, precision);
        int e = zero ? 0 : d.point - 1;
        strip = !point;
        kind = e >= -4 && e < precision ? 'f' : 'e';
        precision = kind == 'f' ? precision - 1 - e : precision - 1;
    } else if (!zero)
        __float_round(&d, kind == 'f' ? d.point + precision : precision + 1);
    while (d.count > 0 && d.digits[d.count - 1] == 0)
        d.count--;
    if (d.count == 0)
        d.point = 1;
    if (kind == 'f') {
        if (strip && precision > d.count - d.point)
            precision = d.count - d.point > 0 ? d.count - d.point : 0;
        t = fixed(t, &d, precision, point, &zeros);
        put_field(o, s, sign, 0, text, t - text, zeros, "");
        return;
    }
    char exponent[8];
    int e = d.count == 0 ? 0 : d.point - 1;
    *put_exponent(exponent, e, s->flags & UPPER ? 'E' : 'e', 2) = 0;
    d.point = 1;
    if (strip && precision > d.count - 1)
        precision = d.count > 1 ? d.count - 1 : 0;
    t = fixed(t, &d, precision, point, &zeros);
    put_field(o, s, sign, 0, text, t - text, zeros, exponent);
}

/* 0x1.8p+1: the mantissa has 1 before the point for doubles as glibc does; a long double shows four
 * bits there */
static void put_hexadecimal(struct output *o, struct spec *s, long double x, const char *sign) {
    union {
        long double number;
        struct {
            unsigned long long mantissa;
            unsigned short sign_exponent;
        } part;
    } u;
    u.number = x;
    unsigned long long m = u.part.mantissa;
    int e = (u.part.sign_exponent & 0x7FFF) - 16383, zeros = 0, digits = 16;
    const char *set = s->flags & UPPER ? "0123456789ABCDEF" : "0123456789abcdef";
    char prefix[8], exponent[12], *t = text;
    strcat(strcpy(prefix, sign), s->flags & UPPER ? "0X" : "0x");
    if (m == 0) {
        e = 0;
        digits = s->size == 'D' ? 16 : 14;
    } else if (s->size == 'D')
        e -= u.part.sign_exponent & 0x7FFF ? 3 : 2; /* a subnormal has the least normal exponent */
    else { /* one bit before the point, 52 behind it; a double's subnormal is shown with 0 before
              the point */
        digits = 14;
        int small = e < -1022 ? -1022 - e : 0;
        m = m >> 11 >> small;
        e += small;
    }
    int top = digits == 16 ? 60 : 52, precision = s->precision;
    if (precision >= 0 && precision < digits - 1) {
        int drop = top - 4 * precision;
        unsigned long long low = m & ((1ULL << drop) - 1), half = 1ULL << (drop - 1);
        m >>= drop;
        if (low > half || (low == half && (m & 1)))
            m++;
        if (m != 0 && m << drop == 0) { /* carried out of the 64 bits */
            m = 1ULL << (top - drop);
            e += 4;
        }
        m <<= drop;
    }
    *t++ = set[m >> top & 15];
    int last = precision < 0 ? digits - 1 : precision < digits - 1 ? precision : digits - 1;
    if (precision < 0)
        while (last > 0 &&
               !(m & ((1ULL << (top - 4 * last + 4)) - 1) & ~((1ULL << (top - 4 * last)) - 1)))
            last--;
    if (last > 0 || precision > 0 || (s->flags & ALTERNATE))
        *t++ = '.';
    for (int i = 1; i <= last; i++)
        *t++ = set[m >> (top - 4 * i) & 15];
    if (precision > last)
        zeros = precision - last;
    *put_exponent(exponent, e, s->flags & UPPER ? 'P' : 'p', 1) = 0;
    put_field(o, s, prefix, 0, text, t - text, zeros, exponent);
}

static void put_float(struct output *o, struct spec *s, long double x, char kind) {
    const char *sign = sign_text(s, __sign_bit(x));
    int class = __float_class(x);
    if (class <= 1) {
        s->flags &= ~ZERO;
        const char *name = class == 1 ? "infINF" : "nanNAN";
        put_field(o, s, sign, 0, name + (s->flags & UPPER ? 3 : 0), 3, 0, "");
    } else if (kind == 'a')
        put_hexadecimal(o, s, x, sign);
    else
        put_decimal(o, s, x, kind, sign);
}

/* ---- conversions
 * --------------------------------------------------------------------------------------------------
 */

static long long signed_argument(va_list *arguments, char size) {
    switch (size) {
    case 'h':
        return (short)va_arg(*arguments, int);
    case 'H':
        return (signed char)va_arg(*arguments, int);
    case 'L':
    case 'j':
        return va_arg(*arguments, long long);
    default:
        return va_arg(*arguments, int);
    }
}

static unsigned long long unsigned_argument(va_list *arguments, char size) {
    switch (size) {
    case 'h':
        return (unsigned short)va_arg(*arguments, int);
    case 'H':
        return (unsigned char)va_arg(*arguments, int);
    case 'L':
    case 'j':
        return va_arg(*arguments, unsigned long long);
    default:
        return va_arg(*arguments, unsigned);
    }
}

void __store_integer(void *to, unsigned long long n, char size) {
    switch (size) {
    case 'h':
        *(short *)to = n;
        break;
    case 'H':
        *(signed char *)to = n;
        break;
    case 'L':
    case 'j':
        *(long long *)to = n;
        break;
    default:
        *(int *)to = n;
        break;
    }
}

static void convert(struct output *o, struct spec *s, char kind, va_list *arguments) {
    char c;
    if (kind >= 'A' && kind <= 'X' && kind != 'L') {
        s->flags |= UPPER;
        kind += 'a' - 'A';
    }
    switch (kind) {
    case 'd':
    case 'i': {
        long long n = signed_argument(arguments, s->size);
        put_integer(o, s, n < 0 ? -(unsigned long long)n : (unsigned long long)n, 10,
                    sign_text(s, n < 0));
        break;
    }
    case 'u':
        put_integer(o, s, unsigned_argument(arguments, s->size), 10, "");
        break;
    case 'o':
        put_integer(o, s, unsigned_argument(arguments, s->size), 8, "");
        break;
    case 'x':
        put_integer(o, s, unsigned_argument(arguments, s->size), 16, "");
        break;
    case 'p': {
        void *p = va_arg(*arguments, void *);
        s->flags |= ALTERNATE;
        if (p)
            put_integer(o, s, (unsigned)p, 16, sign_text(s, 0));
        else
            put_field(o, s, "", 0, "(nil)", 5, 0, "");
        break;
    }
    case 'c':
        c = va_arg(*arguments, int);
        s->flags &= ~ZERO;
        put_field(o, s, "", 0, &c, 1, 0, "");
        break;
    case 's': {
        const char *text = va_arg(*arguments, const char *);
        if (!text)
            text = s->precision >= 0 && s->precision < 6 ? "" : "(null)";
        s->flags &= ~ZERO;
        put_field(o, s, "", 0, text, s->precision < 0 ? strlen(text) : strnlen(text, s->precision),
                  0, "");
        break;
    }
    case 'n':
        __store_integer(va_arg(*arguments, void *), o->count, s->size);
        break;
    case 'e':
    case 'f':
    case 'g':
    case 'a':
        if (s->size == 'D')
            put_float(o, s, va_arg(*arguments, long double), kind);
        else
            put_float(o, s, va_arg(*arguments, double), kind);
        break;
    default:
        put(o, &kind, 1);
    }
}

static const char *read_number(const char *f, int *to, va_list *arguments) {
    if (*f == '*') {
        *to = va_arg(*arguments, int);
        return f + 1;
    }
    for (*to = 0; *f >= '0' && *f <= '9'; f++)
        *to = *to * 10 + (*f - '0');
    return f;
}

static const char *read_spec(const char *f, struct spec *s, va_list *arguments) {
    static const char flags[] = "-+ #0";
    const char *flag;
    s->flags = s->width = s->size = 0;
    s->precision = -1;
    while (*f && (flag = strchr(flags, *f))) {
        s->flags |= 1 << (flag - flags);
        f++;
    }
    f = read_number(f, &s->width, arguments);
    if (s->width < 0) {
        s->width = -s->width;
        s->flags |= LEFT;
    }
    if (*f == '.') {
        f = read_number(f + 1, &s->precision, arguments);
        if (s->precision < 0)
            s->precision = -1;
    }
    for (;; f++)
        switch (*f) {
        case 'h':
            s->size = s->size == 'h' ? 'H' : 'h';
            break;
        case 'l':
            s->size = s->size == 'l' ? 'L' : 'l';
            break;
        case 'q':
            s->size = 'L';
            break;
        case 'L':
            s->size = 'D';
            break;
        case 'j':
        case 'z':
        case 't':
            s->size = *f;
            break;
        default:
            return f;
        }
}

int __format(void (*write)(void *to, const char *text, size_t n), void *to, const char *f,
             va_list arguments) {
    struct output o = {write, to, 0};
    va_list list;
    va_copy(list, arguments);
    while (*f) {
        size_t plain = strcspn(f, "%");
        put(&o, f, plain);
        f += plain;
        if (!*f)
            break;
        struct spec s;
        f = read_spec(f + 1, &s, &list);
        if (!*f)
            break;
        convert(&o, &s, *f++, &list);
    }
    va_end(list);
    return o.count;
}
