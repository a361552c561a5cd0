/* The parts that tables of other targets become. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "verify/report/report.h"

/* A table of words with blanks between them, a head before it. */
static void add_words(struct node *page, const char *name, const char *path, const char *target) {
    struct buffer content = {0};
    struct node *part = part_open(page, name, path, target, &content);
    char *rest = (char *)content.data;
    for (int row = 0; *rest; row++) {
        char *line = next_field(&rest, '\n');
        struct node *n = node_add(part, "row");
        for (char *word = strtok(line, " "); word; word = strtok(NULL, " "))
            node_put(node_add(n, row == 0 ? "head" : "cell"), "text", "%s", word);
    }
    buffer_free(&content);
}

void add_audit(struct node *page) {
    add_words(page, "audit", "build/audit/summary.txt", "make audit");
}

void add_loop(struct node *page) {
    add_loop_picture(page);
    add_words(page, "loop", "build/loop/summary.txt", "make loop");
    add_words(page, "loop_times", "build/loop/times.txt", "make loop");
    add_words(page, "ddc", "build/ddc.txt", "make ddc");
}

void add_routes(struct node *page) {
    struct buffer content = {0};
    struct node *part =
        part_open(page, "routes", "build/routes/routes.tsv", "make routes", &content);
    char *rest = (char *)content.data;
    while (*rest) {
        char *line = next_field(&rest, '\n');
        struct node *n = node_add(part, "route");
        next_field(&line, '\t');
        node_put(n, "what", "%s", next_field(&line, '\t'));
        char *hash = next_field(&line, '\t');
        char *seconds = next_field(&line, '\t');
        struct node *how = node_add(n, strlen(hash) == 64 ? "made" : "failed");
        node_put(how, "hash", "%s", hash);
        node_put(how, "seconds", "%s", seconds);
        node_put(n, "class", "%s", class_of(line));
        node_put(n, "verdict", "%s", line);
    }
    buffer_free(&content);
}

/* Lines of a number, a tab and what it counts, added up. */
void add_fuzz(struct node *page) {
    struct buffer content = {0};
    struct tally tally = {.used = 0};
    struct node *part = part_open(page, "fuzz", "build/fuzz.txt", "make fuzz", &content);
    struct buffer lengths = {0};
    char *rest = (char *)content.data;
    while (*rest) {
        char *line = next_field(&rest, '\n');
        unsigned long long n = strtoull(next_field(&line, '\t'), NULL, 10);
        if (strncmp(line, "seconds", strlen("seconds")) == 0)
            buffer_printf(&lengths, "%s%llu", lengths.len ? " + " : "", n);
        tally_add(&tally, line, n);
    }
    tally_put(&tally, part);
    if (lengths.len)
        node_put(node_add(part, "lengths"), "text", "%s", (char *)lengths.data);
    buffer_free(&lengths);
    buffer_free(&content);
}

/* A number as the bench prints it: 485 M, 2.95 k, 7434; 0 where it is none. */
static double number_of(const char *text) {
    char *unit;
    double value = strtod(text, &unit);
    unit += strspn(unit, " ");
    return value * (*unit == 'G' ? 1e9 : *unit == 'M' ? 1e6 : *unit == 'k' ? 1e3 : 1);
}

/* Percent on a logarithmic scale, since an open and an instruction differ a thousandfold. */
static double bar_width(double value) {
    double width = 0;
    for (; value >= 10; value /= 10)
        width += 10;
    width += value > 1 ? (value - 1) * 10 / 9 : 0;
    return width < 100 ? width : 100;
}

enum { PLACES_SHOWN = 3 };

/* A chart of one unit, with its axis. */
static struct node *add_chart(struct node *part, const char *unit) {
    static const char *const TICKS[] = {"1", "100", "10 k", "1 M", "100 M", "10 G"};
    struct node *chart = node_add(part, "chart");
    node_put(chart, "unit", "%s", unit);
    for (size_t i = 0; i < sizeof TICKS / sizeof TICKS[0]; i++) {
        struct node *tick = node_add(chart, "tick");
        node_put(tick, "left", "%zu", 20 * i);
        node_put(tick, "text", "%s", TICKS[i]);
    }
    return chart;
}

/* The rows of a Markdown table: a head with the places, then what is counted and a number for each.
 */
void add_bench(struct node *page) {
    struct buffer content = {0};
    struct node *part = part_open(page, "bench", "build/bench.txt", "make bench", &content);
    const char *places[PLACES_SHOWN] = {NULL};
    struct node *counts = add_chart(part, "Times"), *sizes = add_chart(part, "MiB");
    char *rest = (char *)content.data;
    while (*rest) {
        char *line = next_field(&rest, '\n');
        next_field(&line, '|');
        char *what = next_field(&line, '|');
        struct node *n = NULL;
        for (size_t i = 0; i < PLACES_SHOWN && *line; i++) {
            char *text = next_field(&line, '|');
            double value = number_of(text);
            text += strspn(text, " ");
            if (isalpha((unsigned char)*text)) {
                places[i] = text;
            } else if (value > 0) {
                bool mib = strncmp(what + strspn(what, " "), "MiB", 3) == 0;
                n = n ? n : node_add(mib ? sizes : counts, "row");
                struct node *bar = node_add(n, "bar");
                node_put(bar, "place", "%s", places[i] ? places[i] : "");
                node_put(bar, "column", "%zu", i);
                node_put(bar, "width", "%.1f", bar_width(value) * 0.7);
                node_put(bar, "number", "%s", text);
            }
        }
        if (n)
            node_put(n, "what", "%s", what);
    }
    buffer_free(&content);
}
