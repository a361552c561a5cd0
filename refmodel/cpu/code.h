/*
 * Decoded code. Instructions that follow each other are decoded together into a run, next to each
 * other in memory, with a link to where the code goes on behind them. A page of guest memory from
 * which code was decoded has a map from addresses to decoded instructions. When bytes of decoded
 * code change, the instructions of that page become stale: running one looks its address up
 * again. They stay in memory until everything is forgotten, so that nothing dangles.
 */
#ifndef REFMODEL_CODE_H
#define REFMODEL_CODE_H

#include "refmodel/cpu/cpu.h"

enum { ARENA_INSNS = 16384, ARENA_BLOCKS = 64, RUN_INSNS = 64, RUN_SLOTS = 3 * RUN_INSNS + 2 };

struct code_cache {
    struct code_page *pages; /* all of them */
    struct code_page *spare;
    struct insn *block[ARENA_BLOCKS];
    uint32_t block_now;   /* which one is being filled */
    uint32_t used;        /* of it */
    struct insn fallback; /* when the host has no memory: stops the processor */
};

bool code_init(struct cpu *c);
void code_free(struct cpu *c);

#endif
