/*
 * What the fuzzer has counted: in one job, in all jobs of a run, and on several hosts. In a file a
 * count is a line: a number, a tab and what it counts, as the report adds them up.
 */
#ifndef VERIFY_FUZZ_FUZZ_TOTALS_H
#define VERIFY_FUZZ_FUZZ_TOTALS_H

#include "verify/fuzz/fuzz_run.h"

/* What cases are made of. */
enum fuzz_maker { MAKE_CALLS, MAKE_WILD, MAKE_TEXTS, MAKE_SCRIPT, MAKERS };

/* The counts; some of them begin a row, of one a maker or a side. */
enum fuzz_count {
    COUNT_MADE,                                  /* cases a maker has made */
    COUNT_CASES = COUNT_MADE + MAKERS,           /* cases a side was given */
    COUNT_RUNS = COUNT_CASES + FUZZ_SIDES,       /* runs of a side, also to make an input smaller */
    COUNT_DIFFERENCES = COUNT_RUNS + FUZZ_SIDES, /* of a side from the kernel in the PC */
    COUNT_UNJUDGED = COUNT_DIFFERENCES + FUZZ_SIDES,
    COUNT_FOUND,             /* all differences */
    COUNT_SECONDS,           /* by the clock */
    COUNT_PROCESSOR_SECONDS, /* of all jobs */
    COUNTS
};

struct fuzz_totals {
    double n[COUNTS];
};

/* Prints them; the last line is the sum of all. */
void fuzz_totals_print(const struct fuzz_totals *t);

/* Appends them to a file. Returns 0, or -1 with *p filled; so does the next one. */
int fuzz_totals_write(const struct fuzz_totals *t, const char *path, struct problem *p);

/* Adds those of a run elsewhere at the same time: the clock has run for the longer of both. */
int fuzz_totals_read(struct fuzz_totals *t, const char *path, struct problem *p);

#endif
