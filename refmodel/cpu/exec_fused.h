/* Several instructions as one step. */
#ifndef REFMODEL_CPU_EXEC_FUSED_H
#define REFMODEL_CPU_EXEC_FUSED_H

#include "refmodel/cpu/exec.h"

/* Follows a direct jump. Its plain function finds the place it leads to, the first time. */
#define FOLLOW                                                                                     \
    do {                                                                                           \
        if (UNLIKELY(!i->u.target))                                                                \
            return i->run(c, i);                                                                   \
        LEAVE(i->u.target);                                                                        \
    } while (0)

/*
 * Looks through n steps that follow each other for sequences that can run as one, and lets the
 * first step of each do so. The steps have to become stale together.
 */
void fuse(struct insn *first, uint32_t n);

/* Of those: a binary operation at the first of n steps, and how many it has; 0: there is none
   (exec_binary.c). */
uint32_t fuse_binary(struct insn *first, uint32_t n);

/*
 * The same for loops that change bits in a table, of which LOOP then takes many turns as one step
 * (exec_loop.c).
 */
void fuse_loops(struct insn *first, uint32_t n);

#endif
