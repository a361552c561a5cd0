/* Jumps, calls, returns, loops. */
#include "refmodel/cpu/exec.h"

/* A jump that leads out of the code segment faults before anything has changed. */
#ifdef SEGMENTED
#define WITHIN_LIMIT(to)                                                                           \
    do {                                                                                           \
        if (UNLIKELY((to) > c->code_limit)) {                                                      \
            cpu_fault(c, VECTOR_PROTECTION, i->eip);                                               \
            LEAVE(i);                                                                              \
        }                                                                                          \
    } while (0)
#else
#define WITHIN_LIMIT(to) (void)(to)
#endif

/* A direct jump for the first time: finds the place it leads to. */
static SELDOM RUN(first) {
    WITHIN_LIMIT(i->imm);
    struct insn *to = code_at(c, i->imm);
    if (!code_is_passing(c, to))
        i->u.target = to;
    LEAVE(to);
}

/* Follows a direct jump. */
#define FOLLOW                                                                                     \
    do {                                                                                           \
        if (UNLIKELY(!i->u.target))                                                                \
            return first(c, i);                                                                    \
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

static RUN(jmp) {
    FOLLOW;
}

static RUN(link) {
    c->uncounted++;
    FOLLOW;
}

/* Jumps to an offset that is only known now, if it lies in the code segment. */
#define GO(to)                                                                                     \
    do {                                                                                           \
        WITHIN_LIMIT(to);                                                                          \
        LEAVE(jump_to(c, to));                                                                     \
    } while (0)

static RUN(jmp_reg) {
    GO(c->r[i->dst]);
}

static RUN(jmp_mem) {
    uint32_t to = load32(c, i, operand(c, i));
    UNLESS_FAULTED;
    GO(to);
}

static SELDOM RUN(call_slow) {
    push32(c, i, i->eip + i->len);
    UNLESS_FAULTED;
    FOLLOW;
}

static RUN(call) {
    WITHIN_LIMIT(i->imm);
    uint8_t *p = writable_in(c, SS, stack_at(c, 0u - 4), 4);
    if (UNLIKELY(!p))
        return call_slow(c, i);
    put32(p, i->eip + i->len);
    move_stack(c, 0u - 4);
    FOLLOW;
}

static RUN(call_reg) {
    uint32_t to = c->r[i->dst];
    WITHIN_LIMIT(to);
    push32(c, i, i->eip + i->len);
    UNLESS_FAULTED;
    LEAVE(jump_to(c, to));
}

static RUN(call_mem) {
    uint32_t to = load32(c, i, operand(c, i));
    UNLESS_FAULTED;
    WITHIN_LIMIT(to);
    push32(c, i, i->eip + i->len);
    UNLESS_FAULTED;
    LEAVE(jump_to(c, to));
}

static RUN(ret) {
    uint32_t to = load32_in(c, i, SS, stack_at(c, 0));
    UNLESS_FAULTED;
    WITHIN_LIMIT(to);
    move_stack(c, 4 + i->imm);
    LEAVE(jump_to(c, to));
}

/* With a 16-bit operand size the upper half of EIP is cleared. */
static RUN(jump16) {
    uint32_t to = i->imm;
    if (i->aux & JUMP16_RET)
        to = load16_in(c, i, SS, stack_at(c, 0));
    else if (i->aux & JUMP16_REG)
        to = reg16(c, i->dst);
    else if (i->aux & JUMP16_MEM)
        to = load16(c, i, operand(c, i));
    UNLESS_FAULTED;
    WITHIN_LIMIT(to);
    if (i->aux & JUMP16_RET)
        move_stack(c, 2 + i->imm);
    if (i->aux & JUMP16_CALL)
        push16(c, i, i->eip + i->len);
    UNLESS_FAULTED;
    LEAVE(jump_to(c, to));
}

/* ECX or CX as LOOP and JECXZ leave it. */
static inline uint32_t counter(const struct cpu *c, const struct insn *i) {
    uint32_t n = i->src ? reg16(c, ECX) : c->r[ECX];
    n -= i->aux != LOOP_JECXZ;
    return i->src ? n & 0xFFFF : n;
}

static inline bool loops(const struct cpu *c, const struct insn *i, uint32_t n) {
    if (i->aux == LOOP_JECXZ)
        return n == 0;
    return n && (i->aux == LOOP_ALWAYS || flag_z(c) == (i->aux == LOOP_E));
}

static RUN(loop) {
    uint32_t n = counter(c, i);
    bool taken = loops(c, i, n);
    if (taken)
        WITHIN_LIMIT(i->imm);
    i->src ? set_reg16(c, ECX, n) : set_reg32(c, ECX, n);
    if (taken)
        FOLLOW;
    NEXT;
}

#ifndef SEGMENTED
bool flow_loops(const struct cpu *c, const struct insn *i) {
    return loops(c, i, counter(c, i));
}
#endif

const struct flow_set SET(flow) = {
    .jcc = {jo, jno, jb, jae, je, jne, jbe, ja, js, jns, jp, jnp, jl, jge, jle, jg},
    .jmp = jmp,
    .jmp_reg = jmp_reg,
    .jmp_mem = jmp_mem,
    .call = call,
    .call_reg = call_reg,
    .call_mem = call_mem,
    .ret = ret,
    .jump16 = jump16,
    .loop = loop,
    .link = link};
