/* The list of survivors, see reasons.h. */
#include "verify/mutants/reasons.h"

#include <stdlib.h>
#include <string.h>

/* Cuts the next field off; null: there is none. */
static char *field(char **rest) {
    char *start = *rest, *bar = start ? strstr(start, " | ") : NULL;
    if (bar)
        *bar = 0;
    *rest = bar ? bar + 3 : NULL;
    return start;
}

static int add(struct reasons *all, unsigned number, char *text, struct problem *p) {
    char *rest = text, *label = field(&rest), *code = field(&rest), *mutations = field(&rest);
    bool equal = rest && strncmp(rest, "equal: ", 7) == 0;
    if (!rest || (!equal && strncmp(rest, "open: ", 6) != 0))
        return problem_set(p,
                           "%s:%u: LABEL | INSTRUCTION | MUTATION, ... | equal: WHY is wanted, or "
                           "open: WHY",
                           all->path, number);
    all->of = xrealloc(all->of, (all->count + 1) * sizeof *all->of);
    all->of[all->count++] = (struct reason){xstrdup(label), xstrdup(code), xstrdup(mutations),
                                            xstrdup(rest),  number,        equal};
    return 0;
}

int reasons_read(struct reasons *all, const char *path, struct problem *p) {
    struct buffer text = {0};
    unsigned number = 0;
    *all = (struct reasons){.path = path};
    int r = read_file(path, &text, p);
    buffer_append(&text, "", 1);
    for (char *line = (char *)text.data; r == 0 && *line;) {
        size_t n = strcspn(line, "\n");
        bool last = !line[n];
        line[n] = 0;
        number++;
        if (*line && *line != '#')
            r = add(all, number, line, p);
        line += n + !last;
    }
    buffer_free(&text);
    return r;
}

void reasons_free(struct reasons *all) {
    for (size_t n = 0; n < all->count; n++) {
        free(all->of[n].label);
        free(all->of[n].code);
        free(all->of[n].mutations);
        free(all->of[n].why);
    }
    free(all->of);
}

/* The same text, but for the number of blanks. */
static bool same_words(const char *a, const char *b) {
    while (*a && *a == *b) {
        bool blank = *a == ' ';
        a += blank ? strspn(a, " ") : 1;
        b += blank ? strspn(b, " ") : 1;
    }
    return *a == *b;
}

long reasons_find(const struct reasons *all, const struct line *line, enum kind kind) {
    for (size_t n = 0; n < all->count; n++) {
        const struct reason *r = &all->of[n];
        if (strcmp(r->label, line->near) == 0 && same_words(r->code, line->code) &&
            strstr(r->mutations, KIND_NAMES[kind]))
            return (long)n;
    }
    return -1;
}
