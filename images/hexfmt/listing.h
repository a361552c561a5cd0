/*
 * A hex0 source as a listing: its lines with addresses, labels and what a run of the tests has
 * counted. Lines are `BYTES ; ASM # PROSE`, or prose alone (see hex0/kernel.hex0).
 */
#ifndef IMAGES_HEXFMT_LISTING_H
#define IMAGES_HEXFMT_LISTING_H

#include "images/lib/util.h"

struct line {
    char *bytes; /* as written; empty strings where there are none */
    char *code;  /* the asm column */
    char *prose;
    unsigned number;   /* from 1 on */
    uint32_t address;  /* where there are bytes, or a label */
    unsigned size;     /* bytes */
    char *label;       /* its whole name, `start.next`; null: none */
    const char *scope; /* the label without a dot that it stands behind */
    const char *near;  /* the last label at or before it */
    bool instruction;
    bool condition; /* a jump that may be taken or not */
    uint64_t runs;
    uint64_t taken;
};

struct listing {
    const char *path;
    struct line *lines;
    size_t count;
};

/* Reads a source. Returns 0, or -1 with *p filled; the caller calls listing_free in both cases. */
int listing_read(struct listing *l, const char *path, struct problem *p);
void listing_free(struct listing *l);

/* Adds what a line of the counts says (`PATH ADDRESS RUNS TAKEN`); false: it is of another file. */
bool listing_count(struct listing *l, const char *path, uint32_t address, uint64_t runs,
                   uint64_t taken);

/* Whether the instruction refers to the label. */
bool line_refers(const struct line *l, const struct line *label);

#endif
