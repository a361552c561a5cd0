/* Reading and writing the lines of a hex0 source. */
#include "images/hexfmt/hexfmt_file.h"

#include <stdlib.h>
#include <string.h>

#include "images/lib/util.h"

enum { PROSE_COLUMN = 54 };

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

/* A copy of [from, to) without the blanks at its end. */
static char *copy_trimmed(const char *from, const char *to) {
    while (to > from && is_blank(to[-1]))
        to--;
    size_t length = (size_t)(to - from);
    char *copy = xrealloc(NULL, length + 1);
    memcpy(copy, from, length);
    copy[length] = '\0';
    return copy;
}

/* The end of the NASM string that opens at `text`, or NULL if it is not closed on this line. */
static const char *string_end(const char *text) {
    char quote = *text;
    for (const char *p = text + 1; *p != '\0'; p++)
        if (quote == '`' && *p == '\\' && p[1] != '\0')
            p++;
        else if (*p == quote)
            return p;
    return NULL;
}

/* The `#` that ends the NASM text, or the end of the line. */
static const char *find_prose(const char *text) {
    bool in_comment = false; /* a second `;`: quotes mean nothing after it */
    for (; *text != '\0' && *text != '#'; text++) {
        if (*text == ';') {
            in_comment = true;
        } else if (!in_comment && (*text == '\'' || *text == '"' || *text == '`')) {
            const char *end = string_end(text);
            text = end ? end : text;
        }
    }
    return text;
}

static int digit_value(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Reads the byte column, which ends at the first mark; returns that mark. */
static const char *parse_bytes(struct hex_line *line) {
    const char *p = line->raw;
    line->bytes = xrealloc(NULL, strlen(p) / 2 + 1);
    int high = -1;
    for (; *p != '\0' && *p != ';' && *p != '#'; p++) {
        int value = digit_value(*p);
        if (value < 0) {
            if (!is_blank(*p)) {
                line->problem = "the byte column holds something that is no hex digit; put a `;` "
                                "before NASM text and a `#` before prose";
            }
        } else if (high < 0) {
            high = value;
        } else {
            line->bytes[line->byte_count++] = (unsigned char)(high << 4 | value);
            high = -1;
        }
    }
    if (high >= 0 && !line->problem)
        line->problem = "odd number of hex digits";
    return p;
}

static void parse_line(struct hex_line *line) {
    const char *mark = parse_bytes(line);
    if (*mark == ';') {
        line->has_asm = true;
        const char *text = mark + 1;
        const char *prose = find_prose(text);
        if (*text == ' ')
            text++;
        line->text = copy_trimmed(text < prose ? text : prose, prose);
        mark = prose;
    } else {
        line->text = copy_trimmed(mark, mark);
    }
    if (*mark == '#')
        line->prose = copy_trimmed(mark + 1, mark + strlen(mark));
    if (!line->has_asm) {
        line->verbatim = true;
        if (line->byte_count > 0 && !line->problem)
            line->problem = "bytes stand without asm; write the instruction after a `;`";
    }
}

struct hex_file hex_file_parse(const char *name, const char *content, size_t size) {
    struct hex_file file = {.name = name};
    size_t room = 1;
    for (size_t i = 0; i < size; i++)
        room += content[i] == '\n';
    file.lines = xrealloc(NULL, room * sizeof *file.lines);
    for (size_t start = 0; start < size;) {
        const char *newline = memchr(content + start, '\n', size - start);
        size_t end = newline ? (size_t)(newline - content) : size;
        struct hex_line *line = &file.lines[file.count++];
        *line = (struct hex_line){.raw = copy_trimmed(content + start, content + end)};
        if (memchr(content + start, '\0', end - start))
            line->problem = "a NUL byte";
        parse_line(line);
        start = end + 1;
    }
    return file;
}

void hex_file_free(struct hex_file *file) {
    for (size_t i = 0; i < file->count; i++) {
        free(file->lines[i].raw);
        free(file->lines[i].bytes);
        free(file->lines[i].text);
        free(file->lines[i].prose);
    }
    free(file->lines);
    *file = (struct hex_file){0};
}

size_t hex_group_end(const struct hex_file *file, size_t head) {
    size_t end = head + 1;
    if (file->lines[head].text[0] != '\0')
        while (end < file->count && file->lines[end].has_asm && file->lines[end].text[0] == '\0')
            end++;
    return end;
}

void hex_line_print(FILE *out, const unsigned char *bytes, size_t count, size_t width,
                    const char *text, const char *prose) {
    size_t column = 0;
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "%s%02X", i > 0 ? " " : "", bytes[i]);
        column += i > 0 ? 3 : 2;
    }
    fprintf(out, "%*s;", (int)(width - column), "");
    column = width + 1;
    if (text[0] != '\0') {
        fprintf(out, " %s", text);
        column += 1 + strlen(text);
    }
    if (prose) {
        size_t gap = column < PROSE_COLUMN ? PROSE_COLUMN - column : 2;
        fprintf(out, "%*s#%s", (int)gap, "", prose);
    }
    fputc('\n', out);
}
