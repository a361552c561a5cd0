/* Prefixes, operands, steps; and which flags are dead. */
#include "refmodel/cpu/decoder.h"

enum { COVERED_JCC = 1, COVERED_LOOP };

uint32_t fetch8(struct decoder *d) {
    if (d->fault != NO_FAULT)
        return 0;
    if (d->at - d->start >= LONGEST_INSN || d->at > d->c->code_limit || d->at < d->start) {
        d->fault = VECTOR_PROTECTION;
        return 0;
    }
    uint32_t linear = d->at + d->c->code_base, physical;
    if (!d->page || linear >> PAGE_SHIFT != d->page_number) {
        d->page = d->c->bus->fetch(d->c, linear, &physical, false, d->start);
        d->page_number = linear >> PAGE_SHIFT;
    }
    if (!d->page) {
        d->fault = NO_PAGE;
        return 0;
    }
    d->at++;
    return d->page[linear & PAGE_MASK];
}

uint32_t fetch16(struct decoder *d) {
    uint32_t low = fetch8(d);
    return low | fetch8(d) << 8;
}

uint32_t fetch32(struct decoder *d) {
    uint32_t low = fetch16(d);
    return low | fetch16(d) << 16;
}

uint32_t fetch_imm(struct decoder *d, int size) {
    return size == SIZE8 ? fetch8(d) : size == SIZE16 ? fetch16(d) : fetch32(d);
}

uint32_t fetch_signed8(struct decoder *d) {
    return extend8(fetch8(d));
}

static struct insn *step(struct decoder *d, run_fn *run) {
    struct insn *i = (*d->end)++;
    *i = (struct insn){.run = run, .eip = d->start};
    return i;
}

void use_segment(struct decoder *d, int segment) {
    int s = d->override >= 0 ? d->override : segment;
    d->has_memory = true;
    d->memory.seg = (uint8_t)s;
    d->memory.u.m.narrow = d->short_address;
}

static void set_address(struct decoder *d, uint32_t base, uint32_t index, uint32_t scale,
                        uint32_t disp) {
    struct insn *m = &d->memory;
    m->u.m.base = (uint8_t)base;
    m->u.m.index = (uint8_t)index;
    m->u.m.scale = (uint8_t)scale;
    m->u.m.disp = disp;
}

void fetch_offset(struct decoder *d) {
    set_address(d, ZERO_REG, ZERO_REG, 0, d->short_address ? fetch16(d) : fetch32(d));
    use_segment(d, DS);
}

static void fetch_address16(struct decoder *d) {
    static const uint8_t bases[8] = {EBX, EBX, EBP, EBP, ESI, EDI, EBP, EBX};
    static const uint8_t indexes[8] = {ESI, EDI, ESI, EDI, ZERO_REG, ZERO_REG, ZERO_REG, ZERO_REG};
    uint32_t base = bases[d->rm], disp = 0;
    if (d->mod == 0 && d->rm == 6) {
        base = ZERO_REG;
        disp = fetch16(d);
    } else if (d->mod == 1) {
        disp = fetch_signed8(d);
    } else if (d->mod == 2) {
        disp = fetch16(d);
    }
    set_address(d, base, indexes[d->rm], 0, disp);
    use_segment(d, base == EBP ? SS : DS);
}

static void fetch_address32(struct decoder *d) {
    uint32_t base = d->rm, index = ZERO_REG, scale = 0, disp = 0;
    if (base == ESP) {
        uint32_t sib = fetch8(d);
        base = sib & 7;
        index = sib >> 3 & 7;
        scale = sib >> 6;
        if (index == ESP)
            index = ZERO_REG;
    }
    if (d->mod == 0 && base == EBP) {
        base = ZERO_REG;
        disp = fetch32(d);
    } else if (d->mod == 1) {
        disp = fetch_signed8(d);
    } else if (d->mod == 2) {
        disp = fetch32(d);
    }
    set_address(d, base, index, scale, disp);
    use_segment(d, base == ESP || base == EBP ? SS : DS);
}

void fetch_modrm(struct decoder *d) {
    uint32_t b = fetch8(d);
    d->mod = (uint8_t)(b >> 6);
    d->reg = b >> 3 & 7;
    d->rm = b & 7;
    if (d->mod == 3)
        return;
    if (d->short_address)
        fetch_address16(d);
    else
        fetch_address32(d);
}

struct insn *emit(struct decoder *d, run_fn *run) {
    struct insn *i = step(d, run);
    if (d->has_memory) {
        i->u.m = d->memory.u.m;
        i->seg = d->memory.seg;
    }
    return i;
}

void emit_end(struct decoder *d, run_fn *run) {
    emit(d, run);
    d->ended = true;
}

void undefined(struct decoder *d) {
    if (d->fault == NO_FAULT)
        d->fault = VECTOR_INVALID;
}

void decode_control(struct decoder *d, run_fn *run) {
    fetch_modrm(d);
    uint8_t modrm = (uint8_t)(d->mod << 6 | d->reg << 3 | d->rm);
    struct insn *i = emit(d, run);
    i->imm = d->op;
    i->dst = modrm;
    i->aux = d->half;
}

struct insn *emit_jump(struct decoder *d, run_fn *run, uint32_t distance) {
    struct insn *i = emit(d, run);
    i->imm = d->at + distance;
    if (d->half)
        i->imm &= 0xFFFF;
    return i;
}

bool is_plain(const struct decoder *d) {
    return d->mod != 3 && d->memory.u.m.index == ZERO_REG;
}

struct insn *emit_unary(struct decoder *d, run_fn *const forms[UNARY_FORMS]) {
    struct insn *i = emit(d, forms[d->mod == 3 ? FORM_R : FORM_M]);
    i->dst = d->rm;
    i->src = d->reg;
    return i;
}

struct insn *emit_load(struct decoder *d, run_fn *const forms[FORMS]) {
    struct insn *i = emit(d, forms[d->mod == 3 ? FORM_RR : FORM_RM]);
    i->dst = d->reg;
    i->src = d->rm;
    return i;
}

struct insn *emit_store(struct decoder *d, run_fn *const forms[FORMS]) {
    struct insn *i = emit(d, forms[d->mod == 3 ? FORM_RR : FORM_MR]);
    i->dst = d->rm;
    i->src = d->reg;
    return i;
}

struct insn *emit_immediate(struct decoder *d, run_fn *const forms[FORMS], uint32_t imm) {
    struct insn *i = emit(d, forms[d->mod == 3 ? FORM_RI : FORM_MI]);
    i->dst = d->rm;
    i->imm = imm;
    return i;
}

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
    struct insn *i = step(d, d->fault == NO_PAGE ? run_fetch : run_raise);
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
    struct insn *count = step(d, run_covered);
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
    if (c->bus->precise && d.has_memory && d.use == FLAGS_UNTOUCHED)
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
