/* The ways to break an instruction, see mutate.h. */
#include "verify/mutants/mutate.h"

#include <string.h>

const char *const KIND_NAMES[KINDS] = {"dropped",          "condition inverted", "constant plus 1",
                                       "constant minus 1", "another register",   "bit flipped"};

int decoders_open(struct decoders *d, struct problem *p) {
    for (int n = 0; n < 2; n++) {
        if (cs_open(CS_ARCH_X86, n ? CS_MODE_32 : CS_MODE_16, &d->of[n]) != CS_ERR_OK)
            return problem_set(p, "Capstone does not start");
        cs_option(d->of[n], CS_OPT_DETAIL, CS_OPT_ON);
    }
    return 0;
}

static bool invert(const struct line *line, uint8_t *bytes, unsigned op) {
    bool two = bytes[op] == 0x0F;
    if (!line->condition || (!two && (bytes[op] & 0xF0) != 0x70))
        return false;
    bytes[op + two] ^= 1;
    return true;
}

/* Another register: in the ModRM byte, or in the opcode of INC, DEC, PUSH, POP, XCHG and MOV. */
static bool exchange(uint8_t *bytes, unsigned op, unsigned modrm) {
    bool in_opcode = (bytes[op] >= 0x40 && bytes[op] < 0x60) || (bytes[op] & 0xF8) == 0x90 ||
                     (bytes[op] & 0xF0) == 0xB0;
    if (!modrm && !in_opcode)
        return false;
    bytes[modrm ? modrm : op] ^= modrm ? 8 : 1;
    return true;
}

static void add_one(uint8_t *at, unsigned size, int one) {
    for (int carry = one; size-- > 0 && carry; at++) {
        int sum = *at + carry;
        *at = (uint8_t)sum;
        carry = sum > 0xFF ? 1 : sum < 0 ? -1 : 0;
    }
}

/* A number that stays while the label and the text of the instruction do, wherever they go. */
static uint32_t number_of(const struct line *line) {
    uint32_t h = 0x811C9DC5u;
    for (const char *c = line->near; *c; c++)
        h = (h ^ (uint8_t)*c) * 0x01000193u;
    for (const char *c = line->code; *c; c++)
        if (*c != ' ')
            h = (h ^ (uint8_t)*c) * 0x01000193u;
    return h >> 8;
}

bool mutate(const struct decoders *d, const struct line *line, bool wide, enum kind kind,
            uint8_t *bytes) {
    cs_insn *insn = NULL;
    size_t n = cs_disasm(d->of[wide], bytes, line->size, line->address, 1, &insn);
    bool known = n == 1 && insn->detail;
    cs_x86_encoding e = {0};
    if (known)
        e = insn->detail->x86.encoding;
    cs_free(insn, n);
    if (!known)
        return false;
    unsigned constant = e.imm_offset ? e.imm_offset : e.disp_offset;
    unsigned op = bytes[0] == 0x66 || bytes[0] == 0x67 ? 1 : 0;
    switch (kind) {
    case DROPPED:
        memset(bytes, 0x90, line->size);
        return true;
    case INVERTED:
        return invert(line, bytes, op);
    case ONE_MORE:
    case ONE_LESS:
        if (!constant || constant >= line->size)
            return false;
        add_one(bytes + constant, constant == e.imm_offset ? e.imm_size : e.disp_size,
                kind == ONE_MORE ? 1 : -1);
        return true;
    case REGISTER:
        return exchange(bytes, op, e.modrm_offset < line->size ? e.modrm_offset : 0);
    default:
        bytes[number_of(line) / 8 % line->size] ^= (uint8_t)(1u << number_of(line) % 8);
        return true;
    }
}
