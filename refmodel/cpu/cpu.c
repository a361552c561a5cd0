/* The processor: start, run, stop, flags, segments, the slow ways of memory access. */
#include "refmodel/cpu/cpu.h"

#include "refmodel/cpu/code.h"

bool cpu_init(struct cpu *c, const struct bus *bus, void *owner, uint8_t **rd, uint8_t **wr) {
    *c = (struct cpu){.bus = bus, .owner = owner, .rd = rd, .wr = wr};
    return code_init(c);
}

void cpu_free(struct cpu *c) {
    code_free(c);
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
    cpu_choose_map(c);
    while (c->count < end && !c->stop) {
        bool trap = c->other_flags & FLAG_TF;
        bool single = trap || c->stepping;
        uint64_t before = c->count;
        c->no_trap = false;
        if (single != c->single) {
            c->single = single;
            cpu_choose_map(c);
        }
        slice(c, single ? 1 : end - c->count);
        if (c->stop == STOP_FLUSH)
            code_flush(c);
        if (c->stop >= STOP_AGAIN)
            c->stop = RUNNING;
        if (trap && !c->no_trap && !c->stop && c->count > before)
            cpu_fault_code(c, VECTOR_DEBUG, DEBUG_STEP, c->eip);
    }
    if (c->out_of_memory)
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
        cpu_stop(c, STOP_AGAIN, 0);
}

void cpu_stop(struct cpu *c, enum stop why, uint32_t eip) {
    if (c->stop && c->stop < STOP_AGAIN)
        return;
    c->stop = why;
    c->fault_eip = eip;
}

void cpu_fault_code(struct cpu *c, uint32_t vector, uint32_t error, uint32_t eip) {
    if (c->stop && c->stop < STOP_AGAIN)
        return;
    c->vector = vector;
    c->error = error;
    cpu_stop(c, STOP_FAULT, eip);
}

void cpu_fault(struct cpu *c, uint32_t vector, uint32_t eip) {
    cpu_fault_code(c, vector, 0, eip);
}

uint32_t load_slow(struct cpu *c, uint32_t linear, uint32_t n, uint32_t eip) {
    uint8_t bytes[4] = {0};
    return c->bus->access(c, linear, bytes, n, TO_READ, eip) ? get32(bytes) : 0;
}

void store_slow(struct cpu *c, uint32_t linear, uint32_t value, uint32_t n, uint32_t eip) {
    uint8_t bytes[4];
    put32(bytes, value);
    c->bus->access(c, linear, bytes, n, TO_WRITE, eip);
}

bool modify_slow(struct cpu *c, uint32_t linear, uint32_t n, uint32_t eip) {
    return c->bus->access(c, linear, NULL, n, TO_MODIFY, eip);
}

struct segment segment_flat(uint32_t selector, uint32_t access) {
    bool code = access & ACCESS_CODE;
    return (struct segment){.limit = 0xFFFFFFFFu,
                            .selector = (uint16_t)selector,
                            .access = (uint8_t)access,
                            .size =
                                (uint8_t)(SEGMENT_BIG | SEGMENT_READ | (code ? 0 : SEGMENT_WRITE))};
}

bool segment_is_flat(const struct segment *s) {
    return !s->base && s->limit == 0xFFFFFFFFu &&
           (s->size & (SEGMENT_READ | SEGMENT_WRITE)) == (SEGMENT_READ | SEGMENT_WRITE);
}

/* A segment that grows downwards reaches from behind its limit to the end (SDM volume 3, 5.3). */
bool segment_allows(struct cpu *c, uint32_t segment, uint32_t offset, uint32_t n, uint32_t need,
                    uint32_t eip) {
    const struct segment *s = &c->seg[segment];
    uint32_t kind = s->access & (ACCESS_PRESENT | ACCESS_MEMORY | ACCESS_CODE | ACCESS_DOWN);
    bool down = kind == (ACCESS_PRESENT | ACCESS_MEMORY | ACCESS_DOWN);
    uint32_t top = s->size & SEGMENT_BIG ? 0xFFFFFFFFu : 0xFFFF;
    if (down && (need == SEGMENT_READ || s->access & ACCESS_WRITE) && offset > s->limit &&
        offset <= top && n - 1 <= top - offset)
        return true;
    cpu_fault_code(c, segment == SS ? VECTOR_STACK : VECTOR_PROTECTION, 0, eip);
    return false;
}
