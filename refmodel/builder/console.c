/* The log, and how a build ends. */
#include "refmodel/builder/console.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "refmodel/builder/machine.h"

void console_write(struct seedbed *s, const char *bytes, size_t n) {
    if (!n)
        return;
    if (!text_add(&s->log, bytes, n))
        build_stop(s, SEEDBED_NO_MEMORY, "the host has no memory left for the log");
    s->midline = bytes[n - 1] != '\n';
    if (s->config.console)
        s->config.console(s->config.user, bytes, n);
}

void console_message(struct seedbed *s, const char *bytes, size_t n) {
    if (s->midline)
        console_write(s, "\n", 1);
    console_write(s, bytes, n);
    console_write(s, "\n", 1);
}

/* Formats into s->error unless the build has ended already. */
static bool end_with(struct seedbed *s, enum seedbed_end end, const char *prefix,
                     const char *format, va_list args) {
    va_list again;
    if (s->ended)
        return false;
    s->ended = true;
    s->end = end;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *text = malloc((size_t)(n < 0 ? 0 : n) + 1);
    if (!text || n < 0) {
        free(text);
        return false;
    }
    vsnprintf(text, (size_t)n + 1, format, args);
    text_printf(&s->error, "%s%s", prefix, text);
    free(text);
    return s->error.bytes != NULL;
}

void build_error(struct seedbed *s, const char *format, ...) {
    va_list args;
    va_start(args, format);
    if (end_with(s, SEEDBED_ERROR, "ERROR: ", format, args))
        console_message(s, s->error.bytes, s->error.length);
    va_end(args);
}

void build_stop(struct seedbed *s, enum seedbed_end end, const char *format, ...) {
    va_list args;
    va_start(args, format);
    end_with(s, end, "", format, args);
    va_end(args);
}
