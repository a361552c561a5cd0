/* The hex0 compiler: text in, bytes out (CONTRACT.md section 3). Needs nothing but libc. */
#ifndef REFMODEL_HEX0_H
#define REFMODEL_HEX0_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where a compilation stopped. Line and column count from 1, the column in bytes. */
struct hex0_error {
    size_t line;
    size_t column;
    const char *what; /* a constant string, such as "odd digit" */
};

/* The largest number of bytes that n bytes of hex0 text can make. */
size_t hex0_bound(size_t n);

/*
 * Compiles the n bytes of hex0 text at `in` to `out`, which has room for hex0_bound(n) bytes and
 * may be the same memory as `in`. On success returns 0 with the number of bytes made in *made.
 * Returns -1 and fills *error where the number of digits is odd (the place is that of the digit
 * without a partner) and, if `strict`, at the first byte that is neither digit, white space nor
 * part of a comment; *made is then the number of bytes made before that place.
 */
int hex0_compile(const uint8_t *in, size_t n, bool strict, uint8_t *out, size_t *made,
                 struct hex0_error *error);

/* The line (from 1) of the text whose digits make byte number `offset`; 0 if none does. */
size_t hex0_line_of(const uint8_t *in, size_t n, size_t offset);

#endif
