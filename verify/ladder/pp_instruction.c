/*
 * Instructions: the table that %insn fills, and the code of one instruction. The operands of a form
 * are named as in the opcode maps of the Intel SDM, volume 2, appendix A; LANGUAGES.md has them.
 */
#include <string.h>

#include "verify/ladder/pp.h"

enum operand_kind { IN_REGISTER, IN_MEMORY, IMMEDIATE };

struct operand {
    enum operand_kind kind;
    uint32_t size; /* that was written: bytes, or 0 */
    bool is_short;
    struct value value;
};

/* The code of an instruction while a form is tried. */
struct match {
    const struct form *form;
    uint32_t v;   /* the size of operands of size v: 2, 4, or 0 while unknown */
    char unsized; /* the size of a memory operand that did not say its own, or 0 */
    char sized;   /* the size of a register operand, or 0 */
    const struct operand *memory, *immediate[3];
    int immediates;
    char immediate_size[3];
    int modrm_register; /* number for the reg field, or -1 */
    int modrm_rm;       /* register of the r/m field, or -1 */
    int added;          /* register in the opcode */
    const struct operand *label;
    char label_size;
};

/* Puts a memory operand's registers into the order that can be encoded. */
static void order(struct pp *pp, struct value *v) {
    if (v->index != NO_REGISTER && v->base == NO_REGISTER) {
        if (v->scale == 1) {
            v->base = v->index;
            v->index = NO_REGISTER;
        } else if (v->scale == 2 || v->scale == 3 || v->scale == 5 || v->scale == 9) {
            v->base = v->index;
            v->scale--;
        }
    }
    if (v->index == 4 && v->scale == 1) { /* esp is no index */
        int base = v->base;
        v->base = v->index;
        v->index = base;
    }
    bool bad_scale = v->scale != 1 && v->scale != 2 && v->scale != 4 && v->scale != 8;
    if ((v->base != NO_REGISTER && v->base / 8 != CLASS_DWORD) || v->index == 4 ||
        (v->index != NO_REGISTER && bad_scale))
        fail(pp, "bad address", none());
}

static struct operand read_operand(struct pp *pp) {
    struct operand o = {0};
    for (;;) {
        const char *start = pp->at;
        struct symbol *symbol = find(pp, name(pp));
        if (!symbol || symbol->kind != SIZE) {
            pp->at = start;
            break;
        }
        o.size = symbol->value != 0 ? symbol->value : o.size;
        o.is_short |= symbol->value == 0;
    }
    if (accept(pp, '[')) {
        o.kind = IN_MEMORY;
        o.value = expression(pp);
        need(pp, ']');
        order(pp, &o.value);
        return o;
    }
    if (o.size != 0)
        fail(pp, "a size without memory", none());
    o.kind = IMMEDIATE;
    o.value = expression(pp);
    const struct value *v = &o.value;
    if (v->base != NO_REGISTER || v->index != NO_REGISTER) {
        o.kind = IN_REGISTER;
        if (v->index != NO_REGISTER || v->number != 0 || v->plus.at || v->minus.at)
            fail(pp, "bad operand", none());
    }
    return o;
}

/* Whether a size of a form, b w d v q t, is `bytes`; v is settled by the first one. */
static bool fits(struct match *m, char size, uint32_t bytes) {
    if (size == 'v') {
        if ((bytes != 2 && bytes != 4) || (m->v != 0 && m->v != bytes))
            return false;
        m->v = bytes;
        return true;
    }
    return bytes == (size == 'b' ? 1 : size == 'w' ? 2 : size == 'd' ? 4 : size == 'q' ? 8 : 10);
}

static bool fits_register(struct match *m, char size, const struct operand *o) {
    static const uint32_t BYTES[] = {4, 2, 1, 10};
    if (o->kind != IN_REGISTER || !fits(m, size, BYTES[o->value.base / 8]))
        return false;
    m->sized = size;
    return true;
}

static bool fits_memory(struct match *m, char size, const struct operand *o) {
    if (o->kind != IN_MEMORY || (o->size != 0 && !fits(m, size, o->size)))
        return false;
    if (o->size == 0)
        m->unsized = size;
    m->memory = o;
    return true;
}

static bool between(uint32_t number, int32_t least, int32_t most) {
    return (int32_t)number >= least && (int32_t)number <= most;
}

static bool fits_immediate(struct match *m, char size, const struct operand *o) {
    uint32_t number = o->value.number;
    if (o->kind != IMMEDIATE || o->is_short)
        return false;
    bool fits;
    if (size == 'v')
        size = m->v == 2 ? 'w' : 'd';
    if (size == 's') {
        number = m->v == 2 && between(number, -32768, 65535) ? (uint32_t)(int16_t)number : number;
        fits = between(number, -128, 127);
    } else {
        fits = size == 'd' ||
               (size == 'w' ? between(number, -32768, 65535) : between(number, -128, 255));
    }
    if (size != 'd' && (!fits || !is_number(&o->value)))
        return false;
    m->immediate[m->immediates] = o;
    m->immediate_size[m->immediates++] = size;
    return true;
}

static bool fits_label(struct match *m, char size, const struct operand *o) {
    bool label = o->kind == IMMEDIATE && o->value.plus.at && o->value.minus.at == NULL;
    if (!label || (size == 'b' && !o->is_short) || (size == 'd' && o->is_short))
        return false;
    m->label = o;
    m->label_size = size;
    return true;
}

static bool is_register(const struct operand *o, int code) {
    return o->kind == IN_REGISTER && o->value.base == code;
}

static bool fits_operand(struct match *m, char kind, char size, const struct operand *o) {
    int base = o->value.base;
    switch (kind) {
    case 'E':
        if (o->kind == IN_REGISTER) {
            m->modrm_rm = base % 8;
            return fits_register(m, size, o);
        }
        return fits_memory(m, size, o);
    case 'G':
        m->modrm_register = base % 8;
        return fits_register(m, size, o);
    case 'Z':
        m->added = base % 8;
        return fits_register(m, size, o);
    case 'A':
        return o->kind == IN_REGISTER && base % 8 == 0 && base / 8 != CLASS_FLOAT &&
               fits_register(m, size, o);
    case 'M':
        m->memory = o;
        return o->kind == IN_MEMORY && (size == 0 ? o->size == 0 : fits(m, size, o->size));
    case 'O':
        return base == NO_REGISTER && o->value.index == NO_REGISTER && fits_memory(m, size, o);
    case 'I':
        return fits_immediate(m, size, o);
    case 'J':
        return fits_label(m, size, o);
    case 'C':
        return is_register(o, 8 * CLASS_BYTE + 1);
    case 'D':
        return is_register(o, 8 * CLASS_WORD + 2);
    case '1':
        return o->kind == IMMEDIATE && o->value.number == 1 && is_number(&o->value);
    case 'F':
        m->added = base % 8;
        return o->kind == IN_REGISTER && base / 8 == CLASS_FLOAT;
    default: /* f */
        return is_register(o, 8 * CLASS_FLOAT);
    }
}

static bool matches(struct match *m, const struct form *form, const struct operand *o, int count) {
    *m = (struct match){.form = form, .modrm_register = form->digit, .modrm_rm = -1};
    if (form->count != count)
        return false;
    for (int i = 0; i < count; i++)
        if (!fits_operand(m, form->operand[i], form->size[i], &o[i]))
            return false;
    return m->unsized == m->sized || m->unsized == 0;
}

/* ModRM, SIB and displacement: Intel SDM, volume 2, tables 2-2 and 2-3. */
static void put_memory(struct pp *pp, int reg, const struct value *v) {
    static const uint8_t LOG[] = {0, 0, 1, 0, 2, 0, 0, 0, 3};
    bool is_label = v->plus.at || v->minus.at != NULL;
    bool small = !is_label && between(v->number, -128, 127);
    int mode = v->base == NO_REGISTER ? 0 : !small ? 2 : v->number != 0 || v->base == 5 ? 1 : 0;
    bool sib = v->index != NO_REGISTER || v->base == 4;
    int rm = sib ? 4 : v->base == NO_REGISTER ? 5 : v->base;
    put_byte(pp, (uint32_t)(mode << 6 | reg << 3 | rm));
    if (sib) {
        int scale = v->index == NO_REGISTER ? 0 : LOG[v->scale];
        int index = v->index == NO_REGISTER ? 4 : v->index;
        put_byte(pp, (uint32_t)(scale << 6 | index << 3 | (v->base == NO_REGISTER ? 5 : v->base)));
    }
    if (mode == 1) {
        put_byte(pp, v->number);
    } else if (mode == 2 || v->base == NO_REGISTER) {
        if (is_label)
            put_reference(pp, v->minus.at ? '%' : '&', v);
        else
            put_number(pp, v->number, 4);
    }
}

static void put_value(struct pp *pp, const struct value *v, char size) {
    if (v->plus.at || v->minus.at)
        put_reference(pp, v->minus.at ? '%' : '&', v);
    else
        put_number(pp, v->number, size == 'd' ? 4 : size == 'w' ? 2 : 1);
}

static void put_instruction(struct pp *pp, const struct match *m) {
    const struct form *form = m->form;
    if (m->v == 2)
        put_byte(pp, 0x66);
    for (int i = 0; i < form->length; i++)
        put_byte(pp, form->opcode[i] + (i == form->length - 1 ? (uint32_t)m->added : 0));
    if (m->modrm_register >= 0 && m->modrm_rm >= 0)
        put_byte(pp, (uint32_t)(0xC0 | m->modrm_register << 3 | m->modrm_rm));
    else if (m->modrm_register >= 0 && m->memory)
        put_memory(pp, m->modrm_register, &m->memory->value);
    else if (m->memory)
        put_value(pp, &m->memory->value, 'd');
    for (int i = 0; i < m->immediates; i++)
        put_value(pp, &m->immediate[i]->value, m->immediate_size[i]);
    if (m->label)
        put_reference(pp, m->label_size == 'd' ? '%' : '!', &m->label->value);
}

void instruction(struct pp *pp, struct symbol *mnemonic) {
    struct operand operands[3];
    int count = 0;
    skip_blanks(pp);
    if (*pp->at != 0) {
        do {
            if (count == 3)
                fail(pp, "too many operands", mnemonic->name);
            operands[count++] = read_operand(pp);
        } while (accept(pp, ','));
    }
    end_of_line(pp);
    for (const struct form *form = mnemonic->forms; form != NULL; form = form->next) {
        struct match m;
        if (matches(&m, form, operands, count)) {
            put_instruction(pp, &m);
            return;
        }
    }
    fail(pp, "no such operands", mnemonic->name);
}

/* The operands of a form up to the colon. */
static void read_form_operands(struct pp *pp, struct form *form) {
    do {
        struct slice word = name(pp);
        bool known = word.length >= 1 && word.length <= 2 && form->count < 3 &&
                     strchr("EGZAMOIJCD1Ff", *word.at) &&
                     (word.length == 1 || strchr("bwdvqtsc", word.at[1]) != NULL);
        if (!known)
            fail(pp, "bad operand", word);
        form->operand[form->count] = *word.at;
        form->size[form->count++] = word.length == 2 ? word.at[1] : 0;
    } while (accept(pp, ','));
}

/* A byte of an opcode: two hexadecimal digits, or an expression in parentheses. */
static uint8_t opcode_byte(struct pp *pp) {
    if (accept(pp, '(')) {
        uint32_t byte = number(pp);
        need(pp, ')');
        return (uint8_t)byte;
    }
    struct slice word = name(pp);
    int high = word.length == 2 ? hexadecimal(word.at[0]) : -1;
    int low = word.length == 2 ? hexadecimal(word.at[1]) : -1;
    if (high < 0 || low < 0) {
        pp->at = word.at;
        fail_at(pp, "bad opcode");
    }
    return (uint8_t)(high << 4 | low);
}

/* %insn NAME OPERAND, ... : BYTE... /DIGIT */
void define_instruction(struct pp *pp) {
    struct slice word = need_name(pp);
    struct symbol *symbol = find(pp, word);
    struct form *form = allocate(sizeof *form);
    if (!symbol) {
        symbol = define(pp, word, INSTRUCTION);
        symbol->last_form = &symbol->forms;
    } else if (symbol->kind != INSTRUCTION) {
        fail(pp, "defined twice", word);
    }
    form->digit = -1;
    if (!accept(pp, ':')) {
        read_form_operands(pp, form);
        need(pp, ':');
    }
    skip_blanks(pp);
    while (*pp->at != 0 && *pp->at != '/') {
        if (form->length == 4)
            fail_at(pp, "too much");
        form->opcode[form->length++] = opcode_byte(pp);
        skip_blanks(pp);
    }
    if (accept(pp, '/')) {
        if (*pp->at < '0' || *pp->at > '7')
            fail_at(pp, "bad opcode");
        form->digit = *pp->at++ - '0';
    }
    end_of_line(pp);
    *symbol->last_form = form;
    symbol->last_form = &form->next;
}
