/*
 * numbers SEED PRINTED PARSED: so many generated calls of printf, and so many texts read by strtof,
 * strtod and strtold. What it prints is the same with every right libc.
 */
#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"

/* ---- floating point ------------------------------------------------------ */

union twice {
    uint64_t bits;
    double number;
};

static double any_double(void) {
    union twice u;
    uint64_t bits = next64();
    switch (below(9)) {
    case 0:
        u.bits = bits;
        break;
    case 1: /* often subnormal */
        u.bits = bits >> below(64);
        break;
    case 2:
        u.number = (double)(int64_t)any_signed();
        break;
    case 3: /* a half, quarter or eighth at the end: ties */
        u.number = below(2000) / 8.0;
        break;
    case 4:
        u.number = below(100000) / 1000.0;
        break;
    case 5:
        u.number = 1.0 / (below(1000) + 1);
        break;
    case 6: /* infinity, NaN, zero, subnormal */
        u.bits = (uint64_t)(below(3) ? 0x7FF : 0) << 52 | (bits & 1 ? 0 : bits >> 12);
        break;
    case 7: /* all nines, or a power of ten */
        u.number = 1;
        for (int i = below(30); i > 0; i--)
            u.number = bits & 1 ? u.number * 10 : u.number / 10;
        u.bits -= bits >> 1 & 1;
        break;
    default:
        u.bits = (bits & 0x800FFFFFFFFFFFFFULL) | (uint64_t)(1023 - 40 + below(80)) << 52;
    }
    return u.number;
}

union extended {
    struct {
        uint64_t mantissa;
        uint16_t sign_exponent;
    } part;
    long double number;
};

static long double any_long_double(void) {
    union extended u;
    uint64_t bits = next64();
    int sign = bits << 12 & 0x8000;
    memset(&u, 0, sizeof u);
    u.part.mantissa = bits >> (bits & 6 ? 0 : below(64)) | 1ULL << 63;
    int range = below(100) == 0 ? 32765 : 300;
    u.part.sign_exponent = sign | (16383 - range / 2 + below(range));
    if (below(20) == 0) { /* subnormal, or zero */
        int shift = 1 + below(63);
        u.part.mantissa = bits & 7 ? u.part.mantissa >> shift : 0;
        u.part.sign_exponent = sign;
    }
    if (below(20) == 0) { /* infinity, NaN */
        u.part.mantissa = 1ULL << 63 | (below(2) ? 1ULL << 62 : 0);
        u.part.sign_exponent = sign | 0x7FFF;
    }
    return below(4) ? u.number : any_double();
}

/* ---- printf -------------------------------------------------------------- */

enum { MOST_WIDTH = 60, MOST_PLACES = 40, ROOM = 1 << 16 };

static char format[128], text[ROOM];
static char *end_of_format;
static int stars, star[2]; /* numbers for * in the format */

/* Appends a conversion: flags, width, precision, size, kind. */
static void make_format(const char *flags, int places, const char *size, char kind) {
    char *f = end_of_format;
    *f++ = '%';
    stars = 0;
    for (int i = below(4); i > 0; i--)
        *f++ = flags[below(strlen(flags))];
    switch (below(5)) {
    case 0:
    case 1:
        f += sprintf(f, "%d", 1 + below(MOST_WIDTH));
        break;
    case 2:
        *f++ = '*';
        star[stars++] = below(2 * MOST_WIDTH) - MOST_WIDTH;
    }
    switch (below(5)) {
    case 0:
    case 1:
        f += sprintf(f, ".%d", below(places));
        break;
    case 2:
        f += sprintf(f, ".*");
        star[stars++] = below(places + 2) - 2;
        break;
    case 3:
        if (below(4) == 0)
            *f++ = '.';
    }
    f += sprintf(f, "%s%c", size, kind);
    end_of_format = f;
}

#define CALL(value)                                                                                \
    (stars == 0   ? snprintf(text, room, format, value)                                            \
     : stars == 1 ? snprintf(text, room, format, star[0], value)                                   \
                  : snprintf(text, room, format, star[0], star[1], value))

static int print_integer(size_t room) {
    static const char *const sizes[] = {"", "hh", "h", "l", "ll", "j", "z", "t"};
    int size = below(8);
    uint64_t n = any_signed();
    char kind = "diuoxX"[below(6)];
    make_format("-+ #0", MOST_PLACES, sizes[size], kind);
    return size == 4 || size == 5 ? CALL(n) : CALL((int)n);
}

static int print_text(size_t room) {
    static const char string[] = "a string to print, of fifty characters or a few more";
    switch (below(4)) {
    case 0:
        make_format("-", 2, "", 'c');
        return CALL(1 + below(126));
    case 1:
        make_format("-", 2, "", 'p');
        return CALL((void *)(uintptr_t)(next() | 1));
    case 2: {
        int n = -1;
        strcat(end_of_format, "%s%n%%");
        stars = 0;
        int r = snprintf(text, room, format, string + below(50), &n);
        return r * 1000 + n;
    }
    default:
        make_format("-", 60, "", 's');
        return CALL(string + below(50));
    }
}

/* Whether glibc may have cut the zeros of %#g, as it does where all digits have been rounded up to
 * a power of ten. */
static int cut_by_glibc(char kind) {
    const char *one = strpbrk(text, "123456789");
    return (kind | 32) == 'g' && strchr(format, '#') && one && *one == '1' &&
           !strchr("0123456789.", one[1 + strspn(one + 1, "0.")]) + !one[1 + strspn(one + 1, "0.")];
}

static void print_one(void) {
    end_of_format = format + sprintf(format, "%.*s", below(4), "<: ");
    size_t room = below(8) ? ROOM : below(40);
    char kind = "feEgGFaA"[below(8)];
    if ((kind | 32) == 'g')
        room = ROOM; /* for cut_by_glibc */
    int n;
    memset(text, '.', 50);
    errno = 0;
    switch (below(8)) {
    case 0:
    case 1:
        n = print_integer(room);
        break;
    case 2:
        n = print_text(room);
        break;
    case 3:
    case 4:
        make_format("-+ #0", MOST_PLACES, "L", kind);
        n = CALL(any_long_double());
        break;
    default:
        make_format("-+ #0", MOST_PLACES, room & 1 ? "l" : "", kind);
        n = CALL(any_double());
    }
    if (room == 0 || cut_by_glibc(kind))
        strcpy(text, "-");
    printf("%s [%s] %d %d\n", format, text, *text == '-' ? 0 : n, star[0]);
}

/* ---- strtod -------------------------------------------------------------- */

/* A decimal number as text, doubled, and add, which is 0 or 1, added. */
static void double_text(char *t, int add) {
    int n = strlen(t);
    for (int i = n - 1; i >= 0; i--) {
        int d = (t[i] - '0') * 2 + add;
        t[i] = '0' + d % 10;
        add = d / 10;
    }
    if (add) {
        memmove(t + 1, t, n + 1);
        *t = '0' + add;
    }
}

/* The text of a number half way between two of a format of so many bits, or next to it. */
static void make_tie(int bits) {
    uint64_t m = next64() >> (64 - bits) | 1ULL << (bits - 1);
    sprintf(text, "%llu", (unsigned long long)m);
    double_text(text, 1);
    for (int i = below(4) ? below(12) : below(900); i > 0; i--)
        double_text(text, 0);
    size_t n = strlen(text);
    switch (below(4)) {
    case 0: /* a little more */
        sprintf(text + n, ".%0*d", 1 + below(30), 1);
        break;
    case 1:            /* a little less */
        text[n - 1]--; /* it is odd or ends in 2, 4, 6, 8 */
        sprintf(text + n, ".%.*s", 1 + below(30), "9999999999999999999999999999999");
        break;
    case 2:
        strcat(text, ".000");
    }
}

/* One exactly half way below 1, from the digits of a long double. */
static void make_small_tie(void) {
    union twice u;
    int places = below(60);
    u.bits = next64() >> 2;
    if (below(4) == 0)
        u.bits >>= below(62);
    u.bits &= ~(1ULL << 63);
    if (u.bits >> 52 >= 0x7FE)
        u.bits = 1;
    double low = u.number;
    u.bits++;
    places = below(3) ? 1100 : places;
    sprintf(text, "%.*Le", places, ((long double)low + u.number) / 2);
}

static void make_number(void) {
    static const char *const words[] = {"inf",
                                        "-INFINITY",
                                        "+infinit",
                                        "nan",
                                        "NAN(12)",
                                        "nan(x",
                                        "0x",
                                        "0x.p1",
                                        "-0x.8p",
                                        "0x1p-1074",
                                        "0x1.fffffffffffff8p1023",
                                        "0x1.fffffffffffff7p1023",
                                        ".",
                                        "-.e5",
                                        "1e",
                                        "1e+",
                                        "  \t12",
                                        "+-1",
                                        "1e99999999999",
                                        "0e99999999999",
                                        "1e-99999999999",
                                        "0x0p999999999",
                                        "2.2250738585072011e-308",
                                        "4.9e-324",
                                        "2.47e-324",
                                        "3.6e-4951",
                                        "1.8e-4951",
                                        "1.1897314953572318e4932",
                                        "1.1897314953572317651e4932",
                                        "3.4028235677973366e38",
                                        "3.40282356e38",
                                        "1.4e-45",
                                        "7e-46",
                                        ""};
    unsigned a = next(), b = next();
    int places = below(40);
    switch (below(10)) {
    case 0:
        sprintf(text, "%.*Lg", places, any_long_double());
        break;
    case 1:
        sprintf(text, "%.*e", places, any_double());
        break;
    case 2:
        sprintf(text, "%.17g", any_double());
        break;
    case 3:
        sprintf(text, "%a", any_double());
        break;
    case 4:
        sprintf(text, "0x%x.%xp%d", a >> (b & 31), b, below(300) - 150);
        break;
    case 5:
        sprintf(text, "%u.%ue%d", a, b, below(10) ? below(700) - 350 : below(10000) - 5000);
        break;
    case 6:
        make_tie(below(3) == 0 ? 24 : below(2) ? 53 : 64);
        break;
    case 7:
        make_small_tie();
        break;
    case 8:
        strcpy(text, words[below(sizeof words / sizeof words[0])]);
        break;
    default:
        sprintf(text, "%u%020u.%020u", a, b, a ^ b);
    }
    size_t length = strlen(text);
    if (below(6) == 0 && length > 0)
        text[a % length] = "0123456789.eE+-xX pinf"[below(22)];
    if (below(12) == 0)
        text[below(length + 1)] = 0;
}

static void show_bytes(const void *p, int n, int is_nan) {
    while (n-- > 0)
        printf("%02x", is_nan ? 0 : ((const unsigned char *)p)[n]);
}

/* What is printed of one: what was read, up to where, and errno. */
#define SHOW(call, type, bytes)                                                                    \
    do {                                                                                           \
        errno = 0;                                                                                 \
        type x = call(text, &end);                                                                 \
        int error = errno;                                                                         \
        printf(" ");                                                                               \
        show_bytes(&x, bytes, x != x);                                                             \
        printf(" %d %d", (int)(end - text), error == ERANGE ? 1 : error);                          \
    } while (0)

static void parse_one(void) {
    char *end;
    make_number();
    printf("%.100s:", text);
    SHOW(strtof, float, 4);
    SHOW(strtod, double, 8);
    SHOW(strtold, long double, 10);
    printf("\n");
}

int main(int argc, char **argv) {
    if (argc != 4)
        return 2;
    state = atoi(argv[1]) * 2654435761u | 1;
    for (int i = atoi(argv[2]); i > 0; i--)
        print_one();
    for (int i = atoi(argv[3]); i > 0; i--)
        parse_one();
    return 0;
}
