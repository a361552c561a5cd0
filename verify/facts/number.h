/* Numbers as people write them in the places of facts.h. */
#ifndef VERIFY_FACTS_NUMBER_H
#define VERIFY_FACTS_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Reads a number: decimal (also 14,332), hex with 0x, octal with 0 or 0o, sums,
 * differences, products and shifts of such from left to right, or a word (sixteen). Eight digits
 * are the bytes of a little-endian word where `little_endian`, as in M1.
 */
bool number_read(const char *text, size_t size, bool little_endian, long long *value);

#endif
