/*
 * The lines of a hex0 source: [hex bytes] `;` [NASM text] `#` [prose].
 *
 * A line whose first mark is `#` is prose alone, and a blank line is kept as it is. `#` and `;`
 * inside NASM quotes belong to the NASM text. Lines that carry bytes or prose but an empty NASM
 * text continue the line above them.
 */
#ifndef IMAGES_HEXFMT_HEXFMT_FILE_H
#define IMAGES_HEXFMT_HEXFMT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct hex_line {
    char *raw;            /* the line as read, without its newline */
    bool verbatim;        /* blank or prose alone: written back as it is */
    bool has_asm;         /* a `;` is there, with or without text */
    unsigned char *bytes; /* what the byte column holds */
    size_t byte_count;
    char *text;          /* the NASM text, "" if none, without trailing blanks */
    char *prose;         /* all after `#` without trailing blanks; NULL if there is no `#` */
    const char *problem; /* why the line cannot be read, or NULL */
};

struct hex_file {
    const char *name;
    struct hex_line *lines;
    size_t count;
};

/*
 * Splits `size` bytes of `content` into lines. `name` is kept, not copied. A line that breaks the
 * grammar has its `problem` set; nothing is printed.
 */
struct hex_file hex_file_parse(const char *name, const char *content, size_t size);

/* Frees what hex_file_parse allocated. */
void hex_file_free(struct hex_file *file);

/* The first line after the group that line `head` opens: its continuation lines are skipped. */
size_t hex_group_end(const struct hex_file *file, size_t head);

/*
 * Prints one line in the standard columns: `count` bytes in a byte column `width` columns wide,
 * then `text`, then `prose` (NULL: no `#`).
 */
void hex_line_print(FILE *out, const unsigned char *bytes, size_t count, size_t width,
                    const char *text, const char *prose);

#endif
