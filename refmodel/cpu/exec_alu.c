/* ADD OR ADC SBB AND SUB XOR CMP TEST in all sizes and forms. */
#include "refmodel/cpu/alu.h"
#include "refmodel/cpu/exec.h"

#define DO_ADD(a, b, bits) sum(c, a, b, 0, bits)
#define DO_OR(a, b, bits) logic(c, (a) | (b), bits)
#define DO_ADC(a, b, bits) sum(c, a, b, flag_c(c), bits)
#define DO_SBB(a, b, bits) difference(c, a, b, flag_c(c), bits)
#define DO_AND(a, b, bits) logic(c, (a) & (b), bits)
#define DO_SUB(a, b, bits) difference(c, a, b, 0, bits)
#define DO_XOR(a, b, bits) logic(c, (a) ^ (b), bits)

#define QUIET_ADD(a, b, bits) ((a) + (b))
#define QUIET_OR(a, b, bits) ((a) | (b))
#define QUIET_ADC(a, b, bits) ((a) + (b) + flag_c(c))
#define QUIET_SBB(a, b, bits) ((a) - (b)-flag_c(c))
#define QUIET_AND(a, b, bits) ((a) & (b))
#define QUIET_SUB(a, b, bits) ((a) - (b))
#define QUIET_XOR(a, b, bits) ((a) ^ (b))

/* The five forms of an operation that writes its destination. */
#define FORMS_OF(name, OP, N)                                                                      \
    static RUN(name##N##_rr) {                                                                     \
        set_reg##N(c, i->dst, OP(reg##N(c, i->dst), reg##N(c, i->src), N));                        \
        CHAIN;                                                                                     \
    }                                                                                              \
    static RUN(name##N##_ri) {                                                                     \
        set_reg##N(c, i->dst, OP(reg##N(c, i->dst), i->imm, N));                                   \
        CHAIN;                                                                                     \
    }                                                                                              \
    LOADING(name##N##_rm, N, set_reg##N(c, i->dst, OP(reg##N(c, i->dst), v, N)))                   \
    MODIFYING(name##N##_mr, N, OP(v, reg##N(c, i->src), N))                                        \
    MODIFYING(name##N##_mi, N, OP(v, i->imm, N))

/* The same for one that only sets flags. */
#define COMPARES_OF(name, OP, N)                                                                   \
    static RUN(name##N##_rr) {                                                                     \
        OP(reg##N(c, i->dst), reg##N(c, i->src), N);                                               \
        CHAIN;                                                                                     \
    }                                                                                              \
    static RUN(name##N##_ri) {                                                                     \
        OP(reg##N(c, i->dst), i->imm, N);                                                          \
        CHAIN;                                                                                     \
    }                                                                                              \
    LOADING(name##N##_rm, N, OP(reg##N(c, i->dst), v, N))                                          \
    LOADING(name##N##_mr, N, OP(v, reg##N(c, i->src), N))                                          \
    LOADING(name##N##_mi, N, OP(v, i->imm, N))

#define SIZES_OF(MAKE, name, OP) MAKE(name, OP, 8) MAKE(name, OP, 16) MAKE(name, OP, 32)

SIZES_OF(FORMS_OF, add, DO_ADD)
SIZES_OF(FORMS_OF, or, DO_OR)
SIZES_OF(FORMS_OF, adc, DO_ADC)
SIZES_OF(FORMS_OF, sbb, DO_SBB)
SIZES_OF(FORMS_OF, and, DO_AND)
SIZES_OF(FORMS_OF, sub, DO_SUB)
SIZES_OF(FORMS_OF, xor, DO_XOR)
SIZES_OF(COMPARES_OF, cmp, DO_SUB)
SIZES_OF(COMPARES_OF, test, DO_AND)
SIZES_OF(FORMS_OF, quiet_add, QUIET_ADD)
SIZES_OF(FORMS_OF, quiet_or, QUIET_OR)
SIZES_OF(FORMS_OF, quiet_adc, QUIET_ADC)
SIZES_OF(FORMS_OF, quiet_sbb, QUIET_SBB)
SIZES_OF(FORMS_OF, quiet_and, QUIET_AND)
SIZES_OF(FORMS_OF, quiet_sub, QUIET_SUB)
SIZES_OF(FORMS_OF, quiet_xor, QUIET_XOR)

#define ROW(name, N)                                                                               \
    { name##N##_rr, name##N##_ri, name##N##_rm, name##N##_mr, name##N##_mi }
#define TABLE(name)                                                                                \
    { ROW(name, 8), ROW(name, 16), ROW(name, 32) }

const struct alu_set SET(alu) = {.run = {TABLE(add), TABLE(or), TABLE(adc), TABLE(sbb), TABLE(and),
                                         TABLE(sub), TABLE(xor), TABLE(cmp), TABLE(test)},
                                 /* A compare that nobody looks at still has to touch its memory. */
                                 .quiet = {TABLE(quiet_add), TABLE(quiet_or), TABLE(quiet_adc),
                                           TABLE(quiet_sbb), TABLE(quiet_and), TABLE(quiet_sub),
                                           TABLE(quiet_xor)}};
