/*
 * build/cells: one machine of the matrix. `make matrix` has GNU parallel run it for each line of
 * `build/cells --list`.
 */
#include <stdlib.h>
#include <string.h>

#include "images/lib/options.h"
#include "images/machine/boot.h"
#include "verify/matrix/cells.h"

static const double LIMIT = 120; /* seconds; most machines take less than one */
static const uint64_t DISK_SIZE = 4 << 20;

/* What a cell needs, and what comes of it. */
struct trial {
    struct buffer head; /* the full image before its script */
    struct buffer script;
    struct buffer want; /* the artifact */
    struct run_result result;
    struct buffer made;
};

/*
 * The script of the cell: the kernel's own hex0, or a program, compiles the builder and mini. The
 * artifact is longer than what stood before the script, so that a disk left alone is not mistaken
 * for it.
 */
static int make_script(struct trial *t, const struct cell *cell, struct problem *p) {
    struct buffer text = {0};
    struct buffer program = {0};
    bool by_program = strcmp(cell->value[BUILD], "programs") == 0;
    int status = read_file("hex0/boot.hex0", &text, p);
    if (status == 0)
        status = read_file("hex0/kernel.hex0", &text, p);
    if (status == 0)
        status = read_file("hex0/mini.hex0", &text, p);
    if (status == 0 && by_program) {
        status = read_file("build/boot0/hex0-seed", &program, p);
        buffer_printf(&t->script, "src %zu /hex0\n", program.len);
        buffer_append(&t->script, program.data, program.len);
    }
    buffer_printf(&t->script, "src 0 /dev\nsrc %zu /a.hex0\n", text.len);
    buffer_append(&t->script, text.data, text.len);
    buffer_printf(&t->script, "%s /a.hex0 /dev/hda\n", by_program ? "/hex0" : "hex0");
    buffer_free(&program);
    buffer_free(&text);
    return status;
}

static int boot_cell(struct trial *t, const struct cell *cell, struct problem *p) {
    bool bochs = strcmp(cell->value[MACHINE], "bochs") == 0;
    struct run_request request = {
        .head = &t->head,
        .text = &t->script,
        .size = DISK_SIZE,
        .timeout = LIMIT,
        .mem_mib = cell_mib(cell),
        .machine = bochs ? NULL : cell->value[MACHINE],
        .disk = bochs ? NULL : cell->value[DISK],
        .cpu = bochs ? NULL : cell->value[CPU],
    };
    const struct engine *engine = bochs ? &engine_bochs : &engine_qemu_tcg;
    int status = boot(engine, &request, &t->result, p);
    return status == 0 ? run_artifact(&t->result, &t->made, p) : status;
}

/* What the outcome is worth (allocated): it begins with `ok`, or is a failure. */
static char *judge(const struct trial *t, const struct cell *cell) {
    const char *error = cell_error(cell);
    bool same = t->made.len == t->want.len && memcmp(t->made.data, t->want.data, t->want.len) == 0;
    if (error) {
        bool named = t->result.end == RUN_ERROR && strstr(t->result.message, error);
        return named ? xprintf("ok: %s, as the contract says", error)
                     : xprintf("FAILED: no `%s`: %s", error, t->result.message);
    }
    if (t->result.end != RUN_FINISHED) {
        return xprintf("FAILED: %s",
                       t->result.message[0] ? t->result.message : "the BIOS boots nothing");
    }
    return xprintf(same ? "ok" : "FAILED: another artifact");
}

static void print_row(const struct cell *cell, double seconds, const char *verdict) {
    for (int axis = 0; axis < AXES; axis++)
        printf("%s\t", cell->value[axis]);
    printf("%.2f\t%.*s\n", seconds, (int)strcspn(verdict, "\n"), verdict);
}

/* The artifact that all cells must give. */
static int read_want(const char *file, struct buffer *want, struct problem *p) {
    if (file)
        return read_file(file, want, p);
    return read_file("build/seeds/seedbed.bin", want, p) != 0
               ? -1
               : read_file("build/seeds/mini.bin", want, p);
}

/* Runs one cell, prints its row and returns the exit status. */
static int run_cell(const struct cell *cell, const char *want) {
    struct problem p;
    struct trial t = {0};
    const char *obstacle = cell_obstacle(cell);
    char *verdict;
    if (obstacle)
        verdict = xprintf("cannot: %s", obstacle);
    else if (read_want(want, &t.want, &p) != 0 ||
             read_file("build/seeds/seedbed.bin", &t.head, &p) != 0 ||
             make_script(&t, cell, &p) != 0 || boot_cell(&t, cell, &p) != 0)
        verdict = xprintf("FAILED: %s", p.text);
    else
        verdict = judge(&t, cell);
    print_row(cell, t.result.seconds, verdict);
    int status = strncmp(verdict, "FAILED", 6) == 0;
    free(verdict);
    buffer_free(&t.made);
    buffer_free(&t.want);
    buffer_free(&t.script);
    buffer_free(&t.head);
    run_result_free(&t.result);
    return status;
}

static void print_cell(const struct cell *cell, void *arg) {
    (void)arg;
    for (int axis = 0; axis < AXES; axis++)
        printf("%s%c", cell->value[axis], axis + 1 < AXES ? ' ' : '\n');
}

/* The help text (allocated), with the values of all axes. */
static char *make_help(void) {
    struct buffer text = {0};
    buffer_printf(&text, "usage: build/cells --list [--quick] [AXIS=VALUE,VALUE...]...\n"
                         "       build/cells [--want FILE] MACHINE DISK MEM CPU BUILD\n");
    for (int axis = 0; axis < AXES; axis++) {
        buffer_printf(&text, "%s:", axis_name((enum axis)axis));
        for (const char *const *v = axis_values((enum axis)axis); *v; v++)
            buffer_printf(&text, " %s", *v);
        buffer_printf(&text, "\n");
    }
    return (char *)text.data;
}

int main(int argc, char **argv) {
    struct problem p;
    const char *want = NULL;
    bool list = false, quick = false;
    int i;
    struct option_spec specs[] = {{"--list", OPTION_FLAG, &list, 0},
                                  {"--quick", OPTION_FLAG, &quick, 0},
                                  {"--want", OPTION_TEXT, &want, 0},
                                  {0}};
    char *help = make_help();
    int status = options_read(specs, help, argc, argv, &i);
    free(help);
    if (status >= 0)
        return status;
    if (list)
        return cells_each(argc - i, argv + i, quick, print_cell, NULL, &p) != 0
               ? problem_report(&p),
               2 : 0;
    if (argc - i != AXES)
        return usage_error(argv[0], "MACHINE DISK MEM CPU BUILD are wanted");
    struct cell cell;
    for (int axis = 0; axis < AXES; axis++)
        cell.value[axis] = argv[i + axis];
    return run_cell(&cell, want);
}
