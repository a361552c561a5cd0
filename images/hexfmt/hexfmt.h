/* The formatter of hex0 sources. */
#ifndef IMAGES_HEXFMT_HEXFMT_H
#define IMAGES_HEXFMT_HEXFMT_H

#include <stdbool.h>

/*
 * Brings the byte column and the address remarks of the source in step with its asm column; with
 * `check_only` it changes nothing. Returns whether all is well, after messages on stderr where it
 * is not.
 */
bool hexfmt(const char *name, bool check_only);

#endif
