/* Functions of all kinds of arguments and results; caller.c calls them. */
#include <stdarg.h>

#include "shared.h"

int counter = 17;
struct big table[3] = {{1, 1.5, "one", 1}, {2, 2.5, "two", 2}, {-3, -3.5, "three", -3}};
const char *const names[] = {"zero", "one", "two", 0};

int add_small(char a, signed char b, unsigned char c, short d, unsigned short e, _Bool f) {
    counter++;
    return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f;
}

signed char give_char(int n) {
    return n;
}

unsigned short give_short(int n) {
    return n;
}

_Bool give_bool(int n) {
    return n;
}

long long add_wide(int a, long long b, unsigned long long c, char d) {
    return a + b * 3 - (long long)(c >> 3) + d;
}

float add_float(float a, double b, long double c, int d) {
    return a + b * 2 + c * 4 + d;
}

double give_double(int n) {
    return n / 8.0;
}

long double give_long_double(double x) {
    return x * 1.25L;
}

struct pair swap_pair(struct pair p) {
    struct pair q = {p.b, p.a};
    return q;
}

static struct pair negate(struct pair p) {
    p.a = -p.a;
    p.b = -p.b;
    return p;
}

struct odd turn(struct odd o, int by) {
    struct odd r;
    for (int i = 0; i < 5; i++)
        r.c[(i + by) % 5] = o.c[i];
    return r;
}

struct big grow(int before, struct big b, char after) {
    b.n += before;
    b.d *= after;
    b.text[0] = after;
    b.s--;
    return b;
}

union mixed mix(union mixed m) {
    m.u ^= 0x80000000;
    return m;
}

struct bits more_bits(struct bits b) {
    b.a++;
    b.b--;
    b.c *= 3;
    b.d += 4;
    b.e = -b.e;
    b.f += 100;
    return b;
}

int sum_ints(int count, ...) {
    int sum = 0;
    va_list ap;
    va_start(ap, count);
    while (count-- > 0)
        sum += va_arg(ap, int);
    va_end(ap);
    return sum;
}

double sum_doubles(const char *kinds, ...) {
    double sum = 0;
    va_list ap;
    va_start(ap, kinds);
    for (; *kinds; kinds++)
        switch (*kinds) {
        case 'i':
            sum += va_arg(ap, int);
            break;
        case 'l':
            sum += va_arg(ap, long long);
            break;
        case 'd':
            sum += va_arg(ap, double);
            break;
        case 'L':
            sum += va_arg(ap, long double);
            break;
        case 'p': {
            struct pair p = va_arg(ap, struct pair);
            sum += p.a * 10 + p.b;
            break;
        }
        case 'o':
            sum += va_arg(ap, struct odd).c[4];
            break;
        }
    va_end(ap);
    return sum;
}

int apply(int (*f)(int, void *), int n, void *what) {
    int sum = 0;
    for (int i = 0; i < n; i++)
        sum += f(i, what);
    return sum;
}

struct pair (*choose(int which))(struct pair) {
    return which ? swap_pair : negate;
}

/* Uses many variables, so that registers which belong to the caller are needed. */
void keep_registers(int *out) {
    int a = out[0], b = out[1], c = out[2], d = out[3];
    for (int i = 0; i < 10; i++) {
        a += b * i;
        b ^= c + i;
        c -= d;
        d += a & i;
    }
    out[0] = a;
    out[1] = b;
    out[2] = c;
    out[3] = d;
}
