/* What the opcode maps share: bytes fetched, operands, and the steps that come of them. */
#include "refmodel/cpu/decoder.h"

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

struct insn *emit_step(struct decoder *d, run_fn *run) {
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
    struct insn *i = emit_step(d, run);
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

void push_pop_segment(struct decoder *d, uint32_t segment, bool pop) {
    struct insn *i = emit(d, pop ? run_pop_seg : run_push_seg);
    i->dst = (uint8_t)segment;
    i->aux = d->half;
}

void decode_string(struct decoder *d, int op, int size) {
    uint8_t aux = (uint8_t)((d->repe ? STRING_REP : 0) | (d->repne ? STRING_REPNE : 0) |
                            (d->short_address ? STRING_NARROW : 0));
    if (op == STRING_MOVS || op == STRING_CMPS || op == STRING_LODS || op == STRING_OUTS)
        use_segment(d, DS);
    emit(d, aux ? d->set->string->run[op][size] : d->set->string->once[op][size])->aux = aux;
}

void decode_far(struct decoder *d, uint8_t kind) {
    uint32_t to = fetch_imm(d, full_size(d));
    uint32_t selector = fetch16(d);
    struct insn *i = emit(d, d->c->bus->far);
    i->imm = to;
    i->dst = (uint8_t)(selector >> 8);
    i->src = (uint8_t)selector;
    i->aux = kind | (d->half ? FAR_16 : 0);
    d->ended = true;
}

void decode_load_far(struct decoder *d, uint32_t segment) {
    fetch_modrm(d);
    if (d->mod == 3) {
        undefined(d);
        return;
    }
    struct insn *i = emit(d, run_load_far);
    i->dst = d->reg;
    i->src = (uint8_t)segment;
    i->aux = d->half;
}
