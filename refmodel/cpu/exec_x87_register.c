/* x87 instructions on registers. */
#include "refmodel/cpu/x87.h"

/* Whether both registers hold something; otherwise the default NaN goes to `to` if masked. */
static bool both(struct fpu *f, uint32_t a, uint32_t b, uint32_t to) {
    if (!x87_empty(f, a) && !x87_empty(f, b))
        return true;
    if (x87_stack_fault(f, false))
        x87_set(f, to, float80_default_nan());
    return false;
}

static bool one(struct fpu *f) {
    return both(f, 0, 0, 0);
}

/* D8 DC DE: ST(to) = ST(0) op ST(n), or the other way round. */
static void arithmetic(struct fpu *f, uint32_t opcode, uint32_t op, uint32_t n) {
    bool to_n = opcode & 4;
    uint32_t to = to_n ? n : 0;
    bool ok = !x87_empty(f, 0) && !x87_empty(f, n);
    if (ok) {
        /* DC and DE have the opcodes of SUB and SUBR, DIV and DIVR exchanged for this. */
        ok = x87_arithmetic(f, op, to, *x87_st(f, 0), *x87_st(f, n), 0);
    } else {
        ok = x87_stack_fault(f, false);
        if (ok)
            x87_set(f, to, float80_default_nan());
    }
    if (opcode == 6 && ok)
        x87_pop(f);
}

/* FCOM FUCOM and their popping forms. */
static void compare(struct fpu *f, uint32_t n, bool quiet, int pops) {
    bool ok;
    if (x87_empty(f, 0) || x87_empty(f, n)) {
        ok = x87_stack_fault(f, false);
        f->status |= STATUS_C0 | STATUS_C2 | STATUS_C3;
    } else {
        ok = x87_compare(f, *x87_st(f, 0), *x87_st(f, n), quiet, 0);
    }
    for (; ok && pops; pops--)
        x87_pop(f);
}

/* FCOMI FUCOMI: the result goes to ZF, PF and CF, the other flags become 0. */
static void compare_flags(struct cpu *c, uint32_t n, bool quiet, bool pop) {
    struct fpu *f = &c->fpu;
    uint32_t kept = f->status & (STATUS_C0 | STATUS_C2 | STATUS_C3);
    compare(f, n, quiet, pop);
    uint32_t found = f->status;
    f->status = (found & ~(uint32_t)(STATUS_C0 | STATUS_C2 | STATUS_C3)) | kept;
    uint32_t flags = (found & STATUS_C0 ? FLAG_CF : 0u) | (found & STATUS_C2 ? FLAG_PF : 0u) |
                     (found & STATUS_C3 ? FLAG_ZF : 0u);
    cpu_set_eflags(c, (cpu_eflags(c) & ~(uint32_t)FLAGS_ARITHMETIC) | flags);
}

static void exchange(struct fpu *f, uint32_t n) {
    if (x87_empty(f, 0) || x87_empty(f, n)) {
        if (!x87_stack_fault(f, false))
            return;
        if (x87_empty(f, 0))
            x87_set(f, 0, float80_default_nan());
        if (x87_empty(f, n))
            x87_set(f, n, float80_default_nan());
    } else {
        f->status &= ~(uint32_t)STATUS_C1;
    }
    struct float80 v = *x87_st(f, 0);
    x87_set(f, 0, *x87_st(f, n));
    x87_set(f, n, v);
}

static void load_register(struct fpu *f, uint32_t n) {
    struct float80 v = *x87_st(f, n);
    f->status &= ~(uint32_t)STATUS_C1;
    if (x87_empty(f, n)) {
        if (!x87_stack_fault(f, false))
            return;
        v = float80_default_nan();
    }
    x87_push(f, v);
}

static void store_register(struct fpu *f, uint32_t n, bool pop) {
    struct float80 v = *x87_st(f, 0);
    f->status &= ~(uint32_t)STATUS_C1;
    if (x87_empty(f, 0)) {
        if (!x87_stack_fault(f, false))
            return;
        v = float80_default_nan();
    }
    x87_set(f, n, v);
    if (pop)
        x87_pop(f);
}

static void move_if(struct cpu *c, uint32_t condition_code, uint32_t n) {
    struct fpu *f = &c->fpu;
    f->status &= ~(uint32_t)STATUS_C1;
    if (both(f, 0, n, 0) && condition(c, condition_code))
        x87_set(f, 0, *x87_st(f, n));
}

static void examine(struct fpu *f) {
    struct float80 v = *x87_st(f, 0);
    uint32_t exponent = float80_exponent(v), class;
    if (x87_empty(f, 0))
        class = STATUS_C3 | STATUS_C0;
    else if (float80_is_unsupported(v))
        class = 0;
    else if (float80_is_nan(v))
        class = STATUS_C0;
    else if (exponent == EXPONENT_MAX)
        class = STATUS_C2 | STATUS_C0;
    else if (exponent)
        class = STATUS_C2;
    else
        class = v.significand ? STATUS_C3 | STATUS_C2 : STATUS_C3;
    f->status &= ~(uint32_t)STATUS_CONDITIONS;
    f->status |= class | (float80_sign(v) ? STATUS_C1 : 0u);
}

static void remainder_step(struct fpu *f, bool nearest) {
    struct float_env env = x87_env(f);
    bool partial;
    uint32_t q;
    if (!both(f, 0, 1, 0))
        return;
    struct float80 r = float80_remainder(&env, *x87_st(f, 0), *x87_st(f, 1), nearest, &partial, &q);
    env.up = false;
    if (!x87_finish(f, &env))
        return;
    x87_set(f, 0, r);
    f->status &= ~(uint32_t)STATUS_CONDITIONS;
    if (env.raised & FLOAT_INVALID)
        return;
    f->status |= (partial ? STATUS_C2 : 0u) | (q & 4 ? STATUS_C0 : 0u) | (q & 2 ? STATUS_C3 : 0u) |
                 (q & 1 ? STATUS_C1 : 0u);
}

static void extract(struct fpu *f) {
    struct float_env env = x87_env(f);
    struct float80 exponent;
    if (!one(f))
        return;
    if (!x87_empty(f, 7)) {
        if (x87_stack_fault(f, true)) {
            x87_set(f, 0, float80_default_nan());
            f->top = (f->top - 1) & 7;
            x87_set(f, 0, float80_default_nan());
        }
        return;
    }
    struct float80 significand = float80_extract(&env, *x87_st(f, 0), &exponent);
    if (!x87_finish(f, &env))
        return;
    x87_set(f, 0, exponent);
    x87_push(f, significand);
}

/* FSQRT FRNDINT FSCALE. */
static void unary(struct fpu *f, uint32_t op) {
    struct float_env env = x87_env(f);
    struct float80 v = *x87_st(f, 0);
    if (!(op == 0xFD ? both(f, 0, 1, 0) : one(f)))
        return;
    if (op == 0xFA)
        v = float80_sqrt(&env, v);
    else if (op == 0xFC)
        v = float80_round(&env, v);
    else
        v = float80_scale(&env, v, *x87_st(f, 1));
    if (x87_finish(f, &env))
        x87_set(f, 0, v);
}

static void change_sign(struct fpu *f, bool absolute) {
    if (!one(f))
        return;
    f->status &= ~(uint32_t)STATUS_C1;
    struct float80 *v = x87_st(f, 0);
    v->top = (uint16_t)(absolute ? v->top & 0x7FFF : v->top ^ 0x8000);
}

static void test_zero(struct fpu *f) {
    if (x87_empty(f, 0)) {
        x87_stack_fault(f, false);
        f->status |= STATUS_C0 | STATUS_C2 | STATUS_C3;
    } else {
        x87_compare(f, *x87_st(f, 0), float80_zero(false), false, 0);
    }
}

static void load_constant(struct fpu *f, uint32_t n) {
    struct float_env env = x87_env(f);
    f->status &= ~(uint32_t)STATUS_C1;
    x87_push(f, float80_constant(&env, n));
}

static void turn(struct fpu *f, uint32_t by) {
    f->top = (f->top + by) & 7;
    f->status &= ~(uint32_t)STATUS_C1;
}

/* D9 D0 to D9 FF. The transcendental functions are not there. */
static void d9(struct cpu *c, struct insn *i, uint32_t modrm) {
    struct fpu *f = &c->fpu;
    if (modrm == 0xD0)
        return;
    if (modrm >= 0xD8 && modrm <= 0xDF)
        store_register(f, modrm & 7, true);
    else if (modrm == 0xE0 || modrm == 0xE1)
        change_sign(f, modrm & 1);
    else if (modrm == 0xE4)
        test_zero(f);
    else if (modrm == 0xE5)
        examine(f);
    else if (modrm >= 0xE8 && modrm <= 0xEE)
        load_constant(f, modrm & 7);
    else if (modrm == 0xF4)
        extract(f);
    else if (modrm == 0xF5 || modrm == 0xF8)
        remainder_step(f, modrm == 0xF5);
    else if (modrm == 0xF6 || modrm == 0xF7)
        turn(f, modrm & 1 ? 1 : 7);
    else if (modrm == 0xFA || modrm == 0xFC || modrm == 0xFD)
        unary(f, modrm);
    else if (modrm >= 0xF0)
        cpu_stop(c, STOP_UNSUPPORTED, i->eip);
    else
        cpu_fault(c, VECTOR_INVALID, i->eip);
}

static void dd_df(struct cpu *c, struct insn *i, uint32_t modrm) {
    struct fpu *f = &c->fpu;
    bool df = i->aux == 7;
    uint32_t n = modrm & 7;
    switch (modrm >> 3 & 7) {
    case 0:
        f->empty |= (uint8_t)(1u << x87_index(f, n));
        if (df)
            x87_pop(f);
        break;
    case 1:
        exchange(f, n);
        break;
    case 2:
    case 3:
        store_register(f, n, df || modrm & 8);
        break;
    case 4:
    case 5:
        if (df && (modrm & 8))
            compare_flags(c, n, true, true);
        else if (df)
            cpu_fault(c, VECTOR_INVALID, i->eip);
        else
            compare(f, n, true, modrm & 8 ? 1 : 0);
        break;
    case 6:
        if (df) {
            compare_flags(c, n, false, true);
            break;
        }
        cpu_fault(c, VECTOR_INVALID, i->eip);
        break;
    default:
        cpu_fault(c, VECTOR_INVALID, i->eip);
        break;
    }
}

static void da_db(struct cpu *c, struct insn *i, uint32_t modrm) {
    bool db = i->aux == 3;
    uint32_t n = modrm & 7, row = modrm >> 3 & 7;
    static const uint8_t conditions[4] = {2, 4, 6, 10}; /* B E BE P */
    if (row < 4)
        move_if(c, conditions[row] | db, n);
    else if (!db && modrm == 0xE9)
        compare(&c->fpu, 1, true, 2);
    else if (db && row >= 5 && row <= 6)
        compare_flags(c, n, row == 5, false);
    else
        cpu_fault(c, VECTOR_INVALID, i->eip);
}

static void d8_dc_de(struct cpu *c, struct insn *i, uint32_t modrm) {
    uint32_t op = modrm >> 3 & 7, n = modrm & 7;
    if (i->aux == 6 && op == X87_COMP && n == 1)
        compare(&c->fpu, 1, false, 2);
    else if (i->aux == 6 && op == X87_COMP)
        cpu_fault(c, VECTOR_INVALID, i->eip);
    else if (op == X87_COM || op == X87_COMP)
        compare(&c->fpu, n, false, op == X87_COMP || i->aux == 6);
    else
        arithmetic(&c->fpu, i->aux, op, n);
}

/* FNCLEX FNINIT, the old ones that do nothing, FNSTSW AX. True: it was one of them. */
static bool control(struct cpu *c, uint32_t which) {
    struct fpu *f = &c->fpu;
    switch (which) {
    case 0x3E0: /* FENI FDISI FSETPM */
    case 0x3E1:
    case 0x3E4:
        return true;
    case 0x3E2:
        f->status &= STATUS_CONDITIONS;
        return true;
    case 0x3E3:
        fpu_init(f);
        return true;
    case 0x7E0:
        set_reg16(c, EAX, x87_status(f));
        return true;
    default:
        return false;
    }
}

RUN(run_x87_register) {
    uint32_t modrm = i->dst;
    if (UNLIKELY(c->no_fpu & NO_FPU_X87)) {
        cpu_fault(c, VECTOR_NO_FPU, i->eip);
        LEAVE(i);
    }
    if (control(c, (uint32_t)i->aux << 8 | modrm))
        NEXT;
    if (!x87_begin(c, i))
        LEAVE(i);
    switch (i->aux) {
    case 1:
        if (modrm < 0xC8)
            load_register(&c->fpu, modrm & 7);
        else if (modrm < 0xD0)
            exchange(&c->fpu, modrm & 7);
        else
            d9(c, i, modrm);
        break;
    case 2:
    case 3:
        da_db(c, i, modrm);
        break;
    case 5:
    case 7:
        dd_df(c, i, modrm);
        break;
    default:
        d8_dc_de(c, i, modrm);
        break;
    }
    NEXT;
}

RUN(run_wait) {
    if (c->no_fpu & NO_FPU_WAIT)
        cpu_fault(c, VECTOR_NO_FPU, i->eip);
    else if (c->fpu.status & ~c->fpu.control & EXCEPTIONS)
        cpu_fault(c, VECTOR_FLOAT, i->eip);
    NEXT;
}
