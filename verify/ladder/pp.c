/* Files, lines and statements. */
#include "verify/ladder/pp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *allocate(size_t size) {
    return allocate_for("pp", size);
}

_Noreturn void fail(struct pp *pp, const char *what, struct slice word) {
    fprintf(stderr, "pp: %s:%u: %s", pp->source->file, pp->source->line, what);
    if (word.length > 0)
        fprintf(stderr, ": %.*s", (int)word.length, word.at);
    if (pp->source != pp->file) {
        fprintf(stderr, " (in %.*s, from %s:%u)", (int)pp->source->macro->name.length,
                pp->source->macro->name.at, pp->file->file, pp->file->line);
    }
    fputc('\n', stderr);
    exit(1);
}

_Noreturn void fail_at(struct pp *pp, const char *what) {
    fail(pp, what, (struct slice){pp->at, strlen(pp->at)});
}

/* Appends `length` bytes to the line at hand. */
static char *append(struct pp *pp, char *to, const char *from, size_t length) {
    if ((size_t)(to - pp->source->text) + length >= LINE_LIMIT)
        fail(pp, "line too long", none());
    memcpy(to, from, length);
    return to + length;
}

/* Replaces the parameter whose brace is at `at`; *end is where the line goes on. */
static char *replace(struct pp *pp, char *to, const char *at, const char *eol, const char **end) {
    struct source *s = pp->source;
    const char *close = memchr(at, '}', (size_t)(eol - at));
    struct slice word = {at + 1, 0};
    if (!close) {
        word.length = (size_t)(eol - word.at);
        fail(pp, "unknown parameter", word);
    }
    word.length = (size_t)(close - word.at);
    *end = close + 1;
    if (word.length == 0) {
        s->number = s->number != 0 ? s->number : ++pp->expansions;
        char digits[16];
        int length = snprintf(digits, sizeof digits, "@%u", s->number);
        return append(pp, to, digits, (size_t)length);
    }
    for (int i = 0; i < s->macro->count; i++)
        if (same(word, s->macro->parameter[i]))
            return append(pp, to, s->argument[i].at, s->argument[i].length);
    fail(pp, "unknown parameter", word);
}

/* Reads the next line of the source into its `text`: without comment, parameters replaced. */
bool next_line(struct pp *pp) {
    struct source *s = pp->source;
    if (s->at == s->end)
        return false;
    s->line++;
    if (s->macro && pp->budget-- == 0)
        fail(pp, "endless expansion", s->macro->name);
    const char *eol = memchr(s->at, '\n', (size_t)(s->end - s->at));
    const char *next = eol ? eol + 1 : s->end;
    eol = eol ? eol : s->end;
    char *to = s->text;
    char quote = 0;
    /* `#%line` at the start of a line is the directive, which catm --lines writes as a comment. */
    if (!s->macro && eol - s->at >= 7 && memcmp(s->at, "#%line ", 7) == 0)
        s->at++;
    for (const char *at = s->at; at < eol;) {
        if (*at == 0)
            fail(pp, "zero byte", none());
        if (*at == '{' && s->macro) {
            to = replace(pp, to, at, eol, &at);
            continue;
        }
        if (quote == 0 && (*at == ';' || *at == '#'))
            break;
        if (quote != 0 && *at == '\\' && at + 1 < eol)
            to = append(pp, to, at++, 1);
        else if (quote != 0 ? *at == quote : *at == '"' || *at == '\'')
            quote = quote != 0 ? 0 : *at;
        to = append(pp, to, at++, 1);
    }
    *to = 0;
    s->at = next;
    pp->at = s->text;
    return true;
}

/* Runs one line from pp->at on. */
void statements(struct pp *pp) {
    for (bool first = true;; first = false) {
        skip_blanks(pp);
        if (*pp->at == 0)
            return;
        put_statement(pp);
        struct slice word = {pp->at, 1};
        if (first && *pp->at == '%') {
            while (is_name_byte(word.at[word.length]))
                word.length++;
            pp->at += word.length;
        } else {
            word = name(pp);
        }
        if (word.length == 0 || (*word.at >= '0' && *word.at <= '9')) {
            pp->at = word.at;
            fail_at(pp, "no name");
        }
        skip_blanks(pp);
        if (*pp->at == ':') {
            pp->at++;
            if (*word.at != '.' && !find(pp, word))
                define(pp, word, LABEL);
            else if (*word.at != '.' && find(pp, word)->kind != LABEL)
                fail(pp, "defined twice", word);
            put_word(pp, ":", word);
            continue;
        }
        if (pp->at[0] == '=' && pp->at[1] != '=') {
            pp->at++;
            uint32_t value = number(pp);
            define(pp, word, NUMBER)->value = value;
            end_of_line(pp);
            return;
        }
        struct symbol *symbol = find(pp, word);
        if (!symbol || symbol->kind < PREFIX)
            fail(pp, "unknown instruction or macro", word);
        if (symbol->kind == PREFIX) {
            put_byte(pp, symbol->value);
            continue;
        }
        if (symbol->kind == INSTRUCTION)
            instruction(pp, symbol);
        else if (symbol->kind == MACRO)
            expand(pp, symbol);
        else
            symbol->run(pp);
        return;
    }
}

void run_source(struct pp *pp) {
    struct source *s = pp->source;
    s->first_if = pp->conditions;
    while (next_line(pp)) {
        if (s == pp->file)
            pp->budget = EXPANSION_LIMIT;
        statements(pp);
        if (s == pp->file)
            put_newline(pp);
    }
    if (pp->conditions > s->first_if) {
        s->line = pp->condition[pp->conditions - 1].line;
        fail(pp, "no %end", none());
    }
}

void read_file(struct pp *pp, const char *path) {
    size_t size;
    struct source *s = allocate(sizeof *s);
    s->at = load_for("pp", path, &size);
    s->end = s->at + size;
    s->file = path;
    pp->source = pp->file = s;
    put_word(pp, ".line 1 ", (struct slice){path, strlen(path)});
    put_newline(pp);
    run_source(pp);
}
