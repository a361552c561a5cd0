/* The files that a build file makes on the builder. */
#include "images/script/targets.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "images/lib/util.h"

/* Removes the last component of the n bytes; the root stays. */
static size_t parent(const char *path, size_t n) {
    while (n && path[--n] != '/')
        ;
    return n;
}

const char *target_resolve(const char *path, size_t n, char out[TARGET_LENGTH_MAX + 1]) {
    size_t length = 0; /* the root has none until the end */
    if (n == 0)
        return "a name is empty";
    for (size_t at = 0; at < n;) {
        size_t end = at;
        while (end < n && path[end] != '/') {
            unsigned char c = (unsigned char)path[end++];
            if ((c < ' ' && c != '\t') || c == 0x7F)
                return c == '\n' ? "a name has a newline, which ends a shell line"
                                 : "a name has a control character";
        }
        size_t part = end - at;
        if (part == 2 && path[at] == '.' && path[at + 1] == '.') {
            length = parent(out, length);
        } else if (part && !(part == 1 && path[at] == '.')) {
            if (length + 1 + part > TARGET_LENGTH_MAX)
                return "a name is longer than 1023 bytes";
            out[length++] = '/';
            memcpy(out + length, path + at, part);
            length += part;
        }
        at = end + 1;
    }
    if (length == 0)
        out[length++] = '/';
    out[length] = 0;
    return NULL;
}

/* The place of the name, or the free place where it belongs. */
static struct target *place(const struct targets *targets, const char *text) {
    uint32_t hash = 2166136261u;
    for (const char *c = text; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 16777619u;
    size_t i = hash & (targets->size - 1);
    while (targets->places[i].text && strcmp(targets->places[i].text, text) != 0)
        i = (i + 1) & (targets->size - 1);
    return &targets->places[i];
}

static void grow(struct targets *targets) {
    struct targets larger = {.size = targets->size ? 2 * targets->size : 1024,
                             .count = targets->count};
    larger.places = xrealloc(NULL, larger.size * sizeof *larger.places);
    memset(larger.places, 0, larger.size * sizeof *larger.places);
    for (size_t i = 0; i < targets->size; i++)
        if (targets->places[i].text)
            *place(&larger, targets->places[i].text) = targets->places[i];
    free(targets->places);
    *targets = larger;
}

struct target *targets_find(const struct targets *targets, const char *text) {
    struct target *at = targets->size ? place(targets, text) : NULL;
    return at && at->text ? at : NULL;
}

void targets_add(struct targets *targets, const char *text, enum target_kind kind, unsigned line) {
    if (2 * targets->count >= targets->size)
        grow(targets);
    *place(targets, text) = (struct target){.text = xstrdup(text), .kind = kind, .line = line};
    targets->count++;
}

void targets_free(struct targets *targets) {
    for (size_t i = 0; i < targets->size; i++)
        free(targets->places[i].text);
    free(targets->places);
    *targets = (struct targets){0};
}
