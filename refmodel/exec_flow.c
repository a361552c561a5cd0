/* Jumps, calls, returns, loops. */
#include "refmodel/exec.h"

/* Follows a direct jump; the place it leads to is found once. */
static inline struct insn *follow(struct cpu *c, struct insn *i) {
    struct insn *to = i->u.target;
    if (UNLIKELY(!to))
        i->u.target = to = code_at(c, i->imm);
    return to;
}

#define JCC(name, holds)                                                                           \
    static RUN(name) {                                                                             \
        if (holds)                                                                                 \
            return follow(c, i);                                                                   \
        NEXT;                                                                                      \
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
    return follow(c, i);
}

RUN(run_link) {
    c->uncounted++;
    return follow(c, i);
}

RUN(run_jmp_reg) {
    return jump_to(c, c->r[i->dst]);
}

RUN(run_jmp_mem) {
    return jump_to(c, load32(c, i, operand(c, i)));
}

RUN(run_call) {
    push32(c, i, i->eip + i->len);
    return follow(c, i);
}

RUN(run_call_reg) {
    uint32_t to = c->r[i->dst];
    push32(c, i, i->eip + i->len);
    return jump_to(c, to);
}

RUN(run_call_mem) {
    uint32_t to = load32(c, i, operand(c, i));
    push32(c, i, i->eip + i->len);
    return jump_to(c, to);
}

RUN(run_ret) {
    uint32_t to = pop32(c, i);
    c->r[ESP] += i->imm;
    return jump_to(c, to);
}

/* With a 16-bit operand size the upper half of EIP is cleared. */
RUN(run_jump16) {
    uint32_t to = i->imm;
    if (i->aux & JUMP16_RET) {
        to = pop16(c, i);
        c->r[ESP] += i->imm;
        return jump_to(c, to);
    }
    if (i->aux & JUMP16_REG)
        to = reg16(c, i->dst);
    if (i->aux & JUMP16_MEM)
        to = load16(c, i, operand(c, i));
    if (i->aux & JUMP16_CALL)
        push16(c, i, i->eip + i->len);
    return jump_to(c, to & 0xFFFF);
}

RUN(run_loop) {
    uint32_t n = i->src ? reg16(c, ECX) : c->r[ECX];
    if (i->aux == LOOP_JECXZ)
        return n == 0 ? follow(c, i) : i + 1;
    n--;
    i->src ? set_reg16(c, ECX, n) : set_reg32(c, ECX, n);
    if (i->src)
        n &= 0xFFFF;
    if (n && (i->aux == LOOP_ALWAYS || flag_z(c) == (i->aux == LOOP_E)))
        return follow(c, i);
    NEXT;
}
