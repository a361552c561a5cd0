#include <stdarg.h>
#include <stdio.h>
#include <string.h>
struct S {
    unsigned a : 3;
    int b : 5;
    unsigned c : 31;
    long long d;
    char e[3];
} s = {5, -3, 0x7fffffff, -1LL, "ab"};
struct P {
    int x, y;
    double z;
};
static struct P mk(int x, int y, double z) {
    struct P p = {x, y, z};
    return p;
}
static double sum(int n, ...) {
    va_list ap;
    va_start(ap, n);
    double t = 0;
    while (n--)
        t += va_arg(ap, double);
    va_end(ap);
    return t;
}
typedef int (*fn)(int);
static int twice(int x) {
    return 2 * x;
}
static fn table[] = {twice, [3] = twice};
enum { A, B = 5, C };
#define STR(x) #x
#define XSTR(x) STR(x)
#define CAT(a, b) a##b
#define V(fmt, ...) printf(fmt, ##__VA_ARGS__)
int arr[3][4] = {{1, 2, 3, 4}, {5}, 9, 10};
struct N {
    struct {
        int q;
        union {
            int u;
            float f;
        };
    };
    int arr[];
};
const char *names[] = {[C] = "see", [A] = "ay"};
static int sw(int x) {
    switch (x) {
    case 1:
    case 2:
        return 12;
    case 10 ... 20:
        return 1020;
    case -5:
        return -5;
    case 100:
        x++;
    default:
        return x;
    }
}
static void duff(char *to, const char *from, int count) {
    int n = (count + 7) / 8;
    switch (count % 8) {
    case 0:
        do {
            *to++ = *from++;
        case 7:
            *to++ = *from++;
        case 6:
            *to++ = *from++;
        case 5:
            *to++ = *from++;
        case 4:
            *to++ = *from++;
        case 3:
            *to++ = *from++;
        case 2:
            *to++ = *from++;
        case 1:
            *to++ = *from++;
        } while (--n > 0);
    }
}
int kr(a, b)
int a;
char *b;
{ return a + b[0]; }
int main(int argc, char **argv) {
    struct P p = mk(1, 2, 3.5), *pp = &p, q;
    q = *pp;
    q.x += 10;
    pp->y *= 3;
    printf("%d %d %g %d\n", p.x, p.y, p.z, q.x);
    s.b++;
    s.a += 7;
    s.c >>= 1;
    printf("%d %d %u %lld %s %d\n", s.a, s.b, s.c, s.d, s.e, (int)sizeof s);
    printf("%g\n", sum(3, 1.5, 2.25, 1e10));
    printf("%d %s %s %d\n", table[3](21), XSTR(CAT(A, B)), __func__, __LINE__);
    V("hello\n");
    V("%d\n", C);
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 4; j++)
            printf("%d ", arr[i][j]);
        printf("\n");
    }
    printf("%s %s %d\n", names[0], names[6], (int)(sizeof names / sizeof *names));
    int t[] = {1, 2, 10, 15, 20, 21, -5, 100};
    for (int i = 0; i < 8; i++)
        printf("%d ", sw(t[i]));
    printf("\n");
    char buf[64];
    duff(buf, "the quick brown fox jumps over the lazy dog", 44);
    printf("%s %d\n", buf, kr(1, "a"));
    unsigned long long u = 0xfedcba9876543210ULL;
    long long m = -123456789012345LL;
    printf("%llu %lld %llx %lld %lld\n", u / 1000, m % 1000, u >> 12, m >> 3, m * 7);
    float f = 1.1f;
    double d = f * 3;
    long double l = d / 7;
    printf("%.10g %.10g %.15Lg %d %u %lld\n", f, d, l, (int)-2.7, (unsigned)3e9, (long long)1e15);
    printf("%d %d %d\n", d < l, d != d, f == (float)1.1f);
    struct N n = {{3, {.f = 1.5f}}};
    printf("%d %x\n", n.q, n.u);
    int *pi = (int[]){7, 8, 9};
    printf("%d\n", pi[2]);
    int x = 5;
    x = x++ + 0;
    goto end;
    x = 99;
end:
    printf("%d %d %d\n", argc ? x : -1, !x, x && !argc);
    printf("%s"
           "%s\n",
           "con",
           "cat"
           "\x41\102");
    char c = 200;
    unsigned char uc = 200;
    short sh = 70000;
    printf("%d %d %d %d\n", c, uc, sh, c == uc);
    printf("%d\n", (int)sizeof(struct N));
    _Bool bb = 5;
    bb += 1;
    printf("%d %d\n", bb, (_Bool)0.1);
    unsigned ui = 1;
    printf("%d %d\n", -1 < ui, -1 < (int)ui);
    int i = 3;
    i <<= 2;
    i ^= 5;
    i |= 64;
    i %= 50;
    printf("%d %d\n", i, i > 3 ? 7 : 8);
    p = (struct P){.y = 4, .x = 3};
    printf("%d %d %g\n", p.x, p.y, p.z);
    printf("%d %g\n", mk(4, 5, 6).y, mk(7, 8, 9.5).z);
    double dd[2] = {1.0 / 3, -0.0};
    printf("%.17g %g\n", dd[0], dd[1]);
    unsigned char *b = (unsigned char *)&l;
    for (int k = 0; k < 10; k++)
        printf("%02x", b[k]);
    printf("\n");
    printf("%lu %d\n", (unsigned long)u, (short)m);
    return 0;
}
