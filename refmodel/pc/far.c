/* Far jumps, calls and returns, IRET (SDM volume 2; volume 3, 5.8). */
#define SEGMENTED
#include "refmodel/cpu/exec.h"
#include "refmodel/pc/machine.h"

enum { TSS_16 = 1, GATE_CALL_16 = 4, GATE_TASK = 5, TSS_32 = 9, GATE_CALL_32 = 12 };

static bool refuse(struct pc *pc, uint32_t vector, uint32_t selector, uint32_t eip) {
    cpu_fault_code(&pc->cpu, vector, selector & 0xFFFC, eip);
    return false;
}

static bool within(struct pc *pc, uint32_t to, const struct segment *cs, uint32_t eip) {
    return to <= cs->limit || refuse(pc, VECTOR_PROTECTION, 0, eip);
}

/* From here on code runs in `cs` at `to`. */
static void go(struct pc *pc, const struct segment *cs, uint32_t to) {
    pc->cpu.seg[CS] = *cs;
    pc->cpu.eip = to;
    cpu_choose_map(&pc->cpu);
}

/* Pushes the return address of a call onto s. */
static bool push_return(struct pc *pc, struct stack *s, uint32_t next, uint32_t size,
                        uint32_t eip) {
    return stack_push(pc, s, pc->cpu.seg[CS].selector, size, 0, eip) &&
           stack_push(pc, s, next, size, 0, eip);
}

/* Copies the arguments of a call from one stack to another. */
static bool copy_arguments(struct pc *pc, struct stack *to, uint32_t count, uint32_t size,
                           uint32_t eip) {
    uint32_t argument[32];
    struct stack from = stack_now(pc);
    for (uint32_t n = 0; n < count; n++)
        if (!stack_pop(pc, &from, &argument[n], size, eip))
            return false;
    for (uint32_t n = count; n-- > 0;)
        if (!stack_push(pc, to, argument[n], size, 0, eip))
            return false;
    return true;
}

/* A call through a gate to an inner privilege: on the stack of the TSS. */
static bool call_inner(struct pc *pc, const struct descriptor *gate, const struct descriptor *code,
                       struct segment *cs, uint32_t to, const struct insn *i) {
    struct stack s, old = stack_now(pc);
    uint32_t size = descriptor_type(gate) == GATE_CALL_32 ? 4 : 2;
    uint32_t cpl = descriptor_dpl(code);
    if (!stack_inner(pc, cpl, &s, 0, i->eip) ||
        !stack_push(pc, &s, old.ss.selector, size, 0, i->eip) ||
        !stack_push(pc, &s, old.esp, size, 0, i->eip) ||
        !copy_arguments(pc, &s, gate->high & 31, size, i->eip) ||
        !push_return(pc, &s, i->eip + i->len, size, i->eip))
        return false;
    stack_use(pc, &s);
    cs->selector = (uint16_t)((cs->selector & 0xFFFC) | cpl);
    pc_set_cpl(pc, cpl);
    go(pc, cs, to);
    return true;
}

/* A jump or call through a call gate. */
static bool through_gate(struct pc *pc, const struct descriptor *gate, uint32_t selector, bool call,
                         const struct insn *i) {
    struct descriptor code;
    struct segment cs;
    uint32_t size = descriptor_type(gate) == GATE_CALL_32 ? 4 : 2;
    uint32_t target = gate->low >> 16;
    uint32_t to = (gate->low & 0xFFFF) | (size == 4 ? gate->high & 0xFFFF0000u : 0);
    if (descriptor_dpl(gate) < pc->cpl || descriptor_dpl(gate) < (selector & 3))
        return refuse(pc, VECTOR_PROTECTION, selector, i->eip);
    if (!descriptor_present(gate))
        return refuse(pc, VECTOR_ABSENT, selector, i->eip);
    if (!(target & 0xFFFC))
        return refuse(pc, VECTOR_PROTECTION, 0, i->eip);
    if (!descriptor_load(pc, target, &code, VECTOR_PROTECTION, 0, i->eip))
        return false;
    bool inner =
        call && !(descriptor_type(&code) & ACCESS_CONFORMING) && descriptor_dpl(&code) < pc->cpl;
    uint32_t cpl = pc->cpl;
    pc->cpl = inner ? descriptor_dpl(&code) : cpl;
    bool ok = segment_code(pc, target & 0xFFFC, &code, &cs, VECTOR_PROTECTION, 0, i->eip);
    pc->cpl = cpl;
    if (!ok || !within(pc, to, &cs, i->eip))
        return false;
    if (inner)
        return call_inner(pc, gate, &code, &cs, to, i);
    struct stack s = stack_now(pc);
    if (call && !push_return(pc, &s, i->eip + i->len, size, i->eip))
        return false;
    stack_use(pc, &s);
    go(pc, &cs, to);
    return true;
}

/* A jump or call to a TSS or through a task gate. */
static bool to_task(struct pc *pc, const struct descriptor *d, uint32_t selector, bool call,
                    const struct insn *i) {
    struct task_entry e = {.selector = selector,
                           .way = call ? TASK_CALL : TASK_JUMP,
                           .next = i->eip + i->len,
                           .eip = i->eip};
    if (descriptor_dpl(d) < pc->cpl || descriptor_dpl(d) < (selector & 3))
        return refuse(pc, VECTOR_PROTECTION, selector, i->eip);
    if (descriptor_type(d) == GATE_TASK) {
        if (!descriptor_present(d))
            return refuse(pc, VECTOR_ABSENT, selector, i->eip);
        e.selector = task_gate_selector(d);
    }
    return task_switch(pc, &e);
}

/* A jump or call to a selector. */
static bool enter(struct pc *pc, uint32_t selector, uint32_t to, bool call, const struct insn *i) {
    struct cpu *c = &pc->cpu;
    uint32_t size = i->aux & FAR_16 ? 2 : 4;
    struct segment cs = segment_real(&c->seg[CS], selector);
    if (uses_descriptors(pc)) {
        struct descriptor d;
        if (!(selector & 0xFFFC))
            return refuse(pc, VECTOR_PROTECTION, 0, i->eip);
        if (!descriptor_load(pc, selector, &d, VECTOR_PROTECTION, 0, i->eip))
            return false;
        uint32_t type = descriptor_type(&d);
        if (!descriptor_memory(&d) && (type == GATE_CALL_16 || type == GATE_CALL_32))
            return through_gate(pc, &d, selector, call, i);
        if (!descriptor_memory(&d) && (type == TSS_16 || type == TSS_32 || type == GATE_TASK))
            return to_task(pc, &d, selector, call, i);
        if (!segment_code(pc, selector, &d, &cs, VECTOR_PROTECTION, 0, i->eip))
            return false;
    }
    struct stack s = stack_now(pc);
    if (!within(pc, to, &cs, i->eip) ||
        (call && !push_return(pc, &s, i->eip + i->len, size, i->eip)))
        return false;
    stack_use(pc, &s);
    go(pc, &cs, to);
    return true;
}

/* The end of a return to an outer privilege, that of `cs`: its stack, `to`, and what it must not
   see. */
static bool return_outer(struct pc *pc, struct stack *s, uint32_t drop, uint32_t size,
                         const struct segment *cs, uint32_t to, uint32_t eip) {
    uint32_t esp, selector, rpl = cs->selector & 3;
    struct stack out = {.user = rpl == 3};
    move_stack(&pc->cpu, 0);
    s->esp += drop;
    if (!stack_pop(pc, s, &esp, size, eip) || !stack_pop(pc, s, &selector, size, eip) ||
        !segment_stack(pc, selector & 0xFFFF, rpl, VECTOR_PROTECTION, &out.ss, 0, eip) ||
        !within(pc, to, cs, eip))
        return false;
    out.esp = out.ss.size & SEGMENT_BIG ? esp + drop
                                        : (pc->cpu.r[ESP] & 0xFFFF0000u) | ((esp + drop) & 0xFFFF);
    pc_set_cpl(pc, rpl);
    stack_use(pc, &out);
    segment_hide(pc);
    return true;
}

/* The code segment that a return leads to. */
static bool return_code(struct pc *pc, uint32_t selector, struct segment *cs, uint32_t eip) {
    struct descriptor d;
    uint32_t cpl = pc->cpl, rpl = selector & 3;
    if (!(selector & 0xFFFC))
        return refuse(pc, VECTOR_PROTECTION, 0, eip);
    if (!descriptor_load(pc, selector, &d, VECTOR_PROTECTION, 0, eip))
        return false;
    if (rpl < cpl)
        return refuse(pc, VECTOR_PROTECTION, selector, eip);
    pc->cpl = rpl;
    bool ok = segment_code(pc, selector, &d, cs, VECTOR_PROTECTION, 0, eip);
    pc->cpl = cpl;
    return ok;
}

static bool far_return(struct pc *pc, const struct insn *i) {
    uint32_t size = i->aux & FAR_16 ? 2 : 4, to, selector;
    struct stack s = stack_now(pc);
    if (!stack_pop(pc, &s, &to, size, i->eip) || !stack_pop(pc, &s, &selector, size, i->eip))
        return false;
    selector &= 0xFFFF;
    struct segment cs = segment_real(&pc->cpu.seg[CS], selector);
    if (uses_descriptors(pc) && !return_code(pc, selector, &cs, i->eip))
        return false;
    if (uses_descriptors(pc) && (selector & 3) > pc->cpl) {
        if (!return_outer(pc, &s, i->imm, size, &cs, to, i->eip))
            return false;
    } else if (!within(pc, to, &cs, i->eip)) {
        return false;
    } else {
        stack_use(pc, &s);
        move_stack(&pc->cpu, 0);
        uint32_t mask = s.ss.size & SEGMENT_BIG ? 0xFFFFFFFFu : 0xFFFF;
        pc->cpu.r[ESP] = (s.esp & ~mask) | ((s.esp + i->imm) & mask);
    }
    go(pc, &cs, to);
    return true;
}

/* What IRET may change of the flags. */
static void return_flags(struct pc *pc, uint32_t flags, uint32_t size, uint32_t cpl) {
    uint32_t now = cpu_eflags(&pc->cpu);
    uint32_t may = FLAGS_ARITHMETIC | FLAG_TF | FLAG_DF | FLAG_NT;
    if (size == 4)
        may |= FLAG_AC | 1u << 21;
    if (cpl == 0)
        may |= FLAG_IOPL;
    if (cpl <= (now >> 12 & 3))
        may |= FLAG_IF;
    cpu_set_eflags(&pc->cpu, (now & ~may) | (flags & may));
}

/* IRET of a nested task, back to the one whose selector its TSS holds. */
static bool return_task(struct pc *pc, const struct insn *i) {
    struct task_entry e = {.way = TASK_RETURN, .next = i->eip + i->len, .eip = i->eip};
    return system_load(pc, pc->task.base, 2, &e.selector, i->eip) && task_switch(pc, &e);
}

/* IRET to virtual-8086 mode: behind the flags ESP, SS, ES, DS, FS, GS. */
static bool return_v86(struct pc *pc, struct stack *s, uint32_t to, uint32_t cs, uint32_t flags,
                       uint32_t eip) {
    static const uint8_t order[5] = {SS, ES, DS, FS, GS};
    uint32_t esp, selector[SEGS] = {[CS] = cs};
    if (!stack_pop(pc, s, &esp, 4, eip))
        return false;
    for (int n = 0; n < 5; n++)
        if (!stack_pop(pc, s, &selector[order[n]], 4, eip))
            return false;
    pc->v86 = true;
    pc->resume = flags & FLAG_RF && breakpoints_set(pc);
    cpu_set_eflags(&pc->cpu, flags);
    segment_load_v86(pc, selector);
    pc->cpu.r[ESP] = esp;
    pc_set_cpl(pc, 3);
    go(pc, &pc->cpu.seg[CS], to & 0xFFFF);
    return true;
}

bool iret(struct pc *pc, struct insn *i) {
    uint32_t size = i->aux & FAR_16 ? 2 : 4, to, selector, flags, cpl = pc->cpl;
    struct stack s = stack_now(pc);
    if (flags_guarded(pc, i))
        return false;
    if (uses_descriptors(pc) && pc->cpu.other_flags & FLAG_NT)
        return return_task(pc, i);
    if (!stack_pop(pc, &s, &to, size, i->eip) || !stack_pop(pc, &s, &selector, size, i->eip) ||
        !stack_pop(pc, &s, &flags, size, i->eip))
        return false;
    selector &= 0xFFFF;
    if (uses_descriptors(pc) && size == 4 && flags & FLAG_VM && cpl == 0)
        return return_v86(pc, &s, to, selector, flags, i->eip);
    struct segment cs;
    if (!uses_descriptors(pc))
        cs = segment_real(&pc->cpu.seg[CS], selector);
    else if (!return_code(pc, selector, &cs, i->eip))
        return false;
    if (uses_descriptors(pc) && (selector & 3) > cpl) {
        if (!return_outer(pc, &s, 0, size, &cs, to, i->eip))
            return false;
    } else if (!within(pc, to, &cs, i->eip)) {
        return false;
    } else {
        stack_use(pc, &s);
    }
    return_flags(pc, flags, size, cpl);
    pc->resume = size == 4 && flags & FLAG_RF && breakpoints_set(pc);
    control_changed(pc);
    go(pc, &cs, to);
    return true;
}

RUN(pc_far) {
    struct pc *pc = pc_of(c);
    uint32_t kind = i->aux & 3, selector, to;
    bool ok, nested = uses_descriptors(pc) && c->other_flags & FLAG_NT;
    if (kind == FAR_RET)
        ok = far_return(pc, i);
    else if (kind == FAR_IRET)
        ok = iret(pc, i);
    else
        ok = far_target(c, i, &selector, &to) && enter(pc, selector, to, kind == FAR_CALL, i);
    if (!ok)
        LEAVE(i);
    if (kind == FAR_IRET && pc->trace.pending && uses_descriptors(pc) && !nested)
        watch_return(pc);
    LEAVE(code_at(c, c->eip));
}
