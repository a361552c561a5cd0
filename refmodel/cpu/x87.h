/* The x87 unit: what its instructions share (SDM volume 1, chapter 8). */
#ifndef REFMODEL_CPU_X87_H
#define REFMODEL_CPU_X87_H

#define SEGMENTED /* right for any segments: these are there once */
#include "refmodel/cpu/exec.h"

/* The status word, beside the exceptions (float80.h) and TOP in bits 11 to 13. */
enum {
    STATUS_STACK = 0x40,
    STATUS_SUMMARY = 0x80,
    STATUS_C0 = 0x100,
    STATUS_C1 = 0x200,
    STATUS_C2 = 0x400,
    STATUS_C3 = 0x4000,
    STATUS_BUSY = 0x8000,
    STATUS_CONDITIONS = STATUS_C0 | STATUS_C1 | STATUS_C2 | STATUS_C3,
    EXCEPTIONS = 0x3F
};

/* Two-operand arithmetic in the order of the encoding. */
enum { X87_ADD, X87_MUL, X87_COM, X87_COMP, X87_SUB, X87_SUBR, X87_DIV, X87_DIVR };

static inline uint32_t x87_index(const struct fpu *f, uint32_t n) {
    return (f->top + n) & 7;
}

static inline bool x87_empty(const struct fpu *f, uint32_t n) {
    return f->empty >> x87_index(f, n) & 1;
}

static inline struct float80 *x87_st(struct fpu *f, uint32_t n) {
    return &f->st[x87_index(f, n)];
}

/* Rounding and precision as the control word says, nothing raised. */
struct float_env x87_env(const struct fpu *f);

/*
 * What an instruction begins with that waits for exceptions: false if there is one, which is
 * raised. Notes the instruction for the environment.
 */
bool x87_begin(struct cpu *c, const struct insn *i);

/* Takes over what was raised and C1. Whether the result is to be stored. */
bool x87_finish(struct fpu *f, const struct float_env *env);

/* Adds exceptions and brings the summary up to date. */
void x87_raise(struct fpu *f, uint32_t exceptions);

/* An empty or a full register. Whether the default NaN is to be stored. */
bool x87_stack_fault(struct fpu *f, bool overflow);

void x87_push(struct fpu *f, struct float80 v);
void x87_pop(struct fpu *f);
void x87_set(struct fpu *f, uint32_t n, struct float80 v);

/* The status word with TOP, and setting it with TOP. */
uint32_t x87_status(const struct fpu *f);
void x87_set_status(struct fpu *f, uint32_t v);
void x87_set_control(struct fpu *f, uint32_t v);

/*
 * st(to) = a op b. X87_COM only sets the condition codes. `operand` are exceptions of loading b,
 * which count unless there is a worse one. Whether it went without an unmasked exception.
 */
bool x87_arithmetic(struct fpu *f, uint32_t op, uint32_t to, struct float80 a, struct float80 b,
                    uint32_t operand);

/* Sets C3, C2 and C0 from a comparison; `quiet` as float80_compare. */
bool x87_compare(struct fpu *f, struct float80 a, struct float80 b, bool quiet, uint32_t operand);

/* x87_environment.c: FNSTENV FLDENV FNSAVE FRSTOR, 16 or 32 bits. */
void x87_store_environment(struct cpu *c, const struct insn *i, uint32_t at);
void x87_load_environment(struct cpu *c, const struct insn *i, uint32_t at);
void x87_save(struct cpu *c, const struct insn *i, uint32_t at);
void x87_restore(struct cpu *c, const struct insn *i, uint32_t at);

/* A register in memory, 10 bytes. */
struct float80 x87_load80(struct cpu *c, const struct insn *i, uint32_t at);
void x87_store80(struct cpu *c, const struct insn *i, uint32_t at, struct float80 v);

#endif
