/*
 * build/book: adds up what runs on the PC have counted (images/machine/coverage.h), writes the
 * pages of the book, and names every instruction that never ran and every conditional jump that
 * went only one way, unless the list of reasons has it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "images/lib/options.h"
#include "images/lib/outfile.h"
#include "verify/book/page.h"

static const char help[] = "usage: build/book [--reasons FILE] COUNTS FOLDER\n\n"
                           "Writes the book into FOLDER. Exit status 1 if something of the sources "
                           "was never reached\nand FILE has no reason for it, or a reason that is "
                           "not needed.\n";

static const char *const SOURCES[] = {"hex0/boot.hex0", "hex0/kernel.hex0", "hex0/mini.hex0",
                                      "stage1/stage1.hex0"};
static const char *const PAGES[] = {"boot.html", "kernel.html", "mini.html", "stage1.html"};
enum { FILES = sizeof SOURCES / sizeof SOURCES[0], FIELDS = 5 };

/* One line of the reasons: file | label | instruction | ran, taken or untaken | reason. */
struct reason {
    char *field[FIELDS];
    unsigned line;
    unsigned used;
};

struct reasons {
    struct reason *of;
    size_t count;
};

static int read_counts(struct listing *all, const char *path, struct problem *p) {
    FILE *f = fopen(path, "r");
    char source[64];
    unsigned address;
    unsigned long long runs, taken;
    if (!f)
        return problem_set(p, "%s: cannot open: %s", path, strerror(errno));
    while (fscanf(f, "%63s %x %llu %llu", source, &address, &runs, &taken) == 4)
        for (size_t k = 0; k < FILES && !listing_count(&all[k], source, address, runs, taken); k++)
            ;
    int r = feof(f) ? 0 : problem_set(p, "%s: not lines of SOURCE ADDRESS RUNS TAKEN", path);
    fclose(f);
    return r;
}

static int add_reason(struct reasons *all, const char *path, unsigned number, char *line,
                      struct problem *p) {
    struct reason r = {.line = number};
    char *rest = line;
    for (int k = 0; k < FIELDS; k++) {
        char *bar = k + 1 < FIELDS ? strstr(rest, " | ") : NULL;
        if (!bar && k + 1 < FIELDS)
            return problem_set(p, "%s:%u: FILE | LABEL | INSTRUCTION | WHAT | REASON is wanted",
                               path, number);
        if (bar)
            *bar = 0;
        r.field[k] = xstrdup(rest);
        rest = bar ? bar + 3 : rest;
    }
    all->of = xrealloc(all->of, (all->count + 1) * sizeof *all->of);
    all->of[all->count++] = r;
    return 0;
}

static int read_reasons(struct reasons *all, const char *path, struct problem *p) {
    struct buffer text = {0};
    unsigned number = 0;
    int r = path ? read_file(path, &text, p) : 0;
    buffer_append(&text, "", 1);
    for (char *line = (char *)text.data; r == 0 && *line;) {
        size_t n = strcspn(line, "\n");
        bool last = !line[n];
        line[n] = 0;
        number++;
        if (*line && *line != '#')
            r = add_reason(all, path, number, line, p);
        line += n + !last;
    }
    buffer_free(&text);
    return r;
}

/* Runs of blanks as one. */
static char *squeezed(const char *text) {
    char *out = xstrdup(text), *to = out;
    for (const char *at = text; *at; at++)
        if (*at != ' ' || at[1] != ' ')
            *to++ = *at;
    *to = 0;
    return out;
}

static bool excused(struct reasons *all, const struct listing *l, const struct line *line,
                    const char *what) {
    char *code = squeezed(line->code);
    bool found = false;
    for (size_t k = 0; k < all->count && !found; k++) {
        struct reason *r = &all->of[k];
        found = strcmp(r->field[0], l->path) == 0 && strcmp(r->field[1], line->near) == 0 &&
                strcmp(r->field[2], code) == 0 && strcmp(r->field[3], what) == 0;
        r->used += found;
    }
    free(code);
    return found;
}

/* Names a line that was not reached in a way; 1 if nothing excuses it. */
static unsigned missing(struct reasons *all, const struct listing *l, const struct line *line,
                        const char *what) {
    if (excused(all, l, line, what))
        return 0;
    char *code = squeezed(line->code);
    printf("%s:%u: never %s: %s | %s | %s | %s | \n", l->path, line->number, what, l->path,
           line->near, code, what);
    free(code);
    return 1;
}

static unsigned check(const struct listing *all, struct reasons *reasons, const char *path) {
    unsigned wrong = 0;
    for (size_t k = 0; k < FILES; k++)
        for (size_t i = 0; i < all[k].count; i++) {
            const struct line *line = &all[k].lines[i];
            if (line->instruction && !line->runs)
                wrong += missing(reasons, &all[k], line, "ran");
            else if (line->condition && !line->taken)
                wrong += missing(reasons, &all[k], line, "taken");
            else if (line->condition && line->taken == line->runs)
                wrong += missing(reasons, &all[k], line, "untaken");
        }
    for (size_t k = 0; k < reasons->count; k++)
        if (!reasons->of[k].used) {
            printf("%s:%u: the reason is not needed\n", path, reasons->of[k].line);
            wrong++;
        }
    return wrong;
}

static int write_page(const char *folder, const char *name, struct buffer *page,
                      struct problem *p) {
    char *path = xprintf("%s/%s", folder, name);
    int r = write_file(path, page->data, page->len, p);
    buffer_free(page);
    free(path);
    return r;
}

static int write_book(const struct listing *all, const char *folder, struct problem *p) {
    struct buffer style = {0}, page = {0};
    int r = read_file("verify/book/book.css", &style, p);
    buffer_append(&style, "", 1);
    if (r == 0 && mkdir(folder, 0777) < 0 && errno != EEXIST)
        r = problem_set(p, "%s: cannot make: %s", folder, strerror(errno));
    for (size_t k = 0; r == 0 && k < FILES; k++) {
        page_listing(&all[k], (const char *)style.data, &page);
        r = write_page(folder, PAGES[k], &page, p);
    }
    if (r == 0) {
        page_index(all, PAGES, FILES, (const char *)style.data, &page);
        r = write_page(folder, "index.html", &page, p);
    }
    buffer_free(&style);
    return r;
}

int main(int argc, char **argv) {
    struct problem p;
    struct listing all[FILES] = {{0}};
    struct reasons reasons = {0};
    const char *path = NULL;
    unsigned wrong = 0;
    int i;
    struct option_spec specs[] = {{"--reasons", OPTION_TEXT, &path, 0}, {0}};
    int status = options_read(specs, help, argc, argv, &i);
    if (status >= 0)
        return status;
    if (argc - i != 2)
        return usage_error("book", "COUNTS and FOLDER are wanted");
    int r = read_reasons(&reasons, path, &p);
    for (size_t k = 0; r == 0 && k < FILES; k++)
        r = listing_read(&all[k], SOURCES[k], &p);
    if (r == 0)
        r = read_counts(all, argv[i], &p);
    if (r == 0)
        r = write_book(all, argv[i + 1], &p);
    if (r == 0) {
        wrong = check(all, &reasons, path);
        printf("%u instructions or ways of a jump without a run or a reason, %zu with a reason\n",
               wrong, reasons.count);
    }
    for (size_t k = 0; k < FILES; k++)
        listing_free(&all[k]);
    return r < 0 ? problem_report(&p) : wrong != 0;
}
