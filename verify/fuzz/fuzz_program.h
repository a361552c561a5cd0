/*
 * ELF programs made of the fuzzer's lines: each case of a file for verify/fuzz/guest/calls.c
 * becomes a program of its own, whose machine code makes the system calls with what a line does not
 * name (the other registers, the flags, the layout of the file) at random.
 */
#ifndef VERIFY_FUZZ_FUZZ_PROGRAM_H
#define VERIFY_FUZZ_FUZZ_PROGRAM_H

#include "images/lib/util.h"

/*
 * Appends the commands that make and run a program (/bin/pN) for each case N in `lines`. `runtime`
 * is what build/fuzz-program holds. `wild`: layouts too that Linux does not take. `trace`: they
 * leave every answer.
 */
void fuzz_add_programs(struct buffer *script, const struct buffer *lines,
                       const struct buffer *runtime, bool wild, bool trace);

#endif
