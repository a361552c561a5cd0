/* Whether all places of a fact agree, see facts.h. */
#include "verify/facts/facts.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* A comparison on its way. */
struct check {
    const char *root;
    const char *fact; /* null: all */
    struct buffer *complaints;
    size_t count;
};

static void complain(struct check *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void complain(struct check *c, const char *format, ...) {
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    buffer_printf(c->complaints, "%s\n", text);
    c->count++;
}

/* The number of the fact that a match says. */
static long long fact_of(const struct place *place, const struct matches *m, size_t i) {
    if (place->unit == COUNT)
        return (long long)m->count - place->more;
    return m->all[i].number * (place->unit ? place->unit : 1) - place->more;
}

/* Compares all matches of a place with the first one of the fact. */
static void check_place(struct check *c, const struct place *place, const struct place *first,
                        const struct matches *reference) {
    struct matches here = facts_find(c->root, place->file, NULL, place->line);
    if (here.count == 0)
        complain(c, "%s: no line says what %s is: none is like `%s`", place->file, place->fact,
                 place->line);
    for (size_t i = 0; i < here.count && reference->count > 0; i++) {
        long long want = fact_of(first, reference, 0);
        long long got = fact_of(place, &here, i);
        if (got != want)
            complain(c, "%s:%u: %s is %lld (0x%llX), but %lld (0x%llX) at %s:%u", here.all[i].file,
                     here.all[i].line, place->fact, got, got, want, want, reference->all[0].file,
                     reference->all[0].line);
    }
    matches_free(&here);
}

static void check_places(struct check *c) {
    const struct place *first = NULL;
    struct matches reference = {0};
    for (const struct place *place = PLACES; place->fact; place++) {
        if (c->fact && strcmp(c->fact, place->fact) != 0)
            continue;
        if (!first || strcmp(first->fact, place->fact) != 0) {
            matches_free(&reference);
            first = place;
            reference = facts_find(c->root, place->file, NULL, place->line);
        }
        check_place(c, place, first, &reference);
    }
    matches_free(&reference);
}

/* The entry with this name, or, where there is none, with this number; null: there is none. */
static const struct match *look_up(const struct matches *list, const struct match *wanted) {
    for (size_t i = 0; i < list->count; i++) {
        const struct match *m = &list->all[i];
        bool same = wanted->name && m->name
                        ? strcmp(wanted->name, m->name) == 0
                        : wanted->counted && m->counted && wanted->number == m->number;
        if (same)
            return m;
    }
    return NULL;
}

static char *described(const char *list, const struct match *m) {
    return m->name ? xprintf("%s `%s`", list, m->name) : xprintf("%s %lld", list, m->number);
}

/* An entry that the first list does not have, or has with another number. */
static void check_entry(struct check *c, const struct listing *listing, const struct match *m,
                        const struct listing *first, const struct matches *reference) {
    const struct match *other = look_up(reference, m);
    char *entry = described(listing->list, m);
    if (!other && listing->extent != ALIKE)
        complain(c, "%s:%u: %s, which is not in %s", m->file, m->line, entry, first->file);
    if (other && m->counted && other->counted && m->number != other->number)
        complain(c, "%s:%u: %s is %lld, but %lld at %s:%u", m->file, m->line, entry, m->number,
                 other->number, other->file, other->line);
    free(entry);
}

/* A number that an entry before this one has as well. */
static void check_once(struct check *c, const struct listing *listing, const struct matches *here,
                       size_t i) {
    for (size_t k = 0; k < i && listing->extent != ALIKE && here->all[i].counted; k++)
        if (strcmp(here->all[k].file, here->all[i].file) == 0 && here->all[k].counted &&
            here->all[k].number == here->all[i].number)
            complain(c, "%s:%u: %s %lld, as at %s:%u", here->all[i].file, here->all[i].line,
                     listing->list, here->all[i].number, here->all[k].file, here->all[k].line);
}

static void check_listing(struct check *c, const struct listing *listing,
                          const struct listing *first, const struct matches *reference) {
    struct matches here = facts_find(c->root, listing->file, listing->only, listing->entry);
    if (here.missing && *listing->file == '/') {
        matches_free(&here); /* a file of the system that is not here */
        return;
    }
    if (here.count == 0)
        complain(c, "%s: no %s: nothing is like `%s`", listing->file, listing->list,
                 listing->entry);
    for (size_t i = 0; i < here.count; i++) {
        check_entry(c, listing, &here.all[i], first, reference);
        check_once(c, listing, &here, i);
    }
    for (size_t i = 0; i < reference->count && listing->extent == ALL; i++) {
        const struct match *m = &reference->all[i];
        char *entry = described(listing->list, m);
        if (!look_up(&here, m))
            complain(c, "%s: no %s, which is at %s:%u", listing->file, entry, m->file, m->line);
        free(entry);
    }
    matches_free(&here);
}

static void check_listings(struct check *c) {
    const struct listing *first = NULL;
    struct matches reference = {0};
    for (const struct listing *listing = LISTINGS; listing->list; listing++) {
        if (c->fact && strcmp(c->fact, listing->list) != 0)
            continue;
        if (!first || strcmp(first->list, listing->list) != 0) {
            matches_free(&reference);
            first = listing;
            reference = facts_find(c->root, listing->file, listing->only, listing->entry);
        }
        if (*first->file == '/' && reference.missing)
            continue; /* a file of the system that is not here */
        check_listing(c, listing, first, &reference);
    }
    matches_free(&reference);
}

size_t facts_check(const char *root, const char *fact, struct buffer *complaints) {
    struct check c = {.root = root, .fact = fact, .complaints = complaints};
    check_places(&c);
    check_listings(&c);
    size_t parts;
    if (!fact)
        c.count += facts_shared(root, complaints, &parts);
    return c.count;
}
