/*
 * Resolving a path while reading it. `name` holds the finished parts, each with the slash before
 * it, and then the part being read; the root is the empty string until the end.
 */
#include "refmodel/builder/path.h"

#include <string.h>

void path_begin(struct path *p, const char *directory) {
    size_t n = strlen(directory);
    *p = (struct path){0};
    if (n > 1) { /* not the root */
        memcpy(p->name, directory, n);
        p->length = n;
    }
    p->part = p->length;
}

/* The part being read is complete: keeps it, or does what it says. */
static void finish_part(struct path *p) {
    const char *part = p->name + p->part;
    size_t n = p->length - p->part;
    if (n == 3 && part[1] == '.' && part[2] == '.') {
        p->length = p->part;
        while (p->length && p->name[--p->length] != '/') {
        }
    } else if (n <= 1 || (n == 2 && part[1] == '.')) {
        p->length = p->part;
    } else if (p->length > PATH_LONGEST) {
        p->too_long = true;
    }
    p->part = p->length;
}

static void append(struct path *p, char c) {
    if (p->length < PATH_LONGEST)
        p->name[p->length++] = c;
    else
        p->too_long = true;
}

void path_add(struct path *p, char c) {
    bool first = p->taken++ == 0;
    if (p->too_long)
        return;
    if (c == '/') {
        finish_part(p);
        if (first)
            p->length = p->part = 0;
        return;
    }
    if (p->length == p->part)
        append(p, '/');
    append(p, c);
}

bool path_end(struct path *p) {
    finish_part(p);
    if (p->length == 0)
        p->name[p->length++] = '/';
    p->name[p->length] = 0;
    return !p->too_long;
}

bool path_resolve(struct path *p, const char *directory, const char *text) {
    path_begin(p, directory);
    while (*text)
        path_add(p, *text++);
    return path_end(p);
}

size_t path_parent(const char *name) {
    size_t n = strlen(name);
    while (n && name[--n] != '/') {
    }
    return n;
}
