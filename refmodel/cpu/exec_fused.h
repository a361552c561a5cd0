/* Several instructions as one step. */
#ifndef REFMODEL_CPU_EXEC_FUSED_H
#define REFMODEL_CPU_EXEC_FUSED_H

#include "refmodel/cpu/exec.h"

/*
 * Looks through n steps that follow each other for sequences that can run as one, and lets the
 * first step of each do so. The steps have to become stale together.
 */
void fuse(struct insn *first, uint32_t n);

/*
 * The same for loops that change bits in a table, of which LOOP then takes many turns as one step
 * (exec_loop.c).
 */
void fuse_loops(struct insn *first, uint32_t n);

#endif
