/* The processor with its memory. */
#ifndef REFMODEL_BUILDER_PROCESSOR_H
#define REFMODEL_BUILDER_PROCESSOR_H

#include "refmodel/cpu/cpu.h"
#include "refmodel/seedbed.h"

/* What a processor holds of a process that waits for its child. */
struct registers {
    uint32_t r[REGS];
    uint32_t eflags;
    uint32_t eip;
    struct segment seg[SEGS];
    struct fpu fpu;
};

enum { CODE_SELECTOR = 0x08, DATA_SELECTOR = 0x10 };

bool processor_init(struct seedbed *s); /* false: no host memory */

/* The state in which a program starts: registers 0, flags clear, FPU initialised. */
void processor_reset(struct seedbed *s, uint32_t eip, uint32_t esp);

/* Forgets decoded code. */
void processor_forget(struct seedbed *s);

/* Registers put aside, and back. */
void processor_save(const struct seedbed *s, struct registers *to);
void processor_restore(struct seedbed *s, const struct registers *from);

#endif
