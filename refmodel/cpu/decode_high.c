/* The one-byte opcode map from A0 on, a function for each row of 16. */
#include "refmodel/cpu/decoder.h"

static void row_a(struct decoder *d) {
    static const uint8_t strings[6] = {STRING_MOVS, STRING_CMPS, 0,
                                       STRING_STOS, STRING_LODS, STRING_SCAS};
    int size = op_size(d);
    if (d->op >= 0xA4 && (d->op & 0xFE) != 0xA8) {
        decode_string(d, strings[(d->op - 0xA4) >> 1], size);
        return;
    }
    d->mod = d->op >= 0xA8 ? 3 : 0;
    d->reg = d->rm = EAX;
    if (d->op >= 0xA8) {
        emit_immediate(d, d->set->alu->run[ALU_TEST][size], fetch_imm(d, size));
        d->use = FLAGS_REPLACED;
        return;
    }
    fetch_offset(d);
    if (d->op & 2) {
        emit_store(d, d->set->move->mov[size]);
    } else {
        emit_load(d, d->set->move->mov[size]);
        d->use = FLAGS_UNTOUCHED;
    }
}

static void row_b(struct decoder *d) {
    int size = d->op & 8 ? full_size(d) : SIZE8;
    d->mod = 3;
    d->rm = d->op & 7;
    emit_immediate(d, d->set->move->mov[size], fetch_imm(d, size));
    d->use = FLAGS_UNTOUCHED;
}

/* C0 C1 D0 to D3. */
static void shift(struct decoder *d) {
    int size = op_size(d);
    fetch_modrm(d);
    int op = d->reg == 6 ? SHIFT_SHL : d->reg == 7 ? SHIFT_SAR : d->reg;
    int from = (d->op & 0xF2) == 0xD2 ? COUNT_CL : COUNT_IMM;
    uint32_t count = from == COUNT_CL ? 0 : d->op < 0xD0 ? fetch8(d) & 31 : 1;
    struct insn *i = emit(d, d->set->shift->run[op][size][d->mod == 3 ? FORM_R : FORM_M][from]);
    i->dst = d->rm;
    i->imm = count;
    if (d->mod != 3 || op == SHIFT_RCL || op == SHIFT_RCR)
        return;
    d->use = op >= SHIFT_SHL && count ? FLAGS_REPLACED : FLAGS_UNTOUCHED;
    if (size == SIZE32 && count)
        d->quiet = d->set->shift->quiet[op];
}

static void near_return(struct decoder *d) {
    uint32_t drop = d->op == 0xC2 ? fetch16(d) : 0;
    struct insn *i = emit(d, d->half ? d->set->flow->jump16 : d->set->flow->ret);
    i->aux = JUMP16_RET;
    i->imm = drop;
    d->ended = true;
}

static void far_return(struct decoder *d) {
    uint32_t drop = d->op == 0xCA ? fetch16(d) : 0;
    struct insn *i = emit(d, d->c->bus->far);
    i->imm = drop;
    i->aux = (uint8_t)((d->op == 0xCF ? FAR_IRET : FAR_RET) | (d->half ? FAR_16 : 0));
    d->ended = true;
}

static void move_immediate(struct decoder *d) {
    fetch_modrm(d);
    uint32_t imm = fetch_imm(d, op_size(d));
    if (d->reg)
        undefined(d);
    else
        emit_immediate(d, d->set->move->mov[op_size(d)], imm);
    if (d->mod == 3)
        d->use = FLAGS_UNTOUCHED;
}

static void interrupt(struct decoder *d) {
    uint32_t vector = d->op == 0xCC ? VECTOR_BREAKPOINT : fetch8(d);
    struct insn *i = emit(d, d->c->bus->interrupt);
    i->imm = vector;
    i->aux = d->op == 0xCD;
}

static void enter(struct decoder *d) {
    uint32_t size = fetch16(d);
    uint32_t level = fetch8(d);
    struct insn *i = emit(d, d->set->stack->enter[full_size(d)]);
    i->imm = size;
    i->aux = (uint8_t)level;
}

static void row_c(struct decoder *d) {
    switch (d->op & 15) {
    case 0x0:
    case 0x1:
        shift(d);
        break;
    case 0x2:
    case 0x3:
        near_return(d);
        break;
    case 0x4:
    case 0x5:
        decode_load_far(d, d->op & 1 ? DS : ES);
        break;
    case 0x6:
    case 0x7:
        move_immediate(d);
        break;
    case 0x8:
        enter(d);
        break;
    case 0x9:
        emit(d, d->set->stack->leave[full_size(d)]);
        break;
    case 0xC:
    case 0xD:
        interrupt(d);
        break;
    case 0xE:
        emit(d, run_into);
        break;
    default:
        far_return(d);
        break;
    }
}

static void row_d(struct decoder *d) {
    struct insn *i;
    switch (d->op & 15) {
    case 0x0:
    case 0x1:
    case 0x2:
    case 0x3:
        shift(d);
        break;
    case 0x4:
    case 0x5:
        emit(d, d->op & 1 ? run_aad : run_aam)->imm = fetch8(d);
        break;
    case 0x6:
        emit(d, run_salc);
        break;
    case 0x7:
        use_segment(d, DS);
        emit(d, run_xlat);
        break;
    default:
        fetch_modrm(d);
        i = emit(d, d->mod == 3 ? run_x87_register : run_x87_memory);
        i->dst = (uint8_t)(d->mod << 6 | d->reg << 3 | d->rm);
        i->aux = d->op & 7;
        i->src = d->half;
        break;
    }
}

static void loop(struct decoder *d) {
    static const uint8_t kinds[4] = {LOOP_NE, LOOP_E, LOOP_ALWAYS, LOOP_JECXZ};
    uint32_t distance = fetch_signed8(d);
    struct insn *i = emit_jump(d, d->set->flow->loop, distance);
    i->aux = kinds[d->op & 3];
    i->src = d->short_address;
}

static void near_call(struct decoder *d) {
    uint32_t distance = fetch_imm(d, full_size(d));
    if (d->half)
        distance = extend16(distance);
    emit_jump(d, d->half ? d->set->flow->jump16 : d->set->flow->call, distance)->aux = JUMP16_CALL;
    d->ended = true;
}

static void near_jump(struct decoder *d) {
    uint32_t distance = d->op == 0xEB ? fetch_signed8(d) : fetch_imm(d, full_size(d));
    emit_jump(d, d->set->flow->jmp, distance);
    d->ended = true;
}

static void port(struct decoder *d) {
    uint32_t number = d->op < 0xE8 ? fetch8(d) : 0;
    struct insn *i = emit(d, d->op & 2 ? run_out : run_in);
    i->dst = (uint8_t)op_size(d);
    i->imm = number;
    i->aux = d->op >= 0xE8;
}

static void row_e(struct decoder *d) {
    switch (d->op & 15) {
    case 0x0:
    case 0x1:
    case 0x2:
    case 0x3:
        loop(d);
        break;
    case 0x8:
        near_call(d);
        break;
    case 0x9:
    case 0xB:
        near_jump(d);
        break;
    case 0xA:
        decode_far(d, FAR_JMP);
        break;
    default: /* ports: E4 to E7, EC to EF */
        port(d);
        break;
    }
}

static void test_immediate(struct decoder *d) {
    emit_immediate(d, d->set->alu->run[ALU_TEST][op_size(d)], fetch_imm(d, op_size(d)));
    d->use = FLAGS_REPLACED;
}

/* F6 F7: TEST NOT NEG MUL IMUL DIV IDIV. */
static void unary_or_muldiv(struct decoder *d) {
    int size = op_size(d);
    fetch_modrm(d);
    if (d->reg < 2) {
        test_immediate(d);
    } else if (d->reg < 4) {
        int op = d->reg == 2 ? UNARY_NOT : UNARY_NEG;
        emit_unary(d, d->set->unary->run[op][size]);
        d->may_lock = true;
        if (d->mod == 3) {
            d->quiet = d->set->unary->quiet[op][size][FORM_R];
            d->use = op == UNARY_NOT ? FLAGS_UNTOUCHED : FLAGS_REPLACED;
        }
    } else {
        emit_unary(d, d->set->muldiv->run[d->reg - 4][size]);
        d->use = d->reg < 6 ? FLAGS_REPLACED : FLAGS_UNTOUCHED;
        d->faults = d->reg >= 6;
    }
}

static void step_or_jump(struct decoder *d) {
    int size = full_size(d);
    uint8_t where = d->mod == 3 ? JUMP16_REG : JUMP16_MEM;
    struct insn *i;
    switch (d->reg) {
    case 2:
    case 4:
        i = emit(d, d->half       ? d->set->flow->jump16
                    : d->reg == 2 ? (d->mod == 3 ? d->set->flow->call_reg : d->set->flow->call_mem)
                    : d->mod == 3 ? d->set->flow->jmp_reg
                                  : d->set->flow->jmp_mem);
        i->dst = d->rm;
        i->aux = where | (d->reg == 2 ? JUMP16_CALL : 0);
        d->ended = true;
        break;
    case 3:
    case 5:
        if (d->mod == 3) {
            undefined(d);
            break;
        }
        emit(d, d->c->bus->far)->aux =
            (uint8_t)((d->reg == 3 ? FAR_CALL : FAR_JMP) | FAR_MEM | (d->half ? FAR_16 : 0));
        d->ended = true;
        break;
    case 6:
        emit(d, d->set->stack->run[d->mod == 3 ? PUSH_REG : PUSH_MEM][size])->dst = d->rm;
        break;
    default:
        undefined(d);
        break;
    }
}

/* FE FF. */
static void group_5(struct decoder *d) {
    int size = op_size(d);
    fetch_modrm(d);
    if (d->reg < 2) {
        int op = d->reg ? UNARY_DEC : UNARY_INC;
        emit_unary(d, d->set->unary->run[op][size]);
        d->may_lock = true;
        if (d->mod == 3) {
            d->quiet = d->set->unary->quiet[op][size][FORM_R];
            d->use = FLAGS_UNTOUCHED;
        }
    } else if (d->op == 0xFE) {
        undefined(d);
    } else {
        step_or_jump(d);
    }
}

static void set_flag(struct decoder *d, uint32_t flag, bool on) {
    struct insn *i = emit(d, d->c->bus->set_flag);
    i->u.m.disp = flag;
    i->imm = on ? flag : 0;
}

static void row_f(struct decoder *d) {
    switch (d->op & 15) {
    case 0x1: /* INT1 */
        emit(d, d->c->bus->interrupt)->imm = VECTOR_DEBUG;
        break;
    case 0x4:
        emit(d, d->c->bus->halt);
        break;
    case 0x5:
        emit(d, run_cmc);
        break;
    case 0x6:
    case 0x7:
        unary_or_muldiv(d);
        break;
    case 0x8:
    case 0x9:
        set_flag(d, FLAG_CF, d->op & 1);
        break;
    case 0xA:
    case 0xB:
        set_flag(d, FLAG_IF, d->op & 1);
        break;
    case 0xC:
    case 0xD:
        set_flag(d, FLAG_DF, d->op & 1);
        break;
    default:
        group_5(d);
        break;
    }
}

void decode_high(struct decoder *d) {
    static void (*const rows[6])(struct decoder *) = {row_a, row_b, row_c, row_d, row_e, row_f};
    rows[(d->op >> 4) - 10](d);
}
