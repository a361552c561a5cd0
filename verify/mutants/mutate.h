/* The ways to break an instruction. */
#ifndef VERIFY_MUTANTS_MUTATE_H
#define VERIFY_MUTANTS_MUTATE_H

#include <capstone/capstone.h>

#include "images/hexfmt/listing.h"

enum kind { DROPPED, INVERTED, ONE_MORE, ONE_LESS, REGISTER, FLIPPED, KINDS };
extern const char *const KIND_NAMES[KINDS];

struct decoders {
    csh of[2]; /* 16 and 32 bits */
};

/* Returns 0, or -1 with *p filled. */
int decoders_open(struct decoders *d, struct problem *p);

/* Changes the bytes of the line in a way; false: it has no such mutant. `wide`: 32 bits. */
bool mutate(const struct decoders *d, const struct line *line, bool wide, enum kind kind,
            uint8_t *bytes);

#endif
