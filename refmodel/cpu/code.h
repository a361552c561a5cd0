/*
 * Decoded code. Instructions that follow each other are decoded together into a run, next to each
 * other in memory, with a link to where the code goes on behind them. How bytes are decoded depends
 * on the state of the processor (struct code_mode); there is a map from linear addresses to decoded
 * instructions for each of the last few states, so that a kernel can go to real mode and back
 * without decoding anything again. A page of memory from which code was decoded is watched. When
 * bytes of decoded code change, the instructions of that page become stale: running one looks its
 * address up again. They stay in memory until everything is forgotten, so that nothing dangles.
 */
#ifndef REFMODEL_CPU_CODE_H
#define REFMODEL_CPU_CODE_H

#include "refmodel/cpu/access.h"

enum { ARENA_INSNS = 16384, ARENA_BLOCKS = 64, RUN_INSNS = 64, RUN_SLOTS = 3 * RUN_INSNS + 2 };
enum { CODE_MAPS = 12 };

/* What decoded code depends on. */
struct code_mode {
    uint32_t base; /* of CS */
    uint32_t limit;
    uint32_t bits;
};
enum { MODE_FLAT = 1, MODE_32 = 2, MODE_SINGLE = 4, MODE_PAGED = 8, MODE_USER = 16 };

struct code_map {
    struct code_mode mode;
    struct code_page **at;   /* by linear page; null: the map is not in use */
    struct code_page *pages; /* all of them */
};

struct code_cache {
    struct code_map map[CODE_MAPS];
    uint32_t oldest;         /* the map that gives way next */
    struct code_page **here; /* by physical page: the pages that were decoded from it */
    struct code_page *spare;
    struct insn *block[ARENA_BLOCKS];
    uint32_t block_now;  /* which one is being filled */
    uint32_t used;       /* of it */
    struct insn passing; /* what cannot be fetched, or for which the host has no memory */
};

bool code_init(struct cpu *c);
void code_free(struct cpu *c);

/* Forgets all decoded code. Only while the processor is stopped. */
void code_flush(struct cpu *c);

/* The same, where it has come to more than a few megabytes. */
void code_trim(struct cpu *c);

/* n bytes of a watched physical page, which lie in it, are about to change. */
void code_written(struct cpu *c, uint32_t physical, uint32_t n);

/* Linear addresses may lead elsewhere than before, with paging (as it is now) or without (A20):
   forgets the code of pages that moved. */
void code_moved(struct cpu *c, bool unpaged);

/* One linear page may, with paging. */
void code_moved_page(struct cpu *c, uint32_t linear);

#endif
