/* Names, and the table of what they mean. */
#include <string.h>

#include "verify/ladder/pp.h"

struct slice none(void) {
    return (struct slice){NULL, 0};
}

bool same(struct slice a, struct slice b) {
    return a.length == b.length && memcmp(a.at, b.at, a.length) == 0;
}

bool is_name_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != 0 && strchr("_.@?", c) != NULL);
}

void skip_blanks(struct pp *pp) {
    while (*pp->at == ' ' || *pp->at == '\t' || *pp->at == '\r')
        pp->at++;
}

struct slice name(struct pp *pp) {
    skip_blanks(pp);
    struct slice word = {pp->at, 0};
    while (is_name_byte(*pp->at))
        pp->at++;
    word.length = (size_t)(pp->at - word.at);
    return word;
}

struct slice need_name(struct pp *pp) {
    struct slice word = name(pp);
    if (word.length == 0 || (*word.at >= '0' && *word.at <= '9')) {
        pp->at = word.at;
        fail_at(pp, "no name");
    }
    return word;
}

static struct symbol **bucket(struct pp *pp, struct slice name) {
    uint32_t hash = 0;
    for (size_t i = 0; i < name.length; i++)
        hash = 31 * hash + (uint8_t)name.at[i];
    return &pp->bucket[hash % 65536];
}

struct symbol *find(struct pp *pp, struct slice name) {
    struct symbol *symbol = *bucket(pp, name);
    while (symbol && !same(symbol->name, name))
        symbol = symbol->next;
    return symbol;
}

/* Defines a name that is not there yet. */
struct symbol *define(struct pp *pp, struct slice name, enum kind kind) {
    const struct symbol *old = find(pp, name);
    if (old)
        fail(pp, old->kind == LABEL ? "a label already" : "defined twice", name);
    struct symbol **place = bucket(pp, name);
    struct symbol *symbol = allocate(sizeof *symbol);
    char *copy = allocate(name.length + 1);
    memcpy(copy, name.at, name.length);
    symbol->name = (struct slice){copy, name.length};
    symbol->kind = kind;
    symbol->next = *place;
    *place = symbol;
    return symbol;
}

void end_of_line(struct pp *pp) {
    skip_blanks(pp);
    if (*pp->at != 0)
        fail_at(pp, "too much");
}

bool accept(struct pp *pp, char c) {
    skip_blanks(pp);
    if (*pp->at != c)
        return false;
    pp->at++;
    return true;
}

void need(struct pp *pp, char c) {
    if (!accept(pp, c)) {
        char what[] = "no ?";
        what[3] = c;
        fail_at(pp, what);
    }
}
