/* Macros: their definition and their expansion. */
#include <string.h>

#include "verify/ladder/pp.h"

/* %macro NAME PARAMETER, ... up to the line with its %end */
void define_macro(struct pp *pp) {
    struct source *s = pp->source;
    if (s->macro)
        fail(pp, "a macro in a macro", none());
    unsigned line = s->line;
    struct symbol *symbol = define(pp, need_name(pp), MACRO);
    struct macro *macro = allocate(sizeof *macro);
    symbol->macro = macro;
    macro->name = symbol->name;
    skip_blanks(pp);
    for (bool more = *pp->at != 0; more; more = !macro->rest && accept(pp, ',')) {
        if (macro->count == PARAMETER_LIMIT)
            fail(pp, "too many parameters", macro->name);
        macro->rest = accept(pp, '*');
        struct slice word = need_name(pp);
        char *copy = allocate(word.length + 1);
        memcpy(copy, word.at, word.length);
        macro->parameter[macro->count++] = (struct slice){copy, word.length};
    }
    end_of_line(pp);
    macro->body = macro->end = s->at;
    macro->file = s->file;
    macro->line = line + 1;
    for (int open = 1; open > 0; open += opens_or_ends(s->text)) {
        macro->end = s->at;
        put_newline(pp);
        if (!next_line(pp)) {
            s->line = line;
            fail(pp, "no %end", none());
        }
    }
    after_end(pp);
}

/* The end of an argument at `at`: the next comma outside of brackets and quotes. */
static const char *end_of_argument(const char *at, bool rest) {
    int depth = 0;
    char quote = 0;
    for (; *at != 0 && (rest || quote != 0 || depth > 0 || *at != ','); at++) {
        if (quote != 0) {
            if (*at == '\\' && at[1] != 0)
                at++;
            else if (*at == quote)
                quote = 0;
        } else if (*at == '"' || *at == '\'') {
            quote = *at;
        } else {
            depth += *at == '(' || *at == '[';
            depth -= *at == ')' || *at == ']';
        }
    }
    return at;
}

static struct slice trimmed(const char *at, const char *end) {
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\r'))
        at++;
    while (at < end && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r'))
        end--;
    return (struct slice){at, (size_t)(end - at)};
}

static void read_arguments(struct pp *pp, struct source *s) {
    struct macro *macro = s->macro;
    int count = 0;
    skip_blanks(pp);
    for (bool more = *pp->at != 0; more; more = accept(pp, ',')) {
        if (count == macro->count)
            fail(pp, "wrong number of arguments", macro->name);
        const char *end = end_of_argument(pp->at, macro->rest && count == macro->count - 1);
        s->argument[count++] = trimmed(pp->at, end);
        pp->at = end;
    }
    if (count < macro->count - macro->rest)
        fail(pp, "wrong number of arguments", macro->name);
    if (count < macro->count)
        s->argument[count] = (struct slice){pp->at, 0};
}

void expand(struct pp *pp, struct symbol *symbol) {
    struct source *s = allocate(sizeof *s);
    s->parent = pp->source;
    s->macro = symbol->macro;
    if (pp->depth == DEPTH_LIMIT)
        fail(pp, "endless expansion", symbol->name);
    read_arguments(pp, s);
    s->at = s->macro->body;
    s->end = s->macro->end;
    s->file = s->macro->file;
    s->line = s->macro->line - 1;
    pp->depth++;
    pp->source = s;
    run_source(pp);
    pp->source = s->parent;
    pp->depth--;
}
