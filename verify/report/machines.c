/* The matrix: a field for each machine, disk and size, with a square for each processor and build.
 */
#include <stdlib.h>
#include <string.h>

#include "verify/matrix/cells.h"
#include "verify/report/report.h"

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

static void add_square(struct node *build, const char *table, const struct cell *cell) {
    char *verdict = verdict_on(table, cell);
    struct node *n = node_add(build, "square");
    node_put(n, "class", "%s", verdict ? class_of(verdict) : "");
    node_put(n, "cpu", "%s", cell->value[CPU]);
    node_put(n, "build", "%s", cell->value[BUILD]);
    node_put(n, "verdict", "%s", verdict ? verdict : "not run");
    free(verdict);
}

/* The squares of one machine, disk and size: a column for each processor, a row for each build. */
static void add_field(struct node *row, const char *table, struct cell *cell) {
    bool bochs = strcmp(cell->value[MACHINE], "bochs") == 0;
    static const char *const ONE[] = {"bochs", NULL};
    struct node *field = node_add(row, "field");
    for (const char *const *build = axis_values(BUILD); *build; build++) {
        struct node *n = node_add(field, "build_row");
        for (const char *const *cpu = bochs ? ONE : axis_values(CPU); *cpu; cpu++) {
            cell->value[BUILD] = *build;
            cell->value[CPU] = *cpu;
            add_square(n, table, cell);
        }
    }
}

/* How often each verdict was given, with its reason; cuts the lines of `rest` into fields. */
static void add_verdicts(struct node *part, char *rest) {
    struct tally tally = {.used = 0};
    while (*rest) {
        char *verdict = next_field(&rest, '\n');
        for (int field = 0; field <= AXES; field++)
            next_field(&verdict, '\t');
        tally_add(&tally, verdict, 1);
    }
    tally_put(&tally, part);
}

void add_machines(struct node *page) {
    struct buffer content = {0};
    struct node *part =
        part_open(page, "machines", "build/matrix/results.tsv", "make matrix", &content);
    for (const char *const *mem = axis_values(MEM); *mem; mem++)
        node_put(node_add(part, "size"), "mem", "%s", *mem);
    for (const char *const *machine = axis_values(MACHINE); *machine; machine++)
        for (const char *const *disk = axis_values(DISK); *disk; disk++) {
            if (strcmp(*machine, "bochs") == 0 && disk != axis_values(DISK))
                break;
            struct node *row = node_add(part, "row");
            node_put(row, "machine", "%s", *machine);
            node_put(row, "disk", "%s", *disk);
            for (const char *const *mem = axis_values(MEM); *mem; mem++) {
                struct cell cell = {{*machine, *disk, *mem, NULL, NULL}};
                add_field(row, (const char *)content.data, &cell);
            }
        }
    add_verdicts(part, (char *)content.data);
    buffer_free(&content);
}
