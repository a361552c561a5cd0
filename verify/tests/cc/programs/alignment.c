/* _Alignas and the attribute aligned: of variables, members, structures. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
_Alignas(64) int a = 5;
static _Alignas(double) char b[3] = "ab";
int c __attribute__((aligned(32))), d __attribute__((__aligned__));
_Alignas(0) char e;
char gap1;
extern _Alignas(128) char f[];
char f[7];
static char _Alignas(16) g[] = "sixteen";
struct s {
    char x;
    _Alignas(16) char y;
    char z __attribute__((aligned(8))), w;
    short v;
};
struct __attribute__((aligned(32))) t {
    int n;
};
struct u {
    char c;
    struct t t;
};
struct p {
    char c;
    int n __attribute__((aligned(2)));
    char d;
} __attribute__((packed, aligned(4)));
union q {
    char c[5];
    _Alignas(8) int n;
};
struct two {
    _Alignas(8) int m;
    int n;
} __attribute__((aligned(16)));
static struct two many[3] = {{1, 2}, {3, 4}, {5, 6}};
static struct s one = {1, 2, 3, 4, 5};
static struct u deep = {1, {7}};
struct only {
    _Alignas(1) _Alignas(8) char c;
};
#pragma pack(2)
struct packed_a {
    char c;
    _Alignas(8) int x;
    char d;
};
struct packed_b {
    char c;
    struct {
        char e;
        int i;
    } __attribute__((aligned(16))) n;
};
struct packed_c {
    char c;
    double d __attribute__((aligned(4)));
};
#pragma pack()
struct packed_d {
    char c;
    int n;
} __attribute__((packed));
struct packed_e {
    char c;
    struct packed_d d __attribute__((aligned(4)));
    short s;
} __attribute__((packed));
#define AT(x, n) ((uintptr_t)(x) % (n))
int main(void) {
    static _Alignas(256) char local[3];
    static char other;
    extern _Alignas(4) char f[];
    _Alignas(4) char small = 3;
    char odd __attribute__((aligned(2)));
    struct s {
        char c;
    } nothing;
    struct p packed = {1, 2, 3};
    odd = 4;
    nothing.c = 0;
    printf("%d %d %d %d %d %d %d %d\n", (int)AT(&a, 64), (int)AT(b, 4), (int)AT(&c, 32),
           (int)AT(&d, 16), (int)AT(f, 128), (int)AT(g, 16), (int)AT(local, 256),
           (int)AT(&small, 4));
    printf("%d %d %d %d\n", (int)sizeof one, (int)sizeof(struct t), (int)sizeof(struct u),
           (int)sizeof(struct p));
    printf("%d %d %d %d\n", (int)sizeof(union q), (int)sizeof many, (int)_Alignof(struct two),
           (int)_Alignof(struct u));
    printf("%d %d %d\n", (int)offsetof(struct u, t), (int)offsetof(struct p, n),
           (int)offsetof(struct p, d));
    printf("%d %d %d %d %d\n", (int)((char *)&one.y - (char *)&one),
           (int)((char *)&one.z - (char *)&one), (int)((char *)&one.w - (char *)&one),
           (int)((char *)&one.v - (char *)&one), (int)_Alignof(struct only));
    printf("%d %d %d %d %d\n", (int)sizeof(struct packed_a), (int)sizeof(struct packed_b),
           (int)sizeof(struct packed_c), (int)sizeof(struct packed_e),
           (int)_Alignof(struct packed_e));
    printf("%d %d %d %s %s %d %d\n", many[2].m, many[1].n, deep.t.n, b, g, a,
           (int)AT(&many[1], 16));
    printf("%d %d %d %d %d %d %d\n", one.x, one.y, one.z, one.w, one.v, packed.n,
           packed.d + small + odd + local[1] + other);
    return 0;
}
