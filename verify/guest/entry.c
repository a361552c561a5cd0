/* entry: what a program finds at its entry: registers, flags, FPU and stack. */
#include "verify/guest/rt.h"

enum { ARITHMETIC_AND_DIRECTION = 0xCD5, INTERRUPTS = 0x200, FRESH_FPU = 0x37F };

/* Seven of the eight MiB of stack, touched from the top down. */
static u32 descend(u32 pages) {
    volatile u8 page[4096];
    for (u32 i = 0; i < sizeof page; i++)
        page[i] = (u8)pages;
    u32 below = pages > 1 ? descend(pages - 1) : 0;
    return below + (page[0] == (u8)pages && page[4095] == (u8)pages);
}

int main(int argc, char **argv, char **envp) {
    const struct regs *r = &entry_state;
    const u32 *stack = (const u32 *)r->esp;
    say("== entry: 1");
    say("eax ebx ecx edx: %x %x %x %x", r->eax, r->ebx, r->ecx, r->edx);
    say("esi edi ebp: %x %x %x", r->esi, r->edi, r->ebp);
    say("esp modulo 16: %d", r->esp % 16);
    say("arithmetic flags and direction: %x", r->flags & ARITHMETIC_AND_DIRECTION);
    differs("on", "off", "there are no interrupts", "interrupts: %s",
            r->flags & INTERRUPTS ? "on" : "off");
    say("FPU control and status: %x %x", r->fpu_control & 0xFFFF, r->fpu_status & 0xFFFF);
    say("argc: %d, at the stack pointer %d", argc, (int)stack[0]);
    say("argv follows: %s", argv == (char **)(stack + 1) ? "yes" : "no");
    say("argv[0]: %s", argv[0]);
    say("argv[1]: %s", argc > 1 ? argv[1] : "none");
    say("argv ends: %s", argv[argc] == 0 ? "yes" : "no");
    say("envp follows: %s", envp == argv + argc + 1 ? "yes" : "no");
    say("envp ends: %s", envp[0] == 0 ? "yes" : "no");
    const u32 *auxv = (const u32 *)(envp + 1);
    differs("no", "yes", "the auxiliary vector is one zero entry", "auxv is empty: %s",
            auxv[0] == 0 && auxv[1] == 0 ? "yes" : "no");
    say("the strings lie above: %s", ptr(argv[0]) > r->esp ? "yes" : "no");
    say("stack: %d of 1792 pages", descend(1792));
    return 0;
}
