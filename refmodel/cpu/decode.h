/* From bytes to struct insn (SDM volume 2, chapter 2 and appendix A). */
#ifndef REFMODEL_CPU_DECODE_H
#define REFMODEL_CPU_DECODE_H

#include "refmodel/cpu/code.h"
#include "refmodel/cpu/exec.h"

/* What an instruction means for the flags of the one before it. */
enum flag_use {
    FLAGS_NEEDED,    /* it may look at them, or something else may that comes in between */
    FLAGS_UNTOUCHED, /* neither looks at them nor sets them, nor writes memory */
    FLAGS_REPLACED   /* sets them all without looking */
};

/* Notes about the instructions of one run, for drop_dead_flags. */
struct run_notes {
    uint32_t count;
    bool ended;   /* the last one never goes on to the next address */
    bool passing; /* its bytes cannot be fetched now; not to be kept */
    struct {
        struct insn *slot;
        run_fn *quiet; /* does the same without the flags, or null */
        enum flag_use use;
    } of[RUN_INSNS];
};

/*
 * Decodes the instruction at `eip` to *end, which moves on (by several where helper steps come
 * first), and notes it. Returns its length in bytes; where it cannot be decoded, the step raises
 * the exception, the run is ended, and the length is that of the bytes looked at.
 */
uint32_t decode(struct cpu *c, uint32_t eip, struct insn **end, struct run_notes *notes);

/*
 * Exchanges instructions whose flags nobody reads for their quiet versions. Only within a run, and
 * never across a write to memory, which might be to the code that follows.
 */
void drop_dead_flags(struct run_notes *notes);

#endif
