/*
 * Targets, the files that a build file makes on the builder: their names resolved as its kernel
 * does, and kept with where they came from.
 */
#ifndef IMAGES_SCRIPT_TARGETS_H
#define IMAGES_SCRIPT_TARGETS_H

#include <stdbool.h>
#include <stddef.h>

/* CONTRACT.md section 7. Two of the files are the kernel's own: `/` and `/e820`. */
enum { TARGET_LENGTH_MAX = 1023, TARGETS_MAX = 14332 - 2 };

/*
 * Resolves n bytes of a path as the kernel does (CONTRACT.md section 4), relative to `/`, into
 * `out`. Returns null, or what is wrong with it: a constant string.
 */
const char *target_resolve(const char *path, size_t n, char out[TARGET_LENGTH_MAX + 1]);

enum target_kind {
    TARGET_BY_HAND, /* a shell line of the build file */
    TARGET_DIRECTORY,
    TARGET_FILE,
};

struct target {
    char *text; /* null: a free place */
    enum target_kind kind;
    unsigned line; /* of the build file */
    /* Its content, where that is known: host files are parts of the plan, bytes after a `src` lie
       in its text. Both counts are 0 where it is not known, or empty. */
    size_t part, parts;
    size_t at, size;
};

/* A set of targets; all zero is an empty one. */
struct targets {
    struct target *places;
    size_t size; /* a power of two, or 0 */
    size_t count;
};

/* The entry of the target, or null. Valid until the next targets_add. */
struct target *targets_find(const struct targets *targets, const char *text);
/* Adds a target that is not in the set. */
void targets_add(struct targets *targets, const char *text, enum target_kind kind, unsigned line);
void targets_free(struct targets *targets);

#endif
