/*
 * pp once more in C: the oracle that boot1's pp is compared with, byte by byte and message by
 * message. buildscripts/LANGUAGES.md has the language. One state, no globals; an error ends the
 * program. What is allocated lives until then.
 */
#ifndef VERIFY_LADDER_PP_H
#define VERIFY_LADDER_PP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "verify/ladder/slice.h"

enum {
    LINE_LIMIT = 4096, /* a line after the replacement of parameters, with its NUL */
    DEPTH_LIMIT = 200, /* expansions inside each other */
    PARAMETER_LIMIT = 16,
    IF_LIMIT = 1024,          /* open %if in all */
    EXPANSION_LIMIT = 200000, /* lines of macros for one line of a file */
};

enum kind {
    LABEL,       /* used or defined as a label */
    NUMBER,      /* NAME = EXPRESSION */
    VARIABLE,    /* %set */
    REGISTER,    /* value: its code */
    SIZE,        /* byte, word...: value: the bytes; 0 for short */
    PREFIX,      /* value: the byte */
    INSTRUCTION, /* forms */
    MACRO,
    DIRECTIVE
};

/* A register's code: its number, and 8 times its class. */
enum { CLASS_DWORD = 0, CLASS_WORD = 1, CLASS_BYTE = 2, CLASS_FLOAT = 3, NO_REGISTER = -1 };

struct form {
    struct form *next;
    int count; /* of operands */
    char operand[3];
    char size[3];
    int length; /* of the opcode */
    uint8_t opcode[4];
    int digit; /* 0 to 7, or -1 */
};

struct macro {
    struct slice name;
    int count;
    struct slice parameter[PARAMETER_LIMIT];
    bool rest; /* the last parameter takes all that is left */
    const char *body, *end;
    const char *file;
    unsigned line; /* of the first line of the body */
};

struct pp;
typedef void directive(struct pp *pp);

struct symbol {
    struct symbol *next;
    struct slice name;
    enum kind kind;
    uint32_t value;
    struct form *forms, **last_form;
    struct macro *macro;
    directive *run;
};

/* A file or the body of a macro, while it is read. */
struct source {
    struct source *parent;
    const char *at, *end;
    const char *file;
    unsigned line; /* of the line at hand */
    struct macro *macro;
    struct slice argument[PARAMETER_LIMIT];
    unsigned number; /* of the expansion, given when {} wants it; or 0 */
    int first_if;
    char text[LINE_LIMIT]; /* the line at hand */
};

struct condition {
    unsigned line;
    bool taken, else_seen;
};

struct pp {
    struct symbol *bucket[65536];
    struct source *source; /* the innermost */
    struct source *file;   /* the outermost */
    int depth;
    unsigned expansions, budget;
    struct condition condition[IF_LIMIT];
    int conditions;
    const char *at; /* in the line at hand */
    /* The output, and what it ends with. */
    char *out;
    size_t out_size, out_room;
    enum { LINE_START, AFTER_BYTE, AFTER_WORD } after;
};

/* A sum of a number, at most one label and one subtracted label, and registers. */
struct value {
    uint32_t number;
    struct slice plus, minus; /* at is NULL: none */
    int base, index;          /* codes of registers, or NO_REGISTER */
    uint32_t scale;
};

/* pp.c: files, lines, errors */
_Noreturn void fail(struct pp *pp, const char *what, struct slice word);
_Noreturn void fail_at(struct pp *pp, const char *what); /* with the rest of the line */
bool next_line(struct pp *pp);
void run_source(struct pp *pp);
void read_file(struct pp *pp, const char *path);
void statements(struct pp *pp);
void *allocate(size_t size);

/* pp_symbols.c: names */
bool is_name_byte(char c);
void skip_blanks(struct pp *pp);
struct slice name(struct pp *pp); /* of length 0 if there is none */
struct slice need_name(struct pp *pp);
struct symbol *find(struct pp *pp, struct slice name);
struct symbol *define(struct pp *pp, struct slice name, enum kind kind);
struct slice none(void);
bool same(struct slice a, struct slice b);
void end_of_line(struct pp *pp);
bool accept(struct pp *pp, char c);
void need(struct pp *pp, char c);

/* pp_expression.c */
struct value expression(struct pp *pp);
uint32_t number(struct pp *pp); /* an expression that must be a number */
bool is_number(const struct value *v);
int hexadecimal(char c);                   /* the value of a digit, or -1 */
size_t quoted(struct pp *pp, char *bytes); /* the bytes of the quoted text at hand */

/* pp_instruction.c */
void instruction(struct pp *pp, struct symbol *mnemonic);
void define_instruction(struct pp *pp);

/* pp_macro.c */
void define_macro(struct pp *pp);
void expand(struct pp *pp, struct symbol *symbol);

/* pp_block.c: conditions, enumerations, structures */
void begin_if(struct pp *pp);
void other_branch(struct pp *pp, bool is_elif);
void end_block(struct pp *pp);
void enumeration(struct pp *pp);
void structure(struct pp *pp);
int opens_or_ends(const char *line); /* 1: a block begins, -1: it ends, 0: neither */
void after_end(struct pp *pp);
bool starts_with(const char *line, const char *word);

/* pp_directive.c */
void add_directives(struct pp *pp);

/* pp_output.c */
void put_byte(struct pp *pp, uint32_t byte);
void put_number(struct pp *pp, uint32_t number, int size);
void put_reference(struct pp *pp, char kind, const struct value *v);
void put_word(struct pp *pp, const char *word, struct slice more);
void put_statement(struct pp *pp);
void put_newline(struct pp *pp);

#endif
