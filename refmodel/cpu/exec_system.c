/* Interrupts, segment registers, far transfers, flags, ports, CPUID. */
#include "refmodel/cpu/exec.h"

/*
 * A system call. The processor pushes EFLAGS, CS and EIP on the caller's stack, and the kernel the
 * registers; all are popped again, so that 44 bytes below ESP change.
 */
RUN(run_syscall) {
    uint32_t esp = c->r[ESP];
    push32(c, i, cpu_eflags(c));
    push32(c, i, CODE_SELECTOR);
    push32(c, i, i->eip + i->len);
    uint32_t below = c->r[ESP];
    for (uint32_t n = EAX; n <= EDI; n++)
        push32(c, i, n == ESP ? below : c->r[n]);
    c->r[ESP] = esp;
    cpu_stop(c, STOP_SYSCALL, i->eip);
    NEXT;
}

/* Exceptions have gates, other vectors have none: there the INT itself is the fault. */
RUN(run_int) {
    if (i->imm < 32)
        cpu_fault(c, i->imm, i->eip + i->len);
    else
        cpu_fault(c, VECTOR_PROTECTION, i->eip);
    LEAVE(i);
}

RUN(run_into) {
    if (flag_o(c))
        cpu_fault(c, VECTOR_OVERFLOW, i->eip + i->len);
    NEXT;
}

RUN(run_raise) {
    cpu_fault(c, i->aux, i->imm);
    LEAVE(i);
}

RUN(run_unsupported) {
    cpu_stop(c, STOP_UNSUPPORTED, i->eip);
    LEAVE(i);
}

RUN(run_halt) {
    cpu_stop(c, STOP_HALT, i->eip);
    NEXT;
}

RUN(run_set_flag) {
    cpu_set_eflags(c, (cpu_eflags(c) & ~i->u.m.disp) | i->imm);
    NEXT;
}

RUN(run_cmc) {
    set_carry(c, !flag_c(c));
    CHAIN;
}

RUN(run_salc) {
    set_reg8(c, EAX, flag_c(c) ? 0xFF : 0);
    CHAIN;
}

/*
 * Loads a segment register. The kernel's table has a code segment and a data segment of privilege
 * 0; the null selector can be loaded into all but SS, and what is then reached through it faults.

 */
bool cpu_load_segment(struct cpu *c, const struct insn *i, uint32_t segment, uint32_t value) {
    bool null = !(value & 0xFFFC);
    bool known = value == DATA_SELECTOR || (value == CODE_SELECTOR && segment != SS);
    if (null ? segment == SS : !known) {
        cpu_fault(c, VECTOR_PROTECTION, i->eip);
        return false;
    }
    uint32_t bit = 1u << segment;
    uint32_t nulls = null ? c->null_segments | bit : c->null_segments & ~bit;
    c->selector[segment] = (uint16_t)value;
    if (nulls != c->null_segments) {
        c->null_segments = nulls; /* decoded code depends on it */
        cpu_stop(c, STOP_FLUSH, i->eip);
    }
    return true;
}

RUN(run_mov_from_seg) {
    if (i->aux)
        c->r[i->dst] = c->selector[i->src];
    else
        set_reg16(c, i->dst, c->selector[i->src]);
    NEXT;
}

RUN(run_mov_seg_to_mem) {
    store16(c, i, operand(c, i), c->selector[i->src]);
    NEXT;
}

RUN(run_mov_to_seg) {
    cpu_load_segment(c, i, i->dst, reg16(c, i->src));
    NEXT;
}

RUN(run_mov_mem_to_seg) {
    uint32_t v = load16(c, i, operand(c, i));
    if (!c->stop)
        cpu_load_segment(c, i, i->dst, v);
    NEXT;
}

RUN(run_load_far) {
    uint32_t at = operand(c, i);
    uint32_t v = i->aux ? load16(c, i, at) : load32(c, i, at);
    uint32_t selector = load16(c, i, at + (i->aux ? 2 : 4));
    if (c->stop || !cpu_load_segment(c, i, i->src, selector))
        LEAVE(i);
    if (i->aux)
        set_reg16(c, i->dst, v);
    else
        c->r[i->dst] = v;
    NEXT;
}

/* Where a far transfer leads, the selector in *selector; a return pops it. */
static uint32_t far_target(struct cpu *c, struct insn *i, uint32_t *selector) {
    bool half = i->aux & FAR_16;
    uint32_t kind = i->aux & 3;
    uint32_t to = i->imm;
    *selector = (uint32_t)i->dst << 8 | i->src;
    if (kind == FAR_RET || kind == FAR_IRET) {
        to = half ? pop16(c, i) : pop32(c, i);
        *selector = (half ? pop16(c, i) : pop32(c, i)) & 0xFFFF;
    } else if (i->aux & FAR_MEM) {
        uint32_t at = operand(c, i);
        to = half ? load16(c, i, at) : load32(c, i, at);
        *selector = load16(c, i, at + (half ? 2 : 4));
    }
    return to;
}

RUN(run_far) {
    bool half = i->aux & FAR_16;
    uint32_t kind = i->aux & 3;
    uint32_t selector;
    uint32_t to = far_target(c, i, &selector);
    if (selector != CODE_SELECTOR)
        cpu_fault(c, VECTOR_PROTECTION, i->eip);
    if (c->stop)
        LEAVE(i);
    if (kind == FAR_CALL && half) {
        push16(c, i, CODE_SELECTOR);
        push16(c, i, i->eip + i->len);
    } else if (kind == FAR_CALL) {
        push32(c, i, CODE_SELECTOR);
        push32(c, i, i->eip + i->len);
    } else if (kind == FAR_RET) {
        c->r[ESP] += i->imm;
    } else if (kind == FAR_IRET) {
        uint32_t kept = half ? cpu_eflags(c) & 0xFFFF0000u : 0;
        cpu_set_eflags(c, kept | (half ? pop16(c, i) : pop32(c, i)));
    }
    LEAVE(jump_to(c, to));
}

RUN(run_bound) {
    uint32_t at = operand(c, i);
    uint32_t low, high, v;
    if (i->aux) {
        low = extend16(load16(c, i, at));
        high = extend16(load16(c, i, at + 2));
        v = extend16(c->r[i->dst]);
    } else {
        low = load32(c, i, at);
        high = load32(c, i, at + 4);
        v = c->r[i->dst];
    }
    uint32_t sign = 0x80000000u; /* flipping it orders signed numbers as unsigned ones */
    if ((v ^ sign) < (low ^ sign) || (v ^ sign) > (high ^ sign))
        cpu_fault(c, VECTOR_BOUND, i->eip);
    NEXT;
}

/* A processor of its own name with FPU, TSC, CMPXCHG8B and CMOV. */
RUN(run_cpuid) {
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
RUN(run_rdtsc) {
    uint64_t now = c->count + ++c->clock_reads;
    c->r[EAX] = (uint32_t)now;
    c->r[EDX] = (uint32_t)(now >> 32);
    NEXT;
}

/* No port answers. */
RUN(run_in) {
    if (i->dst == SIZE8)
        set_reg8(c, EAX, 0xFF);
    else if (i->dst == SIZE16)
        set_reg16(c, EAX, 0xFFFF);
    else
        c->r[EAX] = 0xFFFFFFFFu;
    NEXT;
}

RUN(run_address16) {
    c->r[ADDRESS_REG] = operand(c, i) & 0xFFFF;
    c->uncounted++;
    CHAIN;
}
