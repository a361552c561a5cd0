/* The preprocessor: what C99 6.10 has, its examples among them. */
#include <stdio.h>
#define x 3
#define f(a) f(x *(a))
#undef x
#define x 2
#define g f
#define z z[0]
#define m(a) a(w)
#define w 0, 1
#define t(a) a
#define p() int
#define q(x) x
#define r(x, y) x##y
#define str(...) #__VA_ARGS__
#define xstr(...) str(__VA_ARGS__)
#define debug(s, t) printf("x" #s "= %d, x" #t "= %s\n", x##s, x##t)
#define INCFILE(n) vers##n
#define glue(a, b) a##b
#define xglue(a, b) glue(a, b)
#define HIGHLOW "hello"
#define LOW LOW ", world"
#define hash_hash #hash##hash
#define mkstr(a) #a
#define in_between(a) mkstr(a)
#define join(c, d) in_between(c hash_hash d)
#define t2(x, y, z) x##y##z
#define showlist(...) puts(#__VA_ARGS__)
#define report(test, ...) ((test) ? puts(#test) : printf(__VA_ARGS__))
#define eprintf(format, ...) printf(format, ##__VA_ARGS__)
#define EMPTY
#define CALL(f, ...) f(__VA_ARGS__)
#define COUNT(...) COUNT_(__VA_ARGS__, 5, 4, 3, 2, 1)
#define COUNT_(a, b, c, d, e, n, ...) n
#define LPAREN (
#define RPAREN )
#define F(x, y) x + y
#define ELLIP_FUNC(...) __VA_ARGS__
enum { SELF = 5 };
#define SELF SELF_VALUE SELF
#define SELF_VALUE 9 +

#if 1 ? 2 > 1 && 0x10 == 020 && 'A' == 65 : 0
#define YES 1
#else
#error "wrong"
#endif
#if (-1 > 0u) && defined(YES) && !defined NO && (1 || 1 / 0)
#elif 1
#error "wrong too"
#else
#error "and this"
#endif
#if 0
#if 1
#error "not here"
#else
it's skipped
#endif
#elif 18446744073709551615U == -1 && -1 >> 1 == -1
#define WIDE "64 bits"
#endif
#ifdef NEVER
#elif 1
#define ELIF 2
#elif garbage that is not looked at
#endif

int main(void) {
    int y = 1;
    const char *xlow = "str";
    int x1 = 7;
#define x2 "two"
    puts(xstr(f(y + 1) + f(f(z))) " " xstr(g(x + (3, 4) - w)));
    puts(xstr(r(2, ) r(, 3) r(4, 5) r(, )) "|");
    debug(1, 2);
    puts(xstr(INCFILE(2).h) " " xstr(strncmp("abc\0d", "abc", '\4') == 0) str( : @\n));
    puts(glue(HIGH, LOW));
    puts(xglue(HIGH, LOW));
    puts(join(x, y));
    int j[] = {t2(1, 2, 3), t2(, 4, 5), t2(6, , 7), t2(8, 9, ), t2(10, , ), t2(, 11, ), t2(, , 12)};
    for (int i = 0; i < 7; i++)
        printf("%d ", j[i]);
    showlist(The first, second, and third items.);
    report(x > y, "x is %d but y is %d\n", x, y);
    eprintf("none\n");
    eprintf("%d %d\n", 1, 2);
    CALL(printf, "%s\n", xstr(EMPTY a EMPTY b));
    printf("%d %d\n", COUNT(a, b, c), CALL(F, 1, 2));
    puts(xstr(ELLIP_FUNC(F, LPAREN, 'a', 'b', RPAREN);));
    printf("%d %s %d %d\n", SELF, WIDE, ELIF, YES);
    puts("joined "
         "lines \
go on");
    printf("%d %s\n", __LINE__, __func__);
#line 1000 "other.c"
    printf("%d %s\n", __LINE__, __FILE__);
    printf("%d\n", /* a comment
over lines */
           __LINE__);
    _Pragma("omp parallel") printf("%d\n", 7);
    return 0;
}
