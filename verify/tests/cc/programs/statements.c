/* Statements in expressions: jumps out of them, what lies on the stack around them, all kinds of
 * values. */
#include <stdio.h>
#include <string.h>
struct pair {
    int a, b;
    char text[40];
};
#define max(a, b)                                                                                  \
    ({                                                                                             \
        __typeof__(a) x_ = (a);                                                                    \
        __typeof__(b) y_ = (b);                                                                    \
        x_ > y_ ? x_ : y_;                                                                         \
    })
#define TRY(e)                                                                                     \
    ({                                                                                             \
        int r_ = (e);                                                                              \
        if (r_ < 0)                                                                                \
            return r_ - 100;                                                                       \
        r_;                                                                                        \
    })
static int check(int n) {
    return n > 5 ? -n : n;
}
static int sum(int a, int b, int c) {
    return a * 100 + b * 10 + c;
}
static int tried(int n) {
    return sum(1, TRY(check(n)), TRY(check(n + 1))) + TRY(check(n));
}
static double tried_float(int n) {
    double one = 1.5;
    return one * 2 + ({
               if (n < 0)
                   return -1.25;
               one + n;
           });
}
static long long tried_wide(long long n) {
    return n * ({
               if (n < 0)
                   return 77LL << 40;
               n + 1;
           });
}
static struct pair tried_pair(int n) {
    struct pair p = {n, n + 1, "pair"};
    return ({
        if (n < 0)
            return (struct pair){-1, -2, "early"};
        struct pair q = p;
        q.a++;
        q;
    });
}
static int loops(int n) {
    int total = 0;
    for (int i = 0; i < n; i++) {
        total += sum(i, ({
                         if (i % 3 == 0)
                             continue;
                         i;
                     }),
                     ({
                         if (total > 100000)
                             break;
                         2;
                     }));
    }
    return total;
}
static int gone(int n) {
    int k = 0;
again:
    k++;
    return sum(k, 2, ({
                   if (k < n)
                       goto again;
                   int inner = 0;
               more:
                   inner++;
                   if (inner < 4)
                       goto more;
                   inner;
               }));
}
static int nested(int n) {
    return 1 + ({
               int a = n;
               a + ({
                   int b = a * 2;
                   for (int i = 0; i < 3; i++) {
                       if (i == 2)
                           break;
                       b += i;
                   }
                   b;
               });
           });
}
static void nothing(int *p) {
    ({ *p += 1; });
    ({
        int x = 3;
        (void)x;
    });
    (void)({
        if (*p)
            *p += 2;
        5;
    });
}
static int once(void) {
    static int n;
    return ++n;
}
int main(void) {
    printf("%d %d %g\n", max(3, 4), max(-once(), -5), max(2.5, 1));
    printf("%d %lld\n", max(once(), 0), max(1LL << 40, 7));
    for (int i = 0; i < 9; i++)
        printf("%d ", tried(i));
    printf("\n%g %g %lld %lld\n", tried_float(3), tried_float(-1), tried_wide(5), tried_wide(-5));
    struct pair p = tried_pair(4), q = tried_pair(-4);
    printf("%d %d %s %d %d %s\n", p.a, p.b, p.text, q.a, q.b, q.text);
    printf("%d %d %d\n", loops(10), loops(2000000), gone(5));
    printf("%d %d\n", nested(7), ({
               int s = 0;
               for (int i = 0; i < 10; i++)
                   s += i;
               s;
           }));
    int k = 0;
    nothing(&k);
    printf("%d %d %s\n", k, (int)sizeof(({
               char c = 1;
               c;
           })),
           ({
               char *s = "text";
               s + 1;
           }));
    printf("%d\n", ({
                       struct pair r = p;
                       r.b += 5;
                       r;
                   }).b +
                       ({
                           char a[4] = "abc";
                           a;
                       })[1]);
    if (({
            int z = k;
            z > 2;
        }) &&
        !({ k == 0; }))
        printf("yes\n");
    switch (({ k; })) {
    case 3:
        printf("three\n");
        break;
    default:
        printf("other %d\n", k);
    }
    while (({
        int left = k--;
        left > 0;
    }))
        printf("%d ", k);
    printf("\n%d\n", ({ k; }) + ({
                         unsigned char c = 300;
                         c;
                     }) + ({
                         signed char c = 200;
                         c;
                     }));
    return 0;
}
