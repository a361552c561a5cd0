/* System calls, numbers, random numbers. */
#include "verify/cpu/cpu.h"

u32 arguments;

static s32 call(u32 number, u32 b, u32 c, u32 d) {
    s32 result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(b), "c"(c), "d"(d) : "memory");
    return result;
}

u32 next_random(u32 *state) {
    u32 x = *state;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return *state = x;
}

void print(const char *text) {
    u32 n = 0;
    while (text[n])
        n++;
    call(4, 1, (u32)text, n);
}

void print_number(u32 v) {
    char text[12], *p = text + sizeof text;
    *--p = 0;
    do {
        *--p = (char)('0' + v % 10);
        v /= 10;
    } while (v);
    print(p);
}

void print_hex(u32 v) {
    char text[9];
    for (int n = 8; n-- > 0; v >>= 4)
        text[n] = "0123456789ABCDEF"[v & 15];
    text[8] = 0;
    print(text);
}

int same(const char *a, const char *b) {
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

_Noreturn void leave(int status) {
    for (;;)
        call(1, (u32)status, 0, 0);
}
