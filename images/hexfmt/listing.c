/* Reading hex0 sources as listings. */
#include "images/hexfmt/listing.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static char *part(const char *from, const char *to) {
    while (from < to && isspace((unsigned char)*from))
        from++;
    while (to > from && isspace((unsigned char)to[-1]))
        to--;
    return xprintf("%.*s", (int)(to - from), from);
}

static unsigned count_bytes(const char *bytes) {
    unsigned digits = 0;
    for (; *bytes; bytes++)
        digits += isxdigit((unsigned char)*bytes) != 0;
    return digits / 2;
}

static bool begins_with_word(const char *text, const char *const *words) {
    size_t n = strcspn(text, " \t");
    for (; *words; words++)
        if (strlen(*words) == n && memcmp(text, *words, n) == 0)
            return true;
    return false;
}

static bool is_data(const char *code) {
    static const char *const WORDS[] = {"db", "dw", "dd", "dq", "times", "align", "equ", NULL};
    return begins_with_word(code, WORDS);
}

static bool is_condition(const char *code) {
    static const char *const LOOPS[] = {"loop", "loope", "loopne", "loopz", "loopnz", NULL};
    return begins_with_word(code, LOOPS) || (code[0] == 'j' && memcmp(code, "jmp", 3) != 0);
}

/* Splits a line at the first `;` and the first `#` behind it. */
static void split(struct line *l, const char *at, const char *end) {
    const char *hash = memchr(at, '#', (size_t)(end - at));
    const char *semicolon = memchr(at, ';', (size_t)(end - at));
    if (semicolon && hash && hash < semicolon)
        semicolon = NULL;
    const char *quote = semicolon ? memchr(semicolon, '\'', (size_t)(end - semicolon)) : NULL;
    if (quote && hash && quote < hash) { /* a # between quotes */
        const char *close = memchr(quote + 1, '\'', (size_t)(end - quote - 1));
        hash = close ? memchr(close, '#', (size_t)(end - close)) : hash;
    }
    const char *code_end = hash ? hash : end;
    l->bytes = part(at, semicolon ? semicolon : code_end);
    l->code = semicolon ? part(semicolon + 1, code_end) : xstrdup("");
    l->prose = hash ? part(hash + 1, end) : xstrdup("");
    l->size = count_bytes(l->bytes);
}

/* Fills in what follows from the lines before. */
static void place(struct listing *l, struct line *line, uint32_t *address) {
    struct line *before = l->count ? &l->lines[l->count - 1] : NULL;
    size_t n = strlen(line->code);
    line->address = *address;
    line->scope = before ? before->scope : "";
    line->near = before ? before->near : "";
    if (strncmp(line->code, "org", 3) == 0 && isspace((unsigned char)line->code[3]))
        *address = line->address = (uint32_t)strtoul(line->code + 3, NULL, 0);
    if (n && line->code[n - 1] == ':') {
        bool local = line->code[0] == '.';
        line->label = xprintf("%s%.*s", local ? line->scope : "", (int)n - 1, line->code);
        line->near = line->label;
        if (!local && !strchr(line->label, '.'))
            line->scope = line->label;
    }
    line->instruction = line->size && n && !is_data(line->code);
    line->condition = line->instruction && is_condition(line->code);
    *address += line->size;
}

int listing_read(struct listing *l, const char *path, struct problem *p) {
    struct buffer text = {0};
    uint32_t address = 0;
    size_t room = 0;
    *l = (struct listing){.path = path};
    int r = read_file(path, &text, p);
    const char *at = (const char *)text.data, *end = at + text.len;
    while (r == 0 && at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline ? newline : end;
        if (l->count == room)
            l->lines = xrealloc(l->lines, (room = room * 2 + 256) * sizeof *l->lines);
        struct line line = {.number = (unsigned)l->count + 1};
        split(&line, at, stop);
        place(l, &line, &address);
        l->lines[l->count++] = line;
        at = newline ? newline + 1 : end;
    }
    buffer_free(&text);
    return r;
}

void listing_free(struct listing *l) {
    for (size_t i = 0; i < l->count; i++) {
        free(l->lines[i].bytes);
        free(l->lines[i].code);
        free(l->lines[i].prose);
        free(l->lines[i].label);
    }
    free(l->lines);
}

bool listing_count(struct listing *l, const char *path, uint32_t address, uint64_t runs,
                   uint64_t taken) {
    if (strcmp(l->path, path) != 0)
        return false;
    for (size_t i = 0; i < l->count; i++)
        if (l->lines[i].instruction && l->lines[i].address == address) {
            l->lines[i].runs += runs;
            l->lines[i].taken += taken;
        }
    return true;
}

bool line_refers(const struct line *l, const struct line *label) {
    for (const char *at = l->code; l->instruction && *at;) {
        size_t n = 0;
        while (isalnum((unsigned char)at[n]) || at[n] == '_' || at[n] == '.')
            n++;
        char *name = xprintf("%s%.*s", *at == '.' ? l->scope : "", (int)n, at);
        bool same = n && strcmp(name, label->label) == 0;
        free(name);
        if (same)
            return true;
        at += n ? n : 1;
    }
    return false;
}
