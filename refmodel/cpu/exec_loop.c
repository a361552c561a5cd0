/*
 * Loops that change bits in a table, as kernels have them for page tables and maps:
 *
 *     again:  lea     edi, [table + ecx*4]        at most once
 *             or      byte [edi], 3               AND, OR or XOR, with a number or a register:
 *             and     [edi], dl                   up to MOST_CHANGES of one and the same operand
 *             loop    again
 *
 * Whatever the changes are, together they are (v & keep) ^ flip, and nothing but ECX and the
 * address differs from turn to turn. So LOOP, when it jumps back, takes all turns at once whose
 * operands are at hand in one page. The others run one by one, and so does the first turn; no
 * fault, no first touch and no change of code is ever seen from in here.
 */
#include "refmodel/cpu/alu.h"
#include "refmodel/cpu/exec_fused.h"

enum { MOST_CHANGES = 4 };

/* A loop, by its steps. */
struct table_loop {
    const struct insn *lea; /* null: there is none */
    const struct insn *change;
    uint32_t changes;
    const struct insn *end;
};

/* An operation on memory: what it does and how wide it is. False: it is none of ours. */
static bool change_of(const struct insn *i, uint32_t *op, uint32_t *size, bool *number) {
    static const uint8_t OPS[] = {ALU_AND, ALU_OR, ALU_XOR};
    static const uint8_t WIDE[] = {SIZE8, SIZE32};
    for (uint32_t k = 0; k < 2 * sizeof OPS * sizeof WIDE; k++) {
        uint32_t form = k & 1 ? FORM_MI : FORM_MR;
        *op = OPS[(k >> 1) % sizeof OPS];
        *size = WIDE[(k >> 1) / sizeof OPS];
        *number = k & 1;
        if (i->run == alu_flat.run[*op][*size][form] || i->run == alu_flat.quiet[*op][*size][form])
            return true;
    }
    return false;
}

static bool same_operand(const struct insn *a, const struct insn *b) {
    return a->u.m.base == b->u.m.base && a->u.m.index == b->u.m.index &&
           a->u.m.scale == b->u.m.scale && a->u.m.disp == b->u.m.disp;
}

/* By how much the address falls from turn to turn. */
static uint32_t stride(const struct insn *i) {
    return (i->u.m.base == ECX ? 1u : 0) + (i->u.m.index == ECX ? 1u << i->u.m.scale : 0);
}

/* Whether register n, which an address or a change reads, is the same in all turns. */
static bool stays(const struct table_loop *l, uint32_t n) {
    return n != ECX && (!l->lea || n != l->lea->dst);
}

/* Whether the address hangs on ECX and otherwise stays. */
static bool address_fits(const struct table_loop *l) {
    const struct insn *a = l->lea ? l->lea : l->change;
    const struct insn *m = l->change;
    if (l->lea && (l->lea->dst == ECX || m->u.m.base != l->lea->dst || m->u.m.index != ZERO_REG))
        return false;
    return stride(a) && (a->u.m.base == ECX || stays(l, a->u.m.base)) &&
           (a->u.m.index == ECX || stays(l, a->u.m.index));
}

static bool changes_fit(const struct table_loop *l) {
    uint32_t op, size, width = 0;
    bool number;
    for (uint32_t k = 0; k < l->changes; k++) {
        const struct insn *i = &l->change[k];
        if (!change_of(i, &op, &size, &number) || !same_operand(i, l->change))
            return false;
        if ((k && size != width) || (!number && !stays(l, size == SIZE8 ? i->src & 3 : i->src)))
            return false;
        width = size;
    }
    return l->changes > 0;
}

/* The loop whose LOOP is at `end`, with its steps right before it; they are counted in end->dst. */
static struct table_loop loop_at(const struct insn *end) {
    const struct insn *first = end - end->dst;
    bool lea = first->run == move_flat.lea[SIZE32] || first->run == move_flat.lea_plain;
    return (struct table_loop){lea ? first : NULL, first + lea, end->dst - lea, end};
}

/* What the changes are together, and the last of them alone. */
struct bits {
    uint32_t keep, flip;
    int width;
};

static struct bits bits_of(const struct cpu *c, const struct table_loop *l) {
    struct bits b = {0xFFFFFFFFu, 0, 32};
    for (uint32_t k = 0; k < l->changes; k++) {
        const struct insn *i = &l->change[k];
        uint32_t op, size;
        bool number;
        change_of(i, &op, &size, &number);
        uint32_t v = number ? i->imm : size == SIZE8 ? reg8(c, i->src) : c->r[i->src];
        b.width = size == SIZE8 ? 8 : 32;
        /* v & x; v | x = (v & ~x) ^ x; v ^ x */
        b.keep &= op == ALU_AND ? v : op == ALU_OR ? ~v : 0xFFFFFFFFu;
        b.flip = op == ALU_AND ? b.flip & v : op == ALU_OR ? (b.flip & ~v) ^ v : b.flip ^ v;
    }
    return b;
}

/* Takes the turns that are at hand, of which ECX says how many are left. */
static void turns(struct cpu *c, const struct insn *end) {
    struct table_loop l = loop_at(end);
    struct bits b = bits_of(c, &l);
    uint32_t step = stride(l.lea ? l.lea : l.change);
    uint32_t start = operand(c, l.lea ? l.lea : l.change);
    uint32_t at = l.lea ? start + l.change->u.m.disp : start;
    uint8_t *p = writable_in(c, DS, at, (uint32_t)b.width / 8);
    if (!p)
        return;
    uint32_t offset = at & PAGE_MASK, n = offset / step + 1, v = 0;
    n = n < c->r[ECX] ? n : c->r[ECX];
    p -= offset;
    for (uint32_t k = 0; k < n; k++, offset -= step)
        if (b.width == 8)
            put8(p + offset, v = (p[offset] & b.keep) ^ b.flip);
        else
            put32(p + offset, v = (get32(p + offset) & b.keep) ^ b.flip);
    logic(c, v, b.width);
    c->r[ECX] -= n;
    if (l.lea)
        c->r[l.lea->dst] = start - (n - 1) * step;
    c->uncounted -= (uint64_t)n * (end->dst + 1);
}

static RUN(table_loop) {
    if (UNLIKELY(!i->u.target))
        return flow_flat.loop(c, i); /* looks up where it leads */
    if (--c->r[ECX])
        turns(c, i);
    LEAVE(c->r[ECX] ? i->u.target : i + 1);
}

void fuse_loops(struct insn *first, uint32_t n) {
    for (uint32_t k = 1; k < n; k++) {
        struct insn *i = &first[k];
        if (i->run != flow_flat.loop || i->aux != LOOP_ALWAYS || i->src)
            continue;
        uint32_t body = 1;
        while (body < k && body <= MOST_CHANGES && i[-(int)body].eip != i->imm)
            body++;
        i->dst = (uint8_t)body;
        struct table_loop l = loop_at(i);
        if (i[-(int)body].eip == i->imm && address_fits(&l) && changes_fit(&l))
            i->run = table_loop;
    }
}
