/*
 * What the decoder chooses from: functions that run one instruction, and tables of them by
 * operation, operand size and operand form. Register operands: dst, src; memory: u.m; immediate:
 * imm, already extended to the operand size.
 */
#ifndef REFMODEL_EXEC_H
#define REFMODEL_EXEC_H

#include "refmodel/cpu/cpu.h"

#define RUN(name) struct insn *name(struct cpu *c, struct insn *i)
/*
 * How a function ends. LEAVE gives `to` back to the loop in cpu.c, which looks whether to stop; it
 * notes how far the run has come. NEXT leaves to the instruction behind. CHAIN goes on with that
 * one at once: compilers make a jump of it, and where they do not, the depth is that of a run. It
 * is only for what can neither fault nor write memory that might be code.
 */
#define LEAVE(to)                                                                                  \
    do {                                                                                           \
        struct insn *to_ = to;                                                                     \
        c->last = i;                                                                               \
        return to_;                                                                                \
    } while (0)
#define NEXT LEAVE(i + 1)
#define CHAIN return i[1].run(c, i + 1)

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
        body;                                                                                      \
        NEXT;                                                                                      \
    }                                                                                              \
    static RUN(name) {                                                                             \
        const uint8_t *p = readable(c, where(c, i), N / 8);                                        \
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
        uint8_t *p = writable(c, where(c, i), N / 8);                                              \
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
        uint32_t v = load##N(c, i, at);                                                            \
        store##N(c, i, at, value);                                                                 \
        NEXT;                                                                                      \
    }                                                                                              \
    static RUN(name) {                                                                             \
        uint8_t *p = writable(c, operand(c, i), N / 8);                                            \
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
        uint8_t *p = writable(c, c->r[ESP] - N / 8, N / 8);                                        \
        if (UNLIKELY(!p))                                                                          \
            return name##_slow(c, i);                                                              \
        put##N(p, value);                                                                          \
        c->r[ESP] -= N / 8;                                                                        \
        CHAIN;                                                                                     \
    }

#define POPPING(name, N, body)                                                                     \
    static SELDOM RUN(name##_slow) {                                                               \
        uint32_t v = pop##N(c, i);                                                                 \
        body;                                                                                      \
        NEXT;                                                                                      \
    }                                                                                              \
    static RUN(name) {                                                                             \
        const uint8_t *p = readable(c, c->r[ESP], N / 8);                                          \
        if (UNLIKELY(!p))                                                                          \
            return name##_slow(c, i);                                                              \
        uint32_t v = get##N(p);                                                                    \
        c->r[ESP] += N / 8;                                                                        \
        body;                                                                                      \
        CHAIN;                                                                                     \
    }

/* exec_alu.c. The first eight in the order of the encoding. */
enum { ALU_ADD, ALU_OR, ALU_ADC, ALU_SBB, ALU_AND, ALU_SUB, ALU_XOR, ALU_CMP, ALU_TEST, ALU_OPS };
extern run_fn *const run_alu[ALU_OPS][SIZES][FORMS];
/* The same for when nobody will read the flags; null where there is nothing to gain. */
extern run_fn *const run_alu_quiet[ALU_OPS][SIZES][FORMS];

/* exec_unary.c: NOT NEG INC DEC, and one operand of XADD and CMPXCHG. */
enum { UNARY_NOT, UNARY_NEG, UNARY_INC, UNARY_DEC, UNARY_OPS };
extern run_fn *const run_unary[UNARY_OPS][SIZES][UNARY_FORMS];
extern run_fn *const run_unary_quiet[UNARY_OPS][SIZES][UNARY_FORMS];
extern run_fn *const run_xadd[SIZES][UNARY_FORMS];
extern run_fn *const run_cmpxchg[SIZES][UNARY_FORMS];
RUN(run_cmpxchg8b);

/* exec_shift.c, in the order of the encoding (6 is SHL again). The count is imm, or CL. */
enum { SHIFT_ROL, SHIFT_ROR, SHIFT_RCL, SHIFT_RCR, SHIFT_SHL, SHIFT_SHR, SHIFT_SAR, SHIFT_OPS };
enum { COUNT_IMM, COUNT_CL, COUNTS };
extern run_fn *const run_shift[SHIFT_OPS][SIZES][UNARY_FORMS][COUNTS];
/* 32-bit registers by an immediate that is not 0, when nobody will read the flags. */
extern run_fn *const run_shift_quiet[SHIFT_OPS];
/* SHLD and SHRD: [right], 16 or 32 bits (SIZE16 or SIZE32), src is filled in. */
extern run_fn *const run_double_shift[2][SIZES][UNARY_FORMS][COUNTS];

/* exec_bit.c: BT BTS BTR BTC; the form says where the bit string is and what names the bit. */
enum { BIT_TEST, BIT_SET, BIT_RESET, BIT_FLIP, BIT_OPS };
extern run_fn *const run_bit[BIT_OPS][SIZES][FORMS];
/* BSF and BSR: [reverse]. */
extern run_fn *const run_scan[2][SIZES][UNARY_FORMS];
/* SETcc: aux is the condition. */
extern run_fn *const run_set[UNARY_FORMS];
/* CMOVcc: aux is the condition; FORM_RR and FORM_RM. */
extern run_fn *const run_cmov[SIZES][FORMS];

/* exec_muldiv.c. One operand: MUL IMUL DIV IDIV; two or three: dst = src (or memory) * imm. */
enum { MULDIV_MUL, MULDIV_IMUL, MULDIV_DIV, MULDIV_IDIV, MULDIV_OPS };
extern run_fn *const run_muldiv[MULDIV_OPS][SIZES][UNARY_FORMS];
/* FORM_RR, FORM_RM: dst *= operand. */
extern run_fn *const run_imul2[SIZES][FORMS];
/* dst = operand * imm; FORM_R, FORM_M. */
extern run_fn *const run_imul3[SIZES][UNARY_FORMS];

/* exec_bcd.c */
RUN(run_daa);
RUN(run_das);
RUN(run_aaa);
RUN(run_aas);
RUN(run_aam); /* imm is the base */
RUN(run_aad);

/* exec_move.c */
extern run_fn *const run_mov[SIZES][FORMS];
/* The same for a memory operand without an index; null where there is no such function. */
extern run_fn *const run_mov_plain[SIZES][FORMS];
/* MOVZX, MOVSX: [sign][from][to], FORM_RR and FORM_RM. */
extern run_fn *const run_extend[2][SIZES][SIZES][FORMS];
/* From bytes in memory to doublewords, without an index: [sign]. */
extern run_fn *const run_extend_plain[2];
extern run_fn *const run_lea[SIZES];
RUN(run_lea_plain);
extern run_fn *const run_xchg[SIZES][FORMS]; /* FORM_RR, FORM_RM */
RUN(run_bswap);
RUN(run_cbw);
RUN(run_cwde);
RUN(run_cwd);
RUN(run_cdq);
RUN(run_xlat);
RUN(run_lahf);
RUN(run_sahf);
RUN(run_nop);

/* exec_stack.c: SIZE16 and SIZE32. */
enum { PUSH_REG, PUSH_IMM, PUSH_MEM, PUSH_SEG, POP_REG, POP_MEM, POP_SEG };
extern run_fn *const run_stack[POP_SEG + 1][SIZES];
RUN(run_pusha);
RUN(run_popa);
RUN(run_pusha16);
RUN(run_popa16);
RUN(run_pushf);
RUN(run_popf);
RUN(run_pushf16);
RUN(run_popf16);
RUN(run_leave);
RUN(run_leave16);
RUN(run_enter); /* imm is the size, aux the level; src is 1 for 16 bits */

/* exec_flow.c. Direct jumps lead to imm; a call's return address follows from len. */
extern run_fn *const run_jcc[16];
RUN(run_jmp);
RUN(run_jmp_reg);
RUN(run_jmp_mem);
RUN(run_call);
RUN(run_call_reg);
RUN(run_call_mem);
RUN(run_ret);    /* imm bytes are dropped */
RUN(run_jump16); /* near jumps, calls and returns of 16-bit operand size; aux says which */
enum { JUMP16_JMP, JUMP16_CALL, JUMP16_REG = 2, JUMP16_MEM = 4, JUMP16_RET = 8 };
RUN(run_loop); /* aux is a LOOP_ kind, src is 1 for CX */
enum { LOOP_NE, LOOP_E, LOOP_ALWAYS, LOOP_JECXZ };
RUN(run_link); /* no instruction: continues at imm */

/* exec_system.c */
RUN(run_syscall);
RUN(run_int);   /* imm is the vector */
RUN(run_into);  /* may go on */
RUN(run_raise); /* aux is the vector, imm the EIP it is raised at */
RUN(run_unsupported);
RUN(run_halt);
RUN(run_set_flag); /* sets the flags in imm, clears those not in it but in u.m.disp */
RUN(run_cmc);
RUN(run_mov_from_seg); /* src is the segment, dst the register, aux 1 for 32 bits */
RUN(run_mov_seg_to_mem);
RUN(run_mov_to_seg); /* dst is the segment */
RUN(run_mov_mem_to_seg);
RUN(run_load_far); /* dst the register, src the segment, aux 1 for 16 bits */
RUN(run_far);      /* far jumps, calls, returns and IRET; aux says which */
enum { FAR_JMP, FAR_CALL, FAR_RET, FAR_IRET, FAR_MEM = 4, FAR_16 = 8 };
RUN(run_bound); /* aux 1 for 16 bits */
RUN(run_cpuid);
RUN(run_rdtsc);
RUN(run_in);        /* dst is SIZE8.. */
RUN(run_address16); /* no instruction: a 16-bit address into ADDRESS_REG */
RUN(run_salc);

/* exec_string.c: [operation][size]. aux: STRING_ bits. */
enum { STRING_MOVS, STRING_CMPS, STRING_STOS, STRING_LODS, STRING_SCAS, STRING_INS, STRING_OUTS };
enum { STRING_REP = 1, STRING_REPNE = 2, STRING_ADDRESS16 = 4 };
extern run_fn *const run_string[STRING_OUTS + 1][SIZES];
/* Without any of the bits: one element. Null where there is no such function. */
extern run_fn *const run_string_once[STRING_OUTS + 1][SIZES];

/* exec_x87.c: aux is the low 3 bits of the opcode, dst is ModRM. */
RUN(run_x87_memory);
RUN(run_x87_register);
RUN(run_wait);

#endif
