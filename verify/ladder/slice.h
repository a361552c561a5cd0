/* What pp and link share: pieces of text, memory, whole files. */
#ifndef VERIFY_LADDER_SLICE_H
#define VERIFY_LADDER_SLICE_H

#include <stddef.h>

struct slice {
    const char *at;
    size_t length;
};

/* Zeroed memory, or the end of `program` with a message. */
void *allocate_for(const char *program, size_t size);

/* A whole file and its size, or the end of `program` with a message. */
char *load_for(const char *program, const char *path, size_t *size);

#endif
