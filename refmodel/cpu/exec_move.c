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
        if (!may_modify(c, i, at, N / 8))                                                          \
            LEAVE(i);                                                                              \
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

#define PLAIN_ROW(N)                                                                               \
    { [FORM_RM] = plain_mov##N##_rm, [FORM_MR] = plain_mov##N##_mr }

#define XCHG_ROW(N)                                                                                \
    { [FORM_RR] = xchg##N##_rr, [FORM_RM] = xchg##N##_rm }

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

LOADING_AT(plain_operand, plain_movzx, 8, set_reg32(c, i->dst, v))
LOADING_AT(plain_operand, plain_movsx, 8, set_reg32(c, i->dst, extend8(v)))

static RUN(lea16) {
    set_reg16(c, i->dst, operand(c, i));
    CHAIN;
}

static RUN(lea32) {
    c->r[i->dst] = operand(c, i);
    CHAIN;
}

static RUN(lea_plain) {
    c->r[i->dst] = plain_operand(c, i);
    CHAIN;
}

const struct move_set SET(move) = {.mov = {MOV_ROW(8), MOV_ROW(16), MOV_ROW(32)},
                                   .plain = {[SIZE8] = PLAIN_ROW(8), [SIZE32] = PLAIN_ROW(32)},
                                   .extend = {EXTEND_TABLE(movzx), EXTEND_TABLE(movsx)},
                                   .extend_plain = {plain_movzx, plain_movsx},
                                   .lea = {[SIZE16] = lea16, [SIZE32] = lea32},
                                   .lea_plain = lea_plain,
                                   .xchg = {XCHG_ROW(8), XCHG_ROW(16), XCHG_ROW(32)}};
