/*
 * A hex0 source as an ELF file for debuggers: its bytes at their addresses, its labels, and which
 * line of the text each instruction is (ELF and System V ABI i386; DWARF 2).
 */
#ifndef IMAGES_HEXFMT_SYMBOLS_H
#define IMAGES_HEXFMT_SYMBOLS_H

#include "images/hexfmt/listing.h"

/* Appends the file to *out. `code` is what the source compiles to, `folder` where it lies. */
void symbols_write(const struct listing *l, const struct buffer *code, const char *folder,
                   struct buffer *out);

#endif
