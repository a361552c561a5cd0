/* Reading a hex0 source for the audit. */
#include "verify/audit/source.h"

#include <stdlib.h>
#include <string.h>

#include "images/hexfmt/hexfmt_label.h"

void source_locate(const struct source *source, size_t line) {
    fprintf(stderr, "seedbed: %s:%zu: ", source->file.name, line + 1);
}

static void complain(struct source *source, size_t line, const char *why) {
    source_locate(source, line);
    fprintf(stderr, "%s; change the line, or teach the audit\n", why);
    source->problems++;
}

struct place item_place(const struct source *source, const struct item *item, size_t offset) {
    return (struct place){
        .symbols = &source->symbols,
        .base = item->base,
        .here = source->origin + (int64_t)offset,
        .origin = source->origin,
    };
}

/* Whether `text` opens with the word; *rest is then what follows. */
static bool opens_with(const char *text, const char *word, const char **rest) {
    size_t length = strlen(word);
    if (strncmp(text, word, length) != 0 || word_end(text) != text + length)
        return false;
    *rest = skip_blanks(text + length);
    return true;
}

/* Takes `NAME equ EXPRESSION`. */
static bool take_equ(struct source *source, const struct item *item) {
    const char *end = word_end(item->text);
    const char *rest;
    if (end == item->text || !opens_with(skip_blanks(end), "equ", &rest))
        return false;
    char *name = xprintf("%s%.*s", *item->text == '.' && item->base ? item->base : "",
                         (int)(end - item->text), item->text);
    symbols_add(&source->symbols, name, rest, item->base,
                source->origin + (int64_t)source->image.len);
    free(name);
    return true;
}

/* Takes what makes no bytes. */
static bool take_directive(struct source *source, const struct item *item, unsigned *bits) {
    const char *rest;
    struct place place = item_place(source, item, source->image.len);
    if (opens_with(item->text, "bits", &rest)) {
        *bits = (unsigned)read_number(&rest, &place);
        if (*bits != 16 && *bits != 32) {
            complain(source, item->line, "neither 16 nor 32 bits");
            *bits = 16;
        }
        return true;
    }
    if (opens_with(item->text, "org", &rest)) {
        source->origin = read_number(&rest, &place);
        if (source->image.len > 0 || source->symbols.count > 0 || place.error)
            complain(source, item->line, "an ORG that does not come first, or is no number");
        return true;
    }
    return false;
}

static bool is_data(const char *text) {
    static const char *const WORDS[] = {"db", "dw", "dd", "dq", "align"};
    const char *rest;
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (opens_with(text, WORDS[i], &rest))
            return true;
    return false;
}

/* The text behind `NAME:`, or all of it if no label stands there. */
static const char *behind_label(struct source *source, const char *text, struct hex_scope *scope) {
    char *name = hex_label_name(text, scope);
    if (!name)
        return text;
    symbols_add(&source->symbols, name, NULL, NULL, source->origin + (int64_t)source->image.len);
    free(name);
    return skip_blanks(strchr(text, ':') + 1);
}

/* `times` needs the addresses of labels behind it, so it is looked at when all are known. */
static void settle_times(struct source *source) {
    for (size_t i = 0; i < source->count; i++) {
        struct item *item = &source->items[i];
        const char *rest;
        if (item->kind == ITEM_NOTHING || !opens_with(item->text, "times", &rest))
            continue;
        struct place place = item_place(source, item, item->offset);
        item->repeat = read_number(&rest, &place);
        item->text = skip_blanks(rest);
        item->kind = is_data(item->text) ? ITEM_DATA : ITEM_INSTRUCTION;
        if (place.error || item->repeat < 0)
            complain(source, item->line, "the number of times cannot be read");
    }
}

static void read_items(struct source *source) {
    struct hex_scope scope = {0};
    unsigned bits = 16; /* what NASM begins with in a flat file */
    for (size_t head = 0; head < source->file.count;) {
        const struct hex_line *line = &source->file.lines[head];
        struct item *item = &source->items[source->count++];
        *item = (struct item){.line = head, .end = hex_group_end(&source->file, head), .repeat = 1};
        item->text = behind_label(source, skip_blanks(line->text), &scope);
        item->base = scope.base ? xstrdup(scope.base) : NULL;
        item->offset = source->image.len;
        for (size_t i = head; i < item->end; i++) {
            buffer_append(&source->image, source->file.lines[i].bytes,
                          source->file.lines[i].byte_count);
            if (source->file.lines[i].problem)
                complain(source, i, source->file.lines[i].problem);
        }
        item->size = source->image.len - item->offset;
        if (item->text[0] && !take_directive(source, item, &bits) && !take_equ(source, item))
            item->kind = is_data(item->text) ? ITEM_DATA : ITEM_INSTRUCTION;
        item->bits = bits;
        head = item->end;
    }
    free(scope.base);
}

int source_read(const char *name, struct source *source, struct problem *p) {
    struct buffer content = {0};
    *source = (struct source){0};
    if (read_file(name, &content, p) != 0)
        return -1;
    source->file = hex_file_parse(name, (const char *)content.data, content.len);
    buffer_free(&content);
    source->items = xrealloc(NULL, (source->file.count + 1) * sizeof *source->items);
    read_items(source);
    settle_times(source);
    return 0;
}

void source_free(struct source *source) {
    for (size_t i = 0; i < source->count; i++)
        free(source->items[i].base);
    free(source->items);
    buffer_free(&source->image);
    symbols_free(&source->symbols);
    hex_file_free(&source->file);
}
