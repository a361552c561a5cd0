/*
 * Hardware tasks (SDM volume 3, chapter 8). A switch saves the processor's registers in the task
 * state segment (TSS) of the task that runs, and loads those of another:
 *
 *   by       busy bit of the old / new task   NT and the link of the new one   NT saved for the old
 *   jump     cleared / set                    as in its TSS                    as it is
 *   call     kept / set                       set                              as it is
 *   return   cleared / kept                   as in its TSS                    cleared
 *
 * An interrupt through a task gate is a call. What is wrong with the TSS is a fault of the old
 * task; once registers are loaded, what is wrong with these is a fault of the new one.
 */
#include "refmodel/pc/machine.h"

enum { TSS_WIDE = 8, TSS_BUSY = 2, TSS_AVAILABLE = 1, TYPE_LDT = 2 };
enum { WORD_TRAP = 100, BYTES = 104 };

/* Where things stand in a TSS; a word apart within a row. */
struct layout {
    uint8_t eip, eflags, general, selectors, ldt;
    uint8_t count; /* of selectors, from ES on */
    uint8_t word;  /* bytes */
    uint8_t end;   /* bytes that it has to have */
};
static const struct layout LAYOUT_16 = {14, 16, 18, 34, 42, 4, 2, 44};
static const struct layout LAYOUT_32 = {32, 36, 40, 72, 96, 6, 4, BYTES};
enum { CR3_AT = 28 };

static const struct layout *layout_of(uint32_t access) {
    return access & TSS_WIDE ? &LAYOUT_32 : &LAYOUT_16;
}

static bool refuse(struct pc *pc, const struct task_entry *e, uint32_t vector, uint32_t selector) {
    cpu_fault_code(&pc->cpu, vector, (selector & 0xFFFC) | e->external, e->eip);
    return false;
}

static bool busy_bit(struct pc *pc, uint32_t linear, bool on, uint32_t eip) {
    uint32_t access;
    return system_load(pc, linear, 1, &access, eip) &&
           system_write(pc, linear, 1, on ? access | TSS_BUSY : access & ~(uint32_t)TSS_BUSY, false,
                        eip);
}

/* The descriptor of the new task, and whether it may run now. */
static bool find_task(struct pc *pc, const struct task_entry *e, struct segment *task,
                      struct descriptor *d) {
    uint32_t vector = e->way == TASK_RETURN ? VECTOR_TSS : VECTOR_PROTECTION;
    uint32_t wanted = e->way == TASK_RETURN ? TSS_AVAILABLE | TSS_BUSY : TSS_AVAILABLE;
    if (e->selector & SELECTOR_LOCAL)
        return refuse(pc, e, vector, e->selector);
    if (!descriptor_load(pc, e->selector, d, vector, e->external, e->eip))
        return false;
    if (descriptor_memory(d) || (descriptor_type(d) & ~(uint32_t)TSS_WIDE) != wanted)
        return refuse(pc, e, vector, e->selector);
    if (!descriptor_present(d))
        return refuse(pc, e, VECTOR_ABSENT, e->selector);
    *task = segment_from(e->selector, d);
    if (task->limit < layout_of(task->access)->end - 1u)
        return refuse(pc, e, VECTOR_TSS, e->selector);
    return true;
}

/* Whether all that the switch itself touches is there, so that it cannot fail half-way. */
static bool can_switch(struct pc *pc, const struct task_entry *e, const struct segment *task,
                       const struct descriptor *d) {
    const struct segment *old = &pc->task;
    const struct layout *from = layout_of(old->access), *to = layout_of(task->access);
    if (old->limit < from->end - 1u)
        return refuse(pc, e, VECTOR_TSS, old->selector);
    uint8_t bytes[BYTES];
    uint32_t mark = pc->gdt.base + (old->selector & 0xFFF8u) + 5;
    return system_access(pc, old->base, NULL, from->end, TO_MODIFY, false, e->eip) &&
           system_access(pc, task->base, bytes, to->end, TO_READ, false, e->eip) &&
           (e->way != TASK_CALL ||
            system_access(pc, task->base, NULL, 2, TO_MODIFY, false, e->eip)) &&
           (e->way == TASK_CALL || system_access(pc, mark, NULL, 1, TO_MODIFY, false, e->eip)) &&
           (e->way == TASK_RETURN ||
            system_access(pc, d->linear + 5, NULL, 1, TO_MODIFY, false, e->eip));
}

static void save_word(struct pc *pc, uint32_t at, uint32_t v, uint32_t n, uint32_t eip) {
    system_write(pc, pc->task.base + at, n, v, false, eip);
}

/* Saves the registers in the TSS of the task that runs. */
static void save_registers(struct pc *pc, const struct task_entry *e) {
    const struct cpu *c = &pc->cpu;
    const struct layout *l = layout_of(pc->task.access);
    uint32_t flags = flags_now(pc) & ~(e->way == TASK_RETURN ? (uint32_t)FLAG_NT : 0);
    flags |= e->resume ? FLAG_RF : 0;
    save_word(pc, l->eip, e->next, l->word, e->eip);
    save_word(pc, l->eflags, flags, l->word, e->eip);
    for (uint32_t n = 0; n < 8; n++)
        save_word(pc, l->general + n * l->word, c->r[n], l->word, e->eip);
    for (uint32_t n = 0; n < l->count; n++)
        save_word(pc, l->selectors + n * l->word, c->seg[n].selector, 2, e->eip);
}

static uint32_t word_at(const uint8_t *bytes, uint32_t at, uint32_t n) {
    return n == 4 ? get32(bytes + at) : get16(bytes + at);
}

/* What a TSS holds. */
struct image {
    uint32_t eip, eflags, general[8], selector[SEGS], ldt, cr3;
    bool trap;
};

static struct image read_image(const uint8_t *bytes, const struct layout *l) {
    struct image m = {.eip = word_at(bytes, l->eip, l->word),
                      .eflags = word_at(bytes, l->eflags, l->word),
                      .ldt = get16(bytes + l->ldt)};
    /* Registers of a 286 have no upper halves; those are ones. */
    for (uint32_t n = 0; n < 8; n++)
        m.general[n] =
            word_at(bytes, l->general + n * l->word, l->word) | (l->word == 2 ? 0xFFFF0000u : 0);
    for (uint32_t n = 0; n < l->count; n++)
        m.selector[n] = get16(bytes + l->selectors + n * l->word);
    if (l == &LAYOUT_32) {
        m.cr3 = get32(bytes + CR3_AT);
        m.trap = bytes[WORD_TRAP] & 1;
    }
    return m;
}

/* The registers that cannot be wrong; of the segments only the selectors. */
static void load_registers(struct pc *pc, const struct image *m, bool nested) {
    struct cpu *c = &pc->cpu;
    for (int n = 0; n < 8; n++)
        c->r[n] = m->general[n];
    for (int n = 0; n < SEGS; n++)
        c->seg[n] = (struct segment){.selector = (uint16_t)m->selector[n]};
    pc->ldt = (struct segment){.selector = (uint16_t)m->ldt};
    c->eip = m->eip;
    cpu_set_eflags(c, m->eflags | (nested ? (uint32_t)FLAG_NT : 0));
    c->no_trap = true;
    pc->v86 = m->eflags & FLAG_VM;
    pc->resume = m->eflags & FLAG_RF && breakpoints_set(pc);
    pc->cpl = pc->v86 ? 3 : m->selector[CS] & 3;
    pc->cr0 |= CR0_TS;
    pc->dr[7] &= ~(uint32_t)DR7_LOCAL;
    bool moved = pc->task.access & TSS_WIDE && pc->cr0 & CR0_PG && pc->cr3 != (m->cr3 & CR3_KNOWN);
    if (moved)
        pc->cr3 = m->cr3 & CR3_KNOWN;
    paging_choose(pc, moved);
}

/* From here on faults are those of the new task (SDM volume 3, table 8-1). */
static bool load_ldt(struct pc *pc, const struct task_entry *e, uint32_t selector) {
    struct descriptor d;
    if (!(selector & 0xFFFC))
        return true;
    if (selector & SELECTOR_LOCAL)
        return refuse(pc, e, VECTOR_TSS, selector);
    if (!descriptor_load(pc, selector, &d, VECTOR_TSS, e->external, e->eip))
        return false;
    if (descriptor_memory(&d) || descriptor_type(&d) != TYPE_LDT || !descriptor_present(&d))
        return refuse(pc, e, VECTOR_TSS, selector);
    pc->ldt = segment_from(selector, &d);
    return true;
}

/* SS. That it is not there is said before its privileges are looked at, other than segment_stack
   has it. */
static bool load_stack(struct pc *pc, const struct task_entry *e, uint32_t selector) {
    struct descriptor d;
    if (selector & 0xFFFC) {
        if (!descriptor_load(pc, selector, &d, VECTOR_TSS, e->external, e->eip))
            return false;
        uint32_t type = descriptor_type(&d);
        bool writable = descriptor_memory(&d) && !(type & ACCESS_CODE) && type & ACCESS_WRITE;
        if (writable && !descriptor_present(&d))
            return refuse(pc, e, VECTOR_STACK, selector);
    }
    return segment_stack(pc, selector, pc->cpl, VECTOR_TSS, &pc->cpu.seg[SS], e->external, e->eip);
}

static bool load_segments(struct pc *pc, const struct task_entry *e, const struct image *m) {
    static const uint8_t data[4] = {ES, DS, FS, GS};
    struct cpu *c = &pc->cpu;
    struct descriptor d;
    struct segment s;
    if (!load_ldt(pc, e, m->ldt))
        return false;
    if (pc->v86) {
        segment_load_v86(pc, m->selector);
        return true;
    }
    if (!(m->selector[CS] & 0xFFFC))
        return refuse(pc, e, VECTOR_TSS, 0);
    if (!descriptor_load(pc, m->selector[CS], &d, VECTOR_TSS, e->external, e->eip) ||
        !segment_code(pc, m->selector[CS], &d, &s, VECTOR_TSS, e->external, e->eip))
        return false;
    c->seg[CS] = s;
    if (!load_stack(pc, e, m->selector[SS]))
        return false;
    for (int n = 0; n < 4; n++)
        if (!segment_data(pc, data[n], m->selector[data[n]], VECTOR_TSS, e->external, e->eip))
            return false;
    return true;
}

/* The error code of an exception goes to the new task's stack. */
static bool push_code(struct pc *pc, const struct task_entry *e) {
    struct stack s = stack_now(pc);
    uint32_t size = layout_of(pc->task.access)->word;
    if (!stack_push(pc, &s, e->code, size, e->external, e->eip))
        return false;
    stack_use(pc, &s);
    return true;
}

bool task_switch(struct pc *pc, const struct task_entry *entry) {
    struct task_entry e = *entry;
    struct cpu *c = &pc->cpu;
    struct segment task;
    struct descriptor d;
    uint8_t bytes[BYTES] = {0};
    if (!find_task(pc, &e, &task, &d) || !can_switch(pc, &e, &task, &d))
        return false;
    const struct layout *l = layout_of(task.access);
    uint32_t old = pc->task.selector;
    if (e.way != TASK_CALL)
        busy_bit(pc, pc->gdt.base + (old & 0xFFF8) + 5, false, e.eip);
    save_registers(pc, &e);
    if (e.way != TASK_RETURN)
        busy_bit(pc, d.linear + 5, true, e.eip);
    pc->task = task;
    pc->task.access |= TSS_BUSY;
    if (e.way == TASK_CALL)
        save_word(pc, 0, old, 2, e.eip);
    system_access(pc, task.base, bytes, l->end, TO_READ, false, e.eip);
    struct image m = read_image(bytes, l);
    load_registers(pc, &m, e.way == TASK_CALL);
    e.eip = m.eip;
    bool ok = load_segments(pc, &e, &m) && (!e.has_code || push_code(pc, &e)) &&
              (m.eip <= c->seg[CS].limit || refuse(pc, &e, VECTOR_PROTECTION, 0));
    if (ok && m.trap)
        pc->debug |= DR6_TASK;
    control_changed(pc);
    cpu_choose_map(c);
    if (pc->debug)
        cpu_stop(c, STOP_OWNER, m.eip);
    return ok;
}
