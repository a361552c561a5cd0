/* Control registers, tables, flags, HLT, CPUID: what only an operating system needs. */
#define SEGMENTED
#include "refmodel/cpu/exec.h"
#include "refmodel/pc/machine.h"

static const uint32_t CR0_KNOWN = 0xE005003Fu, CR0_FIXED = 0x10; /* ET */
static const uint32_t CR4_KNOWN = CR4_TSD | CR4_DE | CR4_PSE | CR4_PGE | CR4_PCE;

void control_reset(struct pc *pc) {
    struct cpu *c = &pc->cpu;
    pc->cr0 = CR0_FIXED;
    pc->cr2 = pc->cr3 = pc->cr4 = 0;
    pc->dr[6] = 0xFFFF0FF0u;
    pc->dr[7] = 0x400;
    pc->gdt = (struct table){0, 0xFFFF};
    pc->idt = (struct table){0, 0xFFFF};
    pc->ldt = (struct segment){.limit = 0xFFFF, .access = 0x82};
    pc->task = (struct segment){.limit = 0xFFFF, .access = 0x8B};
    pc->debug = 0;
    pc->v86 = pc->resume = false;
    pc->cpl = 0;
    for (int n = 0; n < SEGS; n++) {
        struct segment empty = {.limit = 0xFFFF};
        c->seg[n] = segment_real(&empty, 0);
    }
    for (int n = 0; n < REGS; n++)
        c->r[n] = 0;
    fpu_init(&c->fpu);
    cpu_set_eflags(c, 0);
    control_changed(pc);
    paging_choose(pc, true);
    cpu_choose_map(c);
}

void control_changed(struct pc *pc) {
    struct cpu *c = &pc->cpu;
    c->no_fpu = (uint8_t)((pc->cr0 & (CR0_EM | CR0_TS) ? NO_FPU_X87 : 0) |
                          ((pc->cr0 & (CR0_MP | CR0_TS)) == (CR0_MP | CR0_TS) ? NO_FPU_WAIT : 0));
    bool align = pc->cpl == 3 && pc->cr0 & CR0_AM && c->other_flags & FLAG_AC;
    if (align != pc->align) {
        pc->align = align;
        paging_choose(pc, false);
    }
    if (c->other_flags & FLAG_IF)
        cpu_stop(c, STOP_OWNER, c->eip); /* an interrupt may wait */
}

/* Whether the processor is at the privilege for it; if not, the fault is raised. */
static bool privileged(struct pc *pc, const struct insn *i) {
    if (pc->cpl == 0)
        return true;
    cpu_fault_code(&pc->cpu, VECTOR_PROTECTION, 0, i->eip);
    return false;
}

static bool fault(struct pc *pc, uint32_t vector, uint32_t code, const struct insn *i) {
    cpu_fault_code(&pc->cpu, vector, code, i->eip);
    return false;
}

static bool set_cr0(struct pc *pc, uint32_t v, const struct insn *i) {
    if ((v & CR0_PG && !(v & CR0_PE)) || (v & 0x20000000 && !(v & 0x40000000)))
        return fault(pc, VECTOR_PROTECTION, 0, i);
    uint32_t before = pc->cr0;
    pc->cr0 = (v & CR0_KNOWN) | CR0_FIXED;
    if (!(before & CR0_PE) && pc->cr0 & CR0_PE)
        pc->cpl = 0;
    paging_choose(pc, (before ^ pc->cr0) & (CR0_PG | CR0_WP | CR0_PE));
    control_changed(pc);
    cpu_choose_map(&pc->cpu);
    return true;
}

static bool set_control(struct pc *pc, uint32_t which, uint32_t v, const struct insn *i) {
    switch (which) {
    case 0:
        return set_cr0(pc, v, i);
    case 2:
        pc->cr2 = v;
        return true;
    case 3:
        pc->cr3 = v & CR3_KNOWN;
        paging_choose(pc, true);
        return true;
    case 4:
        if (v & ~CR4_KNOWN)
            return fault(pc, VECTOR_PROTECTION, 0, i);
        pc->cr4 = v;
        paging_choose(pc, true);
        return true;
    default:
        return fault(pc, VECTOR_INVALID, 0, i);
    }
}

static bool control_registers(struct pc *pc, const struct insn *i) {
    const uint32_t of[5] = {pc->cr0, 0, pc->cr2, pc->cr3, pc->cr4};
    uint32_t which = i->dst >> 3 & 7;
    uint32_t *r = &pc->cpu.r[i->dst & 7];
    if (which > 4 || which == 1)
        return fault(pc, VECTOR_INVALID, 0, i);
    if (!privileged(pc, i))
        return false;
    if (i->imm == 0x20) {
        *r = of[which];
        return true;
    }
    return set_control(pc, which, *r, i);
}

static bool debug_registers(struct pc *pc, const struct insn *i) {
    uint32_t which = i->dst >> 3 & 7;
    uint32_t *r = &pc->cpu.r[i->dst & 7];
    if (!privileged(pc, i))
        return false;
    if ((which == 4 || which == 5) && pc->cr4 & CR4_DE)
        return fault(pc, VECTOR_INVALID, 0, i);
    if (which == 4 || which == 5)
        which += 2;
    if (pc->dr[7] & DR7_GUARD)
        return fault(pc, VECTOR_DEBUG, DR6_ACCESS, i);
    if (i->imm == 0x21) {
        *r = pc->dr[which];
        return true;
    }
    pc->dr[which] = *r;
    if (which == 6)
        pc->dr[6] = (*r & 0xE00F) | 0xFFFF0FF0u;
    if (which == 7) {
        pc->dr[7] = (*r & 0xFFFF2FFFu) | 0x400;
        paging_choose(pc, false);
        cpu_stop(&pc->cpu, STOP_OWNER, i->eip);
    }
    return true;
}

static bool store_word(struct pc *pc, const struct insn *i, uint32_t v) {
    struct cpu *c = &pc->cpu;
    if (i->dst < 0xC0)
        store16(c, i, operand(c, i), v);
    else if (i->aux)
        set_reg16(c, i->dst & 7, v);
    else
        c->r[i->dst & 7] = v & 0xFFFF;
    return !c->stop;
}

static uint32_t load_word(struct pc *pc, const struct insn *i) {
    struct cpu *c = &pc->cpu;
    return i->dst < 0xC0 ? load16(c, i, operand(c, i)) : reg16(c, i->dst & 7);
}

/* LLDT and LTR. */
static bool load_system(struct pc *pc, const struct insn *i, bool task) {
    struct descriptor d;
    uint32_t selector = load_word(pc, i);
    if (pc->cpu.stop || !privileged(pc, i))
        return false;
    if (!(selector & 0xFFFC)) {
        if (task)
            return fault(pc, VECTOR_PROTECTION, 0, i);
        pc->ldt = (struct segment){.selector = (uint16_t)selector};
        return true;
    }
    if (selector & 4)
        return fault(pc, VECTOR_PROTECTION, selector & 0xFFFC, i);
    if (!descriptor_load(pc, selector, &d, VECTOR_PROTECTION, 0, i->eip))
        return false;
    uint32_t type = descriptor_type(&d);
    if (descriptor_memory(&d) || (task ? type != 1 && type != 9 : type != 2))
        return fault(pc, VECTOR_PROTECTION, selector & 0xFFFC, i);
    if (!descriptor_present(&d))
        return fault(pc, VECTOR_ABSENT, selector & 0xFFFC, i);
    if (task) {
        uint8_t busy = (uint8_t)(d.high >> 8 | 2);
        if (!system_access(pc, d.linear + 5, &busy, 1, TO_WRITE, false, i->eip))
            return false;
    }
    *(task ? &pc->task : &pc->ldt) = segment_from(selector, &d);
    return true;
}

/* Reads a descriptor for LAR, LSL, VERR, VERW: false where it cannot be seen. */
static bool visible(struct pc *pc, uint32_t selector, struct descriptor *d, const struct insn *i) {
    bool local = selector & 4;
    const struct table in = local ? (struct table){pc->ldt.base, pc->ldt.limit} : pc->gdt;
    uint32_t offset = selector & 0xFFF8;
    if (!(selector & 0xFFFC) || (local && !pc->ldt.access) || offset + 7 > in.limit)
        return false;
    if (!system_load(pc, in.base + offset, 4, &d->low, i->eip) ||
        !system_load(pc, in.base + offset + 4, 4, &d->high, i->eip))
        return false;
    uint32_t type = descriptor_type(d);
    bool conforming = descriptor_memory(d) && (type & 12) == 12;
    return conforming || (descriptor_dpl(d) >= pc->cpl && descriptor_dpl(d) >= (selector & 3));
}

static void set_zero(struct cpu *c, bool on) {
    cpu_set_eflags(c, (cpu_eflags(c) & ~(uint32_t)FLAG_ZF) | (on ? FLAG_ZF : 0));
}

static bool verify(struct pc *pc, const struct insn *i, bool write) {
    struct descriptor d;
    uint32_t selector = load_word(pc, i);
    bool ok = !pc->cpu.stop && visible(pc, selector, &d, i) && descriptor_memory(&d);
    if (pc->cpu.stop)
        return false;
    uint32_t type = ok ? descriptor_type(&d) : 0;
    bool code = type & ACCESS_CODE;
    set_zero(&pc->cpu, ok && (write ? !code && type & ACCESS_WRITE : !code || type & ACCESS_READ));
    return true;
}

/* 0F 00: SLDT STR LLDT LTR VERR VERW */
static bool group_6(struct pc *pc, const struct insn *i) {
    if (!uses_descriptors(pc))
        return fault(pc, VECTOR_INVALID, 0, i);
    switch (i->dst >> 3 & 7) {
    case 0:
        return store_word(pc, i, pc->ldt.selector);
    case 1:
        return store_word(pc, i, pc->task.selector);
    case 2:
        return load_system(pc, i, false);
    case 3:
        return load_system(pc, i, true);
    case 4:
        return verify(pc, i, false);
    case 5:
        return verify(pc, i, true);
    default:
        return fault(pc, VECTOR_INVALID, 0, i);
    }
}

static bool store_table(struct pc *pc, const struct insn *i, const struct table *t) {
    struct cpu *c = &pc->cpu;
    uint32_t at = operand(c, i);
    if (!may_modify(c, i, at, 6))
        return false;
    store16(c, i, at, t->limit);
    store32(c, i, at + 2, t->base);
    return true;
}

static bool load_table(struct pc *pc, const struct insn *i, struct table *t) {
    struct cpu *c = &pc->cpu;
    uint32_t at = operand(c, i);
    if (!privileged(pc, i))
        return false;
    uint32_t limit = load16(c, i, at);
    if (c->stop)
        return false;
    uint32_t base = load32(c, i, at + 2);
    if (c->stop)
        return false;
    *t = (struct table){i->aux ? base & 0xFFFFFF : base, limit};
    return true;
}

/* LMSW cannot clear PE. */
static bool load_status(struct pc *pc, const struct insn *i) {
    uint32_t v = load_word(pc, i);
    if (pc->cpu.stop || !privileged(pc, i))
        return false;
    return set_cr0(pc, (pc->cr0 & ~14u) | (v & 15), i);
}

/* 0F 01: SGDT SIDT LGDT LIDT SMSW LMSW INVLPG */
static bool group_7(struct pc *pc, const struct insn *i) {
    uint32_t which = i->dst >> 3 & 7;
    if (i->dst >= 0xC0 && which != 4 && which != 6)
        return fault(pc, VECTOR_INVALID, 0, i);
    switch (which) {
    case 0:
        return store_table(pc, i, &pc->gdt);
    case 1:
        return store_table(pc, i, &pc->idt);
    case 2:
        return load_table(pc, i, &pc->gdt);
    case 3:
        return load_table(pc, i, &pc->idt);
    case 4:
        if (i->dst >= 0xC0 && !i->aux) {
            pc->cpu.r[i->dst & 7] = pc->cr0;
            return true;
        }
        return store_word(pc, i, pc->cr0);
    case 6:
        return load_status(pc, i);
    case 7:
        if (!privileged(pc, i))
            return false;
        paging_forget_page(pc, operand(&pc->cpu, i) + pc->cpu.seg[i->seg].base);
        return true;
    default:
        return fault(pc, VECTOR_INVALID, 0, i);
    }
}

static bool do_control(struct pc *pc, const struct insn *i) {
    switch (i->imm) {
    case 0x00:
        return group_6(pc, i);
    case 0x01:
        return group_7(pc, i);
    case 0x06: /* CLTS */
        return privileged(pc, i) && set_cr0(pc, pc->cr0 & ~(uint32_t)CR0_TS, i);
    case 0x08: /* INVD and WBINVD: there is no cache */
    case 0x09:
        return privileged(pc, i);
    case 0x20:
    case 0x22:
        return control_registers(pc, i);
    case 0x21:
    case 0x23:
        return debug_registers(pc, i);
    default: /* 30 and 32: CPUID says there are none */
        return fault(pc, VECTOR_INVALID, 0, i);
    }
}

RUN(pc_control) {
    if (!do_control(pc_of(c), i))
        LEAVE(i);
    LEAVE(code_at(c, i->eip + i->len));
}

/* LAR and LSL: whether it tells of this kind of descriptor, and what. */
static bool described(const struct descriptor *d, bool limit, uint32_t *v) {
    static const uint16_t with_rights = 0x1A3E | 0x0002, with_limit = 0x0A0E;
    uint32_t type = descriptor_type(d);
    if (!descriptor_memory(d) && !((limit ? with_limit : with_rights) >> type & 1))
        return false;
    *v = limit ? segment_from(0, d).limit : d->high & 0x00F0FF00;
    return true;
}

/* 63 ARPL, 0F 02 LAR, 0F 03 LSL */
RUN(pc_privileged) {
    struct pc *pc = pc_of(c);
    struct descriptor d;
    if (!uses_descriptors(pc)) {
        cpu_fault(c, VECTOR_INVALID, i->eip);
        LEAVE(i);
    }
    uint32_t v = load_word(pc, i), reg = i->dst >> 3 & 7;
    UNLESS_FAULTED;
    if (i->imm == 0x63) {
        uint32_t rpl = c->r[reg] & 3;
        bool raise = (v & 3) < rpl;
        struct insn word = *i;
        word.aux = 1;
        if (raise && !store_word(pc, &word, (v & ~3u) | rpl))
            LEAVE(i);
        set_zero(c, raise);
        NEXT;
    }
    bool ok = visible(pc, v, &d, i) && described(&d, i->imm == 3, &v);
    UNLESS_FAULTED;
    set_zero(c, ok);
    if (ok && i->aux)
        set_reg16(c, reg, v);
    else if (ok)
        c->r[reg] = v;
    NEXT;
}

RUN(pc_halt) {
    if (privileged(pc_of(c), i))
        cpu_stop(c, STOP_HALT, i->eip);
    NEXT;
}

RUN(pc_set_flag) {
    struct pc *pc = pc_of(c);
    uint32_t flag = i->u.m.disp;
    if (flag == FLAG_IF && pc->cr0 & CR0_PE && pc->cpl > (c->other_flags >> 12 & 3)) {
        cpu_fault_code(c, VECTOR_PROTECTION, 0, i->eip);
        LEAVE(i);
    }
    bool opened = flag == FLAG_IF && i->imm && !(c->other_flags & FLAG_IF);
    cpu_set_eflags(c, (cpu_eflags(c) & ~flag) | i->imm);
    if (opened) {
        pc->shadow = true;
        cpu_stop(c, STOP_OWNER, i->eip);
    }
    NEXT;
}

/* In virtual-8086 mode PUSHF, POPF, INT n and IRET are for IOPL 3. */
bool flags_guarded(struct pc *pc, const struct insn *i) {
    if (!pc->v86 || (pc->cpu.other_flags & FLAG_IOPL) == FLAG_IOPL)
        return false;
    cpu_fault_code(&pc->cpu, VECTOR_PROTECTION, 0, i->eip);
    return true;
}

RUN(pc_push_flags) {
    if (flags_guarded(pc_of(c), i))
        LEAVE(i);
    i->aux ? push16(c, i, cpu_eflags(c)) : push32(c, i, cpu_eflags(c));
    NEXT;
}

RUN(pc_pop_flags) {
    struct pc *pc = pc_of(c);
    if (flags_guarded(pc, i))
        LEAVE(i);
    uint32_t old = cpu_eflags(c);
    uint32_t may = FLAGS_ARITHMETIC | FLAGS_SYSTEM;
    uint32_t v = i->aux ? (old & 0xFFFF0000u) | pop16(c, i) : pop32(c, i);
    UNLESS_FAULTED;
    if (pc->cpl > 0)
        may &= ~(uint32_t)FLAG_IOPL;
    if (pc->cpl > (old >> 12 & 3))
        may &= ~(uint32_t)FLAG_IF;
    cpu_set_eflags(c, (old & ~may) | (v & may));
    control_changed(pc);
    NEXT;
}

/* A processor of its own name with FPU, PSE, TSC, CMPXCHG8B, PGE and CMOV. */
RUN(pc_cpuid) {
    uint32_t leaf = c->r[EAX];
    c->r[EAX] = c->r[EBX] = c->r[ECX] = c->r[EDX] = 0;
    if (leaf == 1) {
        c->r[EAX] = 0x600;
        c->r[EDX] = 1u << 0 | 1u << 2 | 1u << 3 | 1u << 4 | 1u << 8 | 1u << 13 | 1u << 15;
    } else {
        c->r[EAX] = 1;
        c->r[EBX] = 0x64656553; /* "Seed" "bed " "PC  " */
        c->r[EDX] = 0x20646562;
        c->r[ECX] = 0x20204350;
    }
    NEXT;
}

RUN(pc_clock) {
    struct pc *pc = pc_of(c);
    if (pc->cr4 & CR4_TSD && pc->cpl) {
        cpu_fault_code(c, VECTOR_PROTECTION, 0, i->eip);
        LEAVE(i);
    }
    uint64_t now = devices_now(pc) + ++c->clock_reads;
    c->r[EAX] = (uint32_t)now;
    c->r[EDX] = (uint32_t)(now >> 32);
    NEXT;
}
