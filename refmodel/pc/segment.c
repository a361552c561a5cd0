/* Descriptors, segment registers, stacks (SDM volume 3, chapters 3 and 5; volume 2, MOV, LDS). */
#include "refmodel/pc/machine.h"

enum { GRANULAR = 1 << 23, BIG = 1 << 22 };

/* Raises a fault whose code is a selector. */
static bool refuse(struct pc *pc, uint32_t vector, uint32_t selector, uint32_t external,
                   uint32_t eip) {
    cpu_fault_code(&pc->cpu, vector, (selector & 0xFFFC) | external, eip);
    return false;
}

bool descriptor_load(struct pc *pc, uint32_t selector, struct descriptor *d, uint32_t vector,
                     uint32_t external, uint32_t eip) {
    uint32_t offset = selector & 0xFFF8;
    bool local = selector & SELECTOR_LOCAL;
    uint32_t base = local ? pc->ldt.base : pc->gdt.base;
    uint32_t limit = local ? pc->ldt.limit : pc->gdt.limit;
    if ((local && !pc->ldt.access) || offset + 7 > limit)
        return refuse(pc, vector, selector, external, eip);
    d->linear = base + offset;
    return system_load(pc, d->linear, 4, &d->low, eip) &&
           system_load(pc, d->linear + 4, 4, &d->high, eip);
}

struct segment segment_from(uint32_t selector, const struct descriptor *d) {
    /* By S and type: data that may be written or grows downwards, code that may be read. */
    enum { R = SEGMENT_READ, RW = SEGMENT_READ | SEGMENT_WRITE };
    static const uint8_t rights[32] = {[16] = R, R, RW, RW, 0, 0, 0, 0, 0, 0, R, R, 0, 0, R, R};
    uint32_t limit = (d->low & 0xFFFF) | (d->high & 0xF0000), access = d->high >> 8 & 0xFF;
    return (struct segment){
        .base = d->low >> 16 | (d->high & 0xFF) << 16 | (d->high & 0xFF000000u),
        .limit = d->high & GRANULAR ? limit << 12 | 0xFFF : limit,
        .selector = (uint16_t)selector,
        .access = (uint8_t)access,
        .size = (uint8_t)(rights[access & 31] | (d->high & BIG ? (uint32_t)SEGMENT_BIG : 0))};
}

bool segment_mark_accessed(struct pc *pc, struct descriptor *d, uint32_t eip) {
    uint8_t access = (uint8_t)(d->high >> 8 | ACCESS_ACCESSED);
    if (d->high >> 8 & ACCESS_ACCESSED)
        return true;
    d->high |= ACCESS_ACCESSED << 8;
    return system_access(pc, d->linear + 5, &access, 1, TO_WRITE, false, eip);
}

/* In real mode a load changes selector and base; limit and size stay, rights are those of data. */
struct segment segment_real(const struct segment *old, uint32_t selector) {
    struct segment s = *old;
    s.selector = (uint16_t)selector;
    s.base = selector << 4;
    s.access = ACCESS_PRESENT | ACCESS_MEMORY | ACCESS_WRITE | ACCESS_ACCESSED;
    s.size = (uint8_t)((s.size & SEGMENT_BIG) | SEGMENT_READ | SEGMENT_WRITE);
    return s;
}

bool segment_stack(struct pc *pc, uint32_t selector, uint32_t cpl, uint32_t vector,
                   struct segment *ss, uint32_t external, uint32_t eip) {
    struct descriptor d;
    if (!(selector & 0xFFFC))
        return refuse(pc, vector, 0, external, eip);
    if (!descriptor_load(pc, selector, &d, vector, external, eip))
        return false;
    bool data = descriptor_memory(&d) && !(descriptor_type(&d) & ACCESS_CODE);
    if ((selector & 3) != cpl || descriptor_dpl(&d) != cpl || !data ||
        !(descriptor_type(&d) & ACCESS_WRITE))
        return refuse(pc, vector, selector, external, eip);
    if (!descriptor_present(&d))
        return refuse(pc, VECTOR_STACK, selector, external, eip);
    if (!segment_mark_accessed(pc, &d, eip))
        return false;
    *ss = segment_from(selector, &d);
    return true;
}

bool segment_data(struct pc *pc, uint32_t segment, uint32_t selector, uint32_t vector,
                  uint32_t external, uint32_t eip) {
    struct descriptor d;
    struct segment *s = &pc->cpu.seg[segment];
    if (!(selector & 0xFFFC)) {
        s->selector = (uint16_t)selector;
        s->access = s->size = 0;
        return true;
    }
    if (!descriptor_load(pc, selector, &d, vector, external, eip))
        return false;
    uint32_t type = descriptor_type(&d), dpl = descriptor_dpl(&d);
    bool code = type & ACCESS_CODE;
    bool guarded = !code || !(type & ACCESS_CONFORMING);
    if (!descriptor_memory(&d) || (code && !(type & ACCESS_READ)) ||
        (guarded && ((selector & 3) > dpl || pc->cpl > dpl)))
        return refuse(pc, vector, selector, external, eip);
    if (!descriptor_present(&d))
        return refuse(pc, VECTOR_ABSENT, selector, external, eip);
    if (!segment_mark_accessed(pc, &d, eip))
        return false;
    *s = segment_from(selector, &d);
    return true;
}

bool bus_load_segment(struct cpu *c, uint32_t segment, uint32_t selector, uint32_t eip) {
    struct pc *pc = pc_of(c);
    bool ok = true;
    if (!uses_descriptors(pc))
        c->seg[segment] = segment_real(&c->seg[segment], selector);
    else if (segment == SS)
        ok = segment_stack(pc, selector, pc->cpl, VECTOR_PROTECTION, &c->seg[SS], 0, eip);
    else
        ok = segment_data(pc, segment, selector, VECTOR_PROTECTION, 0, eip);
    if (ok)
        cpu_choose_map(c);
    if (ok && segment == SS)
        pc->shadow = true;
    return ok;
}

void segment_load_v86(struct pc *pc, const uint32_t selector[SEGS]) {
    static const struct segment whole = {.limit = 0xFFFF};
    for (int n = 0; n < SEGS; n++)
        pc->cpu.seg[n] = segment_real(&whole, selector[n] & 0xFFFF);
}

bool segment_code(struct pc *pc, uint32_t selector, struct descriptor *d, struct segment *cs,
                  uint32_t vector, uint32_t external, uint32_t eip) {
    uint32_t type = descriptor_type(d), dpl = descriptor_dpl(d);
    bool conforming = type & ACCESS_CONFORMING;
    if (!descriptor_memory(d) || !(type & ACCESS_CODE))
        return refuse(pc, vector, selector, external, eip);
    if (conforming ? dpl > pc->cpl : (selector & 3) > pc->cpl || dpl != pc->cpl)
        return refuse(pc, vector, selector, external, eip);
    if (!descriptor_present(d))
        return refuse(pc, VECTOR_ABSENT, selector, external, eip);
    if (!segment_mark_accessed(pc, d, eip))
        return false;
    *cs = segment_from((selector & 0xFFFC) | pc->cpl, d);
    return true;
}

void pc_set_cpl(struct pc *pc, uint32_t cpl) {
    pc->cpl = cpl;
    control_changed(pc);
    paging_choose(pc, false);
}

void segment_hide(struct pc *pc) {
    static const uint8_t all[4] = {ES, DS, FS, GS};
    for (int n = 0; n < 4; n++) {
        struct segment *s = &pc->cpu.seg[all[n]];
        bool conforming =
            (s->access & (ACCESS_CODE | ACCESS_CONFORMING)) == (ACCESS_CODE | ACCESS_CONFORMING);
        if (s->access && !conforming && (s->access >> 5 & 3u) < pc->cpl)
            s->selector = s->access = s->size = 0;
    }
}

/* Whether a stack that is not SS yet allows an access that its limit does not plainly allow. */
static bool stack_allows(struct pc *pc, const struct stack *s, uint32_t offset, uint32_t n,
                         uint32_t external, uint32_t eip) {
    struct cpu *c = &pc->cpu;
    struct segment kept = c->seg[SS];
    c->seg[SS] = s->ss;
    bool ok = segment_allows(c, SS, offset, n, SEGMENT_WRITE, eip);
    c->seg[SS] = kept;
    if (!ok && c->stop == STOP_FAULT && c->vector == VECTOR_STACK) {
        bool other = kept.selector != s->ss.selector && pc->cr0 & CR0_PE;
        c->error = (other ? s->ss.selector & 0xFFFCu : 0) | external;
    }
    return ok;
}

/* An access to such a stack, by limit and kind of its segment. */
static inline bool stack_linear(struct pc *pc, const struct stack *s, uint32_t offset, uint32_t n,
                                uint32_t external, uint32_t eip, uint32_t *linear) {
    *linear = s->ss.base + offset;
    bool plain =
        s->ss.size & SEGMENT_WRITE && offset <= s->ss.limit && n - 1 <= s->ss.limit - offset;
    return LIKELY(plain) || stack_allows(pc, s, offset, n, external, eip);
}

static uint32_t mask_of(const struct stack *s) {
    return s->ss.size & SEGMENT_BIG ? 0xFFFFFFFFu : 0xFFFF;
}

static void move(struct stack *s, uint32_t by) {
    uint32_t mask = mask_of(s);
    s->esp = (s->esp & ~mask) | ((s->esp + by) & mask);
}

bool stack_push(struct pc *pc, struct stack *s, uint32_t v, uint32_t n, uint32_t external,
                uint32_t eip) {
    uint32_t linear;
    if (!stack_linear(pc, s, (s->esp - n) & mask_of(s), n, external, eip, &linear) ||
        !system_write(pc, linear, n, v, s->user, eip))
        return false;
    move(s, 0 - n);
    return true;
}

bool stack_pop(struct pc *pc, struct stack *s, uint32_t *v, uint32_t n, uint32_t eip) {
    uint32_t linear;
    if (!stack_linear(pc, s, s->esp & mask_of(s), n, 0, eip, &linear) ||
        !system_read(pc, linear, n, v, s->user, eip))
        return false;
    move(s, n);
    return true;
}

struct stack stack_now(const struct pc *pc) {
    return (struct stack){pc->cpu.seg[SS], pc->cpu.r[ESP], pc->cpl == 3};
}

void stack_use(struct pc *pc, const struct stack *s) {
    pc->cpu.seg[SS] = s->ss;
    pc->cpu.r[ESP] = s->esp;
}

enum { TSS_16 = 1, TSS_32 = 9, TSS_BUSY = 2 };

bool stack_inner(struct pc *pc, uint32_t cpl, struct stack *s, uint32_t external, uint32_t eip) {
    uint32_t wide = pc->task.access & 8, size = wide ? 4 : 2;
    uint32_t at = wide ? 4 + 8 * cpl : 2 + 4 * cpl;
    uint32_t esp, selector;
    if (at + 2 * size - 1 > pc->task.limit)
        return refuse(pc, VECTOR_TSS, pc->task.selector, external, eip);
    if (!system_load(pc, pc->task.base + at, size, &esp, eip) ||
        !system_load(pc, pc->task.base + at + size, 2, &selector, eip))
        return false;
    s->esp = esp;
    s->user = false;
    return segment_stack(pc, selector, cpl, VECTOR_TSS, &s->ss, external, eip);
}
