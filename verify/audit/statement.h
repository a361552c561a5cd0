/* One instruction of the asm column, taken apart. */
#ifndef VERIFY_AUDIT_STATEMENT_H
#define VERIFY_AUDIT_STATEMENT_H

#include "verify/audit/expression.h"

enum { OPERANDS_MAX = 4 };

enum operand_kind { OPERAND_REGISTER, OPERAND_NUMBER, OPERAND_MEMORY };

struct operand {
    enum operand_kind kind;
    unsigned size;       /* in bytes, as a keyword says it; 0 without */
    int reg;             /* OPERAND_REGISTER */
    int segment;         /* OPERAND_MEMORY: the register before a colon, or -1 */
    struct linear value; /* of a number, or of what stands between the brackets */
};

struct statement {
    char mnemonic[16];
    unsigned char prefix;  /* F0 lock, F2 repne, F3 rep, 0 none */
    unsigned char segment; /* 36 if the text begins with ss, or 0 */
    unsigned operand_size; /* 16 or 32 bits if the text says o16 or o32, or 0 */
    bool far;              /* the operands are SELECTOR:OFFSET */
    struct operand operands[OPERANDS_MAX];
    int count;
};

/* Reads an instruction; what cannot be read sets place->error. */
struct statement read_statement(const char *text, struct place *place);

#endif
