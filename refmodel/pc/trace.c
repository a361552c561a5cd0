/*
 * strace of the real kernel: INT 80h is a call, and the next IRET to another code segment its end.
 * A fork returns as the child first; who that is stands in a variable of the kernel. The parent's
 * second return is none that anybody waits for.
 */
#include "refmodel/pc/machine.h"

static bool has(void *owner, uint32_t address, uint32_t n) {
    struct pc *pc = owner;
    uint32_t physical;
    for (uint64_t at = address & ~(uint32_t)PAGE_MASK; at < (uint64_t)address + n; at += PAGE_SIZE)
        if (at > 0xFFFFFFFFu || !paging_peek(pc, (uint32_t)at, &physical))
            return false;
    return true;
}

static uint32_t byte_at(void *owner, uint32_t address) {
    struct pc *pc = owner;
    uint32_t physical;
    uint8_t byte = 0;
    if (paging_peek(pc, address, &physical))
        ram_get(pc, physical, &byte, 1);
    return byte;
}

void watch_init(struct pc *pc) {
    pc->trace.strace = (struct strace){.has = has,
                                       .byte = byte_at,
                                       .owner = pc,
                                       .emit = pc->config.trace,
                                       .user = pc->config.user};
}

static uint32_t running(struct pc *pc) {
    uint8_t word[4];
    ram_get(pc, pc->config.trace_pid, word, 4);
    return get32(word);
}

void watch_call(struct pc *pc) {
    static const uint8_t registers[5] = {EBX, ECX, EDX, ESI, EDI};
    struct trace *t = &pc->trace;
    const uint32_t *r = pc->cpu.r;
    for (int n = 0; n < 5; n++)
        t->argument[n] = r[registers[n]];
    t->selector = pc->cpu.seg[CS].selector;
    t->number = r[EAX];
    t->pending = t->number != SYS_EXIT && t->number != SYS_EXIT_GROUP;
    if (!t->pending && t->argument[0] == 0)
        t->brk_refused = false; /* its program has done without */
    if (pc->config.trace)
        strace_enter(&t->strace, running(pc), t->number, t->argument);
}

static void note_break(struct trace *t, uint32_t result) {
    if (t->number == SYS_BRK && t->argument[0] > result)
        t->brk_refused = true;
    if (t->number == SYS_EXECVE && result == 0)
        t->brk_refused = false;
}

bool pc_brk_refused(const struct pc *pc) {
    return pc->trace.brk_refused;
}

void watch_return(struct pc *pc) {
    struct trace *t = &pc->trace;
    uint32_t result = pc->cpu.r[EAX];
    if (!t->pending || pc->cpu.seg[CS].selector == t->selector)
        return;
    t->pending = false;
    note_break(t, result);
    if (!pc->config.trace)
        return;
    if (t->number == SYS_FORK && result == 0)
        result = running(pc);
    strace_leave(&t->strace, t->number, t->argument, result);
}
