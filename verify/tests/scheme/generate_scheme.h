/* Random programs in Scheme, the same ones for the same state. */
#ifndef VERIFY_TESTS_SCHEME_GENERATE_SCHEME_H
#define VERIFY_TESTS_SCHEME_GENERATE_SCHEME_H

#include "images/lib/util.h"

/*
 * Adds an expression of R7RS Scheme without inexact numbers, whose value does not depend on the
 * order in which arguments are evaluated and which ends soon: integers of any size, lists,
 * strings, closures, loops, continuations, macros (those of generate_head), and,
 * if `conditions`, what raises and handles conditions.
 */
void generate_expression(struct buffer *out, uint32_t *state, bool conditions);

/* Adds the definitions that the expressions use. */
void generate_head(struct buffer *out);

#endif
