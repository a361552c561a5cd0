/*
 * link once more in C: the oracle that boot1's link is compared with, byte by byte and message by
 * message. buildscripts/LANGUAGES.md has the language. One state, no globals; an error ends the
 * program. What is allocated lives until then.
 */
#ifndef VERIFY_LADDER_LINK_H
#define VERIFY_LADDER_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "verify/ladder/slice.h"

enum section_number { TEXT, RODATA, DATA, BSS, SECTIONS };

struct place {
    const char *file;
    size_t file_length;
    unsigned line;
};

struct label {
    struct label *next;
    struct slice name;
    uint32_t module; /* of a ..name and what is inner to it, from 1; 0: the program */
    enum section_number section;
    uint32_t offset; /* in the section, later the address */
    size_t number;   /* in the order of definition */
    bool defined;
    bool inner; /* a .name */
};

/* A reference in the output, to be filled in when all addresses are known. */
struct reference {
    struct reference *next;
    char kind;
    enum section_number section;
    uint32_t offset;
    struct label *plus, *minus;
    uint32_t addend;
    struct slice text; /* as written */
    struct place place;
};

struct section {
    uint8_t *bytes;
    size_t room;
    uint32_t size;
    uint32_t align;
    uint32_t address;
};

struct link {
    bool symbols; /* --symbols */
    bool hex2;    /* the language is hex2's: every other byte is skipped, no directives */
    uint32_t base;
    struct label *bucket[65536];
    struct label **labels; /* in the order of their definition */
    size_t label_count, label_room;
    struct reference *references, **last_reference;
    struct section section[SECTIONS];
    enum section_number current;
    uint32_t module;           /* number of the module at hand */
    const struct label *outer; /* what .names belong to */
    struct place place;
    const char *at, *end;
};

/* link.c */
_Noreturn void fail(struct link *l, const char *what, struct slice word);
void *allocate(size_t size);
char *load(const char *path, size_t *size); /* a whole file, or the end of the program */

/* link_read.c: one file */
void read_module(struct link *l, const char *file, const char *text, size_t size);
void read_hex2(struct link *l, const char *file, const char *text, size_t size);
void put(struct link *l, uint8_t byte);

/* link_label.c */
struct label *find(struct link *l, struct slice name);
void define(struct link *l, struct slice name);
void refer(struct link *l, char kind, uint32_t size, struct reference r);

/* link_layout.c: addresses, the ELF header, the map */
void lay_out(struct link *l);
void resolve(struct link *l);
bool write_program(struct link *l, const char *path);
bool write_map(struct link *l, const char *path);

/* link_symbols.c: what stands behind the program with --symbols */
struct symbol_table {
    uint8_t *bytes;
    uint32_t size;
    uint32_t offset;  /* in the file */
    uint32_t headers; /* where the section headers are */
};
struct symbol_table make_symbols(const struct link *l, const uint32_t *offset, uint32_t end);

#endif
