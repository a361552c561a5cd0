/* MOV MOVZX MOVSX LEA XCHG and other moves of data. */
#include "refmodel/cpu/exec.h"

#define MOV_OF(N)                                                                                  \
    static RUN(mov##N##_rr) {                                                                      \
        set_reg##N(c, i->dst, reg##N(c, i->src));                                                  \
        CHAIN;                                                                                     \
    }                                                                                              \
    static RUN(mov##N##_ri) {                                                                      \
        set_reg##N(c, i->dst, i->imm);                                                             \
        CHAIN;                                                                                     \
    }                                                                                              \
    LOADING(mov##N##_rm, N, set_reg##N(c, i->dst, v))                                              \
    STORING(mov##N##_mr, N, reg##N(c, i->src))                                                     \
    STORING(mov##N##_mi, N, i->imm)                                                                \
    static RUN(xchg##N##_rr) {                                                                     \
        uint32_t a = reg##N(c, i->dst);                                                            \
        set_reg##N(c, i->dst, reg##N(c, i->src));                                                  \
        set_reg##N(c, i->src, a);                                                                  \
        CHAIN;                                                                                     \
    }                                                                                              \
    static RUN(xchg##N##_rm) {                                                                     \
        uint32_t at = operand(c, i);                                                               \
        uint32_t v = load##N(c, i, at);                                                            \
        store##N(c, i, at, reg##N(c, i->dst));                                                     \
        set_reg##N(c, i->dst, v);                                                                  \
        NEXT;                                                                                      \
    }

MOV_OF(8)
MOV_OF(16)
MOV_OF(32)

#define PLAIN_MOV_OF(N)                                                                            \
    LOADING_AT(plain_operand, plain_mov##N##_rm, N, set_reg##N(c, i->dst, v))                      \
    STORING_AT(plain_operand, plain_mov##N##_mr, N, reg##N(c, i->src))

PLAIN_MOV_OF(8)
PLAIN_MOV_OF(32)

#define MOV_ROW(N)                                                                                 \
    { mov##N##_rr, mov##N##_ri, mov##N##_rm, mov##N##_mr, mov##N##_mi }
run_fn *const run_mov[SIZES][FORMS] = {MOV_ROW(8), MOV_ROW(16), MOV_ROW(32)};

#define PLAIN_ROW(N)                                                                               \
    { [FORM_RM] = plain_mov##N##_rm, [FORM_MR] = plain_mov##N##_mr }
run_fn *const run_mov_plain[SIZES][FORMS] = {[SIZE8] = PLAIN_ROW(8), [SIZE32] = PLAIN_ROW(32)};

#define XCHG_ROW(N)                                                                                \
    { [FORM_RR] = xchg##N##_rr, [FORM_RM] = xchg##N##_rm }
run_fn *const run_xchg[SIZES][FORMS] = {XCHG_ROW(8), XCHG_ROW(16), XCHG_ROW(32)};

#define SAME(v) (v)
#define EXTEND_OF(name, EXTEND, FROM, TO)                                                          \
    static RUN(name##FROM##_##TO##_rr) {                                                           \
        set_reg##TO(c, i->dst, EXTEND(reg##FROM(c, i->src)));                                      \
        CHAIN;                                                                                     \
    }                                                                                              \
    LOADING(name##FROM##_##TO##_rm, FROM, set_reg##TO(c, i->dst, EXTEND(v)))

EXTEND_OF(movzx, SAME, 8, 16)
EXTEND_OF(movzx, SAME, 8, 32)
EXTEND_OF(movzx, SAME, 16, 16)
EXTEND_OF(movzx, SAME, 16, 32)
EXTEND_OF(movsx, extend8, 8, 16)
EXTEND_OF(movsx, extend8, 8, 32)
EXTEND_OF(movsx, extend16, 16, 16)
EXTEND_OF(movsx, extend16, 16, 32)

#define EXTEND_ROW(name, FROM, TO)                                                                 \
    { [FORM_RR] = name##FROM##_##TO##_rr, [FORM_RM] = name##FROM##_##TO##_rm }
#define EXTEND_TABLE(name)                                                                         \
    {                                                                                              \
        [SIZE8] = {[SIZE16] = EXTEND_ROW(name, 8, 16), [SIZE32] = EXTEND_ROW(name, 8, 32)},        \
        [SIZE16] = {                                                                               \
            [SIZE16] = EXTEND_ROW(name, 16, 16),                                                   \
            [SIZE32] = EXTEND_ROW(name, 16, 32)                                                    \
        }                                                                                          \
    }
run_fn *const run_extend[2][SIZES][SIZES][FORMS] = {EXTEND_TABLE(movzx), EXTEND_TABLE(movsx)};

LOADING_AT(plain_operand, plain_movzx, 8, set_reg32(c, i->dst, v))
LOADING_AT(plain_operand, plain_movsx, 8, set_reg32(c, i->dst, extend8(v)))
run_fn *const run_extend_plain[2] = {plain_movzx, plain_movsx};

static RUN(lea16) {
    set_reg16(c, i->dst, operand(c, i));
    CHAIN;
}

static RUN(lea32) {
    c->r[i->dst] = operand(c, i);
    CHAIN;
}

RUN(run_lea_plain) {
    c->r[i->dst] = plain_operand(c, i);
    CHAIN;
}

run_fn *const run_lea[SIZES] = {[SIZE16] = lea16, [SIZE32] = lea32};

RUN(run_bswap) {
    uint32_t v = c->r[i->dst];
    c->r[i->dst] = v >> 24 | (v >> 8 & 0xFF00) | (v << 8 & 0xFF0000) | v << 24;
    CHAIN;
}

RUN(run_cbw) {
    set_reg16(c, EAX, extend8(c->r[EAX]));
    CHAIN;
}

RUN(run_cwde) {
    c->r[EAX] = extend16(c->r[EAX]);
    CHAIN;
}

RUN(run_cwd) {
    set_reg16(c, EDX, extend16(c->r[EAX]) >> 16);
    CHAIN;
}

RUN(run_cdq) {
    c->r[EDX] = c->r[EAX] >> 31 ? 0xFFFFFFFFu : 0;
    CHAIN;
}

/* AL = [EBX + AL]; the decoder has put EBX or its low half, and the segment, into u.m. */
RUN(run_xlat) {
    uint32_t at = i->aux ? (c->r[EBX] + reg8(c, EAX)) & 0xFFFF : c->r[EBX] + reg8(c, EAX);
    set_reg8(c, EAX, load8(c, i, at));
    NEXT;
}

RUN(run_lahf) {
    set_reg8(c, 4, cpu_eflags(c));
    CHAIN;
}

RUN(run_sahf) {
    uint32_t low = FLAG_CF | FLAG_PF | FLAG_AF | FLAG_ZF | FLAG_SF;
    cpu_set_eflags(c, (cpu_eflags(c) & ~low) | (reg8(c, 4) & low));
    NEXT;
}

RUN(run_nop) {
    (void)c;
    CHAIN;
}
