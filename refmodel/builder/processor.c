/*
 * What the processor is built into here: flat programs in ring 0 with the kernel's two segments.
 * Faults are reported and end the build; system calls go to the model.
 */
#define SEGMENTED /* right for any segments; nothing here is worth having twice */
#include "refmodel/builder/processor.h"

#include <string.h>

#include "refmodel/builder/machine.h"
#include "refmodel/cpu/code.h"
#include "refmodel/cpu/exec.h"

static struct memory *memory_of(const struct cpu *c) {
    return &((struct seedbed *)c->owner)->memory;
}

/* Past the end of RAM, in page 0 and in the guard page nothing is mapped. */
static bool in_ram(struct cpu *c, uint32_t address, uint32_t n, uint32_t eip) {
    if (memory_has(memory_of(c), address, n))
        return true;
    cpu_fault(c, VECTOR_PAGE, eip);
    return false;
}

static bool access_memory(struct cpu *c, uint32_t address, uint8_t *bytes, uint32_t n,
                          enum access how, uint32_t eip) {
    struct memory *m = memory_of(c);
    if (!in_ram(c, address, n, eip))
        return false;
    if (how == TO_READ)
        memory_get(m, address, bytes, n);
    else if (how == TO_WRITE)
        memory_put(m, address, bytes, n);
    if (m->exhausted || m->pool.full)
        cpu_stop(c, STOP_HOST, eip);
    return !m->exhausted && !m->pool.full;
}

static const uint8_t *fetch(struct cpu *c, uint32_t address, uint32_t *physical, bool raise,
                            uint32_t eip) {
    struct memory *m = memory_of(c);
    *physical = address >> PAGE_SHIFT;
    if (memory_has(m, address, 1))
        return memory_read_page(m, address);
    if (raise)
        cpu_fault(c, VECTOR_PAGE, eip);
    return NULL;
}

static void watch(struct cpu *c, uint32_t page, bool on) {
    memory_set_code(memory_of(c), page << PAGE_SHIFT, on);
}

static void written(void *owner, uint32_t address, uint32_t n) {
    code_written(&((struct seedbed *)owner)->cpu, address, n);
}

/*
 * The kernel's table has a code segment and a data segment of privilege 0; the null selector can
 * be loaded into all but SS, and what is then reached through it faults.
 */
static bool load_segment(struct cpu *c, uint32_t segment, uint32_t selector, uint32_t eip) {
    bool null = !(selector & 0xFFFC);
    bool known = selector == DATA_SELECTOR || (selector == CODE_SELECTOR && segment != SS);
    if (null ? segment == SS : !known) {
        cpu_fault(c, VECTOR_PROTECTION, eip);
        return false;
    }
    if (null)
        c->seg[segment] = (struct segment){.selector = (uint16_t)selector};
    else
        c->seg[segment] = segment_flat(selector, selector == CODE_SELECTOR ? 0x9B : 0x93);
    cpu_choose_map(c);
    return true;
}

/* No port answers. */
static uint32_t in(struct cpu *c, uint32_t port, uint32_t n, uint32_t eip) {
    (void)c, (void)port, (void)n, (void)eip;
    return 0xFFFFFFFFu;
}

static void out(struct cpu *c, uint32_t port, uint32_t value, uint32_t n, uint32_t eip) {
    (void)c, (void)port, (void)value, (void)n, (void)eip;
}

/*
 * A system call. The processor pushes EFLAGS, CS and EIP on the caller's stack, and the kernel the
 * registers; all are popped again, so that 44 bytes below ESP change. Where there is no such stack
 * the processor faults at the instruction, the kernel behind it.
 */
static void begin_call(struct cpu *c, struct insn *i) {
    uint32_t esp = c->r[ESP];
    push32(c, i, cpu_eflags(c));
    push32(c, i, CODE_SELECTOR);
    push32(c, i, i->eip + i->len);
    uint32_t below = c->r[ESP];
    if (!c->stop && !memory_has(memory_of(c), below - 32, 32))
        cpu_fault(c, VECTOR_PAGE, i->eip + i->len);
    for (uint32_t n = EAX; n <= EDI; n++)
        push32(c, i, n == ESP ? below : c->r[n]);
    c->r[ESP] = esp;
    cpu_stop(c, STOP_SYSCALL, i->eip);
}

/*
 * Exceptions have gates, and 80h has one. That of 07h, which tells of a switch of tasks before the
 * FPU is used, goes on behind the INT; that of 1Fh leads to the task that runs, which is no task to
 * switch to. There, and where no gate is, the INT itself is the fault.
 */
static RUN(interrupt) {
    if (i->imm == 0x80)
        begin_call(c, i);
    else if (i->imm >= 0x1F)
        cpu_fault(c, VECTOR_PROTECTION, i->eip);
    else if (i->imm != VECTOR_NO_FPU)
        cpu_fault(c, i->imm, i->eip + i->len);
    NEXT;
}

static RUN(far) {
    bool half = i->aux & FAR_16;
    uint32_t kind = i->aux & 3;
    uint32_t selector, to;
    if (far_target(c, i, &selector, &to) && selector != CODE_SELECTOR)
        cpu_fault(c, VECTOR_PROTECTION, i->eip);
    UNLESS_FAULTED;
    if (kind == FAR_CALL && half) {
        push16(c, i, CODE_SELECTOR);
        push16(c, i, i->eip + i->len);
    } else if (kind == FAR_CALL) {
        push32(c, i, CODE_SELECTOR);
        push32(c, i, i->eip + i->len);
    } else if (kind == FAR_RET) {
        c->r[ESP] += (half ? 4 : 8) + i->imm;
    } else if (kind == FAR_IRET) {
        uint32_t kept = half ? cpu_eflags(c) & 0xFFFF0000u : 0;
        c->r[ESP] += half ? 4 : 8;
        cpu_set_eflags(c, kept | (half ? pop16(c, i) : pop32(c, i)));
    }
    LEAVE(jump_to(c, to));
}

static RUN(halt) {
    cpu_stop(c, STOP_HALT, i->eip);
    NEXT;
}

static RUN(set_flag) {
    cpu_set_eflags(c, (cpu_eflags(c) & ~i->u.m.disp) | i->imm);
    NEXT;
}

static RUN(push_flags) {
    i->aux ? push16(c, i, cpu_eflags(c)) : push32(c, i, cpu_eflags(c));
    NEXT;
}

static RUN(pop_flags) {
    uint32_t v = i->aux ? (cpu_eflags(c) & 0xFFFF0000u) | pop16(c, i) : pop32(c, i);
    UNLESS_FAULTED;
    cpu_set_eflags(c, v);
    NEXT;
}

/* A processor of its own name with FPU, TSC, CMPXCHG8B and CMOV. */
static RUN(cpuid) {
    uint32_t leaf = c->r[EAX];
    c->r[EAX] = c->r[EBX] = c->r[ECX] = c->r[EDX] = 0;
    if (leaf == 1) {
        c->r[EAX] = 0x600;
        c->r[EDX] = 1u << 0 | 1u << 4 | 1u << 8 | 1u << 15;
    } else {
        c->r[EAX] = 1;
        c->r[EBX] = 0x64656553; /* "Seed" "bedM" "odel" */
        c->r[EDX] = 0x4D646562;
        c->r[ECX] = 0x6C65646F;
    }
    NEXT;
}

/* Time counts instructions, and grows between any two readings. */
static RUN(read_clock) {
    uint64_t now = c->count + ++c->clock_reads;
    c->r[EAX] = (uint32_t)now;
    c->r[EDX] = (uint32_t)(now >> 32);
    NEXT;
}

/* What only an operating system needs; caches have nothing to forget. */
static RUN(control) {
    if (i->imm == 0x06 || i->imm == 0x08 || i->imm == 0x09)
        NEXT;
    cpu_stop(c, STOP_UNSUPPORTED, i->eip);
    LEAVE(i);
}

static const struct bus bus = {.access = access_memory,
                               .fetch = fetch,
                               .watch = watch,
                               .load_segment = load_segment,
                               .in = in,
                               .out = out,
                               .interrupt = interrupt,
                               .far = far,
                               .halt = halt,
                               .set_flag = set_flag,
                               .push_flags = push_flags,
                               .pop_flags = pop_flags,
                               .cpuid = cpuid,
                               .clock = read_clock,
                               .control = control,
                               .privileged = run_unsupported,
                               .absent = run_unsupported};

bool processor_init(struct seedbed *s) {
    struct memory *m = &s->memory;
    m->watch.written = written;
    m->watch.owner = s;
    return cpu_init(&s->cpu, &bus, s, m->rd, m->wr);
}

void processor_reset(struct seedbed *s, uint32_t eip, uint32_t esp) {
    struct cpu *c = &s->cpu;
    memset(c->r, 0, sizeof c->r);
    c->r[ESP] = esp;
    c->eip = eip;
    cpu_set_eflags(c, 0);
    c->seg[CS] = segment_flat(CODE_SELECTOR, 0x9B);
    c->seg[DS] = c->seg[ES] = c->seg[SS] = segment_flat(DATA_SELECTOR, 0x93);
    c->seg[FS] = c->seg[GS] = (struct segment){0};
    memset(&c->fpu, 0, sizeof c->fpu);
    fpu_init(&c->fpu);
    cpu_choose_map(c);
}

void processor_forget(struct seedbed *s) {
    code_flush(&s->cpu);
}

void processor_save(const struct seedbed *s, struct registers *to) {
    const struct cpu *c = &s->cpu;
    memcpy(to->r, c->r, sizeof to->r);
    memcpy(to->seg, c->seg, sizeof to->seg);
    to->eflags = cpu_eflags(c);
    to->eip = c->eip;
    to->fpu = c->fpu;
}

void processor_restore(struct seedbed *s, const struct registers *from) {
    struct cpu *c = &s->cpu;
    memcpy(c->r, from->r, sizeof c->r);
    memcpy(c->seg, from->seg, sizeof c->seg);
    cpu_set_eflags(c, from->eflags);
    c->eip = from->eip;
    c->fpu = from->fpu;
    cpu_choose_map(c);
}
