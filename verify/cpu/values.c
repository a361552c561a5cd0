/* Values of registers, flags and memory before an instruction; flags that count after it. */
#include "verify/cpu/cpu.h"

static u32 value(u32 *random) {
    static const u32 edges[] = {0,          1,          2,          0x7F,       0x80,   0x81,
                                0xFF,       0x100,      0x7FFF,     0x8000,     0xFFFF, 0x10000,
                                0x7FFFFFFF, 0x80000000, 0x80000001, 0xFFFFFFFF, 9,      0x99};
    u32 kind = next_random(random) >> 8;
    if (kind & 3)
        return next_random(random);
    if (kind & 4)
        return edges[(kind >> 8 & 0xFF) * (sizeof edges / sizeof edges[0]) >> 8];
    return (kind & 8 ? 0u : 0xFFFFFF00u) + (kind >> 8 & 0xFF); /* small, of either sign */
}

/* Gives the base register the value that makes the memory operand `at`. */
static void aim(const struct encoding *e, u32 at) {
    u32 *r = before.r;
    u32 index = e->index < 0 ? 0 : (u32)e->index;
    if (!e->memory)
        return;
    if (e->base >= 0 && e->base == e->index) {
        /* x + (x << scale) + disp = at: 1 + 2^scale is 2, 3, 5 or 9 */
        u32 wanted = at - e->disp;
        u32 inverse = e->scale == 1 ? 0xAAAAAAABu : e->scale == 2 ? 0xCCCCCCCDu : 0x38E38E39u;
        r[index] = e->scale ? wanted * inverse : wanted >> 1;
    } else if (e->base >= 0) {
        r[e->base] = at - e->disp - (e->index < 0 ? 0 : r[index] << e->scale);
    } else if (e->index >= 0) {
        r[index] = (at - e->disp) >> e->scale;
    }
}

static u32 size_of(const struct form *f) {
    return f->parts & BYTE ? 1 : f->parts & HALF ? 2 : 4;
}

static u32 operand_address(const struct encoding *e) {
    const u32 *r = before.r;
    return (e->base < 0 ? 0 : r[e->base]) + (e->index < 0 ? 0 : r[e->index] << e->scale) + e->disp;
}

static u8 *operand_bytes(const struct form *f, const struct encoding *e) {
    if (e->memory)
        return (u8 *)operand_address(e);
    if (f->parts & BYTE)
        return (u8 *)&before.r[e->rm & 3] + (e->rm >> 2);
    return (u8 *)&before.r[e->rm];
}

static u32 get(const u8 *p, u32 bytes) {
    u32 v = 0;
    while (bytes--)
        v = v << 8 | p[bytes];
    return v;
}

static void put(u8 *p, u32 v, u32 bytes) {
    for (; bytes; bytes--, v >>= 8)
        *p++ = (u8)v;
}

/* A dividend that the divisor takes without a fault, in AX or (E)DX and (E)AX. */
static void choose_dividend(const struct form *f, const struct encoding *e, u32 *random) {
    u32 size = size_of(f), bits = 8 * size;
    u8 *p = operand_bytes(f, e);
    u32 divisor = get(p, size);
    if (!divisor)
        put(p, divisor = 1 + (next_random(random) & 0x7F), size);
    u32 quotient = value(random), rest = next_random(random) % divisor;
    u64 dividend;
    if (f->special == DIVIDE) {
        quotient &= bits == 32 ? 0xFFFFFFFFu : (1u << bits) - 1;
        dividend = (u64)quotient * divisor + rest;
    } else {
        s32 d = (s32)(divisor << (32 - bits)) >> (32 - bits);
        s32 q = (s32)(quotient << (32 - bits)) >> (32 - bits);
        u32 magnitude = d < 0 ? 0u - (u32)d : (u32)d;
        rest = rest % magnitude;
        int minus = (q < 0) != (d < 0);
        dividend = (u64)((long long)q * d + (minus ? -(long long)rest : (long long)rest));
        if (q == 0) /* any small rest, of either sign */
            dividend = next_random(random) & 1 ? rest : 0 - (u64)rest;
    }
    if (size == 1) {
        put((u8 *)&before.r[EAX], (u32)dividend, 2);
    } else {
        put((u8 *)&before.r[EAX], (u32)dividend, size);
        put((u8 *)&before.r[EDX], (u32)(dividend >> bits), size);
    }
}

static void choose_string(u32 *random) {
    before.r[ESI] = (u32)scratch + 128 + (next_random(random) >> 7 & 63);
    before.r[EDI] = (u32)scratch + 320 + (next_random(random) >> 7 & 63);
    if (next_random(random) & 1) /* overlapping */
        before.r[EDI] = before.r[ESI] + (next_random(random) >> 7 & 15) - 8;
    before.r[ECX] = next_random(random) >> 7 & 15;
    if (next_random(random) & 1) {
        for (u32 n = 0; n < SCRATCH_BYTES; n++)
            scratch[n] = scratch[n] & 8 ? 0x55 : 0xAA;
        before.r[EAX] = 0x55555555;
    }
    if (next_random(random) & 1)
        before.flags |= DF;
}

/* Makes a bound what it may be: the value itself where it is on the wrong side of it. */
static void set_bound(u8 *p, u32 v, u32 size, int upper) {
    u32 sign = 0x80u << (8 * size - 8), bound = get(p, size) ^ sign;
    if (upper ? bound < (v ^ sign) : bound > (v ^ sign))
        put(p, v, size);
}

static void choose_bounds(const struct form *f, const struct encoding *e) {
    u32 size = size_of(f);
    u32 v = get((u8 *)&before.r[e->reg], size);
    set_bound(operand_bytes(f, e), v, size, 0);
    set_bound(operand_bytes(f, e) + size, v, size, 1);
}

static void choose_special(const struct form *f, const struct encoding *e, u32 *random) {
    u32 size = size_of(f);
    switch (f->special) {
    case DIVIDE:
    case DIVIDE_SIGNED:
        choose_dividend(f, e, random);
        break;
    case STRING:
        choose_string(random);
        break;
    case TRANSLATE:
        before.r[EBX] = (u32)scratch + MIDDLE - (before.r[EAX] & 0xFF);
        break;
    case EXCHANGE:
        if (next_random(random) & 1)
            put((u8 *)&before.r[EAX], get(operand_bytes(f, e), size), size);
        break;
    case EXCHANGE8:
        if (next_random(random) & 1) {
            before.r[EAX] = get(operand_bytes(f, e), 4);
            before.r[EDX] = get(operand_bytes(f, e) + 4, 4);
        }
        break;
    case BOUNDS:
        choose_bounds(f, e);
        break;
    case NO_OVERFLOW:
        before.flags &= ~(u32)OF;
        break;
    default:
        break;
    }
}

void choose_values(const struct form *f, const struct encoding *e, u32 *random) {
    for (u32 n = 0; n < 8; n++)
        before.r[n] = value(random);
    for (u32 n = WINDOW; n < WINDOW + WINDOW_BYTES; n += 4)
        *(u32 *)(scratch + n) = n & 12 ? next_random(random) : value(random);
    before.flags = (next_random(random) & ARITHMETIC) | 0x202;
    if (f->special == DOUBLE_CL && f->parts & HALF)
        before.r[ECX] &= ~16u;
    if (f->parts & STACK)
        before.r[ESP] = (u32)scratch + MIDDLE;
    if (f->special == BIT_STRING && e->memory && e->reg >= 0)
        before.r[e->reg] = (next_random(random) >> 5 & 0x3FF) - 0x200 +
                           (f->parts & HALF ? next_random(random) << 16 : 0);
    if (!(f->parts & (STACK | ADDRESS)) || (f->parts & STACK && e->base != ESP))
        aim(e, (u32)scratch + MIDDLE + (next_random(random) >> 7 & 15));
    choose_special(f, e, random);
}

static u32 shift_mask(const struct form *f, u32 count) {
    u32 bits = 8 * size_of(f), undefined = f->undefined;
    count &= 31;
    if (count == 0)
        return ~0u;
    if (count != 1)
        undefined |= OF;
    if (count > bits)
        undefined |= CF;
    return ~undefined;
}

u32 defined_flags(const struct form *f, const struct encoding *e) {
    switch (f->special) {
    case SHIFT_ONE:
        return shift_mask(f, 1);
    case SHIFT_IMM:
        return shift_mask(f, e->code[e->length - 1]);
    case SHIFT_CL:
        return shift_mask(f, before.r[ECX]);
    case DOUBLE_IMM:
        return shift_mask(f, e->code[e->length - 1]);
    case DOUBLE_CL:
        return shift_mask(f, before.r[ECX]);
    default:
        return ~(u32)f->undefined;
    }
}
