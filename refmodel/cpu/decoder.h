/*
 * Shared by decode.c (prefixes, runs), decode_one.c, decode_high.c and decode_two.c (the opcode
 * maps); what it declares is in decode_operand.c.
 */
#ifndef REFMODEL_CPU_DECODER_H
#define REFMODEL_CPU_DECODER_H

#include "refmodel/cpu/decode.h"

enum { NO_FAULT = 0xFF, NO_PAGE = 0xFE };

/* The decoding of one instruction. */
struct decoder {
    struct cpu *c;
    struct insn **end; /* where the next step goes */
    const struct run_set *set;
    uint32_t start;       /* offset of the first byte in the code segment */
    uint32_t at;          /* of the next byte to fetch */
    const uint8_t *page;  /* where the last byte came from */
    uint32_t page_number; /* linear */
    uint32_t
        fault; /* the exception to raise instead, NO_PAGE (fetch again when it runs), or NO_FAULT */
    uint32_t op;        /* opcode byte */
    bool half;          /* 16-bit operands */
    bool short_address; /* 16-bit addresses */
    bool lock;
    bool may_lock;
    bool repe, repne;
    bool ended;
    int override; /* a segment, or -1 */
    uint8_t mod, reg, rm;
    bool has_memory;
    bool faults;        /* it may fault without a memory operand in ModRM */
    struct insn memory; /* u.m and seg of the memory operand */
    run_fn *quiet;
    enum flag_use use;
};

/* The next bytes as numbers; after a fault 0. */
uint32_t fetch8(struct decoder *d);
uint32_t fetch16(struct decoder *d);
uint32_t fetch32(struct decoder *d);

/* An immediate of 16 or 32 bits, as the operand size says; of size 0 (SIZE8) one byte. */
uint32_t fetch_imm(struct decoder *d, int size);
/* A byte, sign-extended. */
uint32_t fetch_signed8(struct decoder *d);

/* ModRM with SIB and displacement. */
void fetch_modrm(struct decoder *d);

/* A memory operand that is only an offset (A0 to A3), or none but a segment (string, XLAT). */
void fetch_offset(struct decoder *d);
void use_segment(struct decoder *d, int segment);

/* SIZE8 where the low opcode bit is clear, else the operand size. */
static inline int full_size(const struct decoder *d) {
    return d->half ? SIZE16 : SIZE32;
}

static inline int op_size(const struct decoder *d) {
    return d->op & 1 ? full_size(d) : SIZE8;
}

/* Adds a step. */
struct insn *emit_step(struct decoder *d, run_fn *run);
/* Adds the step that does the work; its memory operand is filled in if there is one. */
struct insn *emit(struct decoder *d, run_fn *run);
/* An undefined opcode. */
void undefined(struct decoder *d);
/* The step is the last of its run. */
void emit_end(struct decoder *d, run_fn *run);
/* A direct jump by `distance` from the end of the instruction. */
struct insn *emit_jump(struct decoder *d, run_fn *run, uint32_t distance);

/* Whether the memory operand has no index. */
bool is_plain(const struct decoder *d);

/* A privileged instruction with ModRM that `run` tells apart by the opcode, in imm. */
void decode_control(struct decoder *d, run_fn *run);
/* PUSH and POP of a segment register. */
void push_pop_segment(struct decoder *d, uint32_t segment, bool pop);

/* The register-or-memory operand alone, or with the register operand of ModRM. */
struct insn *emit_unary(struct decoder *d, run_fn *const forms[UNARY_FORMS]);
/* dst = reg, source = rm. */
struct insn *emit_load(struct decoder *d, run_fn *const forms[FORMS]);
/* dst = rm, source = reg. */
struct insn *emit_store(struct decoder *d, run_fn *const forms[FORMS]);
/* dst = rm, source = imm. */
struct insn *emit_immediate(struct decoder *d, run_fn *const forms[FORMS], uint32_t imm);

/* The maps: opcodes below A0, from there on, and behind 0F. */
void decode_one(struct decoder *d);
void decode_high(struct decoder *d);
void decode_two(struct decoder *d);

/* String instructions; far jumps and calls with their target, LDS and its like. */
void decode_string(struct decoder *d, int op, int size);
void decode_far(struct decoder *d, uint8_t kind);
void decode_load_far(struct decoder *d, uint32_t segment);

#endif
