/* Problems, buffers, memory. */
#include "images/lib/util.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int problem_set(struct problem *p, const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(p->text, sizeof p->text, format, args);
    va_end(args);
    return -1;
}

int problem_report(const struct problem *p) {
    fputs("seedbed: ", stderr);
    /* A name from outside may hold anything, but a message is one line. */
    for (const char *c = p->text; *c; c++)
        fputc((unsigned char)*c < ' ' || *c == 0x7F ? '?' : *c, stderr);
    fputc('\n', stderr);
    return 1;
}

int usage_error(const char *command, const char *format, ...) {
    va_list args;
    fprintf(stderr, "seedbed: %s: ", command);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    /* A program of its own is called by its path. */
    const char *program = strchr(command, '/') ? "" : "seedbed ";
    fprintf(stderr, ", see `%s%s --help`\n", program, command);
    return 2;
}

void *xrealloc(void *old, size_t n) {
    void *p = realloc(old, n ? n : 1);
    if (!p) {
        fprintf(stderr, "seedbed: out of memory (%zu bytes wanted)\n", n);
        exit(1);
    }
    return p;
}

char *xstrdup(const char *s) {
    size_t n = strlen(s) + 1;
    return memcpy(xrealloc(NULL, n), s, n);
}

static void append_vprintf(struct buffer *b, const char *format, va_list args) {
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (n < 0)
        return;
    vsnprintf((char *)buffer_room(b, (size_t)n + 1), (size_t)n + 1, format, args);
    b->len += (size_t)n;
}

char *xprintf(const char *format, ...) {
    struct buffer b = {0};
    va_list args;
    va_start(args, format);
    append_vprintf(&b, format, args);
    va_end(args);
    return (char *)b.data;
}

uint8_t *buffer_room(struct buffer *b, size_t more) {
    if (!b->data || b->cap - b->len < more) {
        size_t cap = b->cap ? b->cap : 256;
        while (cap - b->len < more) {
            if (cap > SIZE_MAX / 2) {
                cap = SIZE_MAX;
                break;
            }
            cap *= 2;
        }
        b->data = xrealloc(b->data, cap);
        b->cap = cap;
    }
    return b->data + b->len;
}

void buffer_append(struct buffer *b, const void *data, size_t n) {
    if (n)
        memcpy(buffer_room(b, n), data, n);
    b->len += n;
}

void buffer_printf(struct buffer *b, const char *format, ...) {
    va_list args;
    va_start(args, format);
    append_vprintf(b, format, args);
    va_end(args);
}

void buffer_free(struct buffer *b) {
    free(b->data);
    *b = (struct buffer){0};
}

uint32_t little32(const uint8_t *b) {
    return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}
