/* Lines that several hex0 files share: whether they are the same ones, see facts.h. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verify/facts/facts.h"

/* Where the names of files in `Shared by` are looked for. */
static const char *const FILES[] = {"hex0/boot.hex0", "stage1/stage1.hex0", "hex0/mini.hex0"};
enum { FILE_COUNT = sizeof FILES / sizeof FILES[0] };

static const char OPENING[] = "# Shared by ", CLOSING[] = "# End of ";

/* A line of a file: all but its bytes and its address. */
struct text_line {
    char *text;
    unsigned number;
};

struct text_file {
    const char *path;
    struct text_line *lines;
    size_t count;
};

/* The part of a line that two files can have in common, or null where it only goes on with bytes.
 */
static char *common_part(const char *line, size_t n) {
    if (line[0] != '#') {
        const char *semicolon = memchr(line, ';', n);
        n -= semicolon ? (size_t)(semicolon + 1 - line) : 0;
        line = semicolon ? semicolon + 1 : line;
    }
    if (n > 6 && line[n - 6] == '#' && line[n - 5] == ' ' && isxdigit((unsigned char)line[n - 1]) &&
        memchr(line, ':', n))
        n -= 6; /* the address of a label */
    while (n > 0 && isspace((unsigned char)line[n - 1]))
        n--;
    return n > 0 ? xprintf("%.*s", (int)n, line) : NULL;
}

static bool read_lines(const char *root, const char *path, struct text_file *file) {
    struct buffer content = {0};
    struct problem p;
    char *full = xprintf("%s/%s", root, path);
    bool read = read_file(full, &content, &p) == 0;
    file->path = path;
    buffer_append(&content, "", 1);
    unsigned number = 1;
    for (const char *at = (const char *)content.data; read && *at; number++) {
        size_t n = strcspn(at, "\n");
        char *text = common_part(at, n);
        if (text) {
            file->lines = xrealloc(file->lines, (file->count + 1) * sizeof *file->lines);
            file->lines[file->count++] = (struct text_line){text, number};
        }
        at += n + (at[n] == '\n');
    }
    buffer_free(&content);
    free(full);
    return read;
}

/* Whether the line opens a part that the file of this path is named in. */
static bool names(const char *line, const char *path) {
    const char *slash = strrchr(path, '/'), *at = line, *end = strchr(line, ':');
    size_t n = strcspn(slash + 1, ".");
    if (strncmp(line, OPENING, strlen(OPENING)) != 0 || !end)
        return false;
    while ((at = strstr(at, " ")) && at < end)
        if (strncmp(++at, slash + 1, n) == 0 && !isalnum((unsigned char)at[n]))
            return true;
    return false;
}

/* The line that opens the same part; count: there is none. */
static size_t find_line(const struct text_file *file, const char *line) {
    size_t i = 0;
    while (i < file->count && strcmp(file->lines[i].text, line) != 0)
        i++;
    return i;
}

/* Compares the part that line `i` of a file opens with the same part of another file. */
static size_t compare(const struct text_file *a, size_t i, const struct text_file *b,
                      struct buffer *complaints) {
    size_t k = find_line(b, a->lines[i].text);
    if (k == b->count) {
        buffer_printf(complaints, "%s:%u: `%s`, but %s has no such line\n", a->path,
                      a->lines[i].number, a->lines[i].text, b->path);
        return 1;
    }
    for (; i < a->count && k < b->count; i++, k++) {
        const struct text_line *x = &a->lines[i], *y = &b->lines[k];
        if (strcmp(x->text, y->text) != 0) {
            buffer_printf(complaints, "%s:%u: `%s`, but `%s` at %s:%u\n", a->path, x->number,
                          x->text, y->text, b->path, y->number);
            return 1;
        }
        if (strncmp(x->text, CLOSING, strlen(CLOSING)) == 0)
            return 0;
    }
    buffer_printf(complaints, "%s: a part that is shared has no end\n", a->path);
    return 1;
}

size_t facts_shared(const char *root, struct buffer *complaints, size_t *parts) {
    struct text_file files[FILE_COUNT] = {{0}};
    size_t count = 0;
    *parts = 0;
    for (size_t f = 0; f < FILE_COUNT; f++) {
        if (!read_lines(root, FILES[f], &files[f])) {
            buffer_printf(complaints, "%s: cannot be read\n", FILES[f]);
            count++;
        }
    }
    for (size_t a = 0; a < FILE_COUNT; a++) {
        for (size_t i = 0; i < files[a].count; i++) {
            const char *line = files[a].lines[i].text;
            for (size_t b = 0; b < FILE_COUNT; b++) {
                if (b == a || !names(line, files[b].path))
                    continue;
                count += compare(&files[a], i, &files[b], complaints);
                ++*parts;
            }
        }
    }
    for (size_t f = 0; f < FILE_COUNT; f++) {
        for (size_t i = 0; i < files[f].count; i++)
            free(files[f].lines[i].text);
        free(files[f].lines);
    }
    return count;
}
