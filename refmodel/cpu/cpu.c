/* The processor: start, run, stop, flags, the slow ways of memory access. */
#include "refmodel/cpu/cpu.h"

#include <stdlib.h>
#include <string.h>

#include "refmodel/cpu/code.h"

bool cpu_init(struct cpu *c, struct memory *m) {
    *c = (struct cpu){.mem = m, .rd = m->rd, .wr = m->wr};
    return code_init(c);
}

void cpu_free(struct cpu *c) {
    code_free(c);
}

void cpu_reset(struct cpu *c, uint32_t eip, uint32_t esp) {
    memset(c->r, 0, sizeof c->r);
    c->r[ESP] = esp;
    c->eip = eip;
    cpu_set_eflags(c, 0);
    for (int n = 0; n < SEGS; n++)
        c->selector[n] = n == CS ? CODE_SELECTOR : DATA_SELECTOR;
    c->null_segments = 0;
    memset(&c->fpu, 0, sizeof c->fpu);
    fpu_init(&c->fpu);
    code_flush(c);
}

/* Steps until something stops the processor or `limit` steps are done, by whole runs. */
static uint64_t steps(struct cpu *c, uint64_t limit) {
    struct insn *i = code_at(c, c->eip);
    uint64_t done = 0;
    while (done < limit && !c->stop) {
        const struct insn *first = i;
        i = i->run(c, i);
        done += (uint64_t)(c->last - first) + 1;
    }
    c->eip = i->eip;
    return done;
}

/* One slice. An exception's step is no finished instruction, but it is counted as one. */
static void slice(struct cpu *c, uint64_t limit) {
    uint64_t uncounted = c->uncounted;
    uint64_t done = steps(c, limit);
    c->count += done - (c->uncounted - uncounted);
}

enum stop cpu_run(struct cpu *c, uint64_t limit) {
    uint64_t end = c->count + limit;
    c->stop = RUNNING;
    while (c->count < end && !c->stop) {
        bool single = c->other_flags & FLAG_TF;
        uint64_t before = c->count;
        if (single != c->single) {
            c->single = single;
            code_flush(c);
        }
        slice(c, single ? 1 : end - c->count);
        if (c->stop == STOP_FLUSH) {
            c->stop = RUNNING;
            code_flush(c);
        }
        if (single && !c->stop && c->count > before)
            cpu_fault(c, VECTOR_DEBUG, c->eip);
    }
    if (c->mem->exhausted)
        c->stop = STOP_HOST;
    if (c->stop == STOP_FAULT)
        c->eip = c->fault_eip;
    return (enum stop)c->stop;
}

uint32_t cpu_eflags(const struct cpu *c) {
    return 2 | c->other_flags | flag_c(c) * FLAG_CF | flag_p(c) * FLAG_PF | flag_a(c) * FLAG_AF |
           flag_z(c) * FLAG_ZF | flag_s(c) * FLAG_SF | flag_o(c) * FLAG_OF;
}

void cpu_set_eflags(struct cpu *c, uint32_t value) {
    bool pf = value & FLAG_PF, sf = value & FLAG_SF;
    c->f.zero = value & FLAG_ZF ? 0 : 1;
    c->f.sign = (sf ? 0x80000000u : 0) | (pf ? 0 : 1);
    set_coa(c, !!(value & FLAG_CF), !!(value & FLAG_OF), !!(value & FLAG_AF));
    c->other_flags = value & FLAGS_SYSTEM;
    if (value & FLAG_TF && !c->single)
        cpu_stop(c, STOP_FLUSH, 0);
}

void cpu_stop(struct cpu *c, enum stop why, uint32_t eip) {
    if (c->stop && c->stop != STOP_FLUSH)
        return;
    c->stop = why;
    c->fault_eip = eip;
}

void cpu_fault(struct cpu *c, uint32_t vector, uint32_t eip) {
    if (c->stop && c->stop != STOP_FLUSH)
        return;
    c->vector = vector;
    cpu_stop(c, STOP_FAULT, eip);
}

/* Whether an access may go on; otherwise the fault is raised. */
static bool in_ram(struct cpu *c, uint32_t address, uint32_t n, uint32_t eip) {
    if (memory_has(c->mem, address, n))
        return true;
    cpu_fault(c, VECTOR_PAGE, eip);
    return false;
}

bool range_ok(struct cpu *c, const struct insn *i, uint32_t address, uint32_t n) {
    return in_ram(c, address, n, i->eip);
}

uint32_t load_slow(struct cpu *c, uint32_t address, uint32_t n, uint32_t eip) {
    uint8_t bytes[4] = {0};
    if (!in_ram(c, address, n, eip))
        return 0;
    memory_get(c->mem, address, bytes, n);
    return get32(bytes);
}

void store_slow(struct cpu *c, uint32_t address, uint32_t value, uint32_t n, uint32_t eip) {
    uint8_t bytes[4];
    if (!in_ram(c, address, n, eip))
        return;
    put32(bytes, value);
    memory_put(c->mem, address, bytes, n);
    if (c->mem->exhausted)
        cpu_stop(c, STOP_HOST, eip);
}
