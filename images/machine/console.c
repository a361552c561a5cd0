/* The machine's console: bytes become lines; the last ones tell how the build ended. */
#include "images/machine/console.h"

#include <string.h>

/* The log is cut to its last LOG_KEEP bytes whenever it has twice as many. */
enum { LOG_KEEP = 8 << 20, LINE_KEEP = 1 << 20 };

static const char finished[] = "Build finished.";

void console_open(struct console *c, const struct run_request *request, struct run_result *result) {
    *c = (struct console){.request = request, .result = result};
    c->serial = request->console && strcmp(request->console, "serial") == 0;
}

static void trim(struct buffer *log) {
    if (log->len < 2 * LOG_KEEP)
        return;
    size_t from = log->len - LOG_KEEP;
    uint8_t *newline = memchr(log->data + from, '\n', log->len - from);
    from = newline ? (size_t)(newline - log->data) + 1 : from;
    memmove(log->data, log->data + from, log->len - from);
    log->len -= from;
}

static void end_line(struct console *c) {
    struct buffer *line = &c->line;
    if (line->len && line->data[line->len - 1] == '\r')
        line->len--;
    struct buffer *log = &c->result->log;
    size_t start = log->len;
    buffer_append(log, line->data, line->len);
    buffer_append(log, "\n", 1);
    if (c->request->on_line)
        c->request->on_line(c->request->arg, (const char *)log->data + start, line->len,
                            c->instructions ? c->instructions(c->machine) : 0);
    line->len = 0;
    trim(log);
}

/* Whether a byte of a serial console belongs to an escape sequence. */
static bool skip(struct console *c, uint8_t byte) {
    if (!c->escape) {
        c->escape = byte == 0x1B;
        return c->escape;
    }
    bool parameter = byte == '[' || byte == ';' || byte == '?' || (byte >= '0' && byte <= '9');
    c->escape = parameter;
    return true;
}

void console_feed(struct console *c, const uint8_t *bytes, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (c->serial && skip(c, bytes[i]))
            continue;
        if (bytes[i] == '\n' || c->line.len == LINE_KEEP)
            end_line(c);
        if (bytes[i] != '\n')
            buffer_append(&c->line, &bytes[i], 1);
    }
}

void console_close(struct console *c) {
    if (c->line.len)
        end_line(c);
    buffer_free(&c->line);
}

/* The last line of the n bytes of the log, without its newline; n becomes what is before it. */
static const uint8_t *pop_line(const struct buffer *log, size_t *n, size_t *length) {
    size_t end = *n;
    if (end && log->data[end - 1] == '\n')
        end--;
    size_t start = end;
    while (start && log->data[start - 1] != '\n')
        start--;
    *n = start;
    *length = end - start;
    return log->data + start;
}

static int hex_value(uint8_t c) {
    const char *digits = "0123456789ABCDEF";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

bool console_finished(const struct console *c, uint32_t *length) {
    const struct buffer *log = &c->result->log;
    size_t left = log->len;
    size_t n;
    if (c->line.len || !left)
        return false;
    const uint8_t *line = pop_line(log, &left, &n);
    uint32_t value = 0;
    for (size_t i = 0; i < n; i++) {
        if (hex_value(line[i]) < 0)
            return false;
        value = value << 4 | (uint32_t)hex_value(line[i]);
    }
    if (n != 8 || !left)
        return false;
    line = pop_line(log, &left, &n);
    if (n != strlen(finished) || memcmp(line, finished, n) != 0)
        return false;
    *length = value;
    return true;
}

bool console_error(const struct console *c, char *text, size_t size) {
    const struct buffer *log = &c->result->log;
    size_t left = log->len;
    size_t n = c->line.len;
    const uint8_t *line = c->line.data;
    if (n == 0 && left)
        line = pop_line(log, &left, &n);
    static const char word[] = "ERROR: ";
    size_t w = strlen(word);
    /* A processor exception does not wait for the end of a line, so it may stand inside one. */
    for (size_t i = n >= w ? n - w + 1 : 0; i-- > 0;) {
        if (memcmp(line + i, word, w) != 0)
            continue;
        size_t length = n - i;
        if (length && line[i + length - 1] == '\r')
            length--;
        if (length > size - 1)
            length = size - 1;
        memcpy(text, line + i, length);
        text[length] = 0;
        return true;
    }
    return false;
}
