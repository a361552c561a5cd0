/* Segment registers, far pointers, ports, BOUND; right for any segments, so that they are there
 * once. What they mean is said by the bus. */
#define SEGMENTED
#include "refmodel/cpu/exec.h"

RUN(run_into) {
    if (flag_o(c))
        cpu_fault_code(c, VECTOR_OVERFLOW, i->len, i->eip + i->len);
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

/* Goes on behind an instruction that may have changed how code is decoded. */
#define GO_ON                                                                                      \
    do {                                                                                           \
        if (UNLIKELY(c->stop))                                                                     \
            LEAVE(i);                                                                              \
        if (LIKELY(map == c->map))                                                                 \
            NEXT;                                                                                  \
        LEAVE(code_at(c, i->eip + i->len));                                                        \
    } while (0)

RUN(run_mov_from_seg) {
    if (i->aux)
        c->r[i->dst] = c->seg[i->src].selector;
    else
        set_reg16(c, i->dst, c->seg[i->src].selector);
    NEXT;
}

RUN(run_mov_seg_to_mem) {
    store16(c, i, operand(c, i), c->seg[i->src].selector);
    NEXT;
}

RUN(run_mov_to_seg) {
    const struct code_map *map = c->map;
    c->bus->load_segment(c, i->dst, reg16(c, i->src), i->eip);
    GO_ON;
}

RUN(run_mov_mem_to_seg) {
    const struct code_map *map = c->map;
    uint32_t v = load16(c, i, operand(c, i));
    UNLESS_FAULTED;
    c->bus->load_segment(c, i->dst, v, i->eip);
    GO_ON;
}

/* Processors write only the low half of a doubleword. */
RUN(run_push_seg) {
    uint32_t distance = i->aux ? 0u - 2 : 0u - 4;
    store16_in(c, i, SS, stack_at(c, distance), c->seg[i->dst].selector);
    if (!c->stop)
        move_stack(c, distance);
    NEXT;
}

RUN(run_pop_seg) {
    const struct code_map *map = c->map;
    uint32_t v = load16_in(c, i, SS, stack_at(c, 0));
    UNLESS_FAULTED;
    uint32_t esp = c->r[ESP];
    move_stack(c, i->aux ? 2 : 4); /* with the old SS */
    if (!c->bus->load_segment(c, i->dst, v, i->eip))
        c->r[ESP] = esp;
    GO_ON;
}

RUN(run_load_far) {
    const struct code_map *map = c->map;
    uint32_t at = operand(c, i);
    uint32_t v = i->aux ? load16(c, i, at) : load32(c, i, at);
    UNLESS_FAULTED;
    uint32_t selector = load16(c, i, at + (i->aux ? 2 : 4));
    if (c->stop || !c->bus->load_segment(c, i->src, selector, i->eip))
        LEAVE(i);
    if (i->aux)
        set_reg16(c, i->dst, v);
    else
        c->r[i->dst] = v;
    GO_ON;
}

bool far_target(struct cpu *c, struct insn *i, uint32_t *selector, uint32_t *to) {
    bool half = i->aux & FAR_16;
    uint32_t kind = i->aux & 3;
    *to = i->imm;
    *selector = (uint32_t)i->dst << 8 | i->src;
    if (kind == FAR_RET || kind == FAR_IRET) {
        *to = half ? load16_in(c, i, SS, stack_at(c, 0)) : load32_in(c, i, SS, stack_at(c, 0));
        if (!c->stop)
            *selector = load16_in(c, i, SS, stack_at(c, half ? 2 : 4));
    } else if (i->aux & FAR_MEM) {
        uint32_t at = operand(c, i);
        *to = half ? load16(c, i, at) : load32(c, i, at);
        if (!c->stop)
            *selector = load16(c, i, at + (half ? 2 : 4));
    }
    return !c->stop;
}

RUN(run_bound) {
    uint32_t at = operand(c, i);
    uint32_t low = i->aux ? extend16(load16(c, i, at)) : load32(c, i, at);
    UNLESS_FAULTED;
    uint32_t high = i->aux ? extend16(load16(c, i, at + 2)) : load32(c, i, at + 4);
    UNLESS_FAULTED;
    uint32_t v = i->aux ? extend16(c->r[i->dst]) : c->r[i->dst];
    uint32_t sign = 0x80000000u; /* flipping it orders signed numbers as unsigned ones */
    if ((v ^ sign) < (low ^ sign) || (v ^ sign) > (high ^ sign))
        cpu_fault(c, VECTOR_BOUND, i->eip);
    NEXT;
}

/* AL = [EBX + AL]; the decoder has put the segment, and whether it is BX, into u.m. */
RUN(run_xlat) {
    uint32_t at = c->r[EBX] + reg8(c, EAX);
    uint32_t v = load8(c, i, i->u.m.narrow ? at & 0xFFFF : at);
    UNLESS_FAULTED;
    set_reg8(c, EAX, v);
    NEXT;
}

static inline uint32_t port(const struct cpu *c, const struct insn *i) {
    return i->aux ? reg16(c, EDX) : i->imm;
}

RUN(run_in) {
    uint32_t v = c->bus->in(c, port(c, i), 1u << i->dst, i->eip);
    if (c->stop == STOP_FAULT)
        LEAVE(i);
    if (i->dst == SIZE8)
        set_reg8(c, EAX, v);
    else if (i->dst == SIZE16)
        set_reg16(c, EAX, v);
    else
        c->r[EAX] = v;
    NEXT;
}

RUN(run_out) {
    uint32_t v = i->dst == SIZE8 ? reg8(c, EAX) : i->dst == SIZE16 ? reg16(c, EAX) : c->r[EAX];
    c->bus->out(c, port(c, i), v, 1u << i->dst, i->eip);
    NEXT;
}
