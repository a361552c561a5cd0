/*
 * build/router: takes many independent routes from the hex0 texts to their bytes, and says whether
 * those to the same program lead to the same ones.
 */
#include <stdlib.h>
#include <string.h>

#include "images/lib/options.h"
#include "images/lib/process.h"
#include "images/lib/util.h"
#include "images/routes/routes.h"

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

/* The count of the routes by how they went. */
struct tally {
    unsigned same;
    unsigned wrong;
    unsigned not_run;
    char *hash[PROGRAMS]; /* what all must have */
};

static void print_row(FILE *table, const struct route *route, const char *hash, double seconds,
                      const char *verdict) {
    printf("%-40s %-64s %6.2f  %s\n", route->what, hash, seconds, verdict);
    fflush(stdout);
    fprintf(table, "%s\t%s\t%s\t%.2f\t%s\n", route->name, route->what, hash, seconds, verdict);
}

/* Takes one route and says how it went. */
static void try_route(const struct route *route, struct routes *r, FILE *table,
                      struct tally *tally) {
    struct problem p;
    double started = now();
    int status = route_take(r, route, &p);
    double seconds = now() - started;
    char *hash = status == 0 ? sha256_of(r->folder, route_made(r, route), &p) : NULL;
    char *verdict;
    if (status > 0) {
        verdict = xprintf("not run: %s", p.text);
        tally->not_run++;
    } else if (!hash) {
        verdict = xprintf("FAILED: %s", p.text);
        tally->wrong++;
    } else {
        char **wanted = &tally->hash[route->program];
        *wanted = *wanted ? *wanted : xstrdup(hash);
        bool same = strcmp(*wanted, hash) == 0;
        verdict = xprintf(same ? "same" : "DIFFERENT");
        tally->same += same;
        tally->wrong += !same;
    }
    print_row(table, route, hash ? hash : "-", status > 0 ? 0 : seconds, verdict);
    free(verdict);
    free(hash);
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

/* The help text (allocated), with the names of all routes. */
static char *make_help(void) {
    struct buffer text = {0};
    buffer_printf(&text, "usage: build/router [--folder F] [--want FILE] [ROUTE...]\nroutes:");
    for (const struct route *r = ROUTES; r->name; r++)
        buffer_printf(&text, " %s", r->name);
    buffer_printf(
        &text, "\nTakes all routes, or those named. All to one program must give the same bytes,\n"
               "and those to boot sector and kernel the bytes of FILE. Run it from the top folder\n"
               "of the project, after `make routes-models`.\n");
    return (char *)text.data;
}

/* Takes the routes whose names are given. */
static int take_routes(struct routes *r, struct tally *tally, int count, char **names,
                       struct problem *p) {
    char *name = xprintf("%s/routes.tsv", r->folder);
    FILE *table = fopen(name, "w");
    int status = table ? 0 : problem_set(p, "%s: cannot be written", name);
    free(name);
    if (status < 0)
        return -1;
    printf("%-40s %-64s %6s  %s\n", "route", "SHA-256", "s", "verdict");
    for (const struct route *route = ROUTES; route->name; route++)
        if (asked_for(route, count, names))
            try_route(route, r, table, tally);
    printf("%u routes lead to the same bytes, %u do not, %u cannot be taken here\n", tally->same,
           tally->wrong, tally->not_run);
    return fclose(table) == 0 ? 0 : problem_set(p, "routes.tsv: cannot be written");
}

int main(int argc, char **argv) {
    struct problem p;
    struct routes r = {.seeds = "build/seeds", .folder = "build/routes"};
    struct tally tally = {0};
    struct buffer wanted = {0};
    const char *want = NULL;
    int first;
    struct option_spec specs[] = {
        {"--folder", OPTION_TEXT, &r.folder, 0}, {"--want", OPTION_TEXT, &want, 0}, {0}};
    char *help = make_help();
    int status = options_read(specs, help, argc, argv, &first);
    free(help);
    if (status >= 0)
        return status;
    for (int i = first; i < argc; i++)
        if (!is_route(argv[i]))
            return usage_error(argv[0], "no route '%s'", argv[i]);
    r.engine = engine_choose(NULL, NULL, &p);
    if (routes_open(&r, &p) != 0 || (want && read_file(want, &wanted, &p) != 0))
        return problem_report(&p);
    if (want && !(tally.hash[FULL] = sha256_of(r.folder, &wanted, &p)))
        return problem_report(&p);
    if (take_routes(&r, &tally, argc - first, argv + first, &p) < 0)
        return problem_report(&p);
    routes_close(&r);
    buffer_free(&wanted);
    for (int i = 0; i < PROGRAMS; i++)
        free(tally.hash[i]);
    return tally.wrong == 0 && tally.same > 0 ? 0 : 1;
}
