/*
 * build/router: many independent routes from the hex0 text of the builder to its bytes, and
 * whether they all lead to the same ones.
 */
#include <stdlib.h>
#include <string.h>

#include "images/lib/now.h"
#include "images/lib/process.h"
#include "verify/routes/routes.h"

/* The SHA-256 of some bytes as text (allocated), by sha256sum, which is none of ours. */
static char *sha256_of(const char *folder, const struct buffer *bytes, struct problem *p) {
    char *path = xprintf("%s/hashed", folder);
    struct buffer output = {0};
    char *argv[] = {"sha256sum", path, NULL};
    char *hash = NULL;
    if (write_file(path, bytes->data, bytes->len, p) == 0 &&
        process_output(argv, &output, p) == 0 && output.len > 64)
        hash = xprintf("%.64s", (const char *)output.data);
    buffer_free(&output);
    free(path);
    return hash;
}

/* Writes FOLDER/NAME unless a write before it has failed. */
static int put(const struct ground *g, const char *name, const struct buffer *content, int status,
               struct problem *p) {
    char *path = xprintf("%s/%s", g->folder, name);
    if (status == 0)
        status = write_file(path, content->data, content->len, p);
    free(path);
    return status;
}

/* What the routes of this system read: the text, its two parts, and the script that has it. */
static int lay_out(const struct ground *g, const struct buffer *boot, struct problem *p) {
    int status = put(g, "text.hex0", &g->text, 0, p);
    status = put(g, "text.hex0.boot", boot, status, p);
    status = put(g, "text.hex0.kernel", &g->kernel, status, p);
    return put(g, "script", &g->script, status, p);
}

/* Reads the seeds and the sources. */
static int read_ground(struct ground *g, struct problem *p) {
    struct buffer boot = {0};
    int status = read_file("hex0/boot.hex0", &boot, p);
    if (status == 0 && (status = read_file("hex0/kernel.hex0", &g->kernel, p)) == 0 &&
        (status = read_file("build/seeds/mini.bin", &g->mini, p)) == 0 &&
        (status = read_file("build/seeds/stage1.bin", &g->stage1, p)) == 0 &&
        (status = read_file("build/seeds/seedbed.bin", &g->seedbed, p)) == 0) {
        buffer_append(&g->text, boot.data, boot.len);
        buffer_append(&g->text, g->kernel.data, g->kernel.len);
        buffer_printf(&g->script, "src 0 /dev\nsrc %zu /a.hex0\n", g->text.len);
        buffer_append(&g->script, g->text.data, g->text.len);
        buffer_printf(&g->script, "hex0 /a.hex0 /dev/hda\n");
        status = lay_out(g, &boot, p);
    }
    buffer_free(&boot);
    return status;
}

/* The count of the routes by how they went. */
struct tally {
    unsigned same;
    unsigned wrong;
    unsigned not_run;
    char *hash; /* what all must have */
};

static void print_row(FILE *table, const struct route *route, const char *hash, double seconds,
                      const char *verdict) {
    printf("%-40s %-64s %6.2f  %s\n", route->what, hash, seconds, verdict);
    fflush(stdout);
    fprintf(table, "%s\t%s\t%s\t%.2f\t%s\n", route->name, route->what, hash, seconds, verdict);
}

/* Takes one route and says how it went. */
static void try_route(const struct route *route, const struct ground *g, FILE *table,
                      struct tally *tally) {
    struct problem p;
    struct buffer made = {0};
    double started = now();
    int status = route_take(route, g, &made, &p);
    double seconds = now() - started;
    char *hash = status == 0 ? sha256_of(g->folder, &made, &p) : NULL;
    char *verdict;
    if (status > 0) {
        verdict = xprintf("not run: %s", p.text);
        tally->not_run++;
    } else if (!hash) {
        verdict = xprintf("FAILED: %s", p.text);
        tally->wrong++;
    } else {
        tally->hash = tally->hash ? tally->hash : xstrdup(hash);
        bool same = strcmp(tally->hash, hash) == 0;
        verdict = xprintf(same ? "same" : "DIFFERENT");
        tally->same += same;
        tally->wrong += !same;
    }
    print_row(table, route, hash ? hash : "-", status > 0 ? 0 : seconds, verdict);
    free(verdict);
    free(hash);
    buffer_free(&made);
}

/* Whether the route is one of those asked for; all are where none is. */
static bool asked_for(const struct route *route, int count, char **names) {
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], route->name) == 0)
            return true;
    return count == 0;
}

static bool is_route(const char *name) {
    for (const struct route *r = ROUTES; r->name; r++)
        if (strcmp(r->name, name) == 0)
            return true;
    return false;
}

static int usage(void) {
    fprintf(stderr, "usage: build/router [--folder F] [--want FILE] [ROUTE...]\nroutes:");
    for (const struct route *r = ROUTES; r->name; r++)
        fprintf(stderr, " %s", r->name);
    fprintf(stderr,
            "\nTakes all routes, or those named. All must give the same bytes, and those of "
            "FILE.\nrun from the top folder of the project, after `make routes-models`\n");
    return 2;
}

/* Takes options; returns the index of the first argument that is none, or -1. */
static int parse(int argc, char **argv, const char **folder, const char **want) {
    int i = 1;
    for (; i < argc && argv[i][0] == '-'; i += 2) {
        const char **value = strcmp(argv[i], "--folder") == 0 ? folder
                             : strcmp(argv[i], "--want") == 0 ? want
                                                              : NULL;
        if (!value || i + 1 == argc)
            return -1;
        *value = argv[i + 1];
    }
    for (int k = i; k < argc; k++)
        if (!is_route(argv[k]))
            return -1;
    return i;
}

int main(int argc, char **argv) {
    struct problem p;
    struct ground ground = {.folder = "build/routes"};
    struct tally tally = {0};
    struct buffer wanted = {0};
    const char *want = NULL;
    int first = parse(argc, argv, &ground.folder, &want);
    if (first < 0)
        return usage();
    if (read_ground(&ground, &p) != 0 || (want && read_file(want, &wanted, &p) != 0))
        return problem_report(&p);
    if (want && !(tally.hash = sha256_of(ground.folder, &wanted, &p)))
        return problem_report(&p);
    char *name = xprintf("%s/routes.tsv", ground.folder);
    FILE *table = fopen(name, "w");
    if (!table) {
        problem_set(&p, "%s: cannot be written", name);
        return problem_report(&p);
    }
    printf("%-40s %-64s %6s  %s\n", "route", "SHA-256 of seedbed.bin", "s", "verdict");
    for (const struct route *r = ROUTES; r->name; r++)
        if (asked_for(r, argc - first, argv + first))
            try_route(r, &ground, table, &tally);
    printf("%u routes lead to the same bytes, %u do not, %u cannot be taken here\n", tally.same,
           tally.wrong, tally.not_run);
    return fclose(table) == 0 && tally.wrong == 0 && tally.same > 0 ? 0 : 1;
}
