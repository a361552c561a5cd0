/* Names of files on the builder: resolved as its kernel does, and kept with where they came from.
 */
#ifndef IMAGES_SCRIPT_NAMES_H
#define IMAGES_SCRIPT_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/* CONTRACT.md section 7. Two of the files are the kernel's own: `/` and `/e820`. */
enum { NAME_LENGTH_MAX = 1023, NAMES_MAX = 14332 - 2 };

/*
 * Resolves n bytes of a path as the kernel does (CONTRACT.md section 4), relative to `/`, into
 * `out`. Returns null, or what is wrong with it: a constant string.
 */
const char *name_resolve(const char *path, size_t n, char out[NAME_LENGTH_MAX + 1]);

enum name_kind {
    NAME_BY_HAND, /* a shell line of the build file */
    NAME_DIRECTORY,
    NAME_FILE,
};

struct name {
    char *text; /* null: a free place */
    enum name_kind kind;
    unsigned line; /* of the build file */
    /* Its content, where that is known: host files are parts of the plan, bytes after a `src` lie
       in its text. Both counts are 0 where it is not known, or empty. */
    size_t part, parts;
    size_t at, size;
};

/* A set of names; all zero is an empty one. */
struct names {
    struct name *places;
    size_t size; /* a power of two, or 0 */
    size_t count;
};

/* The entry of the name, or null. Valid until the next names_add. */
struct name *names_find(const struct names *names, const char *text);
/* Adds a name that is not in the set. */
void names_add(struct names *names, const char *text, enum name_kind kind, unsigned line);
void names_free(struct names *names);

#endif
