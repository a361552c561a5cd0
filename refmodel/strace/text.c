/* Growable bytes. */
#include "refmodel/strace/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool text_reserve(struct text *t, size_t n) {
    if (n >= SIZE_MAX / 2 - t->length)
        return false;
    if (t->length + n + 1 <= t->room)
        return true;
    size_t room = t->room ? t->room : 256;
    while (room < t->length + n + 1)
        room *= 2;
    char *bytes = realloc(t->bytes, room);
    if (!bytes)
        return false;
    t->bytes = bytes;
    t->room = room;
    return true;
}

bool text_add(struct text *t, const char *bytes, size_t n) {
    if (!text_reserve(t, n))
        return false;
    if (n)
        memcpy(t->bytes + t->length, bytes, n);
    t->length += n;
    t->bytes[t->length] = 0;
    return true;
}

bool text_printf(struct text *t, const char *format, ...) {
    va_list args;
    va_start(args, format);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n < 0 || !text_reserve(t, (size_t)n))
        return false;
    va_start(args, format);
    vsnprintf(t->bytes + t->length, (size_t)n + 1, format, args);
    va_end(args);
    t->length += (size_t)n;
    return true;
}

void text_free(struct text *t) {
    free(t->bytes);
    *t = (struct text){0};
}
