/* Floating point: conversions, comparisons with NaN, calls inside of deep expressions. */
#include <stdio.h>
static volatile double zero;
static double half(double x) {
    return x / 2;
}
static float narrow(double x) {
    return x;
}
static long double sum8(double a, double b, double c, double d, double e, double f, double g,
                        double h) {
    return a + (b + (c + (d + (e + (f + (g + (h + half(a + half(b + half(c)))))))))) * 2;
}
int main(void) {
    double nan = zero / zero, inf = 1 / zero, x = 0.1, y = 3.7;
    float f = 16777217.0f, g = 0.1f;
    long double l = 0.1L;
    double values[] = {0,    -0.0,  1,    -1.5, 2147483647.0, -2147483648.0, 4294967295.0,
                       1e15, -1e15, 0.999};
    printf("%d%d%d%d%d%d\n", nan<1, nan> 1, nan <= 1, nan >= 1, nan == nan, nan != nan);
    printf("%d%d%d%d\n", !(nan < 1), !(nan == nan), nan && 1, nan ? 1 : 0);
    if (nan < inf || nan > inf || nan == inf)
        printf("wrong\n");
    for (int i = 0; i < 10; i++) {
        double v = values[i];
        printf("%g %lld %.9g %Lg ", v, (long long)v, (float)v, (long double)v);
        if (v > -2147483649.0 && v < 2147483648.0)
            printf("%d ", (int)v);
        if (v >= 0 && v < 4294967296.0)
            printf("%u ", (unsigned)v);
        if (v >= 0)
            printf("%llu", (unsigned long long)(v * 1000));
        printf(" %d %d\n", !v, v ? 2 : 3);
    }
    printf("%llu %llu\n", (unsigned long long)1.5e19, (unsigned long long)9223372036854775808.0);
    unsigned long long big = 0xFFFFFFFFFFFFFFFFULL;
    long long low = -0x7FFFFFFFFFFFFFFFLL;
    unsigned u = 4000000000U;
    short s = -5;
    char c = -7;
    printf("%.17g %.9g %.20Lg\n", (double)big, (float)big, (long double)big);
    printf("%.17g %.9g %.20Lg\n", (double)low, (float)low, (long double)low);
    printf("%.17g %.9g %g %g\n", (double)u, (float)u, (double)s, (double)c);
    printf("%.9g %.17g %.20Lg\n", f, (double)g, l);
    printf("%.20Lg\n", sum8(1, 2, 3, 4, 5, 6, 7, 8));
    printf("%.17g\n", half(x) + (half(y) - (x * half(x + y) / (y - half(half(x))))));
    printf("%.9g %.17g\n", narrow(0.1), (double)narrow(x * y));
    x += y;
    x -= 1;
    x *= f;
    x /= g;
    printf("%.17g\n", x);
    f++;
    --g;
    s += 2.9;
    u *= 0.5;
    printf("%.9g %.9g %d %u\n", f, g, s, u);
    int i = 7;
    i /= 0.3;
    i <<= 2;
    printf("%d %g\n", i, i > 5 ? 1.5 : 2);
    static const double table[] = {1e-320,   5e-324, 1.7976931348623157e308,
                                   0x1.8p-3, 1e22,   123456789.123456789};
    static const long double wide[] = {1e-4940L, 3.6e-4951L, 1.18973149535723176502e+4932L,
                                       0x1p-16445L};
    static const float single[] = {1e-45f, 1.17549435e-38f, 3.40282347e38f, 16777219.0f};
    for (unsigned k = 0; k < sizeof table; k++)
        printf("%02x", ((const unsigned char *)table)[k]);
    for (unsigned k = 0; k < sizeof wide; k++)
        if (k % 12 < 10)
            printf("%02x", ((const unsigned char *)wide)[k]);
    for (unsigned k = 0; k < sizeof single; k++)
        printf("%02x", ((const unsigned char *)single)[k]);
    printf("\n");
    return 0;
}
