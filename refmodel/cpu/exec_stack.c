/* PUSH POP PUSHA POPA PUSHF POPF ENTER LEAVE. The stack segment is 32-bit: ESP is used whole. */
#include "refmodel/cpu/exec.h"

#define STACK_OF(N)                                                                                \
    PUSHING(push##N##_reg, N, reg##N(c, i->dst))                                                   \
    PUSHING(push##N##_imm, N, i->imm)                                                              \
    static RUN(push##N##_mem) {                                                                    \
        push##N(c, i, load##N(c, i, operand(c, i)));                                               \
        NEXT;                                                                                      \
    }                                                                                              \
    POPPING(pop##N##_reg, N, set_reg##N(c, i->dst, v))                                             \
    /* An address relative to ESP is computed after the increment. */                              \
    static RUN(pop##N##_mem) {                                                                     \
        uint32_t v = pop##N(c, i);                                                                 \
        store##N(c, i, operand(c, i), v);                                                          \
        NEXT;                                                                                      \
    }

STACK_OF(16)
STACK_OF(32)

static RUN(push16_seg) {
    push16(c, i, c->selector[i->dst]);
    NEXT;
}

/* Processors write only the low half of the doubleword. */
static RUN(push32_seg) {
    store16(c, i, c->r[ESP] - 4, c->selector[i->dst]);
    c->r[ESP] -= 4;
    NEXT;
}

static RUN(pop16_seg) {
    uint32_t v = load16(c, i, c->r[ESP]);
    if (cpu_load_segment(c, i, i->dst, v))
        c->r[ESP] += 2;
    NEXT;
}

static RUN(pop32_seg) {
    uint32_t v = load16(c, i, c->r[ESP]);
    if (cpu_load_segment(c, i, i->dst, v))
        c->r[ESP] += 4;
    NEXT;
}

#define STACK_ROW(name)                                                                            \
    { [SIZE16] = name(16), [SIZE32] = name(32) }
#define NAME_PUSH_REG(N) push##N##_reg
#define NAME_PUSH_IMM(N) push##N##_imm
#define NAME_PUSH_MEM(N) push##N##_mem
#define NAME_PUSH_SEG(N) push##N##_seg
#define NAME_POP_REG(N) pop##N##_reg
#define NAME_POP_MEM(N) pop##N##_mem
#define NAME_POP_SEG(N) pop##N##_seg

run_fn *const run_stack[POP_SEG + 1][SIZES] = {STACK_ROW(NAME_PUSH_REG), STACK_ROW(NAME_PUSH_IMM),
                                               STACK_ROW(NAME_PUSH_MEM), STACK_ROW(NAME_PUSH_SEG),
                                               STACK_ROW(NAME_POP_REG),  STACK_ROW(NAME_POP_MEM),
                                               STACK_ROW(NAME_POP_SEG)};

RUN(run_pusha) {
    uint32_t esp = c->r[ESP];
    for (uint32_t n = EAX; n <= EDI; n++)
        push32(c, i, n == ESP ? esp : c->r[n]);
    NEXT;
}

RUN(run_popa) {
    for (uint32_t n = EDI + 1; n-- > EAX;) {
        uint32_t v = pop32(c, i);
        if (n != ESP)
            c->r[n] = v;
    }
    NEXT;
}

RUN(run_pusha16) {
    uint32_t esp = c->r[ESP];
    for (uint32_t n = EAX; n <= EDI; n++)
        push16(c, i, n == ESP ? esp : c->r[n]);
    NEXT;
}

RUN(run_popa16) {
    for (uint32_t n = EDI + 1; n-- > EAX;) {
        uint32_t v = pop16(c, i);
        if (n != ESP)
            set_reg16(c, n, v);
    }
    NEXT;
}

RUN(run_pushf) {
    push32(c, i, cpu_eflags(c));
    NEXT;
}

RUN(run_pushf16) {
    push16(c, i, cpu_eflags(c));
    NEXT;
}

RUN(run_popf) {
    cpu_set_eflags(c, pop32(c, i));
    NEXT;
}

RUN(run_popf16) {
    uint32_t v = pop16(c, i);
    cpu_set_eflags(c, (cpu_eflags(c) & 0xFFFF0000u) | v);
    NEXT;
}

RUN(run_leave) {
    c->r[ESP] = c->r[EBP];
    c->r[EBP] = pop32(c, i);
    NEXT;
}

RUN(run_leave16) {
    c->r[ESP] = c->r[EBP];
    set_reg16(c, EBP, pop16(c, i));
    NEXT;
}

RUN(run_enter) {
    bool half = i->src;
    uint32_t frame, level = i->aux & 31;
    half ? push16(c, i, c->r[EBP]) : push32(c, i, c->r[EBP]);
    frame = c->r[ESP];
    for (uint32_t n = 1; n < level; n++) {
        c->r[EBP] -= half ? 2 : 4;
        if (half)
            push16(c, i, load16(c, i, c->r[EBP]));
        else
            push32(c, i, load32(c, i, c->r[EBP]));
    }
    if (level)
        half ? push16(c, i, frame) : push32(c, i, frame);
    half ? set_reg16(c, EBP, frame) : set_reg32(c, EBP, frame);
    c->r[ESP] -= i->imm;
    NEXT;
}
