/* Expressions: 32-bit numbers, with labels and registers as far as they can be added. */
#include <string.h>

#include "verify/ladder/pp.h"

static struct value of_number(uint32_t number) {
    return (struct value){.number = number, .base = NO_REGISTER, .index = NO_REGISTER};
}

bool is_number(const struct value *v) {
    return !v->plus.at && !v->minus.at && v->base == NO_REGISTER && v->index == NO_REGISTER;
}

static uint32_t need_number(struct pp *pp, const struct value *v) {
    if (!is_number(v)) {
        if (v->plus.at)
            fail(pp, "not a number", v->plus);
        fail(pp, "not a number", none());
    }
    return v->number;
}

int hexadecimal(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One byte of quoted text, with escapes. */
static char quoted_byte(struct pp *pp) {
    char c = *pp->at++;
    if (c != '\\')
        return c;
    static const char ESCAPES[] = "n\nt\tr\r0\0\\\\\"\"''";
    c = *pp->at++;
    for (size_t i = 0; i < sizeof ESCAPES - 1; i += 2)
        if (c == ESCAPES[i])
            return ESCAPES[i + 1];
    pp->at--;
    if (c == 'x' && hexadecimal(pp->at[1]) >= 0 && hexadecimal(pp->at[2]) >= 0) {
        pp->at += 3;
        return (char)(16 * hexadecimal(pp->at[-2]) + hexadecimal(pp->at[-1]));
    }
    pp->at--;
    fail_at(pp, "unknown escape");
}

size_t quoted(struct pp *pp, char *bytes) {
    const char *start = pp->at;
    char quote = *pp->at++;
    size_t length = 0;
    while (*pp->at != quote) {
        if (*pp->at == 0) {
            pp->at = start;
            fail_at(pp, "no quote at the end");
        }
        bytes[length++] = quoted_byte(pp);
    }
    pp->at++;
    return length;
}

static struct value character(struct pp *pp) {
    char bytes[LINE_LIMIT];
    const char *start = pp->at;
    size_t length = quoted(pp, bytes);
    uint32_t number = 0;
    if (length < 1 || length > 4) {
        pp->at = start;
        fail_at(pp, "bad number");
    }
    while (length > 0)
        number = number << 8 | (uint8_t)bytes[--length];
    return of_number(number);
}

/* A number: decimal, 0x, 0o or 0b. */
static struct value literal(struct pp *pp, struct slice word) {
    uint64_t value = 0;
    int base = 10;
    size_t i = 0;
    if (word.length > 2 && word.at[0] == '0') {
        base = word.at[1] == 'x' ? 16 : word.at[1] == 'o' ? 8 : word.at[1] == 'b' ? 2 : 10;
        i = base == 10 ? 0 : 2;
    }
    for (; i < word.length; i++) {
        int digit = hexadecimal(word.at[i]);
        value = value * (unsigned)base + (unsigned)digit;
        if (digit < 0 || digit >= base || value > UINT32_MAX)
            fail(pp, "bad number", word);
    }
    return of_number((uint32_t)value);
}

/* "a" == "b" or "a" != "b" */
static struct value comparison(struct pp *pp) {
    char a[LINE_LIMIT], b[LINE_LIMIT];
    size_t a_length = quoted(pp, a);
    skip_blanks(pp);
    bool equal = strncmp(pp->at, "==", 2) == 0;
    if (!equal && strncmp(pp->at, "!=", 2) != 0)
        fail_at(pp, "bad expression");
    pp->at += 2;
    skip_blanks(pp);
    if (*pp->at != '"')
        fail_at(pp, "bad expression");
    size_t b_length = quoted(pp, b);
    return of_number((a_length == b_length && memcmp(a, b, a_length) == 0) == equal);
}

static struct value of_name(struct pp *pp) {
    struct slice word = name(pp);
    struct value v = of_number(0);
    if (word.length == 0)
        fail_at(pp, "bad expression");
    if (*word.at >= '0' && *word.at <= '9')
        return literal(pp, word);
    if (same(word, (struct slice){"defined", 7})) {
        struct symbol *symbol = find(pp, need_name(pp));
        return of_number(symbol && symbol->kind != LABEL);
    }
    struct symbol *symbol = find(pp, word);
    if (symbol && (symbol->kind == NUMBER || symbol->kind == VARIABLE))
        return of_number(symbol->value);
    if (symbol && symbol->kind == REGISTER) {
        v.base = (int)symbol->value;
        return v;
    }
    if (symbol && symbol->kind != LABEL)
        fail(pp, "bad expression", word);
    if (!symbol && *word.at != '.')
        define(pp, word, LABEL);
    v.plus = word;
    return v;
}

static struct value binary(struct pp *pp, int least);

static struct value unary(struct pp *pp) {
    skip_blanks(pp);
    char c = *pp->at;
    if (c == '-' || c == '~' || c == '!') {
        pp->at++;
        struct value v = unary(pp);
        uint32_t n = need_number(pp, &v);
        return of_number(c == '-' ? 0 - n : c == '~' ? ~n : n == 0);
    }
    if (c == '(') {
        pp->at++;
        struct value v = binary(pp, 1);
        need(pp, ')');
        return v;
    }
    return c == '"' ? comparison(pp) : c == '\'' ? character(pp) : of_name(pp);
}

static bool is_address_register(int code) {
    return code / 8 == CLASS_DWORD;
}

static void add_register(struct pp *pp, struct value *v, int code, uint32_t scale) {
    if (code == NO_REGISTER)
        return;
    if (!is_address_register(code) || (v->base != NO_REGISTER && !is_address_register(v->base)))
        fail(pp, "bad address", none());
    if (v->base == NO_REGISTER && scale == 1) {
        v->base = code;
        return;
    }
    if (v->index == NO_REGISTER) {
        v->index = code;
        v->scale = scale;
        return;
    }
    if (v->base == NO_REGISTER && v->scale == 1) {
        v->base = v->index;
        v->index = code;
        v->scale = scale;
        return;
    }
    fail(pp, "bad address", none());
}

static void add_label(struct pp *pp, struct slice *to, struct slice label) {
    if (!label.at)
        return;
    if (to->at)
        fail(pp, "two labels", label);
    *to = label;
}

static struct value sum(struct pp *pp, struct value a, const struct value *b) {
    a.number += b->number;
    add_label(pp, &a.plus, b->plus);
    add_label(pp, &a.minus, b->minus);
    add_register(pp, &a, b->base, 1);
    add_register(pp, &a, b->index, b->scale);
    return a;
}

static struct value difference(struct pp *pp, struct value a, const struct value *b) {
    if (b->base != NO_REGISTER || b->index != NO_REGISTER)
        fail(pp, "bad address", none());
    a.number -= b->number;
    add_label(pp, &a.minus, b->plus);
    add_label(pp, &a.plus, b->minus);
    return a;
}

/* Whether `v` is a register alone, which can be an index. */
static bool is_index(const struct value *v) {
    return !v->plus.at && !v->minus.at && v->base != NO_REGISTER && v->index == NO_REGISTER &&
           v->number == 0 && is_address_register(v->base);
}

static struct value product(struct pp *pp, const struct value *a, const struct value *b) {
    const struct value *index = is_index(a) ? a : is_index(b) ? b : NULL;
    if (!index) {
        uint32_t left = need_number(pp, a);
        return of_number(left * need_number(pp, b));
    }
    struct value v = of_number(0);
    v.scale = need_number(pp, index == a ? b : a);
    v.index = index->base;
    return v;
}

static uint32_t divide(struct pp *pp, uint32_t a, uint32_t b, bool rest) {
    if (b == 0)
        fail(pp, "division by zero", none());
    if (b == UINT32_MAX)
        return rest ? 0 : 0 - a;
    return (uint32_t)(rest ? (int32_t)a % (int32_t)b : (int32_t)a / (int32_t)b);
}

enum operator{
    OR,
    AND,
    EQUAL,
    UNEQUAL,
    AT_MOST,
    AT_LEAST,
    LEFT,
    RIGHT,
    LESS,
    MORE,
    BIT_OR,
    BIT_XOR,
    BIT_AND,
    PLUS,
    MINUS,
    TIMES,
    OVER,
    MODULO,
    OPERATORS
};

static uint32_t compute(struct pp *pp, enum operator operator, uint32_t a, uint32_t b) {
    switch (operator) {
    case OR:
        return a != 0 || b != 0;
    case AND:
        return a != 0 && b != 0;
    case EQUAL:
        return a == b;
    case UNEQUAL:
        return a != b;
    case AT_MOST:
        return (int32_t)a <= (int32_t)b;
    case AT_LEAST:
        return (int32_t)a >= (int32_t)b;
    case LEFT:
        return b > 31 ? 0 : a << b;
    case RIGHT:
        return b > 31 ? 0 : a >> b;
    case LESS:
        return (int32_t)a < (int32_t)b;
    case MORE:
        return (int32_t)a > (int32_t)b;
    case BIT_OR:
        return a | b;
    case BIT_XOR:
        return a ^ b;
    case BIT_AND:
        return a & b;
    case OVER:
        return divide(pp, a, b, false);
    default:
        return divide(pp, a, b, true);
    }
}

static struct value binary(struct pp *pp, int least) {
    static const struct {
        char text[3];
        int strength;
    } TABLE[OPERATORS] = {{"||", 1}, {"&&", 2}, {"==", 3}, {"!=", 3}, {"<=", 3}, {">=", 3},
                          {"<<", 7}, {">>", 7}, {"<", 3},  {">", 3},  {"|", 4},  {"^", 5},
                          {"&", 6},  {"+", 8},  {"-", 8},  {"*", 9},  {"/", 9},  {"%", 9}};
    struct value left = unary(pp);
    for (;;) {
        int i = 0;
        skip_blanks(pp);
        while (i < OPERATORS && strncmp(pp->at, TABLE[i].text, strlen(TABLE[i].text)) != 0)
            i++;
        if (i == OPERATORS || TABLE[i].strength < least)
            return left;
        pp->at += strlen(TABLE[i].text);
        struct value right = binary(pp, TABLE[i].strength + 1);
        if (i == PLUS) {
            left = sum(pp, left, &right);
        } else if (i == MINUS) {
            left = difference(pp, left, &right);
        } else if (i == TIMES) {
            left = product(pp, &left, &right);
        } else {
            uint32_t a = need_number(pp, &left), b = need_number(pp, &right);
            left = of_number(compute(pp, (enum operator)i, a, b));
        }
    }
}

struct value expression(struct pp *pp) {
    return binary(pp, 1);
}

uint32_t number(struct pp *pp) {
    struct value v = expression(pp);
    if (v.plus.at)
        fail(pp, "not a number", v.plus);
    return need_number(pp, &v);
}
