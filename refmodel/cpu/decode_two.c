/* The two-byte opcode map, 0F xx. */
#include "refmodel/cpu/decoder.h"

/*
 * What processors with MMX or FXSAVE do behind this opcode byte, where no prefix makes it one of
 * SSE, which the kernel has not enabled.
 */
static bool is_newer(struct decoder *d) {
    if (d->half || d->repe || d->repne || d->lock)
        return false;
    switch (d->op >> 4) {
    case 0x6:
        return d->op != 0x6C && d->op != 0x6D;
    case 0x7:
        return d->op <= 0x77 || d->op >= 0x7E;
    case 0xA:
        fetch_modrm(d);
        return d->mod == 3 ? d->reg >= 5 : d->reg < 2 || d->reg == 7; /* fences; FXSAVE, CLFLUSH */
    case 0xC:
        return d->op >= 0xC3 && d->op <= 0xC5;
    case 0xD:
    case 0xE:
    case 0xF:
        return d->op % 16 && d->op != 0xD6 && d->op != 0xE6 && d->op != 0xFF;
    default:
        return false;
    }
}

static void newer(struct decoder *d) {
    if (d->c->bus->absent && is_newer(d))
        emit_end(d, d->c->bus->absent);
    else
        undefined(d);
}

static void extend(struct decoder *d) {
    fetch_modrm(d);
    bool sign = d->op & 8;
    int from = d->op & 1 ? SIZE16 : SIZE8;
    struct insn *i = emit_load(d, d->set->move->extend[sign][from][full_size(d)]);
    if (is_plain(d) && from == SIZE8 && !d->half)
        i->run = d->set->move->extend_plain[sign];
    d->use = FLAGS_UNTOUCHED;
}

/* BT BTS BTR BTC by a register, or by an immediate byte. */
static void bits(struct decoder *d, int op, bool immediate) {
    int size = full_size(d);
    if (!immediate)
        fetch_modrm(d);
    struct insn *i = immediate ? emit_immediate(d, d->set->bit->run[op][size], fetch8(d))
                               : emit_store(d, d->set->bit->run[op][size]);
    i->dst = d->rm;
    d->may_lock = op != BIT_TEST;
}

static void double_shift(struct decoder *d, bool right) {
    int from = d->op & 1 ? COUNT_CL : COUNT_IMM;
    fetch_modrm(d);
    uint32_t count = from == COUNT_IMM ? fetch8(d) & 31 : 0;
    int form = d->mod == 3 ? FORM_R : FORM_M;
    struct insn *i = emit(d, d->set->shift->twice[right][full_size(d)][form][from]);
    i->dst = d->rm;
    i->src = d->reg;
    i->imm = count;
}

static void scan(struct decoder *d) {
    fetch_modrm(d);
    int form = d->mod == 3 ? FORM_R : FORM_M;
    struct insn *i = emit(d, d->set->bit->scan[d->op & 1][full_size(d)][form]);
    i->dst = d->reg;
    i->src = d->rm;
}

static void multiply(struct decoder *d) {
    fetch_modrm(d);
    emit_load(d, d->set->muldiv->imul2[full_size(d)]);
    d->use = FLAGS_REPLACED;
}

static void row_a(struct decoder *d) {
    switch (d->op) {
    case 0xA0:
    case 0xA1:
    case 0xA8:
    case 0xA9:
        push_pop_segment(d, d->op & 8 ? GS : FS, d->op & 1);
        break;
    case 0xA2:
        emit(d, d->c->bus->cpuid);
        break;
    case 0xA3:
    case 0xAB:
        bits(d, d->op & 8 ? BIT_SET : BIT_TEST, false);
        break;
    case 0xA4:
    case 0xA5:
    case 0xAC:
    case 0xAD:
        double_shift(d, d->op & 8);
        break;
    case 0xAE:
        newer(d);
        break;
    case 0xAF:
        multiply(d);
        break;
    default:
        undefined(d);
        break;
    }
}

static void row_b(struct decoder *d) {
    switch (d->op) {
    case 0xB0:
    case 0xB1:
        fetch_modrm(d);
        emit_unary(d, d->set->unary->cmpxchg[op_size(d)]);
        d->may_lock = true;
        break;
    case 0xB2:
        decode_load_far(d, SS);
        break;
    case 0xB4:
    case 0xB5:
        decode_load_far(d, d->op & 1 ? GS : FS);
        break;
    case 0xB3:
    case 0xBB:
        bits(d, d->op & 8 ? BIT_FLIP : BIT_RESET, false);
        break;
    case 0xB6:
    case 0xB7:
    case 0xBE:
    case 0xBF:
        extend(d);
        break;
    case 0xBA:
        fetch_modrm(d);
        if (d->reg < 4)
            undefined(d);
        else
            bits(d, d->reg & 3, true);
        break;
    case 0xBC:
    case 0xBD:
        scan(d);
        break;
    default:
        undefined(d);
        break;
    }
}

static void row_c(struct decoder *d) {
    if (d->op >= 0xC8) {
        emit(d, run_bswap)->dst = d->op & 7;
        d->use = FLAGS_UNTOUCHED;
        return;
    }
    if (d->op > 0xC1 && d->op != 0xC7) {
        newer(d);
        return;
    }
    fetch_modrm(d);
    d->may_lock = true;
    if (d->op == 0xC7 && (d->mod == 3 || d->reg != 1))
        undefined(d);
    else if (d->op == 0xC7)
        emit(d, d->set->unary->cmpxchg8b);
    else
        emit_unary(d, d->set->unary->xadd[op_size(d)]);
}

/* What only an operating system needs, and the hints that do nothing. */
static void row_0_to_3(struct decoder *d) {
    const struct bus *bus = d->c->bus;
    if (d->op == 0x06 || d->op == 0x08 || d->op == 0x09 || d->op == 0x30 || d->op == 0x32) {
        emit(d, bus->control)->imm = d->op; /* CLTS INVD WBINVD WRMSR RDMSR */
    } else if (d->op == 0x0D || (d->op >= 0x18 && d->op <= 0x1F)) {
        fetch_modrm(d);
        d->has_memory = false;
        emit(d, run_nop);
        d->use = FLAGS_UNTOUCHED;
    } else if (d->op == 0x31) {
        emit(d, bus->clock);
    } else if (d->op <= 0x01 || (d->op >= 0x20 && d->op <= 0x23)) {
        decode_control(d, bus->control);
    } else if (d->op <= 0x03) {
        decode_control(d, bus->privileged);
    } else if (d->op == 0x3F && bus->escape) {
        uint32_t which = fetch8(d);
        emit(d, bus->escape)->imm = which;
    } else {
        undefined(d);
    }
}

static void row_4(struct decoder *d) {
    fetch_modrm(d);
    emit_load(d, d->set->bit->cmov[full_size(d)])->aux = d->op & 15;
}

static void row_8(struct decoder *d) {
    uint32_t distance = fetch_imm(d, full_size(d));
    if (d->half)
        distance = extend16(distance);
    emit_jump(d, d->set->flow->jcc[d->op & 15], distance);
}

static void row_9(struct decoder *d) {
    fetch_modrm(d);
    emit_unary(d, d->set->bit->set)->aux = d->op & 15;
}

static void row_none(struct decoder *d) {
    newer(d);
}

void decode_two(struct decoder *d) {
    static void (*const rows[16])(struct decoder *) = {
        row_0_to_3, row_0_to_3, row_0_to_3, row_0_to_3, row_4, row_none, row_none, row_none,
        row_8,      row_9,      row_a,      row_b,      row_c, row_none, row_none, row_none};
    d->op = fetch8(d);
    rows[d->op >> 4](d);
}
