/* The sections that tables of other targets become. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "verify/matrix/cells.h"
#include "verify/report/report.h"

/* The builder's source: what was found out before it changed is about another builder. */
static const char SOURCE[] = "hex0/kernel.hex0";

static bool is_older(const char *path, const char *than) {
    struct stat a, b;
    return stat(path, &a) == 0 && stat(than, &b) == 0 && a.st_mtime < b.st_mtime;
}

/*
 * Reads a table with a NUL at its end; says how to make it, and returns false, if it is not there.
 */
static bool open_table(struct buffer *out, const char *path, const char *target,
                       struct buffer *content) {
    struct problem p;
    if (read_file(path, content, &p) != 0 || content->len == 0) {
        buffer_printf(out, "<p class=\"none\">not run (<code>%s</code>)</p>\n", target);
        buffer_free(content);
        return false;
    }
    if (is_older(path, SOURCE)) {
        buffer_printf(out,
                      "<p class=\"none\">run before <code>%s</code> was changed; again by "
                      "<code>%s</code></p>\n",
                      SOURCE, target);
    }
    buffer_append(content, "", 1);
    return true;
}

void audit_section(struct buffer *out) {
    struct buffer content = {0};
    buffer_printf(out, "<h2>Two readings of every byte</h2>\n<p>NASM assembles the text beside the "
                       "bytes; a second decoder reads the bytes back.</p>\n");
    if (!open_table(out, "build/audit/summary.txt", "make audit", &content))
        return;
    buffer_printf(out, "<div class=\"wide\"><table class=\"numbers\">\n");
    char *rest = (char *)content.data;
    for (int row = 0; *rest; row++) {
        char *line = next_field(&rest, '\n');
        buffer_printf(out, "<tr>");
        for (char *word = strtok(line, " "); word; word = strtok(NULL, " ")) {
            buffer_printf(out, row == 0 ? "<th>" : "<td>");
            html_text(out, word);
        }
        buffer_printf(out, "</tr>\n");
    }
    buffer_printf(out, "</table></div>\n");
    buffer_free(&content);
}

/* The class of a verdict, which is its color. */
static const char *class_of(const char *verdict) {
    bool good = strcmp(verdict, "same") == 0 || strncmp(verdict, "ok", 2) == 0;
    bool error = strncmp(verdict, "ok: ERROR", 9) == 0;
    bool none = strncmp(verdict, "not run", 7) == 0 || strncmp(verdict, "cannot", 6) == 0;
    return error ? "error" : good ? "ok" : none ? "off" : "bad";
}

void routes_section(struct buffer *out) {
    struct buffer content = {0};
    buffer_printf(out, "<h2>Routes to the same bytes</h2>\n");
    if (!open_table(out, "build/routes/routes.tsv", "make routes", &content))
        return;
    buffer_printf(out, "<table><tr><th>route<th>SHA-256<th>s<th>verdict</tr>\n");
    char *rest = (char *)content.data;
    while (*rest) {
        char *line = next_field(&rest, '\n');
        next_field(&line, '\t');
        char *what = next_field(&line, '\t');
        char *hash = next_field(&line, '\t');
        char *seconds = next_field(&line, '\t');
        buffer_printf(out, "<tr><td>");
        html_text(out, what);
        if (strlen(hash) == 64) {
            buffer_printf(out, "<td class=\"hash\" title=\"%s\"><code>%s</code><td>%s", hash, hash,
                          seconds);
        }
        buffer_printf(out, "<td%s class=\"%s\">", strlen(hash) == 64 ? "" : " colspan=\"3\"",
                      class_of(line));
        html_text(out, line);
        buffer_printf(out, "</tr>\n");
    }
    buffer_printf(out, "</table>\n");
    buffer_free(&content);
}

/* The verdict on a cell (in `table`, one row a line), or null: not run. */
static char *verdict_on(const char *table, const struct cell *cell) {
    char *key = xprintf("%s\t%s\t%s\t%s\t%s\t", cell->value[MACHINE], cell->value[DISK],
                        cell->value[MEM], cell->value[CPU], cell->value[BUILD]);
    char *verdict = NULL;
    for (const char *line = table; line && !verdict; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, key, strlen(key)) == 0) {
            const char *after = strchr(line + strlen(key), '\t');
            verdict = after ? xprintf("%.*s", (int)strcspn(after + 1, "\n"), after + 1) : NULL;
        }
    }
    free(key);
    return verdict;
}

/* One little square. */
static void put_square(struct buffer *out, const char *table, const struct cell *cell) {
    char *verdict = verdict_on(table, cell);
    buffer_printf(out, "<i class=\"%s\" title=\"%s, %s: ", verdict ? class_of(verdict) : "",
                  cell->value[CPU], cell->value[BUILD]);
    html_text(out, verdict ? verdict : "not run");
    buffer_printf(out, "\"></i>");
    free(verdict);
}

/* The squares of one machine, disk and size: a column for each processor, a row for each build. */
static void put_squares(struct buffer *out, const char *table, struct cell *cell) {
    bool bochs = strcmp(cell->value[MACHINE], "bochs") == 0;
    static const char *const ONE[] = {"bochs", NULL};
    buffer_printf(out, "<td>");
    for (const char *const *build = axis_values(BUILD); *build; build++) {
        buffer_printf(out, "<span>");
        for (const char *const *cpu = bochs ? ONE : axis_values(CPU); *cpu; cpu++) {
            cell->value[BUILD] = *build;
            cell->value[CPU] = *cpu;
            put_square(out, table, cell);
        }
        buffer_printf(out, "</span>");
    }
}

/* How often each verdict was given, with its reason; cuts the lines of `rest` into fields. */
static void put_verdicts(struct buffer *out, char *rest) {
    struct tally tally = {.used = 0};
    while (*rest) {
        char *verdict = next_field(&rest, '\n');
        for (int field = 0; field <= AXES; field++)
            next_field(&verdict, '\t');
        tally_add(&tally, verdict, 1);
    }
    tally_put(&tally, out);
}

void matrix_section(struct buffer *out) {
    struct buffer content = {0};
    buffer_printf(out, "<h2>Machines</h2>\n");
    if (!open_table(out, "build/matrix/results.tsv", "make matrix", &content))
        return;
    buffer_printf(out,
                  "<p>In each field a column for each processor (486, pentium, qemu32, max), "
                  "above the self-build, below a build with a program. <i class=\"ok\"></i> the "
                  "same bytes <i class=\"error\"></i> the ERROR of the contract <i "
                  "class=\"off\"></i> cannot be booted <i class=\"bad\"></i> "
                  "failed <i></i> not run</p>\n<div class=\"wide\"><table class=\"grid\"><tr>"
                  "<th>machine<th>disk");
    for (const char *const *mem = axis_values(MEM); *mem; mem++)
        buffer_printf(out, "<th>%s", *mem);
    buffer_printf(out, "</tr>\n");
    for (const char *const *machine = axis_values(MACHINE); *machine; machine++) {
        for (const char *const *disk = axis_values(DISK); *disk; disk++) {
            if (strcmp(*machine, "bochs") == 0 && disk != axis_values(DISK))
                break;
            buffer_printf(out, "<tr><td>%s<td>%s", *machine, *disk);
            for (const char *const *mem = axis_values(MEM); *mem; mem++) {
                struct cell cell = {{*machine, *disk, *mem, NULL, NULL}};
                put_squares(out, (const char *)content.data, &cell);
            }
            buffer_printf(out, "</tr>\n");
        }
    }
    buffer_printf(out, "</table></div>\n");
    put_verdicts(out, (char *)content.data);
    buffer_free(&content);
}

/* Adds up the lines of `rest`, each a number, a tab and what it counts. */
static void add_up(struct tally *tally, char *rest) {
    while (*rest) {
        char *line = next_field(&rest, '\n');
        unsigned long long n = strtoull(next_field(&line, '\t'), NULL, 10);
        tally_add(tally, line, n);
    }
}

void fuzz_section(struct buffer *out) {
    struct buffer content = {0};
    struct tally tally = {.used = 0};
    buffer_printf(out, "<h2>Fuzzing</h2>\n<p>Kernel, model and Linux on generated input, and what "
                       "runs on the host under sanitizers; all runs added up.</p>\n");
    if (open_table(out, "build/fuzz.txt", "make fuzz", &content)) {
        add_up(&tally, (char *)content.data);
        tally_put(&tally, out);
        buffer_free(&content);
    }
}

/* A number as the bench prints it: 485 M, 2.95 k, 7434; 0 where it is none. */
static double number_of(const char *text) {
    char *unit;
    double value = strtod(text, &unit);
    unit += strspn(unit, " ");
    return value * (*unit == 'G' ? 1e9 : *unit == 'M' ? 1e6 : *unit == 'k' ? 1e3 : 1);
}

/* Bars on a logarithmic scale, since an open and an instruction differ a thousandfold. */
static double bar_width(double value) {
    double width = 0;
    for (; value >= 10; value /= 10)
        width += 10;
    width += value > 1 ? (value - 1) * 10 / 9 : 0;
    return width < 100 ? width : 100;
}

/* The rows of a Markdown table: what is counted, then a number for each place. */
static void put_bars(struct buffer *out, char *rest) {
    static const char *const PLACES[] = {"QEMU", "the model", "Linux"};
    while (*rest) {
        char *line = next_field(&rest, '\n');
        next_field(&line, '|');
        char *what = next_field(&line, '|');
        double first = number_of(line);
        if (first <= 0)
            continue;
        buffer_printf(out, "<div class=\"bench\">");
        html_text(out, what);
        for (size_t i = 0; i < sizeof PLACES / sizeof PLACES[0]; i++) {
            char *text = next_field(&line, '|');
            double value = number_of(text);
            if (value > 0) {
                buffer_printf(out, "<div><b class=\"p%zu\" style=\"width:%.1f%%\"></b>%s %s</div>",
                              i, bar_width(value) * 0.7, PLACES[i], text);
            }
        }
        buffer_printf(out, "</div>\n");
    }
}

void bench_section(struct buffer *out) {
    struct buffer content = {0};
    buffer_printf(out, "<h2>Speed</h2>\n");
    if (!open_table(out, "build/bench.txt", "make bench", &content))
        return;
    buffer_printf(out, "<p>A second, on a logarithmic scale.</p>\n");
    put_bars(out, (char *)content.data);
    buffer_free(&content);
}
