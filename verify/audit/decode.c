/* Comparison of meanings: mnemonic, prefixes, operands, sizes. */
#include "verify/audit/decode.h"

#include <capstone/capstone.h>
#include <stdlib.h>
#include <string.h>

#include "verify/audit/spelling.h"
#include "verify/audit/statement.h"

struct decoder {
    csh handles[2]; /* 16 bits, 32 bits */
};

/* What the comparison of one instruction works on. */
struct comparison {
    csh handle;
    const cs_insn *insn;
    const cs_x86 *x86;
    const struct statement *statement;
    unsigned bits;
};

struct decoder *decoder_open(void) {
    struct decoder *d = xrealloc(NULL, sizeof *d);
    if (cs_open(CS_ARCH_X86, CS_MODE_16, &d->handles[0]) != CS_ERR_OK) {
        free(d);
        return NULL;
    }
    if (cs_open(CS_ARCH_X86, CS_MODE_32, &d->handles[1]) != CS_ERR_OK) {
        cs_close(&d->handles[0]);
        free(d);
        return NULL;
    }
    cs_option(d->handles[0], CS_OPT_DETAIL, CS_OPT_ON);
    cs_option(d->handles[1], CS_OPT_DETAIL, CS_OPT_ON);
    return d;
}

void decoder_close(struct decoder *d) {
    cs_close(&d->handles[0]);
    cs_close(&d->handles[1]);
    free(d);
}

static bool same_number(int64_t a, int64_t b, unsigned size) {
    uint64_t mask = size >= 8 ? UINT64_MAX : (UINT64_C(1) << (8 * size)) - 1;
    return ((uint64_t)a & mask) == ((uint64_t)b & mask);
}

static int number_of(csh handle, unsigned reg) {
    const char *name = reg != X86_REG_INVALID ? cs_reg_name(handle, reg) : NULL;
    return name ? register_number(name, strlen(name)) : -1;
}

/* Only the low half of a general register goes to or comes from a segment register (MOV, SDM 2B),
   and both sizes are one encoding. */
static bool same_but_size(const struct comparison *c, int ours, int theirs) {
    bool segment = false;
    for (int i = 0; i < c->statement->count; i++) {
        int reg = c->statement->operands[i].reg;
        segment = segment || (c->statement->operands[i].kind == OPERAND_REGISTER &&
                              strlen(register_name(reg)) == 2 && register_name(reg)[1] == 's');
    }
    return segment && strcmp(c->statement->mnemonic, "mov") == 0 && register_size(ours) == 2 &&
           register_size(theirs) == 4 &&
           strcmp(register_name(ours), register_name(theirs) + 1) == 0;
}

static const char *compare_memory(const struct comparison *c, const struct operand *ours,
                                  const cs_x86_op *theirs) {
    struct linear l = {.value = theirs->mem.disp};
    int base = number_of(c->handle, theirs->mem.base);
    int index = number_of(c->handle, theirs->mem.index);
    if (base >= 0)
        l.factor[base]++;
    if (index >= 0)
        l.factor[index] += theirs->mem.scale;
    if (!same_number(l.value, ours->value.value, c->x86->addr_size))
        return "the displacement";
    if (memcmp(l.factor, ours->value.factor, sizeof l.factor) != 0)
        return "the registers of the address";
    if (!has_register(&l) && c->x86->addr_size != c->bits / 8)
        return "the size of the address";
    return number_of(c->handle, theirs->mem.segment) != ours->segment ? "the segment" : NULL;
}

/* Whether the size of a memory operand is what the text says, or what its other operand says. */
static bool size_explained(const struct comparison *c, const struct operand *ours,
                           const cs_x86_op *theirs, const char *name) {
    if (has_own_size(name)) {
        unsigned size = c->statement->operand_size;
        return ours->size == 0 && (c->x86->prefix[2] != 0) == (size != 0 && size != c->bits);
    }
    if (ours->size != 0)
        return ours->size == theirs->size;
    for (int i = 0; i < c->statement->count; i++) {
        const struct operand *other = &c->statement->operands[i];
        if (other->kind == OPERAND_REGISTER && register_size(other->reg) == theirs->size)
            return true;
    }
    return c->statement->count == 1 && theirs->size == c->bits / 8;
}

/* Whether an operand size other than the usual one is what the text says. */
static bool number_size_explained(const struct comparison *c, const struct operand *ours,
                                  const cs_x86_op *theirs) {
    for (int i = 0; i < c->statement->count; i++)
        if (c->statement->operands[i].kind != OPERAND_NUMBER)
            return true; /* that operand has been compared with its size */
    if (c->statement->far && ours == &c->statement->operands[0])
        return true; /* a selector always has 16 bits */
    if (has_byte_number(c->statement->mnemonic))
        return theirs->size == 1;
    unsigned want = ours->size > 1 ? ours->size : c->bits / 8;
    return theirs->size == want;
}

static const char *compare_operand(const struct comparison *c, const struct operand *ours,
                                   const cs_x86_op *theirs, const char *name) {
    if (ours->kind == OPERAND_REGISTER) {
        int number = theirs->type == X86_OP_REG ? number_of(c->handle, theirs->reg) : -1;
        return number >= 0 && (number == ours->reg || same_but_size(c, ours->reg, number))
                   ? NULL
                   : "a register";
    }
    if (ours->kind == OPERAND_MEMORY) {
        if (theirs->type != X86_OP_MEM)
            return "an operand in memory";
        const char *difference = compare_memory(c, ours, theirs);
        return difference                              ? difference
               : size_explained(c, ours, theirs, name) ? NULL
                                                       : "the size in memory";
    }
    if (theirs->type != X86_OP_IMM)
        return "a number";
    unsigned size = theirs->size;
    for (int i = 0; i < c->x86->op_count; i++) /* `cmp cl, -1`: a number as wide as cl */
        if (c->x86->operands[i].type != X86_OP_IMM && &c->x86->operands[i] < theirs)
            size = c->x86->operands[i].size;
    if (!same_number(theirs->imm, ours->value.value, size))
        return ours->value.value >= 0 ? "a number or target" : "a number";
    return number_size_explained(c, ours, theirs) ? NULL : "the operand size";
}

static const char *compare_operands(const struct comparison *c, const char *name, bool swapped) {
    for (int i = 0; i < c->statement->count; i++) {
        int k = swapped ? c->statement->count - 1 - i : i;
        const char *difference =
            compare_operand(c, &c->statement->operands[i], &c->x86->operands[k], name);
        if (difference)
            return difference;
    }
    return NULL;
}

/* Prefixes that no operand shows: rep and lock, segments, sizes. */
static const char *compare_prefixes(const struct comparison *c, const struct spelling *rule) {
    bool memory = false;
    for (int i = 0; i < c->statement->count; i++)
        memory = memory || c->statement->operands[i].kind == OPERAND_MEMORY;
    if (c->x86->prefix[0] != c->statement->prefix)
        return "a rep or lock prefix";
    if (c->x86->prefix[1] != c->statement->segment && !memory)
        return "a segment prefix";
    bool counts_in_cx =
        strcmp(c->statement->mnemonic, "jcxz") == 0 || strcmp(c->statement->mnemonic, "jecxz") == 0;
    if (c->x86->prefix[3] != 0 && !memory && !counts_in_cx)
        return "an address size prefix";
    const char *name = cs_insn_name(c->handle, c->insn->id);
    unsigned size = c->statement->operand_size;
    bool prefix = c->x86->prefix[2] != 0;
    if (strcmp(name, "ret") == 0
            ? prefix != (size != 0 && size != c->bits)
            : (size != 0 && !has_own_size(name)) || (prefix && c->statement->count == 0 && !rule))
        return "an operand size prefix";
    return NULL;
}

static const char *compare(const struct comparison *c) {
    const struct statement *s = c->statement;
    const struct spelling *rule = spelling_of(s->mnemonic, c->bits, s->far);
    const char *name = rule ? rule->decoder : s->mnemonic;
    if (strcmp(name, cs_insn_name(c->handle, c->insn->id)) != 0)
        return "the mnemonic";
    const char *difference = compare_prefixes(c, rule);
    if (difference || (rule && rule->implicit && s->count == 0))
        return difference;
    if (c->x86->op_count != s->count)
        return "the number of operands";
    difference = compare_operands(c, name, false);
    if (difference && is_symmetric(name) && !compare_operands(c, name, true))
        return NULL;
    return difference;
}

/* Where a near jump or call leads. */
static int64_t target_of(csh handle, const cs_insn *insn) {
    const cs_x86_op *last = &insn->detail->x86.operands[0];
    bool jumps =
        cs_insn_group(handle, insn, CS_GRP_JUMP) || cs_insn_group(handle, insn, CS_GRP_CALL);
    bool far = insn->id == X86_INS_LJMP || insn->id == X86_INS_LCALL;
    if (far && insn->detail->x86.op_count == 2)
        last++;
    else if (!jumps || insn->detail->x86.op_count != 1)
        return -1;
    return last->type == X86_OP_IMM ? (int64_t)(last->imm & 0xFFFFFFFF) : -1;
}

char *audit_instruction(struct decoder *d, const struct source *source, const struct item *item,
                        size_t offset, size_t size, char **reading, int64_t *target) {
    csh handle = d->handles[item->bits == 32];
    cs_insn *insn = NULL;
    *target = -1;
    size_t count = cs_disasm(handle, source->image.data + offset, size,
                             (uint64_t)source->origin + offset, 1, &insn);
    if (count == 0) {
        *reading = xstrdup("?");
        return xprintf("no instruction");
    }
    *reading = xprintf("%s%s%s", insn->mnemonic, insn->op_str[0] ? " " : "", insn->op_str);
    *target = target_of(handle, insn);
    struct place place = item_place(source, item, offset);
    struct statement statement = read_statement(item->text, &place);
    struct comparison c = {handle, insn, &insn->detail->x86, &statement, item->bits};
    const char *why = place.error ? place.error : insn->size != size ? "the length" : compare(&c);
    cs_free(insn, count);
    return why ? xprintf("%s differs: the bytes are `%s`", why, *reading) : NULL;
}
