/* How a test went: as the exit status of its process, as a line of TAP, and summed up. */
#ifndef VERIFY_HARNESS_VERDICT_H
#define VERIFY_HARNESS_VERDICT_H

#include <stddef.h>

#include "images/lib/util.h"

enum verdict { PASSED, FAILED, SKIPPED, VERDICTS };

/* The exit status that says SKIPPED, as in automake; PASSED is 0, anything else FAILED. */
enum { STATUS_SKIPPED = 77 };

enum verdict verdict_of(int status);

/* Prints the line of test `number`; `why` is the reason where it has not passed. */
void verdict_print(enum verdict verdict, size_t number, const char *name, const struct buffer *why);

/* Prints the last line of a run. */
void verdict_totals(const size_t totals[VERDICTS]);

#endif
