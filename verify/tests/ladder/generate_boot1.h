/* Random sources for pp and link, the same ones for the same state. */
#ifndef VERIFY_TESTS_LADDER_GENERATE_BOOT1_H
#define VERIFY_TESTS_LADDER_GENERATE_BOOT1_H

#include "images/lib/util.h"

/*
 * A source in assembly, to be read after i386.pp: constants, expressions, structures, macros,
 * conditions, data and instructions. Most lines are right; about one source in three has a mistake.
 */
struct buffer generate_pp(uint32_t *state);

/*
 * Module `number` of `modules` in link's language; labels of one are used in the others. About one
 * source in three has a mistake.
 */
struct buffer generate_link(uint32_t *state, int number, int modules);

/* Changes a few bytes of the text, takes some out, or doubles some. */
void mutate(struct buffer *text, uint32_t *state);

#endif
