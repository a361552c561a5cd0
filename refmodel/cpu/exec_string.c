/* MOVS CMPS STOS LODS SCAS INS OUTS, alone and repeated. */
#include <string.h>

#include "refmodel/cpu/alu.h"
#include "refmodel/cpu/exec.h"

static inline uint32_t load(struct cpu *c, const struct insn *i, uint32_t a, int size) {
    return size == 1 ? load8(c, i, a) : size == 2 ? load16(c, i, a) : load32(c, i, a);
}

static inline void store(struct cpu *c, const struct insn *i, uint32_t a, uint32_t v, int size) {
    if (size == 1)
        store8(c, i, a, v);
    else if (size == 2)
        store16(c, i, a, v);
    else
        store32(c, i, a, v);
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

/* One element: source at `si`, destination at `di`. */
static inline void element(struct cpu *c, const struct insn *i, int op, int size, uint32_t si,
                           uint32_t di) {
    switch (op) {
    case STRING_MOVS:
        store(c, i, di, load(c, i, si, size), size);
        break;
    case STRING_STOS:
        store(c, i, di, accumulator(c, size), size);
        break;
    case STRING_LODS:
        set_accumulator(c, load(c, i, si, size), size);
        break;
    case STRING_CMPS: {
        uint32_t a = load(c, i, si, size);
        difference(c, a, load(c, i, di, size), 0, 8 * size);
        break;
    }
    case STRING_SCAS:
        difference(c, accumulator(c, size), load(c, i, di, size), 0, 8 * size);
        break;
    case STRING_INS:
        store(c, i, di, 0xFFFFFFFFu, size);
        break;
    default:
        load(c, i, si, size);
        break;
    }
}

static inline bool moves_si(int op) {
    return op == STRING_MOVS || op == STRING_CMPS || op == STRING_LODS || op == STRING_OUTS;
}

static inline bool moves_di(int op) {
    return op != STRING_LODS && op != STRING_OUTS;
}

static inline uint32_t stride(const struct cpu *c, int size) {
    return c->other_flags & FLAG_DF ? 0 - (uint32_t)size : (uint32_t)size;
}

static inline void once(struct cpu *c, const struct insn *i, int op, int size) {
    uint32_t step = stride(c, size);
    element(c, i, op, size, c->r[ESI], c->r[EDI]);
    if (moves_si(op))
        c->r[ESI] += step;
    if (moves_di(op))
        c->r[EDI] += step;
}

/*
 * Moves or stores many elements at once, where source and destination lie in pages at hand, go
 * upwards and do not overlap in a way that the order would show. Returns how many; 0 is an answer.
 */
static uint32_t bulk(struct cpu *c, int op, int size, uint32_t count) {
    uint32_t di = c->r[EDI], si = c->r[ESI];
    uint8_t *to = c->wr[di >> PAGE_SHIFT];
    uint32_t room = PAGE_SIZE - (di & PAGE_MASK);
    if (!to || c->other_flags & FLAG_DF)
        return 0;
    to += di & PAGE_MASK;
    if (op == STRING_MOVS && room > PAGE_SIZE - (si & PAGE_MASK))
        room = PAGE_SIZE - (si & PAGE_MASK);
    uint32_t n = room / (uint32_t)size < count ? room / (uint32_t)size : count;
    uint32_t bytes = n * (uint32_t)size;
    if (op == STRING_MOVS) {
        const uint8_t *from = c->rd[si >> PAGE_SHIFT];
        if (!from || di - si < bytes)
            return 0;
        memmove(to, from + (si & PAGE_MASK), bytes);
        c->r[ESI] += bytes;
    } else if (size == 1) {
        memset(to, (int)reg8(c, EAX), bytes);
    } else {
        for (uint32_t k = 0; k < bytes; k += (uint32_t)size)
            size == 2 ? put16(to + k, c->r[EAX]) : put32(to + k, c->r[EAX]);
    }
    c->r[EDI] += bytes;
    return n;
}

static inline void repeat(struct cpu *c, const struct insn *i, int op, int size) {
    bool compares = op == STRING_CMPS || op == STRING_SCAS;
    while (c->r[ECX] && !c->stop) {
        uint32_t done = 0;
        if (op == STRING_MOVS || op == STRING_STOS)
            done = bulk(c, op, size, c->r[ECX]);
        if (!done) {
            once(c, i, op, size);
            done = 1;
        }
        c->r[ECX] -= done;
        if (compares && flag_z(c) != !(i->aux & STRING_REPNE))
            break;
    }
}

/* 16-bit addresses: SI, DI and CX wrap within 16 bits. */
static void once16(struct cpu *c, const struct insn *i, int op, int size) {
    uint32_t step = stride(c, size);
    element(c, i, op, size, reg16(c, ESI), reg16(c, EDI));
    if (moves_si(op))
        set_reg16(c, ESI, c->r[ESI] + step);
    if (moves_di(op))
        set_reg16(c, EDI, c->r[EDI] + step);
}

static void repeat16(struct cpu *c, const struct insn *i, int op, int size) {
    bool compares = op == STRING_CMPS || op == STRING_SCAS;
    while (reg16(c, ECX) && !c->stop) {
        once16(c, i, op, size);
        set_reg16(c, ECX, c->r[ECX] - 1);
        if (compares && flag_z(c) != !(i->aux & STRING_REPNE))
            break;
    }
}

#define STRING_OF(name, op, size)                                                                  \
    static RUN(name##size##_any) {                                                                 \
        bool repeated = i->aux & (STRING_REP | STRING_REPNE);                                      \
        if (i->aux & STRING_ADDRESS16)                                                             \
            repeated ? repeat16(c, i, op, size) : once16(c, i, op, size);                          \
        else                                                                                       \
            repeat(c, i, op, size);                                                                \
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

run_fn *const run_string[STRING_OUTS + 1][SIZES] = {ROW(movs, any), ROW(cmps, any), ROW(stos, any),
                                                    ROW(lods, any), ROW(scas, any), ROW(ins, any),
                                                    ROW(outs, any)};
run_fn *const run_string_once[STRING_OUTS + 1][SIZES] = {
    ROW(movs, once), ROW(cmps, once), ROW(stos, once), ROW(lods, once),
    ROW(scas, once), ROW(ins, once),  ROW(outs, once)};
