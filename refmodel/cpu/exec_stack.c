/*
 * PUSH POP PUSHA POPA ENTER LEAVE. Where several accesses can fault, ESP and the registers change
 * after the last of them.
 */
#include "refmodel/cpu/exec.h"

#define STACK_OF(N)                                                                                \
    PUSHING(push##N##_reg, N, reg##N(c, i->dst))                                                   \
    PUSHING(push##N##_imm, N, i->imm)                                                              \
    static RUN(push##N##_mem) {                                                                    \
        uint32_t v = load##N(c, i, operand(c, i));                                                 \
        UNLESS_FAULTED;                                                                            \
        push##N(c, i, v);                                                                          \
        NEXT;                                                                                      \
    }                                                                                              \
    POPPING(pop##N##_reg, N, set_reg##N(c, i->dst, v))                                             \
    /* An address relative to ESP is computed after the increment. */                              \
    static RUN(pop##N##_mem) {                                                                     \
        uint32_t esp = c->r[ESP];                                                                  \
        uint32_t v = pop##N(c, i);                                                                 \
        UNLESS_FAULTED;                                                                            \
        store##N(c, i, operand(c, i), v);                                                          \
        if (UNLIKELY(c->stop))                                                                     \
            c->r[ESP] = esp;                                                                       \
        NEXT;                                                                                      \
    }                                                                                              \
    static RUN(push##N##_all) {                                                                    \
        uint32_t esp = c->r[ESP];                                                                  \
        for (uint32_t n = EAX; n <= EDI && !c->stop; n++)                                          \
            push##N(c, i, n == ESP ? esp : c->r[n]);                                               \
        if (UNLIKELY(c->stop))                                                                     \
            c->r[ESP] = esp;                                                                       \
        NEXT;                                                                                      \
    }                                                                                              \
    static RUN(pop##N##_all) {                                                                     \
        uint32_t popped[EDI + 1], esp = c->r[ESP];                                                 \
        for (uint32_t n = EDI + 1; n-- > EAX && !c->stop;)                                         \
            popped[n] = pop##N(c, i);                                                              \
        if (UNLIKELY(c->stop)) {                                                                   \
            c->r[ESP] = esp;                                                                       \
            LEAVE(i);                                                                              \
        }                                                                                          \
        for (uint32_t n = EAX; n <= EDI; n++)                                                      \
            if (n != ESP)                                                                          \
                set_reg##N(c, n, popped[n]);                                                       \
        NEXT;                                                                                      \
    }                                                                                              \
    static RUN(leave##N) {                                                                         \
        uint32_t esp = c->r[ESP], mask = stack_mask(c);                                            \
        c->r[ESP] = (esp & ~mask) | (c->r[EBP] & mask);                                            \
        uint32_t v = pop##N(c, i);                                                                 \
        if (UNLIKELY(c->stop))                                                                     \
            c->r[ESP] = esp;                                                                       \
        else                                                                                       \
            set_reg##N(c, EBP, v);                                                                 \
        NEXT;                                                                                      \
    }                                                                                              \
    static RUN(enter##N) {                                                                         \
        uint32_t esp = c->r[ESP], ebp = c->r[EBP], mask = stack_mask(c), level = i->aux & 31;      \
        push##N(c, i, ebp);                                                                        \
        uint32_t frame = c->r[ESP];                                                                \
        for (uint32_t n = 1; n < level && !c->stop; n++) {                                         \
            ebp = (ebp & ~mask) | ((ebp - N / 8) & mask);                                          \
            uint32_t v = load##N##_in(c, i, SS, ebp & mask);                                       \
            if (!c->stop)                                                                          \
                push##N(c, i, v);                                                                  \
        }                                                                                          \
        if (level && !c->stop)                                                                     \
            push##N(c, i, frame);                                                                  \
        if (!c->stop) {                                                                            \
            move_stack(c, 0 - i->imm);                                                             \
            may_modify_in(c, i, SS, stack_at(c, 0), 1);                                            \
        }                                                                                          \
        if (UNLIKELY(c->stop))                                                                     \
            c->r[ESP] = esp;                                                                       \
        else                                                                                       \
            set_reg##N(c, EBP, frame);                                                             \
        NEXT;                                                                                      \
    }

STACK_OF(16)
STACK_OF(32)

#define BOTH(before, after)                                                                        \
    { [SIZE16] = before##16##after, [SIZE32] = before##32##after }

const struct stack_set SET(stack) = {.run = {[PUSH_REG] = BOTH(push, _reg),
                                             [PUSH_IMM] = BOTH(push, _imm),
                                             [PUSH_MEM] = BOTH(push, _mem),
                                             [POP_REG] = BOTH(pop, _reg),
                                             [POP_MEM] = BOTH(pop, _mem)},
                                     .push_all = BOTH(push, _all),
                                     .pop_all = BOTH(pop, _all),
                                     .leave = BOTH(leave, ),
                                     .enter = BOTH(enter, )};
