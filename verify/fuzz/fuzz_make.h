/* The fuzzer's inputs, made of random numbers: the same number makes the same input. */
#ifndef VERIFY_FUZZ_FUZZ_MAKE_H
#define VERIFY_FUZZ_FUZZ_MAKE_H

#include "verify/fuzz/fuzz_run.h"

/* Appends case `number` for verify/fuzz/guest/calls.c: up to `lines` lines. */
void fuzz_make_case(struct buffer *out, uint32_t seed, unsigned number, unsigned lines, bool wild);

/* Appends a script: a valid one, mutated or cut more often than not. */
void fuzz_make_script(struct buffer *out, uint32_t seed);

/* Appends a script that compiles `count` random texts (of which none has an odd digit), and leaves
 * the results, one after another with their lengths, in /dev/hda: `calls` is the program. */
void fuzz_make_texts(struct buffer *out, uint32_t seed, unsigned count, const struct buffer *calls);

#endif
