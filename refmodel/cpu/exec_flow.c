/* Jumps, calls, returns, loops. */
#include "refmodel/cpu/exec.h"

/* A direct jump for the first time: finds the place it leads to. */
static SELDOM RUN(run_first) {
    i->u.target = code_at(c, i->imm);
    LEAVE(i->u.target);
}

/* Follows a direct jump. */
#define FOLLOW                                                                                     \
    do {                                                                                           \
        if (UNLIKELY(!i->u.target))                                                                \
            return run_first(c, i);                                                                \
        LEAVE(i->u.target);                                                                        \
    } while (0)

#define JCC(name, holds)                                                                           \
    static RUN(name) {                                                                             \
        if (holds)                                                                                 \
            FOLLOW;                                                                                \
        CHAIN;                                                                                     \
    }

JCC(jo, flag_o(c))
JCC(jno, !flag_o(c))
JCC(jb, flag_c(c))
JCC(jae, !flag_c(c))
JCC(je, c->f.zero == 0)
JCC(jne, c->f.zero != 0)
JCC(jbe, c->f.zero == 0 || flag_c(c))
JCC(ja, c->f.zero != 0 && !flag_c(c))
JCC(js, flag_s(c))
JCC(jns, !flag_s(c))
JCC(jp, flag_p(c))
JCC(jnp, !flag_p(c))
JCC(jl, less_bit(c) >> 31)
JCC(jge, !(less_bit(c) >> 31))
JCC(jle, c->f.zero == 0 || less_bit(c) >> 31)
JCC(jg, c->f.zero != 0 && !(less_bit(c) >> 31))

run_fn *const run_jcc[16] = {jo, jno, jb, jae, je, jne, jbe, ja,
                             js, jns, jp, jnp, jl, jge, jle, jg};

RUN(run_jmp) {
    FOLLOW;
}

RUN(run_link) {
    c->uncounted++;
    FOLLOW;
}

RUN(run_jmp_reg) {
    LEAVE(jump_to(c, c->r[i->dst]));
}

RUN(run_jmp_mem) {
    LEAVE(jump_to(c, load32(c, i, operand(c, i))));
}

RUN(run_call) {
    push32(c, i, i->eip + i->len);
    FOLLOW;
}

RUN(run_call_reg) {
    uint32_t to = c->r[i->dst];
    push32(c, i, i->eip + i->len);
    LEAVE(jump_to(c, to));
}

RUN(run_call_mem) {
    uint32_t to = load32(c, i, operand(c, i));
    push32(c, i, i->eip + i->len);
    LEAVE(jump_to(c, to));
}

RUN(run_ret) {
    uint32_t to = pop32(c, i);
    c->r[ESP] += i->imm;
    LEAVE(jump_to(c, to));
}

/* With a 16-bit operand size the upper half of EIP is cleared. */
RUN(run_jump16) {
    uint32_t to = i->imm;
    if (i->aux & JUMP16_RET) {
        to = pop16(c, i);
        c->r[ESP] += i->imm;
        LEAVE(jump_to(c, to));
    }
    if (i->aux & JUMP16_REG)
        to = reg16(c, i->dst);
    if (i->aux & JUMP16_MEM)
        to = load16(c, i, operand(c, i));
    if (i->aux & JUMP16_CALL)
        push16(c, i, i->eip + i->len);
    LEAVE(jump_to(c, to & 0xFFFF));
}

RUN(run_loop) {
    uint32_t n = i->src ? reg16(c, ECX) : c->r[ECX];
    if (i->aux == LOOP_JECXZ) {
        if (n == 0)
            FOLLOW;
        NEXT;
    }
    n--;
    i->src ? set_reg16(c, ECX, n) : set_reg32(c, ECX, n);
    if (i->src)
        n &= 0xFFFF;
    if (n && (i->aux == LOOP_ALWAYS || flag_z(c) == (i->aux == LOOP_E)))
        FOLLOW;
    NEXT;
}
