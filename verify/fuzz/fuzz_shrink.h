/* A smaller input with the same kind of finding. */
#ifndef VERIFY_FUZZ_FUZZ_SHRINK_H
#define VERIFY_FUZZ_FUZZ_SHRINK_H

#include "verify/fuzz/fuzz_run.h"

/*
 * Removes from the input (lines of calls, bytes of a script) what the sides differ without, in at
 * most `tries` runs and ten minutes. *difference becomes that of the smaller input. Returns 0, or
 * -1 with *p filled.
 */
int fuzz_shrink(struct fuzz_bench *b, struct fuzz_input *input, unsigned tries, char **difference,
                struct problem *p);

#endif
