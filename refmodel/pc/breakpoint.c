/*
 * Breakpoints in the debug registers (SDM volume 3, 17.2). While any is set the processor runs one
 * instruction at a time and has no fast tables, so that everything comes by here. Data and ports
 * are reported behind their instruction, a repeated string instruction as one; accesses of the
 * processor itself, to descriptors and for frames of interrupts, are not looked at.
 */
#include "refmodel/pc/machine.h"

enum kind { FETCHED, WRITTEN, PORT, ACCESSED };

/* The bits of DR6 for what of kind `a` or `b` lies within n bytes from `at` on. */
static uint32_t hits(const struct pc *pc, uint32_t at, uint32_t n, enum kind a, enum kind b) {
    static const uint8_t length[4] = {1, 2, 8, 4};
    uint32_t found = 0;
    for (uint32_t k = 0; k < 4; k++) {
        uint32_t control = pc->dr[7] >> (16 + 4 * k), size = length[control >> 2 & 3];
        uint32_t from = pc->dr[k] & ~(size - 1);
        enum kind kind = control & 3;
        if (pc->dr[7] >> 2 * k & 3 && (kind == a || kind == b) &&
            (at - from < size || from - at < n))
            found |= 1u << k;
    }
    return found;
}

bool breakpoint_fetch(struct pc *pc) {
    struct cpu *c = &pc->cpu;
    bool resume = pc->resume;
    uint32_t found = hits(pc, c->seg[CS].base + c->eip, 1, FETCHED, FETCHED);
    pc->resume = false;
    if (!found || resume)
        return true;
    c->stop = RUNNING;
    cpu_fault_code(c, VECTOR_DEBUG, found, c->eip);
    return false;
}

void breakpoint_data(struct pc *pc, uint32_t linear, uint32_t n, bool write) {
    pc->debug |= hits(pc, linear, n, ACCESSED, write ? WRITTEN : ACCESSED);
}

void breakpoint_port(struct pc *pc, uint32_t port, uint32_t n) {
    if (pc->cr4 & CR4_DE)
        pc->debug |= hits(pc, port, n, PORT, PORT);
}
