/* Names of files on the builder. */
#include "images/script/names.h"

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

const char *name_resolve(const char *path, size_t n, char out[NAME_LENGTH_MAX + 1]) {
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
            if (length + 1 + part > NAME_LENGTH_MAX)
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
static struct name *place(const struct names *names, const char *text) {
    uint32_t hash = 2166136261u;
    for (const char *c = text; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 16777619u;
    size_t i = hash & (names->size - 1);
    while (names->places[i].text && strcmp(names->places[i].text, text) != 0)
        i = (i + 1) & (names->size - 1);
    return &names->places[i];
}

static void grow(struct names *names) {
    struct names larger = {.size = names->size ? 2 * names->size : 1024, .count = names->count};
    larger.places = xrealloc(NULL, larger.size * sizeof *larger.places);
    memset(larger.places, 0, larger.size * sizeof *larger.places);
    for (size_t i = 0; i < names->size; i++)
        if (names->places[i].text)
            *place(&larger, names->places[i].text) = names->places[i];
    free(names->places);
    *names = larger;
}

struct name *names_find(const struct names *names, const char *text) {
    struct name *at = names->size ? place(names, text) : NULL;
    return at && at->text ? at : NULL;
}

void names_add(struct names *names, const char *text, enum name_kind kind, unsigned line) {
    if (2 * names->count >= names->size)
        grow(names);
    *place(names, text) = (struct name){.text = xstrdup(text), .kind = kind, .line = line};
    names->count++;
}

void names_free(struct names *names) {
    for (size_t i = 0; i < names->size; i++)
        free(names->places[i].text);
    free(names->places);
    *names = (struct names){0};
}
