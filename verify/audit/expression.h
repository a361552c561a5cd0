/*
 * What an expression of the asm column means, worked out without NASM: symbols, numbers, character
 * constants and operators as the NASM manual (3.4 to 3.8) describes them.
 */
#ifndef VERIFY_AUDIT_EXPRESSION_H
#define VERIFY_AUDIT_EXPRESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REGISTERS = 38 };

/* value + sum of factor[r] * register r: what stands between brackets. */
struct linear {
    int64_t value;
    int factor[REGISTERS];
};

struct symbol {
    char *name;    /* a local label with the name it belongs to */
    char *text;    /* of an EQU, else null */
    char *base;    /* the label that local names in `text` belong to */
    int64_t value; /* of a label; for an EQU its address, which is what `$` means */
};

struct symbols {
    struct symbol *list;
    size_t count;
    size_t room;
};

/* Where an expression stands. */
struct place {
    const struct symbols *symbols;
    const char *base;  /* the label that local names belong to, or null */
    int64_t here;      /* $ */
    int64_t origin;    /* $$ */
    unsigned depth;    /* of EQUs within EQUs */
    const char *error; /* set when something cannot be read */
};

/* Adds a symbol; the strings are copied, `text` and `base` may be null. */
void symbols_add(struct symbols *s, const char *name, const char *text, const char *base,
                 int64_t value);
void symbols_free(struct symbols *s);

/* The name of the label at `value`, or null; labels come before EQUs, which are not looked at. */
const char *symbols_at(const struct symbols *s, int64_t value);

/* The number of the register called by the `length` bytes at `name`, or -1. */
int register_number(const char *name, size_t length);
/* Its name, and its size in bytes. */
const char *register_name(int number);
unsigned register_size(int number);

const char *skip_blanks(const char *text);

/* The end of a symbol or keyword that begins at `text`, or `text` if none does. */
const char *word_end(const char *text);

/*
 * Reads the string at *text, which opens with ', " or `, into `out` (room for as many bytes as the
 * text has) and moves *text behind it. Returns its length; an unclosed one sets place->error.
 */
size_t read_string(const char **text, unsigned char *out, struct place *place);

/*
 * Reads an expression and moves *text behind it. Sets place->error and returns a zero if it cannot
 * be read.
 */
struct linear read_expression(const char **text, struct place *place);

/* The same where no register may stand. */
int64_t read_number(const char **text, struct place *place);

/* Whether a linear form holds a register. */
bool has_register(const struct linear *l);

#endif
