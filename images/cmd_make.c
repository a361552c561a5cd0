/* seedbed make: the programs of the kernel made by every route, as a command with a table. */
#include <stdlib.h>
#include <string.h>

#include "images/commands.h"
#include "images/lib/options.h"
#include "images/lib/process.h"
#include "images/lib/util.h"
#include "images/routes/routes.h"

static const char help[] =
    "usage: seedbed make [--engine E] SEEDS OUT\n\n"
    "Has mini, stage1 and the kernel rebuild themselves and each other, starting from the\n"
    "binaries in the folder SEEDS (mini.bin, stage1.bin, seedbed.bin, made from hex0 text with\n"
    "command line tools). All routes to one must give the same bytes, which are written to\n"
    "the folder OUT. `make` runs it.\n\n"
    "  --engine E    auto (the first that works) or one of those of `seedbed run --help`\n";

/* Writes the bytes and appends their SHA-256 in hex, as the tool of that name gives it. */
static int keep(const struct program *program, const char *folder, struct buffer *sum,
                struct problem *p) {
    char *path = xprintf("%s/%s", folder, program->name);
    char *const argv[] = {"sha256sum", path, NULL};
    enum { DIGITS = 64 };
    int r = write_file(path, program->seed.data, program->seed.len, p);
    if (r == 0)
        r = process_output(argv, sum, p);
    if (r == 0 && sum->len < DIGITS)
        r = problem_set(p, "sha256sum gave no sum of %s", path);
    else if (r == 0)
        sum->len = DIGITS;
    free(path);
    return r;
}

static int print_table(const struct routes *r, const char *folder, struct problem *p) {
    int status = 0;
    printf("\n%-12s %6s  %-64s  %6s\n", "artifact", "bytes", "SHA-256", "routes");
    for (int i = 0; i < PROGRAMS && status == 0; i++) {
        const struct program *program = &r->programs[i];
        struct buffer sum = {0};
        status = keep(program, folder, &sum, p);
        if (status == 0)
            printf("%-12s %6zu  %.*s  %6u  %s\n", program->name, program->seed.len, (int)sum.len,
                   (char *)sum.data, program->routes, program->difference ? "DIFFERENT" : "SAME");
        buffer_free(&sum);
    }
    return status;
}

/* Prints where routes differ; 1 if any do. */
static int print_differences(const struct routes *r) {
    int status = 0;
    fflush(stdout);
    for (int i = 0; i < PROGRAMS; i++) {
        struct problem different;
        if (!r->programs[i].difference)
            continue;
        problem_set(&different, "%s", r->programs[i].difference);
        status = problem_report(&different);
    }
    return status;
}

/* Takes the routes of `make`, a line for each. An engine that runs scripts alone leaves out those
   that need more. */
static int take_all(struct routes *r, struct problem *p) {
    unsigned step = 0;
    for (const struct route *route = ROUTES; route->name; route++) {
        struct problem why;
        bool open = route->maker >= BY_MINI && !route->engine;
        if (!route->make || (open && r->engine->script_only))
            continue;
        double started = now();
        int status = route_take(r, route, &why);
        printf("  %2u  %-52s ", ++step, route->what);
        if (status > 0)
            printf("left out: %s\n", why.text);
        else
            printf("%.2f s\n", now() - started);
        fflush(stdout);
        if (status < 0)
            return problem_set(p, "step %u (%s): %s", step, route->what, why.text);
    }
    return 0;
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
    struct routes r = {.seeds = argv[i], .engine = engine_choose(name, &why, &p)};
    if (!r.engine)
        return usage_error(argv[0], "%s", p.text);
    printf("engine %s: %s\n", r.engine->name, why);
    free(why);
    status = 0;
    if (routes_open(&r, &p) < 0) {
        status = problem_report(&p);
    } else {
        if (take_all(&r, &p) < 0)
            status = problem_report(&p);
        /* What has been built is shown even if a route has failed. */
        if (print_table(&r, argv[i + 1], &p) < 0)
            status = problem_report(&p);
        status |= print_differences(&r);
        if (!status)
            printf(
                "\nNext: build/seedbed build -o greeting.bin greet.build (README.md has that build "
                "file),\nmake test, make help.\n");
    }
    routes_close(&r);
    return status;
}
