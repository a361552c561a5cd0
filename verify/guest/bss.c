/* bss: what the file does not give is zero, also where another program has been. */
#include "verify/guest/rt.h"

enum { BIG = 4 << 20, DEEP = 2 << 20 };

static u8 bss[BIG];
static u32 data[1000] = {1, 2, 3, [999] = 0xDEADBEEF};
static const u32 constant[3] = {0x11111111, 0x22222222, 0x33333333};
static u8 *pointer = bss + 5;

static u32 used(const u8 *at, u32 n) {
    u32 count = 0;
    while (n--)
        count += *at++ != 0;
    return count;
}

/* The stack from DEEP bytes below on, but for what calls and signals of Linux may have used. */
static u8 *deep_stack(void) {
    u32 esp;
    __asm__("mov %%esp, %0" : "=r"(esp));
    return (u8 *)(esp - DEEP);
}

int main(int argc, char **argv) {
    extern u8 _end[];
    if (argc == 1)
        say("== bss: 1");
    say("bss: %d of 4194304 bytes used", used(bss, BIG));
    say("data: %d %d %d %d %x", data[0], data[1], data[2], data[3], data[999]);
    say("constants: %x %x %x", constant[0], constant[1], constant[2]);
    say("a pointer: %d", pointer - bss);
    u32 tail = (0u - ptr(_end)) % 4096;
    say("behind the bss to the end of its page: %d bytes used", used(_end, tail));
    say("deep in the stack: %d bytes used", used(deep_stack(), DEEP - 65536));
    memset(deep_stack(), 0xFF, DEEP - 65536);
    memset(bss, 0xFF, BIG);
    memset(_end, 0xFF, tail);
    memset(data, 0xFF, sizeof data);
    if (argc < 4) {
        char *next[] = {argv[0], "again", "again", "again", 0};
        next[argc + 1] = 0;
        return -sys_execve(argv[0], next, (char *[]){0});
    }
    return 0;
}
