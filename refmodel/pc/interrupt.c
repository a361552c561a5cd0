/* Interrupts and exceptions: through the vectors of real mode and the IDT (SDM volume 3, 6). */
#define SEGMENTED
#include "refmodel/cpu/exec.h"
#include "refmodel/pc/machine.h"

enum { GATE_TASK = 5, GATE_INT_16 = 6, GATE_TRAP_16 = 7, GATE_INT_32 = 14, GATE_TRAP_32 = 15 };
enum { CODE_IDT = 2, CODE_EXTERNAL = 1 };

static bool refuse(struct pc *pc, uint32_t vector, uint32_t code, uint32_t eip) {
    cpu_fault_code(&pc->cpu, vector, code, eip);
    return false;
}

static void clear_flags(struct pc *pc, uint32_t which) {
    cpu_set_eflags(&pc->cpu, cpu_eflags(&pc->cpu) & ~which);
}

static bool enter_real(struct pc *pc, uint32_t vector, uint32_t eip, uint32_t fault_eip) {
    struct cpu *c = &pc->cpu;
    struct stack s = stack_now(pc);
    uint32_t handler;
    if (4 * vector + 3 > pc->idt.limit)
        return refuse(pc, VECTOR_PROTECTION, 0, fault_eip);
    if (!system_load(pc, pc->idt.base + 4 * vector, 4, &handler, fault_eip) ||
        !stack_push(pc, &s, cpu_eflags(c) & 0xFFFF, 2, 0, fault_eip) ||
        !stack_push(pc, &s, c->seg[CS].selector, 2, 0, fault_eip) ||
        !stack_push(pc, &s, eip & 0xFFFF, 2, 0, fault_eip))
        return false;
    stack_use(pc, &s);
    clear_flags(pc, FLAG_IF | FLAG_TF | FLAG_AC);
    c->seg[CS] = segment_real(&c->seg[CS], handler >> 16);
    c->eip = handler & 0xFFFF;
    control_changed(pc);
    cpu_choose_map(c);
    return true;
}

/* What an entry through a gate needs. */
struct entry {
    struct descriptor gate, code;
    struct segment cs;
    uint32_t selector, to, size, external, cpl, eip, fault_eip;
    bool inner, has_code;
    bool is_fault; /* an exception that the instruction can be tried again after */
    uint32_t code_pushed;
};

static bool load_gate(struct pc *pc, uint32_t vector, enum source source, struct entry *e) {
    uint32_t code = vector * 8 + CODE_IDT + e->external;
    if (8 * vector + 7 > pc->idt.limit)
        return refuse(pc, VECTOR_PROTECTION, code, e->fault_eip);
    if (!system_load(pc, pc->idt.base + 8 * vector, 4, &e->gate.low, e->fault_eip) ||
        !system_load(pc, pc->idt.base + 8 * vector + 4, 4, &e->gate.high, e->fault_eip))
        return false;
    uint32_t type = descriptor_type(&e->gate);
    bool known = type == GATE_TASK || type == GATE_INT_16 || type == GATE_TRAP_16 ||
                 type == GATE_INT_32 || type == GATE_TRAP_32;
    if (descriptor_memory(&e->gate) || !known ||
        (source == BY_PROGRAM && descriptor_dpl(&e->gate) < pc->cpl))
        return refuse(pc, VECTOR_PROTECTION, code, e->fault_eip);
    if (!descriptor_present(&e->gate))
        return refuse(pc, VECTOR_ABSENT, code, e->fault_eip);
    e->size = type == GATE_INT_32 || type == GATE_TRAP_32 ? 4 : 2;
    e->selector = e->gate.low >> 16;
    e->to = (e->gate.low & 0xFFFF) | (e->size == 4 ? e->gate.high & 0xFFFF0000u : 0);
    return true;
}

/* The code segment of a gate, which may be of an inner privilege. */
static bool load_code(struct pc *pc, struct entry *e) {
    if (!(e->selector & 0xFFFC))
        return refuse(pc, VECTOR_PROTECTION, e->external, e->fault_eip);
    if (!descriptor_load(pc, e->selector, &e->code, VECTOR_PROTECTION, e->external, e->fault_eip))
        return false;
    uint32_t cpl = pc->cpl;
    e->inner = !(descriptor_type(&e->code) & ACCESS_CONFORMING) && descriptor_dpl(&e->code) < cpl;
    e->cpl = e->inner ? descriptor_dpl(&e->code) : cpl;
    if (pc->v86 && e->cpl)
        return refuse(pc, VECTOR_PROTECTION, (e->selector & 0xFFFC) | e->external, e->fault_eip);
    pc->cpl = e->cpl;
    bool ok = segment_code(pc, e->selector & 0xFFFC, &e->code, &e->cs, VECTOR_PROTECTION,
                           e->external, e->fault_eip);
    pc->cpl = cpl;
    return ok;
}

/* Faults ask to go on at their instruction without its breakpoint (SDM volume 3, 17.3.1.1). */
static uint32_t flags_pushed(const struct pc *pc, const struct entry *e) {
    return flags_now(pc) | (e->is_fault ? (uint32_t)FLAG_RF : 0);
}

/* What leaves virtual-8086 mode saves the data segments, and loses them. */
static bool push_v86(struct pc *pc, const struct entry *e, struct stack *s) {
    static const uint8_t order[4] = {GS, FS, DS, ES};
    for (int n = 0; n < 4; n++)
        if (!stack_push(pc, s, pc->cpu.seg[order[n]].selector, e->size, e->external, e->fault_eip))
            return false;
    return true;
}

static void leave_v86(struct pc *pc) {
    static const uint8_t data[4] = {ES, DS, FS, GS};
    for (int n = 0; pc->v86 && n < 4; n++)
        pc->cpu.seg[data[n]] = (struct segment){0};
    pc->v86 = false;
}

static bool push_frame(struct pc *pc, struct entry *e, struct stack *s) {
    const struct cpu *c = &pc->cpu;
    struct stack old = stack_now(pc);
    uint32_t n = e->size, x = e->external, at = e->fault_eip;
    if (pc->v86 && !push_v86(pc, e, s))
        return false;
    if (e->inner &&
        (!stack_push(pc, s, old.ss.selector, n, x, at) || !stack_push(pc, s, old.esp, n, x, at)))
        return false;
    return stack_push(pc, s, flags_pushed(pc, e), n, x, at) &&
           stack_push(pc, s, c->seg[CS].selector, n, x, at) &&
           stack_push(pc, s, e->eip, n, x, at) &&
           (!e->has_code || stack_push(pc, s, e->code_pushed, n, x, at));
}

static bool enter_task(struct pc *pc, const struct entry *e) {
    struct task_entry task = {.selector = task_gate_selector(&e->gate),
                              .way = TASK_CALL,
                              .next = e->eip,
                              .eip = e->fault_eip,
                              .external = e->external,
                              .resume = e->is_fault,
                              .has_code = e->has_code,
                              .code = e->code_pushed};
    return task_switch(pc, &task);
}

static bool enter_protected(struct pc *pc, uint32_t vector, enum source source, struct entry *e) {
    struct cpu *c = &pc->cpu;
    struct stack s = stack_now(pc);
    e->external = source == BY_PROGRAM ? 0 : CODE_EXTERNAL;
    if (!load_gate(pc, vector, source, e))
        return false;
    if (descriptor_type(&e->gate) == GATE_TASK)
        return enter_task(pc, e);
    if (!load_code(pc, e))
        return false;
    if (e->inner && !stack_inner(pc, e->cpl, &s, e->external, e->fault_eip))
        return false;
    if (e->to > e->cs.limit)
        return refuse(pc, VECTOR_PROTECTION, e->external, e->fault_eip);
    if (!push_frame(pc, e, &s))
        return false;
    stack_use(pc, &s);
    leave_v86(pc);
    pc->resume = false;
    bool trap =
        descriptor_type(&e->gate) == GATE_TRAP_16 || descriptor_type(&e->gate) == GATE_TRAP_32;
    clear_flags(pc, FLAG_TF | FLAG_NT | (trap ? 0 : FLAG_IF));
    c->seg[CS] = e->cs;
    c->eip = e->to;
    if (e->cpl != pc->cpl)
        pc_set_cpl(pc, e->cpl);
    cpu_choose_map(c);
    return true;
}

bool interrupt_enter(struct pc *pc, uint32_t vector, enum source source, bool has_code,
                     uint32_t code, uint32_t eip, uint32_t fault_eip) {
    bool trap = vector == VECTOR_DEBUG || vector == VECTOR_BREAKPOINT ||
                vector == VECTOR_OVERFLOW || vector == VECTOR_DOUBLE;
    struct entry e = {.eip = eip,
                      .fault_eip = fault_eip,
                      .has_code = has_code,
                      .code_pushed = code,
                      .is_fault = source == BY_PROCESSOR && !trap};
    pc->cpu.no_trap = true;
    if (!(pc->cr0 & CR0_PE))
        return enter_real(pc, vector, eip, fault_eip);
    return enter_protected(pc, vector, source, &e);
}

static bool pushes_code(uint32_t vector) {
    return vector == VECTOR_DOUBLE || (vector >= VECTOR_TSS && vector <= VECTOR_PAGE) ||
           vector == 17;
}

/* Whether a second exception makes a double fault of the first (SDM volume 3, table 6-5). */
static bool doubles(uint32_t first, uint32_t second) {
    bool contributes[2];
    uint32_t both[2] = {first, second};
    for (int n = 0; n < 2; n++)
        contributes[n] =
            both[n] == VECTOR_DIVIDE || (both[n] >= VECTOR_TSS && both[n] <= VECTOR_PROTECTION);
    if (first == VECTOR_PAGE)
        return contributes[1] || second == VECTOR_PAGE;
    return contributes[0] && contributes[1];
}

void interrupt_exception(struct pc *pc) {
    struct cpu *c = &pc->cpu;
    uint32_t vector = c->vector, code = c->error, eip = c->fault_eip;
    /* INT3, INTO and INT n report where they end, and a program has raised them. */
    if (vector == VECTOR_DEBUG) { /* its code says why */
        pc->dr[6] |= code | pc->debug;
        pc->dr[7] &= ~(uint32_t)DR7_GUARD;
        pc->debug = 0;
    }
    for (;;) {
        c->stop = RUNNING;
        /* INTO is an instruction that the gate has to allow; its code is its length. */
        bool into = vector == VECTOR_OVERFLOW;
        if (interrupt_enter(pc, vector, into ? BY_PROGRAM : BY_PROCESSOR,
                            pushes_code(vector) && pc->cr0 & CR0_PE, code, eip,
                            into ? eip - code : eip))
            return;
        if (c->stop != STOP_FAULT)
            return;
        if (vector == VECTOR_DOUBLE) {
            pc_finish(pc, PC_RESET, "triple fault at %04X:%08lX", c->seg[CS].selector,
                      (unsigned long)eip);
            return;
        }
        /* a task switch may have succeeded before */
        eip = c->eip = c->fault_eip;
        bool twice = doubles(vector, c->vector);
        vector = twice ? VECTOR_DOUBLE : c->vector;
        code = twice ? 0 : c->error;
    }
}

/* INT n, INT3, INT1. */
RUN(pc_interrupt) {
    struct pc *pc = pc_of(c);
    if (i->aux && flags_guarded(pc, i))
        LEAVE(i);
    enum source source = i->imm == VECTOR_DEBUG && !i->aux ? BY_PROCESSOR : BY_PROGRAM;
    if (!interrupt_enter(pc, i->imm, source, false, 0, i->eip + i->len, i->eip))
        LEAVE(i);
    if (i->imm == 0x80 && pc->cr0 & CR0_PE)
        watch_call(pc);
    LEAVE(code_at(c, c->eip));
}
