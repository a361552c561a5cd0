/*
 * What the decoder chooses from: functions that run one instruction, and tables of them by
 * operation, operand size and operand form. Register operands: dst, src; memory: u.m and seg;
 * immediate: imm, already extended to the operand size.
 *
 * What touches memory or EIP is there twice, from the same text: for flat and for segmented code
 * (access.h). The files segmented_*.c include the others.
 */
#ifndef REFMODEL_CPU_EXEC_H
#define REFMODEL_CPU_EXEC_H

#include "refmodel/cpu/access.h"

#define RUN(name) struct insn *name(struct cpu *c, struct insn *i)
/*
 * How a function ends. LEAVE gives `to` back to the loop in cpu.c, which looks whether to stop; it
 * notes how far the run has come. NEXT leaves to the instruction behind. CHAIN goes on with that
 * one at once (CHAIN_BEHIND: with the n-th one from here, RUN_STEP: with `i` itself): compilers
 * make a jump of it, and where they do not, the depth is that of a run. It is only for what can
 * neither fault nor write memory that might be code.
 */
#define LEAVE(to)                                                                                  \
    do {                                                                                           \
        struct insn *to_ = to;                                                                     \
        c->last = i;                                                                               \
        return to_;                                                                                \
    } while (0)
#define NEXT LEAVE(i + 1)
#define CHAIN CHAIN_BEHIND(1)
#define CHAIN_BEHIND(n)                                                                            \
    do {                                                                                           \
        i += n;                                                                                    \
        RUN_STEP;                                                                                  \
    } while (0)
#define RUN_STEP                                                                                   \
    do {                                                                                           \
        FORGET(i);                                                                                 \
        return i->run(c, i);                                                                       \
    } while (0)
/* A function that has done nothing yet but a load leaves it at that after a fault. */
#define UNLESS_FAULTED                                                                             \
    do {                                                                                           \
        if (UNLIKELY(c->stop))                                                                     \
            LEAVE(i);                                                                              \
    } while (0)

/* The compiler is to forget where a pointer came from; it would keep both values all the way. */
#if defined(__GNUC__) && !defined(__TINYC__)
#define FORGET(p) __asm__("" : "+r"(p))
#else
#define FORGET(p) (void)(p)
#endif

#if defined(__GNUC__)
#define SELDOM __attribute__((noinline, cold))
#else
#define SELDOM
#endif

/*
 * Functions with a memory operand come in two halves: one for operands at hand, which calls
 * nothing and so needs no stack frame, and one for the rest. `body` works on `v`, the operand of
 * N bits; `where` is operand or plain_operand.
 */
#define LOADING_AT(where, name, N, body)                                                           \
    static SELDOM RUN(name##_slow) {                                                               \
        uint32_t v = load##N(c, i, where(c, i));                                                   \
        UNLESS_FAULTED;                                                                            \
        body;                                                                                      \
        NEXT;                                                                                      \
    }                                                                                              \
    static RUN(name) {                                                                             \
        const uint8_t *p = readable(c, i, where(c, i), N / 8);                                     \
        if (UNLIKELY(!p))                                                                          \
            return name##_slow(c, i);                                                              \
        uint32_t v = get##N(p);                                                                    \
        body;                                                                                      \
        CHAIN;                                                                                     \
    }

/* `value` is stored. */
#define STORING_AT(where, name, N, value)                                                          \
    static SELDOM RUN(name##_slow) {                                                               \
        store##N(c, i, where(c, i), value);                                                        \
        NEXT;                                                                                      \
    }                                                                                              \
    static RUN(name) {                                                                             \
        uint8_t *p = writable(c, i, where(c, i), N / 8);                                           \
        if (UNLIKELY(!p))                                                                          \
            return name##_slow(c, i);                                                              \
        put##N(p, value);                                                                          \
        CHAIN;                                                                                     \
    }

#define LOADING(name, N, body) LOADING_AT(operand, name, N, body)
#define STORING(name, N, value) STORING_AT(operand, name, N, value)

/* `value`, which may use `v`, takes the place of v. */
#define MODIFYING(name, N, value)                                                                  \
    static SELDOM RUN(name##_slow) {                                                               \
        uint32_t at = operand(c, i);                                                               \
        if (!may_modify(c, i, at, N / 8))                                                          \
            LEAVE(i);                                                                              \
        uint32_t v = load##N(c, i, at);                                                            \
        store##N(c, i, at, value);                                                                 \
        NEXT;                                                                                      \
    }                                                                                              \
    static RUN(name) {                                                                             \
        uint8_t *p = writable(c, i, operand(c, i), N / 8);                                         \
        if (UNLIKELY(!p))                                                                          \
            return name##_slow(c, i);                                                              \
        uint32_t v = get##N(p);                                                                    \
        put##N(p, value);                                                                          \
        CHAIN;                                                                                     \
    }

enum { SIZE8, SIZE16, SIZE32, SIZES };

/* Register, immediate, memory; the destination first. */
enum { FORM_RR, FORM_RI, FORM_RM, FORM_MR, FORM_MI, FORMS };
enum { FORM_R, FORM_M, UNARY_FORMS };

/* The same for the stack: `value` is pushed; `v` is what was popped. */
#define PUSHING(name, N, value)                                                                    \
    static SELDOM RUN(name##_slow) {                                                               \
        push##N(c, i, value);                                                                      \
        NEXT;                                                                                      \
    }                                                                                              \
    static RUN(name) {                                                                             \
        uint8_t *p = writable_in(c, SS, stack_at(c, 0u - N / 8), N / 8);                           \
        if (UNLIKELY(!p))                                                                          \
            return name##_slow(c, i);                                                              \
        put##N(p, value);                                                                          \
        move_stack(c, 0u - N / 8);                                                                 \
        CHAIN;                                                                                     \
    }

#define POPPING(name, N, body)                                                                     \
    static SELDOM RUN(name##_slow) {                                                               \
        uint32_t v = pop##N(c, i);                                                                 \
        UNLESS_FAULTED;                                                                            \
        body;                                                                                      \
        NEXT;                                                                                      \
    }                                                                                              \
    static RUN(name) {                                                                             \
        const uint8_t *p = readable_in(c, SS, stack_at(c, 0), N / 8);                              \
        if (UNLIKELY(!p))                                                                          \
            return name##_slow(c, i);                                                              \
        uint32_t v = get##N(p);                                                                    \
        move_stack(c, N / 8);                                                                      \
        body;                                                                                      \
        CHAIN;                                                                                     \
    }

/* The tables of this kind of code, and of the other. */
#ifdef SEGMENTED
#define SET(name) name##_segmented
#else
#define SET(name) name##_flat
#endif

/* exec_alu.c. The first eight in the order of the encoding. */
enum { ALU_ADD, ALU_OR, ALU_ADC, ALU_SBB, ALU_AND, ALU_SUB, ALU_XOR, ALU_CMP, ALU_TEST, ALU_OPS };
struct alu_set {
    run_fn *run[ALU_OPS][SIZES][FORMS];
    /* The same for when nobody will read the flags; null where there is nothing to gain. */
    run_fn *quiet[ALU_OPS][SIZES][FORMS];
};

/* exec_unary.c: NOT NEG INC DEC, and one operand of XADD and CMPXCHG. */
enum { UNARY_NOT, UNARY_NEG, UNARY_INC, UNARY_DEC, UNARY_OPS };
struct unary_set {
    run_fn *run[UNARY_OPS][SIZES][UNARY_FORMS];
    run_fn *quiet[UNARY_OPS][SIZES][UNARY_FORMS];
    run_fn *xadd[SIZES][UNARY_FORMS];
    run_fn *cmpxchg[SIZES][UNARY_FORMS];
    run_fn *cmpxchg8b;
};

/* exec_shift.c, in the order of the encoding (6 is SHL again). The count is imm, or CL. */
enum { SHIFT_ROL, SHIFT_ROR, SHIFT_RCL, SHIFT_RCR, SHIFT_SHL, SHIFT_SHR, SHIFT_SAR, SHIFT_OPS };
enum { COUNT_IMM, COUNT_CL, COUNTS };
struct shift_set {
    run_fn *run[SHIFT_OPS][SIZES][UNARY_FORMS][COUNTS];
    /* 32-bit registers by an immediate that is not 0, when nobody will read the flags. */
    run_fn *quiet[SHIFT_OPS];
    /* SHLD and SHRD: [right], 16 or 32 bits (SIZE16 or SIZE32), src is filled in. */
    run_fn *twice[2][SIZES][UNARY_FORMS][COUNTS];
};

/* exec_bit.c */
enum { BIT_TEST, BIT_SET, BIT_RESET, BIT_FLIP, BIT_OPS };
struct bit_set {
    /* BT BTS BTR BTC; the form says where the bit string is and what names the bit. */
    run_fn *run[BIT_OPS][SIZES][FORMS];
    run_fn *scan[2][SIZES][UNARY_FORMS]; /* BSF and BSR: [reverse] */
    run_fn *set[UNARY_FORMS];            /* SETcc: aux is the condition */
    run_fn *cmov[SIZES][FORMS];          /* CMOVcc: likewise; FORM_RR and FORM_RM */
};

/* exec_muldiv.c */
enum { MULDIV_MUL, MULDIV_IMUL, MULDIV_DIV, MULDIV_IDIV, MULDIV_OPS };
struct muldiv_set {
    run_fn *run[MULDIV_OPS][SIZES][UNARY_FORMS]; /* one operand */
    run_fn *imul2[SIZES][FORMS];                 /* dst *= operand; FORM_RR, FORM_RM */
    run_fn *imul3[SIZES][UNARY_FORMS];           /* dst = operand * imm */
};

/* exec_move.c */
struct move_set {
    run_fn *mov[SIZES][FORMS];
    /* The same for a memory operand without an index; null where there is no such function. */
    run_fn *plain[SIZES][FORMS];
    /* MOVZX, MOVSX: [sign][from][to], FORM_RR and FORM_RM. */
    run_fn *extend[2][SIZES][SIZES][FORMS];
    /* From bytes in memory to doublewords, without an index: [sign]. */
    run_fn *extend_plain[2];
    run_fn *lea[SIZES];
    run_fn *lea_plain;
    run_fn *xchg[SIZES][FORMS]; /* FORM_RR, FORM_RM */
};

/* exec_stack.c: SIZE16 and SIZE32. */
enum { PUSH_REG, PUSH_IMM, PUSH_MEM, POP_REG, POP_MEM, STACK_OPS };
struct stack_set {
    run_fn *run[STACK_OPS][SIZES];
    run_fn *push_all[SIZES];
    run_fn *pop_all[SIZES];
    run_fn *leave[SIZES];
    run_fn *enter[SIZES]; /* imm is the size, aux the level */
};

/* exec_flow.c. Direct jumps lead to imm; a call's return address follows from len. */
struct flow_set {
    run_fn *jcc[16];
    run_fn *jmp;
    run_fn *jmp_reg;
    run_fn *jmp_mem;
    run_fn *call;
    run_fn *call_reg;
    run_fn *call_mem;
    run_fn *ret;    /* imm bytes are dropped */
    run_fn *jump16; /* near jumps, calls and returns of 16-bit operand size; aux says which */
    run_fn *loop;   /* aux is a LOOP_ kind, src is 1 for CX */
    run_fn *link;   /* no instruction: continues at imm */
};
enum { JUMP16_JMP, JUMP16_CALL, JUMP16_REG = 2, JUMP16_MEM = 4, JUMP16_RET = 8 };
enum { LOOP_NE, LOOP_E, LOOP_ALWAYS, LOOP_JECXZ };

/* Whether LOOP or JECXZ, whose step it is, will jump. */
bool flow_loops(const struct cpu *c, const struct insn *i);

/* exec_string.c: [operation][size]. aux: STRING_ bits. */
enum {
    STRING_MOVS,
    STRING_CMPS,
    STRING_STOS,
    STRING_LODS,
    STRING_SCAS,
    STRING_INS,
    STRING_OUTS,
    STRING_OPS
};
enum { STRING_REP = 1, STRING_REPNE = 2, STRING_NARROW = 4 };
struct string_set {
    run_fn *run[STRING_OPS][SIZES];
    run_fn *once[STRING_OPS][SIZES]; /* one element, none of the bits */
};

/* All of a kind. */
struct run_set {
    const struct alu_set *alu;
    const struct unary_set *unary;
    const struct shift_set *shift;
    const struct bit_set *bit;
    const struct muldiv_set *muldiv;
    const struct move_set *move;
    const struct stack_set *stack;
    const struct flow_set *flow;
    const struct string_set *string;
};

#define SETS(kind)                                                                                 \
    extern const struct alu_set alu_##kind;                                                        \
    extern const struct unary_set unary_##kind;                                                    \
    extern const struct shift_set shift_##kind;                                                    \
    extern const struct bit_set bit_##kind;                                                        \
    extern const struct muldiv_set muldiv_##kind;                                                  \
    extern const struct move_set move_##kind;                                                      \
    extern const struct stack_set stack_##kind;                                                    \
    extern const struct flow_set flow_##kind;                                                      \
    extern const struct string_set string_##kind;                                                  \
    extern const struct run_set run_##kind;

SETS(flat)
SETS(segmented)

/* The rest is there once. exec_bcd.c: */
RUN(run_daa);
RUN(run_das);
RUN(run_aaa);
RUN(run_aas);
RUN(run_aam); /* imm is the base */
RUN(run_aad);

/* exec_register.c */
RUN(run_bswap);
RUN(run_cbw);
RUN(run_cwde);
RUN(run_cwd);
RUN(run_cdq);
RUN(run_lahf);
RUN(run_sahf);
RUN(run_cmc);
RUN(run_salc);
RUN(run_nop);
RUN(run_clear); /* XOR or SUB of a 32-bit register with itself */

/* exec_system.c */
RUN(run_into);  /* may go on */
RUN(run_raise); /* aux is the vector, imm the EIP it is raised at */
RUN(run_unsupported);
RUN(run_fetch);        /* fetches from linear address imm again, which fails, or decodes */
RUN(run_mov_from_seg); /* src is the segment, dst the register, aux 1 for 32 bits */
RUN(run_mov_seg_to_mem);
RUN(run_mov_to_seg); /* dst is the segment */
RUN(run_mov_mem_to_seg);
RUN(run_push_seg); /* dst is the segment, aux 1 for 16 bits */
RUN(run_pop_seg);
RUN(run_load_far); /* dst the register, src the segment, aux 1 for 16 bits */
RUN(run_bound);    /* aux 1 for 16 bits */
RUN(run_xlat);
RUN(run_in);  /* dst is SIZE8.., aux 1 for DX, else imm is the port */
RUN(run_out); /* likewise */

/* Of the bus's far: aux. */
enum { FAR_JMP, FAR_CALL, FAR_RET, FAR_IRET, FAR_MEM = 4, FAR_16 = 8 };
/* Where a far transfer leads, by what the instruction says. False: the fault was raised. */
bool far_target(struct cpu *c, struct insn *i, uint32_t *selector, uint32_t *to);

/* exec_x87.c: aux is the low 3 bits of the opcode, dst is ModRM. */
RUN(run_x87_memory);
RUN(run_x87_register);
RUN(run_wait);

#endif
