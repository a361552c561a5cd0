/* Which lines of NASM text define a label, and the address remark that such a line carries. */
#ifndef IMAGES_HEXFMT_HEXFMT_LABEL_H
#define IMAGES_HEXFMT_HEXFMT_LABEL_H

#include <stdbool.h>
#include <stddef.h>

/* The last label that does not begin with a dot: the local labels after it belong to it. */
struct hex_scope {
    char *base;
};

/*
 * Looks at one line of NASM text and moves `scope` on. Returns the full name (allocated) if the
 * text opens with `NAME:` and is no EQU, so that the line is a label line, else NULL.
 */
char *hex_label_name(const char *text, struct hex_scope *scope);

/*
 * An address remark is the whole prose, or is followed by two blanks at least: `# 8046` or
 * `# 8046  why`; it has four hex digits or more. Returns the number of bytes up to the end of its
 * digits and sets `value`, or 0 if `prose` (the text after `#`) does not begin with one.
 */
size_t hex_address_remark(const char *prose, unsigned long *value);

#endif
