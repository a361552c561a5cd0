/* The one-byte opcode map, a function for each row of 16. */
#include "refmodel/decoder.h"

/* Eight operations in six forms: rm,r8 rm,r r8,rm r,rm al,i8 eax,i. */
static void decode_alu(struct decoder *d) {
    int op = (int)(d->op >> 3), form = (int)(d->op & 7), size = op_size(d);
    run_fn *const *forms = run_alu[op][size];
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
        d->quiet = run_alu_quiet[op][size][to];
}

static void push_pop_segment(struct decoder *d, uint32_t segment, bool pop) {
    emit(d, run_stack[pop ? POP_SEG : PUSH_SEG][full_size(d)])->dst = (uint8_t)segment;
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
    emit(d, run_unary[op][full_size(d)][FORM_R])->dst = d->op & 7;
    d->quiet = run_unary_quiet[op][full_size(d)][FORM_R];
    d->use = FLAGS_UNTOUCHED;
}

static void row_5(struct decoder *d) {
    bool pop = d->op & 8;
    emit(d, run_stack[pop ? POP_REG : PUSH_REG][full_size(d)])->dst = d->op & 7;
    if (pop)
        d->use = FLAGS_UNTOUCHED;
}

static void imul_by_immediate(struct decoder *d, bool byte) {
    int size = full_size(d);
    fetch_modrm(d);
    uint32_t imm = byte ? fetch_signed8(d) : fetch_imm(d, size);
    struct insn *i = emit_unary(d, run_imul3[size]);
    i->dst = d->reg;
    i->src = d->rm;
    i->imm = imm;
    d->use = FLAGS_REPLACED;
}

static void string(struct decoder *d, int op, int size) {
    uint8_t aux = (uint8_t)((d->repe ? STRING_REP : 0) | (d->repne ? STRING_REPNE : 0) |
                            (d->short_address ? STRING_ADDRESS16 : 0));
    if (op != STRING_LODS && op != STRING_OUTS && d->c->null_segments >> ES & 1)
        d->fault = VECTOR_PROTECTION;
    if (op == STRING_MOVS || op == STRING_CMPS || op == STRING_LODS || op == STRING_OUTS)
        use_segment(d, DS);
    emit(d, aux ? run_string[op][size] : run_string_once[op][size])->aux = aux;
}

static void row_6(struct decoder *d) {
    switch (d->op) {
    case 0x60:
        emit(d, d->half ? run_pusha16 : run_pusha);
        break;
    case 0x61:
        emit(d, d->half ? run_popa16 : run_popa);
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
        fetch_modrm(d);
        unsupported(d);
        break;
    case 0x68:
        emit(d, run_stack[PUSH_IMM][full_size(d)])->imm = fetch_imm(d, full_size(d));
        break;
    case 0x6A:
        emit(d, run_stack[PUSH_IMM][full_size(d)])->imm = fetch_signed8(d);
        break;
    case 0x69:
    case 0x6B:
        imul_by_immediate(d, d->op & 2);
        break;
    case 0x6C:
    case 0x6D:
        string(d, STRING_INS, op_size(d));
        break;
    default: /* 6E 6F; the prefixes do not come here */
        string(d, STRING_OUTS, op_size(d));
        break;
    }
}

static void row_7(struct decoder *d) {
    uint32_t distance = fetch_signed8(d);
    emit_jump(d, run_jcc[d->op & 15], distance);
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
    emit_immediate(d, run_alu[op][size], imm);
    d->may_lock = op != ALU_CMP;
    if (d->mod == 3 || op == ALU_CMP)
        d->use = op == ALU_ADC || op == ALU_SBB ? FLAGS_NEEDED : FLAGS_REPLACED;
    if (d->mod == 3)
        d->quiet = run_alu_quiet[op][size][FORM_RI];
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
    run_fn *const *forms = plain ? run_mov_plain[size] : run_mov[size];
    if (load)
        emit_load(d, forms);
    else
        emit_store(d, forms);
    d->use = load || d->mod == 3 ? FLAGS_UNTOUCHED : FLAGS_NEEDED;
}

static void load_address(struct decoder *d) {
    run_fn *run = is_plain(d) && !d->half ? run_lea_plain : run_lea[full_size(d)];
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
        emit_store(d, run_alu[ALU_TEST][size]);
        d->use = FLAGS_REPLACED;
        break;
    case 0x86:
    case 0x87:
        emit_load(d, run_xchg[size]);
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
            emit(d, run_stack[d->mod == 3 ? POP_REG : POP_MEM][full_size(d)])->dst = d->rm;
        break;
    }
}

static void far_direct(struct decoder *d, uint8_t kind) {
    uint32_t to = fetch_imm(d, full_size(d));
    uint32_t selector = fetch16(d);
    struct insn *i = emit(d, run_far);
    i->imm = to;
    i->dst = (uint8_t)(selector >> 8);
    i->src = (uint8_t)selector;
    i->aux = kind | (d->half ? FAR_16 : 0);
    d->ended = true;
}

static void row_9(struct decoder *d) {
    static run_fn *const wide[8] = {[0] = run_cwde, [1] = run_cdq,  [3] = run_wait, [4] = run_pushf,
                                    [5] = run_popf, [6] = run_sahf, [7] = run_lahf};
    static run_fn *const narrow[8] = {
        [0] = run_cbw,    [1] = run_cwd,  [3] = run_wait, [4] = run_pushf16,
        [5] = run_popf16, [6] = run_sahf, [7] = run_lahf};
    if (d->op == 0x90) {
        emit(d, run_nop);
        d->use = FLAGS_UNTOUCHED;
    } else if (d->op < 0x98) {
        struct insn *i = emit(d, run_xchg[full_size(d)][FORM_RR]);
        i->dst = EAX;
        i->src = d->op & 7;
        d->use = FLAGS_UNTOUCHED;
    } else if (d->op == 0x9A) {
        far_direct(d, FAR_CALL);
    } else {
        emit(d, (d->half ? narrow : wide)[d->op & 7]);
        if (d->op < 0x9A)
            d->use = FLAGS_UNTOUCHED;
    }
}

static void row_a(struct decoder *d) {
    static const uint8_t strings[6] = {STRING_MOVS, STRING_CMPS, 0,
                                       STRING_STOS, STRING_LODS, STRING_SCAS};
    int size = op_size(d);
    if (d->op >= 0xA4 && (d->op & 0xFE) != 0xA8) {
        string(d, strings[(d->op - 0xA4) >> 1], size);
        return;
    }
    d->mod = d->op >= 0xA8 ? 3 : 0;
    d->reg = d->rm = EAX;
    if (d->op >= 0xA8) {
        emit_immediate(d, run_alu[ALU_TEST][size], fetch_imm(d, size));
        d->use = FLAGS_REPLACED;
        return;
    }
    fetch_offset(d);
    if (d->op & 2) {
        emit_store(d, run_mov[size]);
    } else {
        emit_load(d, run_mov[size]);
        d->use = FLAGS_UNTOUCHED;
    }
}

static void row_b(struct decoder *d) {
    int size = d->op & 8 ? full_size(d) : SIZE8;
    d->mod = 3;
    d->rm = d->op & 7;
    emit_immediate(d, run_mov[size], fetch_imm(d, size));
    d->use = FLAGS_UNTOUCHED;
}

/* C0 C1 D0 to D3. */
static void shift(struct decoder *d) {
    int size = op_size(d);
    fetch_modrm(d);
    int op = d->reg == 6 ? SHIFT_SHL : d->reg == 7 ? SHIFT_SAR : d->reg;
    int from = (d->op & 0xF2) == 0xD2 ? COUNT_CL : COUNT_IMM;
    uint32_t count = from == COUNT_CL ? 0 : d->op < 0xD0 ? fetch8(d) & 31 : 1;
    struct insn *i = emit(d, run_shift[op][size][d->mod == 3 ? FORM_R : FORM_M][from]);
    i->dst = d->rm;
    i->imm = count;
    if (d->mod != 3 || op == SHIFT_RCL || op == SHIFT_RCR)
        return;
    d->use = op >= SHIFT_SHL && count ? FLAGS_REPLACED : FLAGS_UNTOUCHED;
    if (size == SIZE32 && count)
        d->quiet = run_shift_quiet[op];
}

static void near_return(struct decoder *d) {
    uint32_t drop = d->op == 0xC2 ? fetch16(d) : 0;
    struct insn *i = emit(d, d->half ? run_jump16 : run_ret);
    i->aux = JUMP16_RET;
    i->imm = drop;
    d->ended = true;
}

static void far_return(struct decoder *d) {
    uint32_t drop = d->op == 0xCA ? fetch16(d) : 0;
    struct insn *i = emit(d, run_far);
    i->imm = drop;
    i->aux = (uint8_t)((d->op == 0xCF ? FAR_IRET : FAR_RET) | (d->half ? FAR_16 : 0));
    d->ended = true;
}

static void load_far(struct decoder *d, uint32_t segment) {
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

static void move_immediate(struct decoder *d) {
    fetch_modrm(d);
    uint32_t imm = fetch_imm(d, op_size(d));
    if (d->reg)
        undefined(d);
    else
        emit_immediate(d, run_mov[op_size(d)], imm);
    if (d->mod == 3)
        d->use = FLAGS_UNTOUCHED;
}

static void interrupt(struct decoder *d) {
    uint32_t vector = d->op == 0xCC ? VECTOR_BREAKPOINT : fetch8(d);
    if (vector == 0x80) {
        emit(d, run_syscall);
        return;
    }
    emit(d, run_int)->imm = vector;
    d->ended = true;
}

static void enter(struct decoder *d) {
    uint32_t size = fetch16(d);
    uint32_t level = fetch8(d);
    struct insn *i = emit(d, run_enter);
    i->imm = size;
    i->aux = (uint8_t)level;
    i->src = d->half;
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
        load_far(d, d->op & 1 ? DS : ES);
        break;
    case 0x6:
    case 0x7:
        move_immediate(d);
        break;
    case 0x8:
        enter(d);
        break;
    case 0x9:
        emit(d, d->half ? run_leave16 : run_leave);
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
        emit(d, run_xlat)->aux = d->short_address;
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
    struct insn *i = emit_jump(d, run_loop, distance);
    i->aux = kinds[d->op & 3];
    i->src = d->short_address;
}

static void near_call(struct decoder *d) {
    uint32_t distance = fetch_imm(d, full_size(d));
    if (d->half)
        distance = extend16(distance);
    emit_jump(d, d->half ? run_jump16 : run_call, distance)->aux = JUMP16_CALL;
    d->ended = true;
}

static void near_jump(struct decoder *d) {
    uint32_t distance = d->op == 0xEB ? fetch_signed8(d) : fetch_imm(d, full_size(d));
    emit_jump(d, run_jmp, distance);
    d->ended = true;
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
        far_direct(d, FAR_JMP);
        break;
    default: /* ports: E4 to E7, EC to EF */
        if (d->op < 0xE8)
            fetch8(d);
        emit(d, d->op & 2 ? run_nop : run_in)->dst = (uint8_t)op_size(d);
        break;
    }
}

static void test_immediate(struct decoder *d) {
    emit_immediate(d, run_alu[ALU_TEST][op_size(d)], fetch_imm(d, op_size(d)));
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
        emit_unary(d, run_unary[op][size]);
        d->may_lock = true;
        if (d->mod == 3) {
            d->quiet = run_unary_quiet[op][size][FORM_R];
            d->use = op == UNARY_NOT ? FLAGS_UNTOUCHED : FLAGS_REPLACED;
        }
    } else {
        emit_unary(d, run_muldiv[d->reg - 4][size]);
        d->use = d->reg < 6 ? FLAGS_REPLACED : FLAGS_UNTOUCHED;
    }
}

static void step_or_jump(struct decoder *d) {
    int size = full_size(d);
    uint8_t where = d->mod == 3 ? JUMP16_REG : JUMP16_MEM;
    struct insn *i;
    switch (d->reg) {
    case 2:
    case 4:
        i = emit(d, d->half       ? run_jump16
                    : d->reg == 2 ? (d->mod == 3 ? run_call_reg : run_call_mem)
                    : d->mod == 3 ? run_jmp_reg
                                  : run_jmp_mem);
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
        emit(d, run_far)->aux =
            (uint8_t)((d->reg == 3 ? FAR_CALL : FAR_JMP) | FAR_MEM | (d->half ? FAR_16 : 0));
        d->ended = true;
        break;
    case 6:
        emit(d, run_stack[d->mod == 3 ? PUSH_REG : PUSH_MEM][size])->dst = d->rm;
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
        emit_unary(d, run_unary[op][size]);
        d->may_lock = true;
        if (d->mod == 3) {
            d->quiet = run_unary_quiet[op][size][FORM_R];
            d->use = FLAGS_UNTOUCHED;
        }
    } else if (d->op == 0xFE) {
        undefined(d);
    } else {
        step_or_jump(d);
    }
}

static void set_flag(struct decoder *d, uint32_t flag, bool on) {
    struct insn *i = emit(d, run_set_flag);
    i->u.m.disp = flag;
    i->imm = on ? flag : 0;
}

static void row_f(struct decoder *d) {
    switch (d->op & 15) {
    case 0x1: /* INT1 */
        emit(d, run_int)->imm = VECTOR_DEBUG;
        d->ended = true;
        break;
    case 0x4:
        emit(d, run_halt);
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

void decode_one(struct decoder *d) {
    static void (*const rows[16])(struct decoder *) = {
        row_0_to_3, row_0_to_3, row_0_to_3, row_0_to_3, row_4, row_5, row_6, row_7,
        row_8,      row_9,      row_a,      row_b,      row_c, row_d, row_e, row_f};
    rows[d->op >> 4](d);
}
