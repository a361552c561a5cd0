/*
 * The environment and the whole state in memory. The layout is that of protected mode, with 32 or
 * 16 bits an item (SDM volume 1, figures 8-9 and 8-10).
 */
#include "refmodel/cpu/x87.h"

static uint32_t item(const struct insn *i) {
    return i->src ? 2 : 4;
}

static void put_item(struct cpu *c, const struct insn *i, uint32_t at, uint32_t n, uint32_t v) {
    if (i->src)
        store16(c, i, at + 2 * n, v);
    else
        store32(c, i, at + 4 * n, v);
}

static uint32_t get_item(struct cpu *c, const struct insn *i, uint32_t at, uint32_t n) {
    return i->src ? load16(c, i, at + 2 * n) : load32(c, i, at + 4 * n);
}

/* Valid 0, zero 1, special 2, empty 3: two bits a physical register. */
static uint32_t tag_word(const struct fpu *f) {
    uint32_t word = 0;
    for (int n = 0; n < 8; n++) {
        struct float80 v = f->st[n];
        uint32_t exponent = float80_exponent(v), tag = 0;
        if (f->empty >> n & 1)
            tag = 3;
        else if (!exponent && !v.significand)
            tag = 1;
        else if (!exponent || exponent == EXPONENT_MAX || float80_is_unsupported(v))
            tag = 2;
        word |= tag << 2 * n;
    }
    return word;
}

void x87_store_environment(struct cpu *c, const struct insn *i, uint32_t at) {
    struct fpu *f = &c->fpu;
    uint32_t ones = i->src ? 0 : 0xFFFF0000u;
    put_item(c, i, at, 0, f->control | ones);
    put_item(c, i, at, 1, x87_status(f) | ones);
    put_item(c, i, at, 2, tag_word(f) | ones);
    put_item(c, i, at, 3, f->last_eip);
    put_item(c, i, at, 4, c->seg[CS].selector | (i->src ? 0 : (f->last_opcode & 0x7FF) << 16));
    put_item(c, i, at, 5, f->last_address);
    put_item(c, i, at, 6, c->seg[i->seg].selector | ones);
    if (!c->stop) /* storing masks all exceptions */
        x87_set_control(f, f->control | EXCEPTIONS);
}

void x87_load_environment(struct cpu *c, const struct insn *i, uint32_t at) {
    struct fpu *f = &c->fpu;
    uint32_t control = get_item(c, i, at, 0), status = get_item(c, i, at, 1);
    uint32_t tags = get_item(c, i, at, 2);
    uint32_t eip = get_item(c, i, at, 3);
    uint32_t opcode = i->src ? 0 : get_item(c, i, at, 4) >> 16 & 0x7FF;
    uint32_t address = get_item(c, i, at, 5);
    get_item(c, i, at, 6);
    if (c->stop)
        return;
    f->last_eip = eip;
    f->last_opcode = opcode;
    f->last_address = address;
    f->empty = 0;
    for (int n = 0; n < 8; n++)
        if ((tags >> 2 * n & 3) == 3)
            f->empty |= (uint8_t)(1u << n);
    f->control = control;
    x87_set_status(f, status);
    x87_set_control(f, control);
}

void x87_save(struct cpu *c, const struct insn *i, uint32_t at) {
    if (!may_modify(c, i, at, 7 * item(i) + 80))
        return;
    x87_store_environment(c, i, at);
    for (uint32_t n = 0; n < 8; n++)
        x87_store80(c, i, at + 7 * item(i) + 10 * n, *x87_st(&c->fpu, n));
    fpu_init(&c->fpu);
}

void x87_restore(struct cpu *c, const struct insn *i, uint32_t at) {
    struct float80 st[8];
    for (uint32_t n = 0; n < 8; n++)
        st[n] = x87_load80(c, i, at + 7 * item(i) + 10 * n);
    x87_load_environment(c, i, at);
    for (uint32_t n = 0; n < 8 && !c->stop; n++)
        *x87_st(&c->fpu, n) = st[n];
}
