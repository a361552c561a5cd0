/*
 * build/cells: one machine of the matrix. `make matrix` has GNU parallel run it for each line of
 * `build/cells --list`.
 */
#include "verify/matrix/cells.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "images/machine/boot.h"
#include "images/lib/process.h"
#include "images/machine/bochs.h"
#include "images/machine/spoken.h"

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
    if (status == 0) {
        status = read_file("hex0/kernel.hex0", &text, p);
    }
    if (status == 0) {
        status = read_file("hex0/mini.hex0", &text, p);
    }
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

/* A folder of its own (allocated), or NULL with *p filled. */
static char *make_folder(struct problem *p) {
    char *folder = xstrdup("/tmp/seedbed-matrix-XXXXXX");
    if (mkdtemp(folder) == NULL) {
        problem_set(p, "%s: cannot be made", folder);
        free(folder);
        return NULL;
    }
    return folder;
}

/* Removes the folder with the files that machines leave in it. */
static void remove_folder(char *folder) {
    static const char *const FILES[] = {"disk.img", "bochsrc", "commands", "rom", "bochs.log"};
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++) {
        char *file = xprintf("%s/%s", folder, FILES[i]);
        unlink(file);
        free(file);
    }
    rmdir(folder);
    free(folder);
}

static int boot_qemu(struct trial *t, const struct cell *cell, struct problem *p) {
    struct run_request request = {
        .timeout = LIMIT,
        .mem_mib = cell_mib(cell),
        .machine = cell->value[MACHINE],
        .disk = cell->value[DISK],
        .cpu = cell->value[CPU],
    };
    char *why = NULL;
    int disk;
    const struct engine *engine = engine_choose("qemu-tcg", &why, p);
    free(why);
    if (engine == NULL ||
        boot_memory(engine, &t->head, &t->script, DISK_SIZE, &request, &t->result, &disk, p) != 0) {
        return -1;
    }
    int status = boot_read(disk, 0, t->result.length, &t->made, p);
    close(disk);
    return status;
}

/*
 * The engine tells QEMU to boot nothing but its disk, by its place in the boot order, which SeaBIOS
 * does not find on a machine without PCI. So isapc is started plainly.
 */
static int run_isapc(const char *folder, const struct run_request *request, const char *cpu,
                     struct run_result *result, struct problem *p) {
    char *rom = xprintf("%s/rom", folder);
    char *drive = xprintf("file=%s,format=raw,if=ide,cache=unsafe", request->image);
    char *memory = xprintf("%u", (unsigned)request->mem_mib);
    /* clang-format off */
    char *argv[] = {"qemu-system-i386", "-accel", "tcg", "-machine", "isapc", "-m", memory,
                    "-cpu", (char *)cpu, "-nodefaults", "-no-reboot", "-display", "none",
                    "-chardev", "stdio,id=console", "-device",
                    "isa-debugcon,iobase=0xe9,chardev=console", "-option-rom", rom,
                    "-drive", drive, NULL};
    /* clang-format on */
    int status = bochs_write_rom(rom, p);
    if (status == 0) {
        status = spoken_run(argv, request, result, p);
    }
    free(memory);
    free(drive);
    free(rom);
    return status;
}

/* A machine that the engine does not know, on a disk image that is a file. */
static int boot_spoken(struct trial *t, const struct cell *cell, struct problem *p) {
    char *folder = make_folder(p);
    struct buffer image = {0};
    if (folder == NULL) {
        return -1;
    }
    char *path = xprintf("%s/disk.img", folder);
    struct run_request request = {.image = path, .timeout = LIMIT, .mem_mib = cell_mib(cell)};
    buffer_append(&image, t->head.data, t->head.len);
    buffer_append(&image, t->script.data, t->script.len);
    bochs_pad(&image);
    int status = write_file(path, image.data, image.len, p);
    if (status == 0) {
        status = strcmp(cell->value[MACHINE], "bochs") == 0
                     ? bochs_boot(folder, &request, &t->result, p)
                     : run_isapc(folder, &request, cell->value[CPU], &t->result, p);
    }
    if (status == 0 && t->result.end == RUN_FINISHED) {
        status = read_file(path, &t->made, p);
        t->made.len = t->made.len < t->result.length ? t->made.len : t->result.length;
    }
    remove_folder(folder);
    buffer_free(&image);
    free(path);
    return status;
}

static int boot(struct trial *t, const struct cell *cell, struct problem *p) {
    bool engine =
        strcmp(cell->value[MACHINE], "bochs") != 0 && strcmp(cell->value[MACHINE], "isapc") != 0;
    return engine ? boot_qemu(t, cell, p) : boot_spoken(t, cell, p);
}

/* What the outcome is worth (allocated): it begins with `ok`, or is a failure. */
static char *judge(const struct trial *t, const struct cell *cell) {
    const char *error = cell_error(cell);
    bool same = t->made.len == t->want.len && memcmp(t->made.data, t->want.data, t->want.len) == 0;
    if (error != NULL) {
        bool named = t->result.end == RUN_ERROR && strstr(t->result.message, error) != NULL;
        return named ? xprintf("ok: %s, as the contract says", error)
                     : xprintf("FAILED: no `%s`: %s", error, t->result.message);
    }
    if (t->result.end != RUN_FINISHED) {
        return xprintf("FAILED: %s",
                       t->result.message[0] != '\0' ? t->result.message : "the BIOS boots nothing");
    }
    return xprintf(same ? "ok" : "FAILED: another artifact");
}

static void print_row(const struct cell *cell, double seconds, const char *verdict) {
    for (int axis = 0; axis < AXES; axis++) {
        printf("%s\t", cell->value[axis]);
    }
    printf("%.2f\t%.*s\n", seconds, (int)strcspn(verdict, "\n"), verdict);
}

/* The artifact that all cells must give. */
static int read_want(const char *file, struct buffer *want, struct problem *p) {
    if (file != NULL) {
        return read_file(file, want, p);
    }
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
    if (obstacle != NULL) {
        verdict = xprintf("cannot: %s", obstacle);
    } else if (read_want(want, &t.want, &p) != 0 ||
               read_file("build/seeds/seedbed.bin", &t.head, &p) != 0 ||
               make_script(&t, cell, &p) != 0 || boot(&t, cell, &p) != 0) {
        verdict = xprintf("FAILED: %s", p.text);
    } else {
        verdict = judge(&t, cell);
    }
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
    for (int axis = 0; axis < AXES; axis++) {
        printf("%s%c", cell->value[axis], axis + 1 < AXES ? ' ' : '\n');
    }
}

static int usage(void) {
    fprintf(stderr, "usage: build/cells --list [--quick] [AXIS=VALUE,VALUE...]...\n"
                    "       build/cells [--want FILE] MACHINE DISK MEM CPU BUILD\n");
    for (int axis = 0; axis < AXES; axis++) {
        fprintf(stderr, "%s:", axis_name((enum axis)axis));
        for (const char *const *v = axis_values((enum axis)axis); *v != NULL; v++) {
            fprintf(stderr, " %s", *v);
        }
        fputc('\n', stderr);
    }
    return 2;
}

int main(int argc, char **argv) {
    struct problem p;
    const char *want = NULL;
    if (argc >= 2 && strcmp(argv[1], "--list") == 0) {
        bool quick = argc >= 3 && strcmp(argv[2], "--quick") == 0;
        int first = quick ? 3 : 2;
        int status = cells_each(argc - first, argv + first, quick, print_cell, NULL, &p);
        return status != 0 ? problem_report(&p), 2 : 0;
    }
    if (argc > 2 && strcmp(argv[1], "--want") == 0) {
        want = argv[2];
        argc -= 2;
        argv += 2;
    }
    if (argc != AXES + 1) {
        return usage();
    }
    struct cell cell;
    for (int axis = 0; axis < AXES; axis++) {
        cell.value[axis] = argv[axis + 1];
    }
    return run_cell(&cell, want);
}
