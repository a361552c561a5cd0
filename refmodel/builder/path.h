/* Names of files: absolute, resolved by the text alone (CONTRACT.md section 4). */
#ifndef REFMODEL_BUILDER_PATH_H
#define REFMODEL_BUILDER_PATH_H

#include <stdbool.h>
#include <stddef.h>

enum { PATH_LONGEST = 1023 }; /* bytes, without the NUL */

/* A path while its text comes in byte by byte. */
struct path {
    char name[PATH_LONGEST + 5]; /* so far; room for a "/.." that goes away again */
    size_t length;
    size_t part;  /* where the part being read begins in name, at its slash */
    size_t taken; /* bytes of text so far */
    bool too_long;
};

/* Begins with the first byte of the text to come, which decides whether `directory` counts. */
void path_begin(struct path *p, const char *directory);

/* Takes the next byte of the text, no NUL. Once it is too long, nothing changes that. */
void path_add(struct path *p, char c);

/* The end of the text: `name` is the resolved path. False: it is too long. */
bool path_end(struct path *p);

/* All of that for a text in memory. */
bool path_resolve(struct path *p, const char *directory, const char *text);

/* The length of the parent of a resolved path: 0 for a name in the root. */
size_t path_parent(const char *name);

#endif
