/* Expressions of the asm column. One function for each precedence of NASM's operators (3.5). */
#include "verify/audit/expression.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "images/lib/util.h"

enum { DEPTH_MAX = 32 };

static struct linear fail(struct place *place, const char *why) {
    if (!place->error)
        place->error = why;
    return (struct linear){0};
}

const char *skip_blanks(const char *text) {
    while (*text == ' ' || *text == '\t')
        text++;
    return text;
}

static bool is_word(char c) {
    return isalnum((unsigned char)c) || c == '_' || c == '.' || c == '?' || c == '@';
}

const char *word_end(const char *text) {
    if (isdigit((unsigned char)*text))
        return text;
    while (is_word(*text))
        text++;
    return text;
}

/* The byte an escape of a `string` stands for; *text is behind the backslash and moves on. */
static unsigned char read_escape(const char **text, struct place *place) {
    static const char NAMES[] = "abtnvfr";
    static const char VALUES[] = "\a\b\t\n\v\f\r";
    char c = *(*text)++;
    const char *at = c ? strchr(NAMES, c) : NULL;
    if (at)
        return (unsigned char)VALUES[at - NAMES];
    if (c == '0')
        return 0;
    if (c == 'e')
        return 27;
    if (c == '\'' || c == '"' || c == '`' || c == '\\' || c == '?')
        return (unsigned char)c;
    fail(place, "an escape that the audit does not know");
    return 0;
}

size_t read_string(const char **text, unsigned char *out, struct place *place) {
    const char *p = *text;
    char quote = *p++;
    size_t length = 0;
    while (*p && *p != quote) {
        if (quote == '`' && *p == '\\') {
            p++;
            out[length++] = read_escape(&p, place);
        } else {
            out[length++] = (unsigned char)*p++;
        }
    }
    if (*p != quote)
        fail(place, "a string is not closed");
    else
        p++;
    *text = p;
    return length;
}

/* A string as a number: its first byte is the lowest (3.4.3). */
static struct linear read_character(const char **text, struct place *place) {
    unsigned char *bytes = xrealloc(NULL, strlen(*text) + 1);
    size_t length = read_string(text, bytes, place);
    struct linear l = {0};
    if (length > 8)
        fail(place, "a string of more than 8 bytes stands for a number");
    for (size_t i = 0; i < length && i < 8; i++)
        l.value = (int64_t)((uint64_t)l.value | (uint64_t)bytes[i] << (8 * i));
    free(bytes);
    return l;
}

/* A number: 0x1F, 1Fh, 755q, 755o, 101b, 12d, 12; underscores separate digits. */
static struct linear read_digits(const char **text, struct place *place) {
    char digits[80];
    size_t length = 0;
    for (; is_word(**text); (*text)++)
        if (**text != '_' && length + 1 < sizeof digits)
            digits[length++] = **text;
    digits[length] = '\0';
    char *start = digits;
    int radix = 10;
    char last = (char)tolower((unsigned char)digits[length - 1]);
    if (digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X')) {
        start = digits + 2;
        radix = 16;
    } else if (last == 'h' || last == 'q' || last == 'o' || last == 'b' || last == 'd') {
        radix = last == 'h' ? 16 : last == 'b' ? 2 : last == 'd' ? 10 : 8;
        digits[length - 1] = '\0';
    }
    char *end;
    struct linear l = {.value = (int64_t)strtoull(start, &end, radix)};
    if (*end || end == start)
        return fail(place, "a number that the audit cannot read");
    return l;
}

static struct linear symbol_value(const struct symbol *symbol, struct place *place) {
    if (!symbol->text)
        return (struct linear){.value = symbol->value};
    if (place->depth == DEPTH_MAX)
        return fail(place, "EQUs that need each other");
    struct place inner = *place;
    inner.base = symbol->base;
    inner.here = symbol->value;
    inner.depth++;
    const char *text = symbol->text;
    struct linear l = read_expression(&text, &inner);
    if (*skip_blanks(text))
        fail(&inner, "an EQU that the audit cannot read");
    place->error = inner.error;
    return l;
}

/* A register or a symbol. */
static struct linear read_name(const char **text, struct place *place) {
    const char *start = *text;
    size_t length = (size_t)(word_end(start) - start);
    *text = start + length;
    int number = register_number(start, length);
    if (number >= 0) {
        struct linear l = {0};
        l.factor[number] = 1;
        return l;
    }
    const char *base = *start == '.' && place->base ? place->base : "";
    char *name = xprintf("%s%.*s", base, (int)length, start);
    const struct symbol *found = NULL;
    for (size_t i = 0; i < place->symbols->count && !found; i++)
        if (strcmp(place->symbols->list[i].name, name) == 0)
            found = &place->symbols->list[i];
    free(name);
    return found ? symbol_value(found, place) : fail(place, "a name that is not defined");
}

static struct linear read_primary(const char **text, struct place *place) {
    *text = skip_blanks(*text);
    const char *p = *text;
    if (*p == '(') {
        *text = p + 1;
        struct linear l = read_expression(text, place);
        *text = skip_blanks(*text);
        if (**text != ')')
            return fail(place, "a parenthesis is not closed");
        ++*text;
        return l;
    }
    if (*p == '$') {
        *text = p + (p[1] == '$' ? 2 : 1);
        return (struct linear){.value = p[1] == '$' ? place->origin : place->here};
    }
    if (*p == '\'' || *p == '"' || *p == '`')
        return read_character(text, place);
    if (isdigit((unsigned char)*p))
        return read_digits(text, place);
    if (is_word(*p))
        return read_name(text, place);
    return fail(place, "something that is no expression");
}

static struct linear scale(struct linear l, int64_t by) {
    l.value = (int64_t)((uint64_t)l.value * (uint64_t)by);
    for (int i = 0; i < REGISTERS; i++)
        l.factor[i] *= (int)by;
    return l;
}

static struct linear read_unary(const char **text, struct place *place) {
    *text = skip_blanks(*text);
    char c = **text;
    if (c != '-' && c != '+' && c != '~')
        return read_primary(text, place);
    ++*text;
    struct linear l = read_unary(text, place);
    if (c == '~') {
        if (has_register(&l))
            return fail(place, "an operator that registers do not have");
        l.value = ~l.value;
        return l;
    }
    return c == '-' ? scale(l, -1) : l;
}

/* Operators but + and - and the factor of a register work on numbers alone. */
static struct linear combine(char op, struct linear a, struct linear b, struct place *place) {
    if (op == '*' && !has_register(&a))
        return scale(b, a.value);
    if (op == '*' && !has_register(&b))
        return scale(a, b.value);
    if (has_register(&a) || has_register(&b))
        return fail(place, "an operator that registers do not have");
    uint64_t x = (uint64_t)a.value;
    uint64_t y = (uint64_t)b.value;
    if ((op == '/' || op == '%') && y == 0)
        return fail(place, "a division by zero");
    if ((op == '<' || op == '>') && y > 63)
        return fail(place, "a shift by more than 63");
    uint64_t r = op == '/'   ? x / y
                 : op == '%' ? x % y
                 : op == '<' ? x << y
                 : op == '>' ? x >> y
                 : op == '&' ? (x & y)
                 : op == '^' ? (x ^ y)
                             : (x | y);
    return (struct linear){.value = (int64_t)r};
}

static struct linear read_product(const char **text, struct place *place) {
    struct linear l = read_unary(text, place);
    for (;;) {
        *text = skip_blanks(*text);
        char c = **text;
        if ((c != '*' && c != '/' && c != '%') || (*text)[1] == c)
            return l;
        ++*text;
        l = combine(c, l, read_unary(text, place), place);
    }
}

static struct linear read_sum(const char **text, struct place *place) {
    struct linear l = read_product(text, place);
    for (;;) {
        *text = skip_blanks(*text);
        char c = **text;
        if (c != '+' && c != '-')
            return l;
        ++*text;
        struct linear r = scale(read_product(text, place), c == '-' ? -1 : 1);
        l.value = (int64_t)((uint64_t)l.value + (uint64_t)r.value);
        for (int i = 0; i < REGISTERS; i++)
            l.factor[i] += r.factor[i];
    }
}

static struct linear read_shift(const char **text, struct place *place) {
    struct linear l = read_sum(text, place);
    for (;;) {
        *text = skip_blanks(*text);
        char c = **text;
        if ((c != '<' && c != '>') || (*text)[1] != c)
            return l;
        *text += 2;
        l = combine(c, l, read_sum(text, place), place);
    }
}

static struct linear read_and(const char **text, struct place *place) {
    struct linear l = read_shift(text, place);
    while (*(*text = skip_blanks(*text)) == '&') {
        ++*text;
        l = combine('&', l, read_shift(text, place), place);
    }
    return l;
}

static struct linear read_xor(const char **text, struct place *place) {
    struct linear l = read_and(text, place);
    while (*(*text = skip_blanks(*text)) == '^') {
        ++*text;
        l = combine('^', l, read_and(text, place), place);
    }
    return l;
}

struct linear read_expression(const char **text, struct place *place) {
    struct linear l = read_xor(text, place);
    while (*(*text = skip_blanks(*text)) == '|') {
        ++*text;
        l = combine('|', l, read_xor(text, place), place);
    }
    return l;
}

int64_t read_number(const char **text, struct place *place) {
    struct linear l = read_expression(text, place);
    if (has_register(&l))
        fail(place, "a register where a number should stand");
    return l.value;
}
