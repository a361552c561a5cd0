/* The x87 unit: registers, exceptions, comparison and arithmetic. */
#include "refmodel/cpu/x87.h"

#include <string.h>

void fpu_init(struct fpu *f) {
    struct fpu fresh = {.control = 0x37F, .empty = 0xFF};
    memcpy(fresh.st, f->st, sizeof fresh.st);
    *f = fresh;
}

struct float_env x87_env(const struct fpu *f) {
    static const uint8_t precision[4] = {24, 64, 53, 64};
    return (struct float_env){.rounding = (int)(f->control >> 10 & 3),
                              .precision = precision[f->control >> 8 & 3]};
}

static bool pending(const struct fpu *f) {
    return f->status & ~f->control & EXCEPTIONS;
}

static void summarise(struct fpu *f) {
    if (pending(f))
        f->status |= STATUS_SUMMARY | STATUS_BUSY;
    else
        f->status &= ~(uint32_t)(STATUS_SUMMARY | STATUS_BUSY);
}

bool x87_begin(struct cpu *c, const struct insn *i) {
    if (pending(&c->fpu)) {
        cpu_fault(c, VECTOR_FLOAT, i->eip);
        return false;
    }
    c->fpu.last_eip = i->eip;
    c->fpu.last_opcode = (uint32_t)i->aux << 8 | i->dst;
    return true;
}

void x87_raise(struct fpu *f, uint32_t exceptions) {
    f->status |= exceptions;
    summarise(f);
}

bool x87_finish(struct fpu *f, const struct float_env *env) {
    f->status &= ~(uint32_t)STATUS_C1;
    if (env->up)
        f->status |= STATUS_C1;
    x87_raise(f, env->raised);
    return !(env->raised & ~f->control & (FLOAT_INVALID | FLOAT_DENORMAL | FLOAT_ZERO_DIVIDE));
}

bool x87_stack_fault(struct fpu *f, bool overflow) {
    f->status &= ~(uint32_t)STATUS_C1;
    if (overflow)
        f->status |= STATUS_C1;
    x87_raise(f, FLOAT_INVALID | STATUS_STACK);
    return f->control & FLOAT_INVALID;
}

void x87_set(struct fpu *f, uint32_t n, struct float80 v) {
    *x87_st(f, n) = v;
    f->empty &= (uint8_t) ~(1u << x87_index(f, n));
}

void x87_push(struct fpu *f, struct float80 v) {
    if (!x87_empty(f, 7)) {
        if (!x87_stack_fault(f, true))
            return;
        v = float80_default_nan();
    }
    f->top = (f->top - 1) & 7;
    x87_set(f, 0, v);
}

void x87_pop(struct fpu *f) {
    f->empty |= (uint8_t)(1u << f->top);
    f->top = (f->top + 1) & 7;
}

uint32_t x87_status(const struct fpu *f) {
    return f->status | f->top << 11;
}

void x87_set_status(struct fpu *f, uint32_t v) {
    f->top = v >> 11 & 7;
    f->status = v & 0xFFFF & ~(uint32_t)(7 << 11);
    summarise(f);
}

void x87_set_control(struct fpu *f, uint32_t v) {
    f->control = (v & 0x1F3F) | 0x40; /* bit 6 is always set, bits 7 and 13 to 15 never */
    summarise(f);
}

/* Adds the exceptions of a memory operand where nothing worse has come up. */
static void add_operand(struct float_env *env, struct float80 a, struct float80 b,
                        uint32_t operand) {
    if (!(env->raised & (FLOAT_INVALID | FLOAT_ZERO_DIVIDE)) && !float80_is_nan(a) &&
        !float80_is_nan(b))
        env->raised |= operand;
}

bool x87_compare(struct fpu *f, struct float80 a, struct float80 b, bool quiet, uint32_t operand) {
    static const uint32_t conditions[] = {[FLOAT_LESS] = STATUS_C0,
                                          [FLOAT_EQUAL] = STATUS_C3,
                                          [FLOAT_GREATER] = 0,
                                          [FLOAT_UNORDERED] = STATUS_C0 | STATUS_C2 | STATUS_C3};
    struct float_env env = x87_env(f);
    enum float_order order = float80_compare(&env, a, b, quiet);
    add_operand(&env, a, b, operand);
    bool ok = x87_finish(f, &env);
    f->status &= ~(uint32_t)STATUS_CONDITIONS;
    f->status |= conditions[order];
    return ok;
}

static struct float80 compute(struct float_env *env, uint32_t op, struct float80 a,
                              struct float80 b) {
    switch (op) {
    case X87_ADD:
        return float80_add(env, a, b);
    case X87_MUL:
        return float80_multiply(env, a, b);
    case X87_SUB:
        return float80_subtract(env, a, b);
    case X87_SUBR:
        return float80_subtract(env, b, a);
    case X87_DIV:
        return float80_divide(env, a, b);
    default:
        return float80_divide(env, b, a);
    }
}

bool x87_arithmetic(struct fpu *f, uint32_t op, uint32_t to, struct float80 a, struct float80 b,
                    uint32_t operand) {
    struct float_env env = x87_env(f);
    if (op == X87_COM || op == X87_COMP)
        return x87_compare(f, a, b, false, operand);
    struct float80 r = compute(&env, op, a, b);
    add_operand(&env, a, b, operand);
    if (!x87_finish(f, &env))
        return false;
    x87_set(f, to, r);
    return true;
}

struct float80 x87_load80(struct cpu *c, const struct insn *i, uint32_t at) {
    uint64_t low = load32(c, i, at);
    uint64_t high = load32(c, i, at + 4);
    return (struct float80){high << 32 | low, (uint16_t)load16(c, i, at + 8)};
}

void x87_store80(struct cpu *c, const struct insn *i, uint32_t at, struct float80 v) {
    store32(c, i, at, (uint32_t)v.significand);
    store32(c, i, at + 4, (uint32_t)(v.significand >> 32));
    store16(c, i, at + 8, v.top);
}
