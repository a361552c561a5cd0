/* Choosing registers, addressing and immediates of an encoding. */
#include "verify/cpu/cpu.h"

static void add(struct encoding *e, u32 v, u32 bytes) {
    for (; bytes; bytes--, v >>= 8)
        e->code[e->length++] = (u8)v;
}

/* A register that the form does not avoid; -1 is allowed to come out of index. */
static int choose(const struct form *f, u32 *random) {
    int r;
    do
        r = (int)(next_random(random) >> 7 & 7);
    while (f->avoid >> r & 1);
    return r;
}

/* A 16-bit address: only for LEA, which takes any. */
static void add_short_address(struct encoding *e, u32 reg, u32 *random) {
    u32 mod = next_random(random) % 3, rm = next_random(random) >> 5 & 7;
    add(e, mod << 6 | reg << 3 | rm, 1);
    if (mod == 1)
        add(e, next_random(random), 1);
    else if (mod == 2 || rm == 6)
        add(e, next_random(random), 2);
}

static u32 small(u32 *random) {
    return (next_random(random) >> 9 & 0xFF) - 128;
}

/* A 32-bit address in all its forms. */
static void add_address(const struct form *f, struct encoding *e, u32 reg, u32 *random) {
    u32 mod = next_random(random) % 3, sib = next_random(random) & 1;
    e->memory = 1;
    e->base = choose(f, random);
    e->index = -1;
    if (e->base == ESP)
        sib = 1;
    if (sib) {
        e->index = choose(f, random);
        if (e->index == ESP)
            e->index = -1;
        e->scale = (int)(next_random(random) >> 5 & 3);
    }
    /* One register twice has no value that fits every address: the displacement must. */
    if (e->base == e->index)
        mod = 2;
    if (mod == 0 && e->base == EBP)
        e->base = -1;
    if (f->parts & STACK && e->base == ESP) { /* ESP has to stay where it is */
        mod = 1;
        e->index = -1;
    }
    u32 rm = sib ? 4 : e->base < 0 ? EBP : (u32)e->base;
    add(e, mod << 6 | reg << 3 | rm, 1);
    if (sib) {
        u32 index = e->index < 0 ? ESP : (u32)e->index;
        add(e, (u32)e->scale << 6 | index << 3 | (e->base < 0 ? EBP : (u32)e->base), 1);
    }
    if (mod == 1)
        add(e, e->disp = small(random), 1);
    else if (mod == 2 || e->base < 0)
        add(e,
            e->disp = (u32)scratch + MIDDLE - (f->parts & ADDRESS ? 0 : 8) +
                      (e->base < 0 && e->index < 0 ? 0 : next_random(random) << 3),
            4);
}

static void encode_once(const struct form *f, u32 *random, struct encoding *e) {
    *e = (struct encoding){.base = -1, .index = -1, .reg = -1, .rm = -1};
    if (f->parts & SHORT_ADDRESS)
        add(e, 0x67, 1);
    if (f->parts & HALF)
        add(e, 0x66, 1);
    for (u32 n = 0; n < f->length; n++)
        add(e, f->code[n], 1);
    if (f->parts & IN_OPCODE) {
        e->rm = choose(f, random);
        e->code[e->length - 1] |= (u8)e->rm;
    }
    if (f->parts & MODRM) {
        u32 reg = f->digit < 0 ? (u32)choose(f, random) : (u32)f->digit;
        e->reg = f->digit < 0 ? (int)reg : -1;
        int memory = f->parts & MEMORY || (!(f->parts & REGISTER) && next_random(random) & 4);
        if (f->parts & SHORT_ADDRESS) {
            add_short_address(e, reg, random);
        } else if (memory) {
            add_address(f, e, reg, random);
        } else {
            e->rm = choose(f, random);
            add(e, 0xC0 | reg << 3 | (u32)e->rm, 1);
        }
    }
    for (u32 n = 0; n < f->immediate; n++) {
        u32 v = next_random(random) >> 11;
        /* sign bits and small numbers more often than chance would have them */
        add(e, v & 0x300 ? v : v & 0x400 ? 0xFF : 0, 1);
    }
}

void encode(const struct form *f, u32 *random, struct encoding *e) {
    do
        encode_once(f, random, e);
    while (f->special == BIT_STRING && e->memory && e->reg >= 0 &&
           (e->reg == e->base || e->reg == e->index));
    if (f->special == DOUBLE_IMM && f->parts & HALF)
        e->code[e->length - 1] &= 0xEF; /* above 16 nothing is defined */
}
