/* Calls the functions of callee.c and prints what it gets. */
#include <stdio.h>

#include "shared.h"

static int weigh(int n, void *what) {
    return n * *(int *)what + counter;
}

int main(void) {
    struct pair p = {3, -4};
    struct odd o = {{1, 2, 3, 4, 5}};
    struct big b = {1LL << 40, 0.375, "abcdefghij", -7};
    struct bits bits = {7, -64, 0xFFFFFFFFFFULL, 'x', 500000, -256};
    union mixed m = {.f = -2.5f};
    int x = 11, y = 22, z = 33, out[4] = {1, 2, 3, 4};

    printf("%d\n", add_small(-128, -5, 255, -32768, 65535, 1));
    printf("%d %d %d %d\n", give_char(200), give_short(-1), give_bool(256), give_bool(0));
    printf("%lld\n", add_wide(-1, -5000000000LL, 0xFFFFFFFFFFFFFFFFULL, -7));
    printf("%.9g %.17g %.20Lg\n", add_float(0.5f, 1.25, 2.125L, 3), give_double(-5),
           give_long_double(0.1));
    p = swap_pair(p);
    printf("%d %d\n", p.a, p.b);
    o = turn(o, 2);
    printf("%d %d %d %d %d\n", o.c[0], o.c[1], o.c[2], o.c[3], o.c[4]);
    b = grow(5, b, 'K');
    printf("%lld %g %s %d\n", b.n, b.d, b.text, b.s);
    printf("%g %d\n", mix(m).f, grow(1, table[2], 'Q').s);
    bits = more_bits(bits);
    printf("%d %d %llx %d %d %d %u\n", bits.a, bits.b, (unsigned long long)bits.c, bits.d, bits.e,
           bits.f, (unsigned)sizeof bits);
    printf("%d\n", sum_ints(5, 1, 20, 300, -4000, 50000));
    printf("%g\n", sum_doubles("ildLpo", -1, 1LL << 33, 0.5, 0.25L, p, o));
    printf("%d\n", apply(weigh, 5, &x));
    printf("%d %d %d\n", choose(0)(p).a, choose(1)(p).a, (*choose(1))(p).b);
    for (int i = 0; names[i]; i++)
        printf("%s %lld %g %s %d\n", names[i], table[i].n, table[i].d, table[i].text, table[i].s);
    for (int i = 0; i < 3; i++) {
        keep_registers(out);
        x += y ^ i;
        y -= z + out[i];
        z *= 3;
    }
    printf("%d %d %d %d %d %d %d\n", x, y, z, out[0], out[1], out[2], out[3]);
    printf("%d\n", counter);
    return 0;
}
