/* The one-byte opcode map up to 9F, a function for each row of 16. */
#include "refmodel/cpu/decoder.h"

/* Eight operations in six forms: rm,r8 rm,r r8,rm r,rm al,i8 eax,i. */
static void decode_alu(struct decoder *d) {
    int op = (int)(d->op >> 3), form = (int)(d->op & 7), size = op_size(d);
    run_fn *const *forms = d->set->alu->run[op][size];
    int to = FORM_RI;
    if (form >= 4) {
        d->mod = 3;
        d->rm = EAX;
        emit_immediate(d, forms, fetch_imm(d, size));
    } else {
        fetch_modrm(d);
        to = d->mod == 3 ? FORM_RR : form >= 2 ? FORM_RM : FORM_MR;
        if (form >= 2)
            emit_load(d, forms);
        else
            emit_store(d, forms);
        d->may_lock = form < 2 && op != ALU_CMP;
    }
    if (to != FORM_MR || op == ALU_CMP)
        d->use = op == ALU_ADC || op == ALU_SBB ? FLAGS_NEEDED : FLAGS_REPLACED;
    if (to != FORM_MR)
        d->quiet = d->set->alu->quiet[op][size][to];
    if (to == FORM_RR && size == SIZE32 && d->reg == d->rm && (op == ALU_XOR || op == ALU_SUB)) {
        (*d->end)[-1].run = run_clear;
        d->quiet = NULL;
    }
}

static void row_0_to_3(struct decoder *d) {
    if ((d->op & 7) < 6) {
        decode_alu(d);
        return;
    }
    switch (d->op) {
    case 0x0F:
        decode_two(d);
        break;
    case 0x27:
        emit(d, run_daa);
        break;
    case 0x2F:
        emit(d, run_das);
        break;
    case 0x37:
        emit(d, run_aaa);
        break;
    case 0x3F:
        emit(d, run_aas);
        break;
    default: /* 06 07 0E 16 17 1E 1F */
        push_pop_segment(d, d->op >> 3, d->op & 1);
        break;
    }
}

static void row_4(struct decoder *d) {
    int op = d->op & 8 ? UNARY_DEC : UNARY_INC;
    emit(d, d->set->unary->run[op][full_size(d)][FORM_R])->dst = d->op & 7;
    d->quiet = d->set->unary->quiet[op][full_size(d)][FORM_R];
    d->use = FLAGS_UNTOUCHED;
}

static void row_5(struct decoder *d) {
    bool pop = d->op & 8;
    emit(d, d->set->stack->run[pop ? POP_REG : PUSH_REG][full_size(d)])->dst = d->op & 7;
    d->faults = true;
    if (pop)
        d->use = FLAGS_UNTOUCHED;
}

static void imul_by_immediate(struct decoder *d, bool byte) {
    int size = full_size(d);
    fetch_modrm(d);
    uint32_t imm = byte ? fetch_signed8(d) : fetch_imm(d, size);
    struct insn *i = emit_unary(d, d->set->muldiv->imul3[size]);
    i->dst = d->reg;
    i->src = d->rm;
    i->imm = imm;
    d->use = FLAGS_REPLACED;
}

static void row_6(struct decoder *d) {
    switch (d->op) {
    case 0x60:
        emit(d, d->set->stack->push_all[full_size(d)]);
        break;
    case 0x61:
        emit(d, d->set->stack->pop_all[full_size(d)]);
        break;
    case 0x62:
        fetch_modrm(d);
        if (d->mod == 3) {
            undefined(d);
            break;
        }
        struct insn *i = emit(d, run_bound);
        i->dst = d->reg;
        i->aux = d->half;
        break;
    case 0x63:
        decode_control(d, d->c->bus->privileged);
        break;
    case 0x68:
        emit(d, d->set->stack->run[PUSH_IMM][full_size(d)])->imm = fetch_imm(d, full_size(d));
        break;
    case 0x6A:
        emit(d, d->set->stack->run[PUSH_IMM][full_size(d)])->imm = fetch_signed8(d);
        break;
    case 0x69:
    case 0x6B:
        imul_by_immediate(d, d->op & 2);
        break;
    case 0x6C:
    case 0x6D:
        decode_string(d, STRING_INS, op_size(d));
        break;
    default: /* 6E 6F; the prefixes do not come here */
        decode_string(d, STRING_OUTS, op_size(d));
        break;
    }
}

static void row_7(struct decoder *d) {
    uint32_t distance = fetch_signed8(d);
    emit_jump(d, d->set->flow->jcc[d->op & 15], distance);
}

/* 80 to 83: an operation with an immediate; 82 is 80. */
static void alu_immediate(struct decoder *d) {
    int size = op_size(d);
    fetch_modrm(d);
    uint32_t imm = d->op == 0x81 ? fetch_imm(d, size) : fetch_signed8(d);
    if (size == SIZE8)
        imm &= 0xFF;
    else if (size == SIZE16)
        imm &= 0xFFFF;
    int op = d->reg;
    emit_immediate(d, d->set->alu->run[op][size], imm);
    d->may_lock = op != ALU_CMP;
    if (d->mod == 3 || op == ALU_CMP)
        d->use = op == ALU_ADC || op == ALU_SBB ? FLAGS_NEEDED : FLAGS_REPLACED;
    if (d->mod == 3)
        d->quiet = d->set->alu->quiet[op][size][FORM_RI];
}

static void move_segment(struct decoder *d) {
    fetch_modrm(d);
    bool load = d->op == 0x8E;
    struct insn *i;
    if (d->reg >= SEGS || (load && d->reg == CS)) {
        undefined(d);
        return;
    }
    if (load) {
        i = emit(d, d->mod == 3 ? run_mov_to_seg : run_mov_mem_to_seg);
        i->dst = d->reg;
        i->src = d->rm;
    } else {
        i = emit(d, d->mod == 3 ? run_mov_from_seg : run_mov_seg_to_mem);
        i->dst = d->rm;
        i->src = d->reg;
        i->aux = !d->half;
    }
}

static void move(struct decoder *d, int size) {
    bool load = d->op & 2;
    bool plain = is_plain(d) && size != SIZE16;
    run_fn *const *forms = plain ? d->set->move->plain[size] : d->set->move->mov[size];
    if (load)
        emit_load(d, forms);
    else
        emit_store(d, forms);
    d->use = load || d->mod == 3 ? FLAGS_UNTOUCHED : FLAGS_NEEDED;
}

static void load_address(struct decoder *d) {
    run_fn *run =
        is_plain(d) && !d->half ? d->set->move->lea_plain : d->set->move->lea[full_size(d)];
    if (d->mod == 3)
        undefined(d);
    else
        emit(d, run)->dst = d->reg;
    d->use = FLAGS_UNTOUCHED;
}

static void row_8(struct decoder *d) {
    int size = op_size(d);
    if (d->op < 0x84) {
        alu_immediate(d);
        return;
    }
    if (d->op == 0x8C || d->op == 0x8E) {
        move_segment(d);
        return;
    }
    fetch_modrm(d);
    switch (d->op) {
    case 0x84:
    case 0x85:
        emit_store(d, d->set->alu->run[ALU_TEST][size]);
        d->use = FLAGS_REPLACED;
        break;
    case 0x86:
    case 0x87:
        emit_load(d, d->set->move->xchg[size]);
        d->may_lock = true;
        d->use = d->mod == 3 ? FLAGS_UNTOUCHED : FLAGS_NEEDED;
        break;
    case 0x88:
    case 0x89:
    case 0x8A:
    case 0x8B:
        move(d, size);
        break;
    case 0x8D:
        load_address(d);
        break;
    default: /* 8F */
        if (d->reg)
            undefined(d);
        else
            emit(d, d->set->stack->run[d->mod == 3 ? POP_REG : POP_MEM][full_size(d)])->dst = d->rm;
        break;
    }
}

static void row_9(struct decoder *d) {
    static run_fn *const wide[8] = {
        [0] = run_cwde, [1] = run_cdq, [3] = run_wait, [6] = run_sahf, [7] = run_lahf};
    static run_fn *const narrow[8] = {
        [0] = run_cbw, [1] = run_cwd, [3] = run_wait, [6] = run_sahf, [7] = run_lahf};
    if (d->op == 0x90) {
        emit(d, run_nop);
        d->use = FLAGS_UNTOUCHED;
    } else if (d->op < 0x98) {
        struct insn *i = emit(d, d->set->move->xchg[full_size(d)][FORM_RR]);
        i->dst = EAX;
        i->src = d->op & 7;
        d->use = FLAGS_UNTOUCHED;
    } else if (d->op == 0x9A) {
        decode_far(d, FAR_CALL);
    } else if (d->op == 0x9C || d->op == 0x9D) {
        emit(d, d->op == 0x9C ? d->c->bus->push_flags : d->c->bus->pop_flags)->aux = d->half;
    } else {
        emit(d, (d->half ? narrow : wide)[d->op & 7]);
        if (d->op < 0x9A)
            d->use = FLAGS_UNTOUCHED;
    }
}

void decode_one(struct decoder *d) {
    static void (*const rows[10])(struct decoder *) = {
        row_0_to_3, row_0_to_3, row_0_to_3, row_0_to_3, row_4, row_5, row_6, row_7, row_8, row_9};
    if (d->op < 0xA0)
        rows[d->op >> 4](d);
    else
        decode_high(d);
}
