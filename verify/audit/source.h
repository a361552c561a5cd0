/*
 * A hex0 source as the audit sees it: what each group of lines is, and where it stands. Addresses
 * come from counting the bytes that are written, never from NASM.
 */
#ifndef VERIFY_AUDIT_SOURCE_H
#define VERIFY_AUDIT_SOURCE_H

#include "images/hexfmt/hexfmt_file.h"
#include "images/lib/util.h"
#include "verify/audit/expression.h"

enum item_kind {
    ITEM_NOTHING,     /* prose, labels, EQUs, directives */
    ITEM_DATA,        /* db, dw, dd, dq, align */
    ITEM_INSTRUCTION, /* anything else with a text */
};

struct item {
    enum item_kind kind;
    size_t line;      /* of the head, from 0 */
    size_t end;       /* the line after its last one */
    const char *text; /* behind a label and `times N` */
    size_t offset;    /* of its first byte in the image */
    size_t size;
    int64_t repeat; /* of `times`; 1 without */
    unsigned bits;  /* 16 or 32 */
    char *base;     /* the label that local names belong to, or null */
};

struct source {
    struct hex_file file;
    struct symbols symbols;
    struct buffer image; /* the bytes written, in order */
    struct item *items;
    size_t count;
    int64_t origin;
    size_t problems; /* said on stderr */
};

/* Reads a source. Returns -1 with *p filled if the file cannot be read. */
int source_read(const char *name, struct source *source, struct problem *p);
void source_free(struct source *source);

/* Where an item stands, for its expressions; `offset` is that of $ in the image. */
struct place item_place(const struct source *source, const struct item *item, size_t offset);

/* Prints `seedbed: FILE:LINE: ` on stderr; the caller goes on with the message and a newline. */
void source_locate(const struct source *source, size_t line);

#endif
