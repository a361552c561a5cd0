/* seedbed make: the rebuild chain as a command, with its table. */
#include <stdlib.h>
#include <string.h>

#include "images/commands.h"
#include "images/lib/options.h"
#include "images/lib/process.h"
#include "images/machine/rebuild.h"
#include "images/lib/stop.h"

static const char help[] =
    "usage: seedbed make [--engine E] SEEDS OUT\n\n"
    "Lets mini, stage1 and the kernel rebuild themselves and each other, starting from the\n"
    "binaries in the folder SEEDS (mini.bin, stage1.bin, seedbed.bin, made from hex0 text with\n"
    "command line tools). All ways to build one must give the same bytes, which are written to\n"
    "the folder OUT. `make` runs it.\n\n"
    "  --engine E    auto (KVM if a probe passes, else TCG), qemu-kvm, qemu-tcg, model\n";

/* Writes the bytes and appends their SHA-256 in hex, as the tool of that name gives it. */
static int keep(const struct rebuild_artifact *a, const char *folder, struct buffer *sum,
                struct problem *p) {
    char *path = xprintf("%s/%s", folder, a->name);
    char *const argv[] = {"sha256sum", path, NULL};
    enum { DIGITS = 64 };
    int r = write_file(path, a->bytes.data, a->bytes.len, p);
    if (r == 0)
        r = process_output(argv, sum, p);
    if (r == 0 && sum->len < DIGITS)
        r = problem_set(p, "sha256sum gave no sum of %s", path);
    else if (r == 0)
        sum->len = DIGITS;
    free(path);
    return r;
}

static int print_table(const struct rebuild *r, const char *folder, struct problem *p) {
    int status = 0;
    printf("\n%-12s %6s  %-64s  %4s\n", "artifact", "bytes", "SHA-256", "ways");
    for (int i = 0; i < PROGRAMS && status == 0; i++) {
        const struct rebuild_artifact *a = &r->artifacts[i];
        struct buffer sum = {0};
        status = keep(a, folder, &sum, p);
        if (status == 0)
            printf("%-12s %6zu  %.*s  %4u  %s\n", a->name, a->bytes.len, (int)sum.len,
                   (char *)sum.data, a->ways, a->difference ? "DIFFERENT" : "SAME");
        buffer_free(&sum);
    }
    for (int i = 0; i < PROGRAMS; i++)
        if (r->artifacts[i].difference) {
            fflush(stdout);
            struct problem different;
            problem_set(&different, "%s", r->artifacts[i].difference);
            problem_report(&different);
        }
    return status;
}

int cmd_make(int argc, char **argv) {
    struct problem p;
    const char *name = NULL;
    char *why = NULL;
    int i;
    struct option_spec specs[] = {{"--engine", OPTION_TEXT, &name, 0}, {0}};
    int status = options_read(specs, help, argc, argv, &i);
    if (status >= 0)
        return status;
    if (argc - i != 2)
        return usage_error(argv[0], "SEEDS and OUT are wanted");
    stop_catch();
    struct rebuild r = {.engine = engine_choose(name, &why, &p), .to = stdout};
    if (!r.engine)
        return usage_error(argv[0], "%s", p.text);
    printf("engine %s: %s\n", r.engine->name, why);
    free(why);
    status = rebuild_run(&r, argv[i], &p) < 0 ? problem_report(&p) : 0;
    /* What has been built is shown even if the chain broke. */
    if (r.artifacts[PROGRAMS - 1].ways && print_table(&r, argv[i + 1], &p) < 0)
        status = problem_report(&p);
    for (int k = 0; k < PROGRAMS; k++)
        if (r.artifacts[k].difference)
            status = 1;
    rebuild_free(&r);
    return status;
}
