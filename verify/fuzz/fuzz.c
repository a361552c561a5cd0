/*
 * build/fuzz: generated scripts, system calls and hex0 texts on the kernel, the model and Linux.
 * Where they differ, the input is made smaller and put into verify/cases/found/, from where `make
 * test` takes it ever after.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "images/lib/home.h"
#include "images/lib/options.h"
#include "images/lib/process.h"
#include "images/lib/stop.h"
#include "images/lib/util.h"
#include "verify/fuzz/fuzz_make.h"
#include "verify/fuzz/fuzz_shrink.h"

enum { CASES = 50, LINES = 60, WILD_LINES = 50, TEXTS = 100, TRIES = 200, MOST_FOUND = 5 };

enum maker { MAKE_CALLS, MAKE_WILD, MAKE_TEXTS, MAKE_SCRIPT, MAKERS };
static const char *const NAMES[MAKERS] = {"calls on all three", "wild calls", "hex0 texts",
                                          "scripts"};

struct fuzzer {
    struct fuzz_bench bench;
    uint32_t seed; /* of the next input */
    unsigned long cases[MAKERS];
    unsigned found;
    const char *folder; /* gets what is found */
    double started;
};

/* Processor time of this process and of the children it has waited for, in seconds. */
static double processor_seconds(void) {
    static const int WHOSE[] = {RUSAGE_SELF, RUSAGE_CHILDREN};
    double sum = 0;
    for (int i = 0; i < 2; i++) {
        struct rusage u;
        getrusage(WHOSE[i], &u);
        sum += (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
               (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
    }
    return sum;
}

static unsigned long all_cases(const struct fuzzer *f) {
    unsigned long all = 0;
    for (int i = 0; i < MAKERS; i++)
        all += f->cases[i];
    return all;
}

static struct fuzz_input make(struct fuzzer *f, enum maker maker) {
    struct fuzz_input input = {.kind = FUZZ_SCRIPT};
    if (maker == MAKE_SCRIPT) {
        fuzz_make_script(&input.bytes, f->seed);
        f->cases[maker]++;
    } else if (maker == MAKE_TEXTS) {
        fuzz_make_texts(&input.bytes, f->seed, TEXTS, &f->bench.calls);
        f->cases[maker] += TEXTS;
    } else {
        bool wild = maker == MAKE_WILD;
        input.kind = wild ? FUZZ_WILD : FUZZ_CALLS;
        for (unsigned i = 1; i <= CASES; i++)
            fuzz_make_case(&input.bytes, f->seed * CASES + i, i, wild ? WILD_LINES : LINES, wild);
        f->cases[maker] += CASES;
    }
    f->seed++;
    return input;
}

/* Where case `number` begins in the lines; their end if it is not there. */
static size_t find_case(const struct buffer *lines, unsigned number) {
    char *head = xprintf("case %u\n", number);
    size_t n = strlen(head), at = 0;
    while (at + n <= lines->len &&
           (memcmp(lines->data + at, head, n) != 0 || (at > 0 && lines->data[at - 1] != '\n')))
        at++;
    free(head);
    return at + n <= lines->len ? at : lines->len;
}

/* Keeps the first case that differs, alone if it differs alone, else with those before it. */
static int narrow(struct fuzzer *f, struct fuzz_input *input, char **difference,
                  struct problem *p) {
    unsigned number;
    const char *at = strstr(*difference, "`case ");
    at = at ? at : strstr(*difference, "`program ");
    if (input->kind == FUZZ_SCRIPT || !at || sscanf(at, "`%*[a-z] %u:", &number) != 1)
        return 0;
    struct fuzz_input alone = {.kind = input->kind};
    char *found = NULL;
    size_t start = find_case(&input->bytes, number);
    size_t end = find_case(&input->bytes, number + 1);
    if (start >= end)
        return 0;
    buffer_append(&alone.bytes, input->bytes.data + start, end - start);
    int r = fuzz_compare(&f->bench, &alone, &found, p);
    if (r > 0) {
        buffer_free(&input->bytes);
        *input = alone;
        free(*difference);
        *difference = found;
        return 0;
    }
    buffer_free(&alone.bytes);
    input->bytes.len = end;
    return r;
}

static int keep(struct fuzzer *f, uint32_t seed, struct fuzz_input *input, char **difference,
                struct problem *p) {
    fprintf(stderr, "a difference (seed %u): %s\nmaking it smaller\n", seed, *difference);
    if (narrow(f, input, difference, p) < 0 ||
        fuzz_shrink(&f->bench, input, TRIES, difference, p) < 0)
        return -1;
    char *name = xprintf("%s/%u%s", f->folder, seed, fuzz_suffix(input->kind));
    char *path = *name == '/' ? xstrdup(name) : home_path(name);
    int r = write_file(path, input->bytes.data, input->bytes.len, p);
    if (r == 0) {
        printf("%s: %s\n", name, *difference);
        fflush(stdout);
        f->found++;
    }
    free(path);
    free(name);
    return r;
}

static int round_of(struct fuzzer *f, enum maker maker, struct problem *p) {
    char *difference = NULL;
    uint32_t seed = f->seed;
    struct fuzz_input input = make(f, maker);
    int r = fuzz_compare(&f->bench, &input, &difference, p);
    if (r > 0)
        r = keep(f, seed, &input, &difference, p);
    free(difference);
    buffer_free(&input.bytes);
    return r;
}

/* Appends the counts of this run, a number and what it counts a line, for the report to add up. */
static int add_totals(const struct fuzzer *f, const char *path, double seconds) {
    FILE *out = fopen(path, "a");
    if (!out)
        return -1;
    for (int i = 0; i < MAKERS; i++)
        fprintf(out, "%lu\t%s\n", f->cases[i], NAMES[i]);
    fprintf(out, "%lu\truns of a machine or a program\n%.0f\tseconds of `make fuzz`\n",
            f->bench.runs, seconds);
    fprintf(out, "%lu\tinputs on which nobody could judge\n", f->bench.unjudged);
    fprintf(out, "%u\tdifferences\n", f->found);
    return fclose(out);
}

static int report(const struct fuzzer *f, const char *totals) {
    double seconds = now() - f->started;
    unsigned long all = all_cases(f);
    for (int i = 0; i < MAKERS; i++)
        printf("%8lu %s\n", f->cases[i], NAMES[i]);
    printf("%lu cases in %.0f s, %.1f a second, %.1f a second of processor time, %lu runs, up to "
           "seed %u: %u differences\n",
           all, seconds, (double)all / seconds, (double)all / processor_seconds(), f->bench.runs,
           f->seed - 1, f->found);
    printf("%lu inputs that the model could not follow\n", f->bench.unjudged);
    if (totals && add_totals(f, totals, seconds) != 0) {
        fprintf(stderr, "seedbed: %s: cannot be written\n", totals);
        return 1;
    }
    return f->found > 0;
}

static const char help[] = "usage: build/fuzz [--seconds N] [--cases N] [--seed N] [--jobs N]\n"
                           "                  [--totals FILE] [--found FOLDER]\n"
                           "       build/fuzz --trace FILE   (one of verify/cases/found/)\n";

/* One file, with every answer in place of the digests. */
static int trace(const char *path) {
    struct fuzz_bench bench;
    struct problem p;
    char *difference = NULL;
    int kind = fuzz_kind_of(path);
    struct fuzz_input input = {.kind = (enum fuzz_kind)kind};
    if (kind < 0) {
        problem_set(&p, "%s: the name must end in .calls, .wild or .script", path);
        return problem_report(&p);
    }
    if (read_file(path, &input.bytes, &p) < 0 || fuzz_open(&bench, &p) < 0)
        return problem_report(&p);
    bench.trace = true;
    int r = fuzz_compare(&bench, &input, &difference, &p);
    fuzz_close(&bench);
    if (r < 0)
        return problem_report(&p);
    printf("%s\n", r > 0 ? difference : "no difference");
    return r;
}

/* How long to go on, each job for itself, and where to write. */
struct until {
    double seconds;
    uint64_t cases;
    const char *totals, *folder;
};

static bool enough(const struct fuzzer *f, const struct until *u) {
    if (f->found >= MOST_FOUND || (u->cases && all_cases(f) >= u->cases))
        return true;
    return !u->cases && now() - f->started >= u->seconds;
}

static int fuzz(const struct until *until, uint32_t seed) {
    struct fuzzer f = {.seed = seed, .started = now(), .folder = until->folder};
    struct problem p;
    int r = fuzz_open(&f.bench, &p);
    stop_catch();
    for (unsigned i = 0; r == 0 && !enough(&f, until); i++) {
        /* a run for each script, many cases in each of the others */
        r = round_of(&f, i % 8 < 3 ? (enum maker)(i % 8) : MAKE_SCRIPT, &p);
        if (stop_wanted())
            break;
    }
    fuzz_close(&f.bench);
    if (r < 0)
        problem_report(&p);
    return report(&f, until->totals) || r < 0;
}

/* Several fuzzers at the same time, each with inputs of its own. */
static int fuzz_together(unsigned jobs, const struct until *until, uint32_t seed) {
    enum { APART = 10000019 };
    int worst = 0;
    for (unsigned n = 1; n < jobs; n++) {
        pid_t pid = process_fork(OUR_GROUP);
        if (pid == 0)
            exit(fuzz(until, seed + n * APART));
        if (pid < 0)
            jobs = n;
    }
    worst = fuzz(until, seed);
    for (unsigned n = 1; n < jobs; n++) {
        int status = 1;
        wait(&status);
        if (status)
            worst = 1;
    }
    return worst;
}

int main(int argc, char **argv) {
    struct until until = {.seconds = 60, .folder = "verify/cases/found"};
    uint64_t jobs = 1, seed = (uint64_t)time(NULL) % 1000000;
    const char *traced = NULL;
    int i;
    struct option_spec specs[] = {{"--seconds", OPTION_SECONDS, &until.seconds, 0},
                                  {"--cases", OPTION_NUMBER, &until.cases, 0},
                                  {"--seed", OPTION_NUMBER, &seed, UINT32_MAX},
                                  {"--jobs", OPTION_NUMBER, &jobs, 1000},
                                  {"--totals", OPTION_TEXT, &until.totals, 0},
                                  {"--found", OPTION_TEXT, &until.folder, 0},
                                  {"--trace", OPTION_TEXT, &traced, 0},
                                  {0}};
    int status = options_read(specs, help, argc, argv, &i);
    if (status >= 0)
        return status;
    if (i < argc)
        return usage_error(argv[0], "no argument is wanted");
    if (traced)
        return trace(traced);
    jobs = jobs ? jobs : 1;
    until.cases = (until.cases + jobs - 1) / jobs;
    return fuzz_together((unsigned)jobs, &until, (uint32_t)seed);
}
