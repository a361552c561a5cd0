/*
 * Memory access of the instructions, in two kinds. The flat one is for code in a 32-bit segment of
 * 4 GiB with data and stack segments alike: an offset is a linear address, and nothing has to be
 * checked but whether the page is at hand. The segmented kind, for files that define SEGMENTED, is
 * right for any segments and for 16-bit addresses and stacks.
 *
 *     offset --- segment: limit, rights, + base ---> linear address --- rd, wr ---> bytes
 *                                                          \--- not at hand: bus->access
 */
#ifndef REFMODEL_CPU_ACCESS_H
#define REFMODEL_CPU_ACCESS_H

#include "refmodel/cpu/bytes.h"
#include "refmodel/cpu/cpu.h"

#ifdef SEGMENTED

/* The offset of the memory operand. */
static inline uint32_t operand(const struct cpu *c, const struct insn *i) {
    uint32_t at = c->r[i->u.m.base] + (c->r[i->u.m.index] << i->u.m.scale) + i->u.m.disp;
    return i->u.m.narrow ? at & 0xFFFF : at;
}

static inline uint32_t plain_operand(const struct cpu *c, const struct insn *i) {
    return operand(c, i);
}

static inline bool in_segment(const struct cpu *c, uint32_t s, uint32_t a, uint32_t n,
                              uint32_t need) {
    const struct segment *g = &c->seg[s];
    return (g->size & need) && a <= g->limit && n - 1 <= g->limit - a;
}

/* Turns an offset into a linear address. False: the fault was raised. */
static inline bool linear(struct cpu *c, const struct insn *i, uint32_t s, uint32_t *a, uint32_t n,
                          uint32_t need) {
    if (UNLIKELY(!in_segment(c, s, *a, n, need)) && !segment_allows(c, s, *a, n, need, i->eip))
        return false;
    *a += c->seg[s].base;
    return true;
}

/* For pointers only: raises nothing. */
static inline bool plainly_linear(const struct cpu *c, uint32_t s, uint32_t *a, uint32_t n,
                                  uint32_t need) {
    if (!in_segment(c, s, *a, n, need))
        return false;
    *a += c->seg[s].base;
    return true;
}

static inline uint32_t stack_mask(const struct cpu *c) {
    return c->stack_mask;
}

static inline uint32_t code_base(const struct cpu *c) {
    return c->code_base;
}

#else

static inline uint32_t operand(const struct cpu *c, const struct insn *i) {
    return c->r[i->u.m.base] + (c->r[i->u.m.index] << i->u.m.scale) + i->u.m.disp;
}

/* The same for an operand without an index. */
static inline uint32_t plain_operand(const struct cpu *c, const struct insn *i) {
    return c->r[i->u.m.base] + i->u.m.disp;
}

static inline bool linear(struct cpu *c, const struct insn *i, uint32_t s, uint32_t *a, uint32_t n,
                          uint32_t need) {
    (void)c, (void)i, (void)s, (void)a, (void)n, (void)need;
    return true;
}

static inline bool plainly_linear(const struct cpu *c, uint32_t s, uint32_t *a, uint32_t n,
                                  uint32_t need) {
    (void)c, (void)s, (void)a, (void)n, (void)need;
    return true;
}

static inline uint32_t stack_mask(const struct cpu *c) {
    (void)c;
    return 0xFFFFFFFFu;
}

static inline uint32_t code_base(const struct cpu *c) {
    (void)c;
    return 0;
}

#endif

/*
 * Where an operand lies in a page that can be read (or written) at once; null where it takes more:
 * a first touch, two pages, decoded code, or a fault.
 */
static inline const uint8_t *readable_in(const struct cpu *c, uint32_t s, uint32_t a, uint32_t n) {
    if (!plainly_linear(c, s, &a, n, SEGMENT_READ))
        return NULL;
    const uint8_t *p = c->rd[a >> PAGE_SHIFT];
    return LIKELY(p && (a & PAGE_MASK) <= PAGE_SIZE - n) ? p + (a & PAGE_MASK) : NULL;
}

static inline uint8_t *writable_in(const struct cpu *c, uint32_t s, uint32_t a, uint32_t n) {
    if (!plainly_linear(c, s, &a, n, SEGMENT_WRITE))
        return NULL;
    uint8_t *p = c->wr[a >> PAGE_SHIFT];
    return LIKELY(p && (a & PAGE_MASK) <= PAGE_SIZE - n) ? p + (a & PAGE_MASK) : NULL;
}

static inline const uint8_t *readable(const struct cpu *c, const struct insn *i, uint32_t a,
                                      uint32_t n) {
    return readable_in(c, i->seg, a, n);
}

static inline uint8_t *writable(const struct cpu *c, const struct insn *i, uint32_t a, uint32_t n) {
    return writable_in(c, i->seg, a, n);
}

/* Access to offset a in segment s. After a fault c->stop is set. */
#define ACCESS_OF(N)                                                                               \
    static inline uint32_t load##N##_in(struct cpu *c, const struct insn *i, uint32_t s,           \
                                        uint32_t a) {                                              \
        if (!linear(c, i, s, &a, N / 8, SEGMENT_READ))                                             \
            return 0;                                                                              \
        const uint8_t *p = c->rd[a >> PAGE_SHIFT];                                                 \
        if (LIKELY(p && (a & PAGE_MASK) <= PAGE_SIZE - N / 8))                                     \
            return get##N(p + (a & PAGE_MASK));                                                    \
        return load_slow(c, a, N / 8, i->eip);                                                     \
    }                                                                                              \
    static inline void store##N##_in(struct cpu *c, const struct insn *i, uint32_t s, uint32_t a,  \
                                     uint32_t v) {                                                 \
        if (!linear(c, i, s, &a, N / 8, SEGMENT_WRITE))                                            \
            return;                                                                                \
        uint8_t *p = c->wr[a >> PAGE_SHIFT];                                                       \
        if (LIKELY(p && (a & PAGE_MASK) <= PAGE_SIZE - N / 8))                                     \
            put##N(p + (a & PAGE_MASK), v);                                                        \
        else                                                                                       \
            store_slow(c, a, v, N / 8, i->eip);                                                    \
    }                                                                                              \
    static inline uint32_t load##N(struct cpu *c, const struct insn *i, uint32_t a) {              \
        return load##N##_in(c, i, i->seg, a);                                                      \
    }                                                                                              \
    static inline void store##N(struct cpu *c, const struct insn *i, uint32_t a, uint32_t v) {     \
        store##N##_in(c, i, i->seg, a, v);                                                         \
    }

ACCESS_OF(8)
ACCESS_OF(16)
ACCESS_OF(32)

/*
 * Whether n bytes can be written; if not, the fault is raised. What reads and then writes asks
 * first, so that a fault comes before anything has changed, and with the error code of a write.
 */
static inline bool may_modify_in(struct cpu *c, const struct insn *i, uint32_t s, uint32_t a,
                                 uint32_t n) {
    if (LIKELY(writable_in(c, s, a, n)))
        return true;
    return linear(c, i, s, &a, n, SEGMENT_WRITE) && modify_slow(c, a, n, i->eip);
}

static inline bool may_modify(struct cpu *c, const struct insn *i, uint32_t a, uint32_t n) {
    return may_modify_in(c, i, i->seg, a, n);
}

/* The stack: what lies `distance` bytes from its top, and moving the top. */
static inline uint32_t stack_at(const struct cpu *c, uint32_t distance) {
    return (c->r[ESP] + distance) & stack_mask(c);
}

static inline void move_stack(struct cpu *c, uint32_t distance) {
    uint32_t mask = stack_mask(c);
    c->r[ESP] = (c->r[ESP] & ~mask) | ((c->r[ESP] + distance) & mask);
}

/* After a fault the top has not moved, and c->stop is set. */
#define STACK_ACCESS_OF(N)                                                                         \
    static inline void push##N(struct cpu *c, const struct insn *i, uint32_t v) {                  \
        store##N##_in(c, i, SS, stack_at(c, 0u - N / 8), v);                                       \
        if (LIKELY(!c->stop))                                                                      \
            move_stack(c, 0u - N / 8);                                                             \
    }                                                                                              \
    static inline uint32_t pop##N(struct cpu *c, const struct insn *i) {                           \
        uint32_t v = load##N##_in(c, i, SS, stack_at(c, 0));                                       \
        if (LIKELY(!c->stop))                                                                      \
            move_stack(c, N / 8);                                                                  \
        return v;                                                                                  \
    }

STACK_ACCESS_OF(16)
STACK_ACCESS_OF(32)

/* A page of guest memory from which code was decoded, under one map. */
struct code_page {
    struct insn *at[PAGE_SIZE];  /* the instruction that begins at each byte, or null */
    uint8_t byte[PAGE_SIZE / 8]; /* one bit a byte: it is part of an instruction */
    uint32_t linear;             /* page numbers */
    uint32_t physical;
    uint32_t low, high; /* all decoded bytes lie in [low, high); high is 0 where there are none */
    bool crossed;       /* an instruction of the page before ends here */
    struct code_map *map;
    struct code_page *next;      /* in the map */
    struct code_page *next_here; /* of the same physical page */
};

/* Continues at an offset in CS that is only known now, and that lies within its limit. */
static inline struct insn *jump_to(struct cpu *c, uint32_t eip) {
    uint32_t at = eip + code_base(c);
    const struct code_page *p = c->code[at >> PAGE_SHIFT];
    if (LIKELY(p && p->at[at & PAGE_MASK]))
        return p->at[at & PAGE_MASK];
    return code_at(c, eip);
}

#endif
