/* Conditions, enumerations, structures: what ends with %end. */
#include <string.h>

#include "verify/ladder/pp.h"

bool starts_with(const char *line, const char *word) {
    while (*line == ' ' || *line == '\t' || *line == '\r')
        line++;
    size_t length = strlen(word);
    return strncmp(line, word, length) == 0 && !is_name_byte(line[length]);
}

int opens_or_ends(const char *line) {
    return starts_with(line, "%if") || starts_with(line, "%macro") || starts_with(line, "%enum") ||
                   starts_with(line, "%struct")
               ? 1
               : -starts_with(line, "%end");
}

/* What stands after the %end of the line at hand: nothing. */
void after_end(struct pp *pp) {
    pp->at = strchr(pp->at, '%') + 4;
    end_of_line(pp);
}

static void newline(struct pp *pp) {
    if (pp->source == pp->file)
        put_newline(pp);
}

/* The next line of a block that began at `line`. */
static void block_line(struct pp *pp, unsigned line) {
    newline(pp);
    if (!next_line(pp)) {
        pp->source->line = line;
        fail(pp, "no %end", none());
    }
}

static void no_second_else(struct pp *pp, const struct condition *c) {
    if (c->else_seen)
        fail(pp, "%else twice", none());
}

/* Skips to the branch of the innermost condition that is to be run, or past its %end. */
static void skip(struct pp *pp) {
    struct condition *c = &pp->condition[pp->conditions - 1];
    for (int open = 1;;) {
        block_line(pp, c->line);
        open += opens_or_ends(pp->at);
        if (open == 0) {
            pp->conditions--;
            after_end(pp);
            return;
        }
        bool is_else = starts_with(pp->at, "%else");
        bool is_elif = starts_with(pp->at, "%elif");
        if (open > 1 || (!is_else && !is_elif))
            continue;
        no_second_else(pp, c);
        c->else_seen = is_else;
        if (c->taken)
            continue;
        pp->at = strchr(pp->at, '%') + 5;
        if (is_else || number(pp) != 0) {
            end_of_line(pp);
            c->taken = true;
            return;
        }
        end_of_line(pp);
    }
}

void begin_if(struct pp *pp) {
    bool taken = number(pp) != 0;
    end_of_line(pp);
    if (pp->conditions == IF_LIMIT)
        fail(pp, "too many %if", none());
    pp->condition[pp->conditions++] = (struct condition){pp->source->line, taken, false};
    if (!taken)
        skip(pp);
}

/* %else or %elif after a branch that was run */
void other_branch(struct pp *pp, bool is_elif) {
    if (pp->conditions == pp->source->first_if)
        fail(pp, is_elif ? "%elif without %if" : "%else without %if", none());
    struct condition *c = &pp->condition[pp->conditions - 1];
    no_second_else(pp, c);
    c->else_seen = !is_elif;
    skip(pp);
}

void end_block(struct pp *pp) {
    if (pp->conditions == pp->source->first_if)
        fail(pp, "%end without a beginning", none());
    end_of_line(pp);
    pp->conditions--;
}

/* %enum [FIRST [, STEP]], then a line NAME or NAME = EXPRESSION for each */
void enumeration(struct pp *pp) {
    uint32_t value = 0, step = 1;
    unsigned line = pp->source->line;
    skip_blanks(pp);
    if (*pp->at != 0) {
        value = number(pp);
        step = accept(pp, ',') ? number(pp) : 1;
    }
    end_of_line(pp);
    for (;;) {
        block_line(pp, line);
        if (starts_with(pp->at, "%end")) {
            after_end(pp);
            return;
        }
        skip_blanks(pp);
        if (*pp->at == 0)
            continue;
        struct symbol *symbol = define(pp, need_name(pp), NUMBER);
        value = accept(pp, '=') ? number(pp) : value;
        symbol->value = value;
        value += step;
        end_of_line(pp);
    }
}

/* Defines NAME.FIELD. */
static void define_field(struct pp *pp, struct slice name, struct slice field, uint32_t value) {
    char *full = allocate(name.length + field.length + 1);
    memcpy(full, name.at, name.length);
    full[name.length] = '.';
    memcpy(full + name.length + 1, field.at, field.length);
    struct slice word = {full, name.length + 1 + field.length};
    define(pp, word, NUMBER)->value = value;
}

/* %struct NAME [, FIRST], then a line FIELD SIZE for each; the last is SIZE, by itself */
void structure(struct pp *pp) {
    unsigned line = pp->source->line;
    struct slice word = need_name(pp);
    char *copy = allocate(word.length + 1);
    memcpy(copy, word.at, word.length);
    word.at = copy;
    uint32_t first = accept(pp, ',') ? number(pp) : 0;
    uint32_t offset = first;
    end_of_line(pp);
    for (;;) {
        block_line(pp, line);
        if (starts_with(pp->at, "%end")) {
            after_end(pp);
            break;
        }
        skip_blanks(pp);
        if (*pp->at == 0)
            continue;
        struct slice field = need_name(pp);
        uint32_t size = number(pp);
        end_of_line(pp);
        define_field(pp, word, field, offset);
        offset += size;
    }
    define_field(pp, word, (struct slice){"SIZE", 4}, offset - first);
}
