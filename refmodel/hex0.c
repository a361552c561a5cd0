/* The hex0 compiler. One scanner turns text into digits with their places; the rest pairs them. */
#include "refmodel/hex0.h"

struct scanner {
    const uint8_t *in;
    size_t n;
    size_t pos;    /* the next byte to look at */
    size_t line;   /* of that byte, from 1 */
    size_t column; /* of that byte, from 1 */
    bool strict;
    bool comment; /* that byte is part of a comment */
};

/* What next_digit gives when it gives no digit. */
enum { END = -1, STRAY = -2 };

static int digit_value(uint8_t c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool is_space(uint8_t c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct scanner scan(const uint8_t *in, size_t n, bool strict) {
    return (struct scanner){.in = in, .n = n, .line = 1, .column = 1, .strict = strict};
}

/* Moves past one byte, keeping count of lines and comments. */
static void advance(struct scanner *s) {
    uint8_t c = s->in[s->pos++];
    s->column++;
    if (c == '\n') {
        s->line++;
        s->column = 1;
        s->comment = false;
    } else if (c == '#' || c == ';') {
        s->comment = true;
    }
}

/* Value of the next digit, which is left as the current byte; or END or STRAY. */
static int next_digit(struct scanner *s) {
    for (; s->pos < s->n; advance(s)) {
        uint8_t c = s->in[s->pos];
        if (s->comment || c == '#' || c == ';')
            continue;
        int value = digit_value(c);
        if (value >= 0)
            return value;
        if (s->strict && !is_space(c))
            return STRAY;
    }
    return END;
}

static int failed(struct hex0_error *error, size_t line, size_t column, const char *what) {
    *error = (struct hex0_error){.line = line, .column = column, .what = what};
    return -1;
}

size_t hex0_bound(size_t n) {
    return n / 2;
}

int hex0_compile(const uint8_t *in, size_t n, bool strict, uint8_t *out, size_t *made,
                 struct hex0_error *error) {
    struct scanner s = scan(in, n, strict);
    *made = 0;
    for (;;) {
        int high = next_digit(&s);
        if (high == END)
            return 0;
        if (high == STRAY)
            return failed(error, s.line, s.column, "neither digit, white space nor comment");
        size_t line = s.line;
        size_t column = s.column;
        advance(&s);
        int low = next_digit(&s);
        if (low == STRAY)
            return failed(error, s.line, s.column, "neither digit, white space nor comment");
        if (low == END)
            return failed(error, line, column, "odd digit");
        advance(&s);
        out[(*made)++] = (uint8_t)(high << 4 | low);
    }
}

size_t hex0_line_of(const uint8_t *in, size_t n, size_t offset) {
    struct scanner s = scan(in, n, false);
    for (size_t digits = 0; next_digit(&s) != END; digits++) {
        if (digits / 2 == offset)
            return s.line;
        advance(&s);
    }
    return 0;
}
