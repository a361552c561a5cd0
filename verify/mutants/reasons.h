/*
 * The list of survivors: LABEL | INSTRUCTION | MUTATION, MUTATION... | CLASS: why. The class is
 * `equal` where the mutant does the same as the kernel, or `open` where it does not, but nobody
 * notices.
 */
#ifndef VERIFY_MUTANTS_REASONS_H
#define VERIFY_MUTANTS_REASONS_H

#include "verify/mutants/mutate.h"

struct reason {
    char *label, *code, *mutations, *why;
    unsigned line;
    bool equal;
};

struct reasons {
    const char *path;
    struct reason *of;
    size_t count;
};

/* Returns 0, or -1 with *p filled. */
int reasons_read(struct reasons *all, const char *path, struct problem *p);
void reasons_free(struct reasons *all);

/* The number of the reason for a mutant; -1: there is none. */
long reasons_find(const struct reasons *all, const struct line *line, enum kind kind);

#endif
