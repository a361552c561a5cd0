/* Growable bytes. */
#ifndef REFMODEL_STRACE_TEXT_H
#define REFMODEL_STRACE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Lets compilers that can do it check formats. */
#if defined(__GNUC__)
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))
#else
#define PRINTF_LIKE(text, first)
#endif

/* Growable bytes; all zero is an empty one. */
struct text {
    char *bytes;
    size_t length;
    size_t room;
};

bool text_add(struct text *t, const char *bytes, size_t n);
/* Room for n bytes more and a NUL. */
bool text_reserve(struct text *t, size_t n);
bool text_printf(struct text *t, const char *format, ...) PRINTF_LIKE(2, 3);
void text_free(struct text *t);

#endif
