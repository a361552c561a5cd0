/* Prefixes, runs of steps, and which flags are dead. */
#include "refmodel/cpu/decoder.h"

enum { COVERED_JCC = 1, COVERED_LOOP };

/* Prefixes, and the first opcode byte into d->op. */
static void fetch_opcode(struct decoder *d) {
    for (;;) {
        d->op = fetch8(d);
        switch (d->fault == NO_FAULT ? d->op : 0) {
        case 0x26:
        case 0x2E:
        case 0x36:
        case 0x3E:
            d->override = (int)(d->op >> 3 & 3);
            break;
        case 0x64:
        case 0x65:
            d->override = d->op == 0x64 ? FS : GS;
            break;
        case 0x66:
            d->half = d->c->seg[CS].size & SEGMENT_BIG;
            break;
        case 0x67:
            d->short_address = d->c->seg[CS].size & SEGMENT_BIG;
            break;
        case 0xF0:
            d->lock = true;
            break;
        case 0xF2:
        case 0xF3:
            d->repne = d->op == 0xF2;
            d->repe = d->op == 0xF3;
            break;
        default:
            return;
        }
    }
}

/* An exception in place of the instruction; where a page is missing it is looked for again. */
static void raise_instead(struct decoder *d, struct insn *first) {
    *d->end = first;
    d->has_memory = false;
    d->use = FLAGS_NEEDED;
    d->quiet = NULL;
    struct insn *i = emit_step(d, d->fault == NO_PAGE ? run_fetch : run_raise);
    i->aux = (uint8_t)d->fault;
    i->imm = d->fault == NO_PAGE ? d->at + d->c->code_base : d->start;
    d->ended = true;
}

/* What prefixes make of flat code. */
static const struct run_set *choose_set(const struct decoder *d) {
    bool flat = d->override < 0 || d->override == DS || d->override == ES || d->override == SS;
    return flat && !d->short_address ? d->c->set : &run_segmented;
}

/* Counts the instruction behind it. */
static RUN(run_covered) {
    struct coverage *v = c->coverage;
    v->runs[i->imm]++;
    if (i->aux == COVERED_JCC)
        v->taken[i->imm] += condition(c, i->dst);
    else if (i->aux == COVERED_LOOP)
        v->taken[i->imm] += flow_loops(c, i + 1);
    c->uncounted++;
    CHAIN;
}

/* Fills in the counting step of an instruction that has been decoded. */
static void cover(const struct decoder *d, struct insn *count, const struct insn *last) {
    const struct flow_set *flow = d->set->flow;
    count->aux = last->run == flow->loop ? COVERED_LOOP : 0;
    for (uint8_t n = 0; n < 16; n++)
        if (last->run == flow->jcc[n]) {
            count->aux = COVERED_JCC;
            count->dst = n;
        }
}

static struct insn *begin_cover(struct decoder *d) {
    const struct coverage *v = d->c->coverage;
    uint32_t linear = d->start + d->c->code_base;
    if (!v || linear < v->low || linear >= v->high)
        return NULL;
    struct insn *count = emit_step(d, run_covered);
    count->imm = linear - v->low;
    return count;
}

uint32_t decode(struct cpu *c, uint32_t eip, struct insn **end, struct run_notes *notes) {
    struct insn *first = *end;
    bool big = c->seg[CS].size & SEGMENT_BIG;
    struct decoder d = {.c = c,
                        .half = !big,
                        .short_address = !big,
                        .end = end,
                        .start = eip,
                        .at = eip,
                        .fault = NO_FAULT,
                        .override = -1,
                        .use = FLAGS_NEEDED};
    struct insn *count = begin_cover(&d);
    fetch_opcode(&d);
    d.set = choose_set(&d);
    if (d.fault == NO_FAULT)
        decode_one(&d);
    if (d.lock && !(d.may_lock && d.has_memory))
        undefined(&d);
    if (c->bus->precise && (d.has_memory || d.faults))
        d.use = FLAGS_NEEDED; /* a fault shows the flags */
    if (d.fault != NO_FAULT)
        raise_instead(&d, first);
    if (count && d.fault == NO_FAULT)
        cover(&d, count, *end - 1);
    for (struct insn *i = first; i < *end; i++)
        i->len = (uint8_t)(d.at - d.start);
    notes->of[notes->count].slot = *end - 1;
    notes->of[notes->count].quiet = d.quiet;
    notes->of[notes->count].use = d.use;
    notes->count++;
    notes->ended = d.ended;
    notes->passing = d.fault == NO_PAGE;
    return d.at - d.start;
}

void drop_dead_flags(struct run_notes *notes) {
    bool dead = false;
    for (uint32_t n = notes->count; n-- > 0;) {
        if (dead && notes->of[n].quiet)
            notes->of[n].slot->run = notes->of[n].quiet;
        if (notes->of[n].use == FLAGS_REPLACED)
            dead = true;
        else if (notes->of[n].use == FLAGS_NEEDED)
            dead = false;
    }
}
