/* x87 instructions with a memory operand: loads, stores, arithmetic, control. */
#include "refmodel/cpu/x87.h"

static uint64_t load64(struct cpu *c, const struct insn *i, uint32_t at) {
    uint64_t low = load32(c, i, at);
    return low | (uint64_t)load32(c, i, at + 4) << 32;
}

static void store64(struct cpu *c, const struct insn *i, uint32_t at, uint64_t v) {
    if (!may_modify(c, i, at, 8))
        return;
    store32(c, i, at, (uint32_t)v);
    store32(c, i, at + 4, (uint32_t)(v >> 32));
}

static uint64_t widened(uint32_t v) {
    return v >> 31 ? 0xFFFFFFFF00000000u | v : v;
}

/* The formats of memory operands, by the even opcodes D8 DA DC DE. */
enum { MEMORY_SINGLE, MEMORY_INT32, MEMORY_DOUBLE, MEMORY_INT16, MEMORY_INT64 };

static struct float80 fetch(struct cpu *c, const struct insn *i, uint32_t at, int format,
                            uint32_t *exceptions) {
    uint64_t bits;
    *exceptions = 0;
    switch (format) {
    case MEMORY_SINGLE:
        bits = load32(c, i, at);
        *exceptions = float80_single_denormal((uint32_t)bits) ? FLOAT_DENORMAL : 0;
        return float80_from_single((uint32_t)bits);
    case MEMORY_DOUBLE:
        bits = load64(c, i, at);
        *exceptions = float80_double_denormal(bits) ? FLOAT_DENORMAL : 0;
        return float80_from_double(bits);
    case MEMORY_INT16:
        return float80_from_integer(widened(extend16(load16(c, i, at))));
    case MEMORY_INT32:
        return float80_from_integer(widened(load32(c, i, at)));
    default:
        return float80_from_integer(load64(c, i, at));
    }
}

/* FADD and its like. */
static void arithmetic(struct cpu *c, const struct insn *i, uint32_t at) {
    struct fpu *f = &c->fpu;
    uint32_t op = i->dst >> 3 & 7, exceptions;
    bool ok;
    struct float80 b = fetch(c, i, at, i->aux >> 1, &exceptions);
    if (c->stop)
        return;
    if (!x87_empty(f, 0)) {
        ok = x87_arithmetic(f, op, 0, *x87_st(f, 0), b, exceptions);
    } else {
        ok = x87_stack_fault(f, false);
        if (op == X87_COM || op == X87_COMP)
            f->status |= STATUS_C0 | STATUS_C2 | STATUS_C3;
        else if (ok)
            x87_set(f, 0, float80_default_nan());
    }
    if (op == X87_COMP && ok)
        x87_pop(f);
}

static void load(struct cpu *c, const struct insn *i, uint32_t at, int format) {
    struct float_env env = x87_env(&c->fpu);
    struct float80 v = fetch(c, i, at, format, &env.raised);
    if (c->stop)
        return;
    if (float80_is_signalling(v)) {
        env.raised |= FLOAT_INVALID;
        v = float80_quiet(v);
    }
    if (!x87_empty(&c->fpu, 7))
        x87_push(&c->fpu, v); /* which fails */
    else if (x87_finish(&c->fpu, &env))
        x87_push(&c->fpu, v);
}

/* What ST(0) becomes in memory; an empty register becomes an indefinite value. */
static uint64_t converted(struct float_env *env, struct float80 v, int format) {
    switch (format) {
    case MEMORY_SINGLE:
        return float80_to_single(env, v);
    case MEMORY_DOUBLE:
        return float80_to_double(env, v);
    case MEMORY_INT16:
        return float80_to_integer(env, v, 16);
    case MEMORY_INT32:
        return float80_to_integer(env, v, 32);
    default:
        return float80_to_integer(env, v, 64);
    }
}

static void store(struct cpu *c, const struct insn *i, uint32_t at, int format, bool pop,
                  bool chop) {
    struct fpu *f = &c->fpu;
    struct float_env env = x87_env(f);
    struct float80 v = *x87_st(f, 0);
    bool ok = true;
    if (x87_empty(f, 0)) {
        if (!x87_stack_fault(f, false))
            return;
        v = float80_default_nan();
    }
    if (chop)
        env.rounding = ROUND_CHOP;
    uint64_t bits = converted(&env, v, format);
    if (!x87_empty(f, 0))
        ok = !(env.raised & ~f->control & (FLOAT_INVALID | FLOAT_OVERFLOW | FLOAT_UNDERFLOW));
    if (ok && (format == MEMORY_DOUBLE || format == MEMORY_INT64))
        store64(c, i, at, bits);
    else if (ok && format == MEMORY_INT16)
        store16(c, i, at, (uint32_t)bits);
    else if (ok)
        store32(c, i, at, (uint32_t)bits);
    if (c->stop)
        return;
    if (!x87_empty(f, 0))
        x87_finish(f, &env);
    if (pop && ok)
        x87_pop(f);
}

static void load_extended(struct cpu *c, const struct insn *i, uint32_t at) {
    struct float80 v = x87_load80(c, i, at);
    if (c->stop)
        return;
    c->fpu.status &= ~(uint32_t)STATUS_C1;
    x87_push(&c->fpu, v);
}

static void store_extended(struct cpu *c, const struct insn *i, uint32_t at) {
    struct fpu *f = &c->fpu;
    struct float80 v = *x87_st(f, 0);
    if (!may_modify(c, i, at, 10))
        return;
    if (x87_empty(f, 0)) {
        if (!x87_stack_fault(f, false))
            return;
        v = float80_default_nan();
    } else {
        f->status &= ~(uint32_t)STATUS_C1;
    }
    x87_store80(c, i, at, v);
    x87_pop(f);
}

static void load_decimal(struct cpu *c, const struct insn *i, uint32_t at) {
    uint8_t bytes[10];
    if (!may_modify(c, i, at, 10))
        return;
    for (uint32_t n = 0; n < 10; n++)
        bytes[n] = (uint8_t)load8(c, i, at + n);
    c->fpu.status &= ~(uint32_t)STATUS_C1;
    x87_push(&c->fpu, float80_from_decimal(bytes));
}

static void store_decimal(struct cpu *c, const struct insn *i, uint32_t at) {
    struct fpu *f = &c->fpu;
    struct float_env env = x87_env(f);
    struct float80 v = *x87_st(f, 0);
    uint8_t bytes[10];
    if (!may_modify(c, i, at, 10))
        return;
    bool empty = x87_empty(f, 0);
    if (empty && !x87_stack_fault(f, false))
        return;
    float80_to_decimal(&env, empty ? float80_default_nan() : v, bytes);
    if (!empty && !x87_finish(f, &env))
        return;
    for (uint32_t n = 0; n < 10; n++)
        store8(c, i, at + n, bytes[n]);
    x87_pop(f);
}

/* D9 and DD from /4 on, and DB, DF: what is neither a load nor a store of a number. */
static void other(struct cpu *c, const struct insn *i, uint32_t at, uint32_t which) {
    struct fpu *f = &c->fpu;
    switch (which) {
    case 0x14: /* D9 /4 */
        x87_load_environment(c, i, at);
        break;
    case 0x15: {
        uint32_t v = load16(c, i, at);
        if (!c->stop)
            x87_set_control(f, v);
        break;
    }
    case 0x16:
        x87_store_environment(c, i, at);
        break;
    case 0x17:
        store16(c, i, at, f->control);
        break;
    case 0x54: /* DD /4 */
        x87_restore(c, i, at);
        break;
    case 0x56:
        x87_save(c, i, at);
        break;
    case 0x57:
        store16(c, i, at, x87_status(f));
        break;
    default:
        cpu_fault(c, VECTOR_INVALID, i->eip);
        break;
    }
}

/* Those that do not wait for pending exceptions, and leave the last instruction as it is. */
static bool is_control(uint32_t which) {
    return (which >= 0x14 && which <= 0x17) || which == 0x54 || which == 0x56 || which == 0x57;
}

static bool waits(uint32_t which) {
    return which == 0x14 || which == 0x15 || which == 0x54;
}

/* The loads and stores: opcode and reg field. */
static void move(struct cpu *c, struct insn *i, uint32_t at, uint32_t which) {
    static const int formats[8] = {0, MEMORY_SINGLE, 0, MEMORY_INT32,
                                   0, MEMORY_DOUBLE, 0, MEMORY_INT16};
    uint32_t reg = which & 15;
    int format = formats[which >> 4];
    if (which == 0x11) /* D9 /1 */
        cpu_fault(c, VECTOR_INVALID, i->eip);
    else if (reg == 0)
        load(c, i, at, format);
    else if (reg < 4)
        store(c, i, at, format, reg != 2, reg == 1);
    else if (which == 0x35)
        load_extended(c, i, at);
    else if (which == 0x37)
        store_extended(c, i, at);
    else if (which == 0x74)
        load_decimal(c, i, at);
    else if (which == 0x75)
        load(c, i, at, MEMORY_INT64);
    else if (which == 0x76)
        store_decimal(c, i, at);
    else if (which == 0x77)
        store(c, i, at, MEMORY_INT64, true, false);
    else if (which == 0x51)
        store(c, i, at, MEMORY_INT64, true, true);
    else
        cpu_fault(c, VECTOR_INVALID, i->eip);
}

RUN(run_x87_memory) {
    uint32_t which = (uint32_t)i->aux << 4 | (i->dst >> 3 & 7);
    uint32_t at = operand(c, i);
    if (UNLIKELY(c->no_fpu & NO_FPU_X87)) {
        cpu_fault(c, VECTOR_NO_FPU, i->eip);
        LEAVE(i);
    }
    if (is_control(which)) {
        if (waits(which) && c->fpu.status & ~c->fpu.control & EXCEPTIONS)
            cpu_fault(c, VECTOR_FLOAT, i->eip);
        else
            other(c, i, at, which);
        NEXT;
    }
    const struct {
        uint32_t last_eip, last_opcode, last_address;
    } before = {c->fpu.last_eip, c->fpu.last_opcode, c->fpu.last_address};
    if (!x87_begin(c, i))
        LEAVE(i);
    c->fpu.last_address = at;
    if (!(i->aux & 1))
        arithmetic(c, i, at);
    else if (which == 0x51)
        store(c, i, at, MEMORY_INT64, true, true);
    else
        move(c, i, at, which);
    if (UNLIKELY(c->stop == STOP_FAULT)) { /* of memory: as if nothing had been done */
        c->fpu.last_eip = before.last_eip;
        c->fpu.last_opcode = before.last_opcode;
        c->fpu.last_address = before.last_address;
    }
    NEXT;
}
