/*
 * The quick suite of the mutants: scripts that the kernel runs on the PC, and what it leaves. What
 * the kernel as it is leaves is right, for the tests compare that with Linux and the contract.
 */
#ifndef VERIFY_MUTANTS_CASES_H
#define VERIFY_MUTANTS_CASES_H

#include "images/lib/util.h"
#include "refmodel/pc/pc.h"

/* Where the kernel lies: its bytes from KERNEL on, and what is counted. */
enum { KERNEL = 0x7E00, KERNEL_ROOM = 0x1000 };

struct left {
    enum pc_end end;
    uint64_t digest; /* of console and disk */
    uint64_t instructions;
};

struct mutant_case {
    char *name;
    const char *bios;
    uint64_t memory_mib;
    struct buffer disk;
    struct left right;
    uint64_t *runs; /* of the kernel's instructions, KERNEL_ROOM of them */
};

struct cases {
    struct mutant_case *of;
    size_t count;
};

/* All cases, without what is right. Returns 0, or -1 with *p filled. */
int cases_make(struct cases *all, struct problem *p);
void cases_free(struct cases *all);

/* Runs a case with another kernel in the place of its own; `runs` may be null. A run of more than
   `limit` instructions ends. Returns 0, or -1 without memory. */
int case_run(const struct mutant_case *c, const struct buffer *kernel, uint64_t limit,
             uint64_t *runs, struct left *left);

#endif
