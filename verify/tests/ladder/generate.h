/* Random sources in the languages of hex2 and M1, the same ones for the same state. */
#ifndef VERIFY_TESTS_LADDER_GENERATE_H
#define VERIFY_TESTS_LADDER_GENERATE_H

#include "images/lib/util.h"

/* The first address of a generated source, which decides whether $ can be used. */
struct generated_hex2 {
    struct buffer text;
    uint32_t base;
    bool broken; /* it refers to a label that is not there */
};

/*
 * A source with up to 60 bytes, labels and references of all kinds; digits, names and references
 * stand among comments, blanks and bytes that hex2 skips. All references are in range.
 */
struct generated_hex2 generate_hex2(uint32_t *state);

/*
 * A source with definitions (also after their use, and twice), numbers of all forms and sizes, both
 * kinds of strings, labels and references; what M1 makes of it can be assembled, unless a reference
 * of one or two bytes is out of range.
 */
struct buffer generate_m1(uint32_t *state);

#endif
