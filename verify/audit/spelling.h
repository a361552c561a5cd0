/* The one table of differences in spelling between the asm column and the decoder. */
#ifndef VERIFY_AUDIT_SPELLING_H
#define VERIFY_AUDIT_SPELLING_H

#include <stdbool.h>

struct spelling {
    const char *ours;
    unsigned bits; /* where the rule holds: 16, 32, or 0 for both */
    bool far;      /* only with a target of the form SELECTOR:OFFSET */
    const char *decoder;
    bool implicit;      /* the decoder names operands that the text leaves out */
    const char *reason; /* why both mean the same */
};

/* The rule for a mnemonic of the asm column, or null if the decoder spells it the same. */
const struct spelling *spelling_of(const char *ours, unsigned bits, bool far);

/* Whether the two operands of an instruction may be swapped without a change of its meaning. */
bool is_symmetric(const char *decoder);

/* Whether the memory operand of an instruction has a size of its own that no text ever says. */
bool has_own_size(const char *decoder);

/* Whether the number of an instruction is always one byte, which no text ever says. */
bool has_byte_number(const char *decoder);

#endif
