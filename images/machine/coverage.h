/*
 * Which instructions of our own programs ran, and how often. Where the environment names a file in
 * SEEDBED_COVERAGE, each run of the PC appends lines
 *
 *     hex0/kernel.hex0 7E9D 12 3
 *
 * to it: source, address, runs, and how often the jump was taken. build/book adds them up.
 */
#ifndef IMAGES_MACHINE_COVERAGE_H
#define IMAGES_MACHINE_COVERAGE_H

#include "images/machine/kernel.h"
#include "refmodel/pc/pc.h"

struct coverage_log {
    const char *file;   /* null: nobody wants to know, and the rest is not used */
    const char *sector; /* the source of the boot sector; null: it is not ours */
    uint64_t *runs;
    uint64_t *taken;
};

/* Before the run: looks at the environment and at the disk's first sector. Returns -1 with *p
   filled if our sources cannot be compiled; coverage_end is called in both cases. */
int coverage_begin(struct coverage_log *c, struct pc *pc, int disk, struct problem *p);

/* After it: appends what was counted, of the kernel only if that is in memory as it was. */
int coverage_end(struct coverage_log *c, struct pc *pc, const struct kernel *k, struct problem *p);

#endif
