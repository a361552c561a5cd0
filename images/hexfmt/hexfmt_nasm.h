/* What NASM makes of the asm column of a hex0 file: the bytes of each line, and the labels. */
#ifndef IMAGES_HEXFMT_HEXFMT_NASM_H
#define IMAGES_HEXFMT_HEXFMT_NASM_H

#include "images/hexfmt/hexfmt_file.h"
#include "images/lib/util.h"

struct hex_span {
    size_t start; /* offset in the image */
    size_t size;  /* bytes; 0 where the line makes none */
};

struct hex_label {
    char *name; /* a local label with the name it belongs to: strlen.next */
    unsigned long value;
};

struct hex_assembly {
    struct buffer image;
    struct hex_span *spans; /* one for each line of the file */
    struct hex_label *labels;
    size_t label_count;
    size_t warnings; /* messages of NASM that did not stop it */
};

/*
 * Assembles the asm column of `file` with `nasm -f bin`. The text of line n is line n for NASM, so
 * that its messages, which go to stderr, name the lines of the hex0 file. Returns -1 with *p
 * filled if NASM fails or makes bytes in more than one section; `assembly` is then empty.
 */
int hex_assemble(const struct hex_file *file, struct hex_assembly *assembly, struct problem *p);

void hex_assembly_free(struct hex_assembly *assembly);

/* The label called `name`, or NULL. */
const struct hex_label *hex_find_label(const struct hex_assembly *assembly, const char *name);

#endif
