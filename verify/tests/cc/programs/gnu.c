/* What GNU C adds and programs use: packed structures, ranges of indices, ?: with two operands. */
#include <stdio.h>
struct __attribute__((packed)) p {
    char a;
    int b;
    short c;
};
struct q {
    char a;
    int b;
} __attribute__((packed));
struct b {
    unsigned long long u : 5;
    long long s : 20;
    unsigned long long w : 40;
    unsigned long long x : 32;
} bb = {31, -5, 1ULL << 39, 0xffffffff};
int r[10] = {[2 ... 5] = 7, 8, [0] = 1};
struct q sq = (struct q){1, 2};
int f(void) {
    static int n = 3;
    return n++;
}
#define M 1
#pragma push_macro("M")
#undef M
#define M 2
int m2 = M;
#pragma pop_macro("M")
int m1 = M;
void ext(void);
inline void ext(void) {
    puts("ext");
}
int main(void) {
    printf("%d %d\n", (int)sizeof(struct p), (int)sizeof(struct q));
    printf("%d %d %s %s %s %s\n", bb.u - 32 < 0, bb.s, "", "", "", "");
    for (int i = 0; i < 10; i++)
        printf("%d ", r[i]);
    printf("%d %d %d %d\n", sq.a, sq.b, f() ?: 9, 0 ?: 5);
    printf("%d %d %s %s %s\n", m1, m2, "a", "b", __FUNCTION__);
    ext();
    int loc[6] = {[1 ... 4] = f()};
    printf("%d %d %d\n", loc[0], loc[4], loc[5]);
    return 0;
}
