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
    size_t text; /* the kernel has been read from behind so much text, and then the script; 0: boot
                    does */
    bool told;   /* where the script is */
    size_t kernel; /* where it lies on the disk */
    uint64_t memory_mib;
    const struct pc_area *map; /* of the BIOS; null: as the memory is */
    size_t areas;
    bool alone;       /* one case runs on it: then there is one machine */
    struct warm warm; /* before it looks at the script; before its first instruction, alone */
    struct warm cold; /* before its first instruction; not there, alone */
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

/* For the parts of the list. `name` becomes the case's; the memory is in MiB, 0 is the usual; a map
   instead of that, or null, is not copied. */
struct mutant_case *case_add(struct cases *all, char *name, const char *bios, uint64_t memory_mib,
                             const struct pc_area *map, size_t areas);

/* The words, the lower byte first. */
void case_put_words(uint8_t *at, const uint32_t *words, size_t n);

/* Appends a src command that makes the file of one of the host. Returns 0, or -1 with *p filled. */
int case_add_file(struct buffer *script, const char *path, const char *host, struct problem *p);

/* The same for a program, by its words, and the line that runs it. */
int case_add_program(struct buffer *script, const char *words, struct problem *p);

int cases_add_maps(struct cases *all, struct problem *p);
void cases_add_headers(struct cases *all);

/* Boots the benches and runs every case on the kernel as it is; part of cases_make. */
int cases_open(struct cases *all, struct problem *p);
void cases_free(struct cases *all);

/* Whether a kernel with other bytes at an address leaves something else. `booted`: where it does
   not once the kernel as it is has booted, that is the answer. 1: it does; 0; -1 with *p filled. */
int case_differs(struct cases *all, struct mutant_case *c, bool booted, uint32_t address,
                 const uint8_t *bytes, size_t n, struct problem *p);

#endif
