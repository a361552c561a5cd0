/* MOVS CMPS STOS LODS SCAS INS OUTS, alone and repeated. */
#include <string.h>

#include "refmodel/cpu/alu.h"
#include "refmodel/cpu/exec.h"

static inline uint32_t load(struct cpu *c, const struct insn *i, uint32_t s, uint32_t a, int size) {
    return size == 1   ? load8_in(c, i, s, a)
           : size == 2 ? load16_in(c, i, s, a)
                       : load32_in(c, i, s, a);
}

static inline void store(struct cpu *c, const struct insn *i, uint32_t a, uint32_t v, int size) {
    if (size == 1)
        store8_in(c, i, ES, a, v);
    else if (size == 2)
        store16_in(c, i, ES, a, v);
    else
        store32_in(c, i, ES, a, v);
}

static inline uint32_t accumulator(const struct cpu *c, int size) {
    return size == 1 ? reg8(c, EAX) : size == 2 ? reg16(c, EAX) : c->r[EAX];
}

static inline void set_accumulator(struct cpu *c, uint32_t v, int size) {
    if (size == 1)
        set_reg8(c, EAX, v);
    else if (size == 2)
        set_reg16(c, EAX, v);
    else
        c->r[EAX] = v;
}

static inline void in_out(struct cpu *c, const struct insn *i, int op, int size, uint32_t si,
                          uint32_t di) {
    if (op == STRING_INS) {
        if (!may_modify_in(c, i, ES, di, (uint32_t)size))
            return;
        uint32_t v = c->bus->in(c, reg16(c, EDX), (uint32_t)size, i->eip);
        if (!c->stop)
            store(c, i, di, v, size);
    } else {
        uint32_t v = load(c, i, i->seg, si, size);
        if (!c->stop)
            c->bus->out(c, reg16(c, EDX), v, (uint32_t)size, i->eip);
    }
}

/* One element: source at `si`, destination at `di`. Flags change only without a fault. */
static inline void element(struct cpu *c, const struct insn *i, int op, int size, uint32_t si,
                           uint32_t di) {
    uint32_t a, b;
    switch (op) {
    case STRING_MOVS:
        a = load(c, i, i->seg, si, size);
        if (LIKELY(!c->stop))
            store(c, i, di, a, size);
        break;
    case STRING_STOS:
        store(c, i, di, accumulator(c, size), size);
        break;
    case STRING_LODS:
        a = load(c, i, i->seg, si, size);
        if (LIKELY(!c->stop))
            set_accumulator(c, a, size);
        break;
    case STRING_CMPS:
        a = load(c, i, i->seg, si, size);
        b = LIKELY(!c->stop) ? load(c, i, ES, di, size) : 0;
        if (LIKELY(!c->stop))
            difference(c, a, b, 0, 8 * size);
        break;
    case STRING_SCAS:
        b = load(c, i, ES, di, size);
        if (LIKELY(!c->stop))
            difference(c, accumulator(c, size), b, 0, 8 * size);
        break;
    default:
        in_out(c, i, op, size, si, di);
        break;
    }
}

static inline bool moves_si(int op) {
    return op == STRING_MOVS || op == STRING_CMPS || op == STRING_LODS || op == STRING_OUTS;
}

static inline bool moves_di(int op) {
    return op != STRING_LODS && op != STRING_OUTS;
}

/* What of ESI, EDI and ECX is used. Flat code with 16-bit addresses runs as segmented. */
static inline uint32_t address_mask(const struct insn *i) {
#ifdef SEGMENTED
    return i->aux & STRING_NARROW ? 0xFFFF : 0xFFFFFFFFu;
#else
    (void)i;
    return 0xFFFFFFFFu;
#endif
}

static inline void advance(struct cpu *c, uint32_t reg, uint32_t by, uint32_t mask) {
    c->r[reg] = (c->r[reg] & ~mask) | ((c->r[reg] + by) & mask);
}

static inline void once(struct cpu *c, const struct insn *i, int op, int size) {
    uint32_t step = c->other_flags & FLAG_DF ? 0 - (uint32_t)size : (uint32_t)size;
    uint32_t mask = address_mask(i);
    element(c, i, op, size, c->r[ESI] & mask, c->r[EDI] & mask);
    if (UNLIKELY(c->stop))
        return;
    if (moves_si(op))
        advance(c, ESI, step, mask);
    if (moves_di(op))
        advance(c, EDI, step, mask);
}

/* How many bytes from offset a on lie in one page and within reach of the mask. */
static inline uint32_t bytes_ahead(const struct cpu *c, uint32_t s, uint32_t a, uint32_t mask) {
    uint32_t linear_a = a;
    if (!plainly_linear(c, s, &linear_a, 1, SEGMENT_READ))
        return 0;
    uint32_t n = PAGE_SIZE - (linear_a & PAGE_MASK);
#ifdef SEGMENTED
    uint32_t limit = c->seg[s].limit < mask ? c->seg[s].limit : mask;
    if (n - 1 > limit - a)
        n = limit - a + 1;
#else
    (void)mask;
#endif
    return n;
}

/* Whether all bytes of a value are the same. */
static inline bool same_bytes(uint32_t v, int size) {
    uint32_t all = (v & 0xFF) * 0x01010101u;
    return size == 1 || (size == 2 ? !((v ^ all) & 0xFFFF) : v == all);
}

/*
 * MOVS downwards, in flat code: as bulk, from the elements at ESI and EDI to the beginning of the
 * page that begins first.
 */
static uint32_t bulk_down(struct cpu *c, const struct insn *i, int op, int size, uint32_t count) {
#ifdef SEGMENTED
    (void)c, (void)i, (void)op, (void)size, (void)count;
    return 0;
#else
    uint32_t di = c->r[EDI] & PAGE_MASK, si = c->r[ESI] & PAGE_MASK;
    uint32_t n = (di < si ? di : si) / (uint32_t)size + 1;
    if (op != STRING_MOVS || (di > si ? di : si) > PAGE_SIZE - (uint32_t)size)
        return 0;
    n = n < count ? n : count;
    uint32_t below = (n - 1) * (uint32_t)size, bytes = below + (uint32_t)size;
    uint8_t *to = writable_in(c, ES, c->r[EDI] - below, 1);
    const uint8_t *from = readable_in(c, i->seg, c->r[ESI] - below, 1);
    if (!to || !from || (uintptr_t)from - (uintptr_t)to - 1 < bytes - 1)
        return 0;
    memmove(to, from, bytes);
    advance(c, ESI, 0 - bytes, 0xFFFFFFFFu);
    advance(c, EDI, 0 - bytes, 0xFFFFFFFFu);
    return n;
#endif
}

/*
 * Moves or stores many elements at once, where source and destination lie in pages at hand and do
 * not overlap in a way that the order would show. Returns how many; 0 is an answer.
 */
static uint32_t bulk(struct cpu *c, const struct insn *i, int op, int size, uint32_t count) {
    if (c->other_flags & FLAG_DF)
        return bulk_down(c, i, op, size, count);
    uint32_t mask = address_mask(i);
    uint32_t di = c->r[EDI] & mask, si = c->r[ESI] & mask;
    uint8_t *to = writable_in(c, ES, di, 1);
    uint32_t room = bytes_ahead(c, ES, di, mask);
    if (!to)
        return 0;
    const uint8_t *from = NULL;
    if (op == STRING_MOVS) {
        uint32_t ahead = bytes_ahead(c, i->seg, si, mask);
        from = readable_in(c, i->seg, si, 1);
        room = room < ahead ? room : ahead;
        if (!from)
            return 0;
    }
    uint32_t n = room / (uint32_t)size < count ? room / (uint32_t)size : count;
    uint32_t bytes = n * (uint32_t)size;
    if (op == STRING_MOVS) {
        /* Two linear pages may be one: so the bytes are compared, not the addresses. */
        if ((uintptr_t)to - (uintptr_t)from - 1 < bytes - 1)
            return 0;
        memmove(to, from, bytes);
        advance(c, ESI, bytes, mask);
    } else if (same_bytes(c->r[EAX], size)) {
        memset(to, (int)reg8(c, EAX), bytes);
    } else {
        for (uint32_t k = 0; k < bytes; k += (uint32_t)size)
            size == 2 ? put16(to + k, c->r[EAX]) : put32(to + k, c->r[EAX]);
    }
    advance(c, EDI, bytes, mask);
    return n;
}

static inline void repeat(struct cpu *c, const struct insn *i, int op, int size) {
    bool compares = op == STRING_CMPS || op == STRING_SCAS;
    uint32_t mask = address_mask(i);
    while (c->r[ECX] & mask && !c->stop) {
        uint32_t done = 0;
        if (op == STRING_MOVS || op == STRING_STOS)
            done = bulk(c, i, op, size, c->r[ECX] & mask);
        if (!done) {
            once(c, i, op, size);
            if (UNLIKELY(c->stop))
                break;
            done = 1;
        }
        advance(c, ECX, 0 - done, mask);
        if (compares && flag_z(c) != !(i->aux & STRING_REPNE))
            break;
    }
}

#define STRING_OF(name, op, size)                                                                  \
    static RUN(name##size##_any) {                                                                 \
        if (i->aux & (STRING_REP | STRING_REPNE))                                                  \
            repeat(c, i, op, size);                                                                \
        else                                                                                       \
            once(c, i, op, size);                                                                  \
        NEXT;                                                                                      \
    }                                                                                              \
    static RUN(name##size##_once) {                                                                \
        once(c, i, op, size);                                                                      \
        NEXT;                                                                                      \
    }

#define STRINGS_OF(name, op) STRING_OF(name, op, 1) STRING_OF(name, op, 2) STRING_OF(name, op, 4)

STRINGS_OF(movs, STRING_MOVS)
STRINGS_OF(cmps, STRING_CMPS)
STRINGS_OF(stos, STRING_STOS)
STRINGS_OF(lods, STRING_LODS)
STRINGS_OF(scas, STRING_SCAS)
STRINGS_OF(ins, STRING_INS)
STRINGS_OF(outs, STRING_OUTS)

#define ROW(name, how)                                                                             \
    { name##1_##how, name##2_##how, name##4_##how }
#define ALL(how)                                                                                   \
    {                                                                                              \
        ROW(movs, how), ROW(cmps, how), ROW(stos, how), ROW(lods, how), ROW(scas, how),            \
            ROW(ins, how), ROW(outs, how)                                                          \
    }

const struct string_set SET(string) = {.run = ALL(any), .once = ALL(once)};
