/* The second reading of instructions: what Capstone decodes against what the text means. */
#ifndef VERIFY_AUDIT_DECODE_H
#define VERIFY_AUDIT_DECODE_H

#include "verify/audit/source.h"

struct decoder; /* two handles of Capstone, for 16 and 32 bits */

/* Returns null if the library cannot be opened. */
struct decoder *decoder_open(void);
void decoder_close(struct decoder *d);

/*
 * Decodes `size` bytes at `offset` and compares with the text of `item`. Returns null if both mean
 * the same, else what differs, as a line (allocated). *reading is what Capstone reads (allocated,
 * never null) and *target the address a jump or call leads to, or -1.
 */
char *audit_instruction(struct decoder *d, const struct source *source, const struct item *item,
                        size_t offset, size_t size, char **reading, int64_t *target);

#endif
