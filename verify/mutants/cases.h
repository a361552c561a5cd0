/*
 * The quick suite of the mutants: scripts that the kernel runs on the PC, and what it leaves. What
 * the kernel as it is leaves is right, for the tests compare that with Linux and the contract.
 */
#ifndef VERIFY_MUTANTS_CASES_H
#define VERIFY_MUTANTS_CASES_H

#include "verify/warm/warm.h"

/* Where the kernel lies: its bytes from KERNEL on, and what is counted. */
enum { KERNEL = 0x7E00, KERNEL_ROOM = 0x1000 };

/* A PC that the cases run on, put back before each. */
struct bench {
    char *bios;
    bool searches; /* nobody tells the kernel where its script is */
    size_t kernel; /* where it lies on the disk */
    uint64_t memory_mib;
    struct warm warm;        /* before it looks at the script */
    struct warm cold;        /* before its first instruction */
    bool boots[KERNEL_ROOM]; /* instructions of the kernel that run between the two */
};

struct left {
    enum pc_end end;
    uint64_t console, writes, reads; /* digests */
    uint64_t memory; /* of the tables of CONTRACT 7.4: the files, and what must be untouched */
    uint64_t ticks;  /* of the clock that it has waited for */
    uint64_t instructions;
};

struct mutant_case {
    char *name;
    size_t bench;
    struct buffer script;
    bool looks_around;             /* it shows what the boot has made, others add little to that */
    struct left right, right_cold; /* the second when it is asked for: instructions are 0 before */
    double cost;                   /* seconds, about */
    bool reaches[KERNEL_ROOM];     /* instructions of the kernel, behind the boot */
};

struct cases {
    struct bench **bench;
    size_t benches;
    struct mutant_case *of; /* the fastest first */
    size_t count;
    uint64_t instructions; /* of all together */
    uint64_t runs[KERNEL_ROOM],
        taken[KERNEL_ROOM]; /* of the kernel as it is, as pc_count has them */
};

/* All cases and what is right. Returns 0, or -1 with *p filled; the caller calls cases_free in both
   cases. */
int cases_make(struct cases *all, struct problem *p);

/* Boots the benches and runs every case on the kernel as it is; part of cases_make. */
int cases_open(struct cases *all, struct problem *p);
void cases_free(struct cases *all);

/* Whether a kernel with other bytes at an address leaves something else. `booted`: where it does
   not once the kernel as it is has booted, that is the answer. 1: it does; 0; -1 with *p filled. */
int case_differs(struct cases *all, struct mutant_case *c, bool booted, uint32_t address,
                 const uint8_t *bytes, size_t n, struct problem *p);

#endif
