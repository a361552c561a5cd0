/* What a debugger asks for: single steps, registers, memory by linear address. */
#include <string.h>

#include "refmodel/pc/machine.h"

void pc_registers(const struct pc *pc, struct pc_registers *r) {
    const struct cpu *c = &pc->cpu;
    *r = (struct pc_registers){.eip = c->eip,
                               .eflags = cpu_eflags(c),
                               .code_base = c->seg[CS].base,
                               .control = {pc->cr0, 0, pc->cr2, pc->cr3, pc->cr4},
                               .gdt = {pc->gdt.base, pc->gdt.limit},
                               .idt = {pc->idt.base, pc->idt.limit},
                               .v86 = pc->v86};
    for (int n = 0; n < 8; n++)
        r->general[n] = c->r[n];
    for (int n = 0; n < SEGS; n++) {
        r->selector[n] = c->seg[n].selector;
        r->segment[n] = (struct pc_range){c->seg[n].base, c->seg[n].limit};
    }
}

void pc_set_registers(struct pc *pc, const struct pc_registers *r) {
    struct cpu *c = &pc->cpu;
    for (int n = 0; n < 8; n++)
        c->r[n] = r->general[n];
    c->eip = r->eip;
    cpu_set_eflags(c, r->eflags);
    control_changed(pc);
    c->stop = RUNNING;
}

static bool load_code(struct pc *pc, uint16_t selector) {
    struct cpu *c = &pc->cpu;
    struct descriptor d;
    struct segment cs = segment_real(&c->seg[CS], selector);
    if (uses_descriptors(pc) &&
        (!descriptor_load(pc, selector, &d, VECTOR_PROTECTION, 0, c->eip) ||
         !segment_code(pc, selector, &d, &cs, VECTOR_PROTECTION, 0, c->eip)))
        return false;
    uint32_t eip = c->seg[CS].base + c->eip - cs.base;
    if (eip > cs.limit)
        return false;
    c->seg[CS] = cs;
    c->eip = eip;
    cpu_choose_map(c);
    return true;
}

bool pc_set_selector(struct pc *pc, unsigned segment, uint16_t selector) {
    struct cpu *c = &pc->cpu;
    uint32_t cr2 = pc->cr2;
    bool shadow = pc->shadow;
    c->stop = RUNNING;
    bool ok =
        segment == CS ? load_code(pc, selector) : bus_load_segment(c, segment, selector, c->eip);
    c->stop = RUNNING;
    pc->cr2 = cr2;
    pc->shadow = shadow;
    return ok;
}

enum pc_end pc_step(struct pc *pc) {
    pc->cpu.stepping = true;
    enum pc_end end = pc_run(pc, 1);
    pc->cpu.stepping = false;
    return end;
}

bool pc_peek(struct pc *pc, uint32_t linear, uint8_t *to, size_t n) {
    for (; n; n--, linear++) {
        uint32_t physical;
        if (!paging_peek(pc, linear, &physical))
            return false;
        ram_get(pc, physical, to++, 1);
    }
    return true;
}

bool pc_poke(struct pc *pc, uint32_t linear, const uint8_t *from, size_t n) {
    for (; n; n--, linear++) {
        uint32_t physical;
        if (!paging_peek(pc, linear, &physical) || !ram_write(pc, physical >> PAGE_SHIFT))
            return false;
        ram_put(pc, physical, from++, 1);
    }
    return true;
}
