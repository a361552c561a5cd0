/*
 * build/fuzz: generated scripts, system calls and hex0 texts on the kernel, the model and Linux.
 * Where they differ, the input is made smaller and put into verify/cases/found/, from where `make
 * test` takes it ever after.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
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
#include "verify/fuzz/fuzz_totals.h"

enum { CASES = 50, LINES = 60, WILD_LINES = 50, TEXTS = 100, TRIES = 200, MOST_FOUND = 5 };

struct fuzzer {
    struct fuzz_bench bench;
    uint32_t seed;              /* of the next input */
    struct fuzz_totals *totals; /* seen by whoever has started it; without times */
    const char *folder;         /* gets what is found */
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

static double all_cases(const struct fuzzer *f) {
    return f->totals->n[COUNT_CASES + FUZZ_PC];
}

/* An input and, in *cases, how many cases it holds. */
static struct fuzz_input make(struct fuzzer *f, enum fuzz_maker maker, unsigned *cases) {
    struct fuzz_input input = {.kind = FUZZ_SCRIPT};
    bool wild = maker == MAKE_WILD;
    *cases = 1;
    if (maker == MAKE_SCRIPT) {
        fuzz_make_script(&input.bytes, f->seed);
    } else if (maker == MAKE_TEXTS) {
        *cases = TEXTS;
        fuzz_make_texts(&input.bytes, f->seed, TEXTS, &f->bench.calls);
    } else {
        *cases = CASES;
        input.kind = wild ? FUZZ_WILD : FUZZ_CALLS;
        for (unsigned i = 1; i <= CASES; i++)
            fuzz_make_case(&input.bytes, f->seed * CASES + i, i, wild ? WILD_LINES : LINES, wild);
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
        f->totals->n[COUNT_FOUND]++;
    }
    free(path);
    free(name);
    return r;
}

/* The sides that have run meanwhile were given those cases. */
static void count_cases(struct fuzzer *f, const unsigned long *before, unsigned cases) {
    for (int side = 0; side < FUZZ_SIDES; side++)
        if (f->bench.runs[side] != before[side])
            f->totals->n[COUNT_CASES + side] += cases;
}

static int round_of(struct fuzzer *f, enum fuzz_maker maker, struct problem *p) {
    struct fuzz_bench *b = &f->bench;
    char *difference = NULL;
    uint32_t seed = f->seed;
    unsigned cases;
    unsigned long before[FUZZ_SIDES];
    struct fuzz_input input = make(f, maker, &cases);
    memcpy(before, b->runs, sizeof before);
    int r = fuzz_compare(b, &input, &difference, p);
    f->totals->n[COUNT_MADE + maker] += cases;
    count_cases(f, before, cases);
    if (r > 0) {
        f->totals->n[COUNT_DIFFERENCES + b->other]++;
        r = keep(f, seed, &input, &difference, p);
    }
    for (int side = 0; side < FUZZ_SIDES; side++)
        f->totals->n[COUNT_RUNS + side] = (double)b->runs[side];
    f->totals->n[COUNT_UNJUDGED] = (double)b->unjudged;
    free(difference);
    buffer_free(&input.bytes);
    return r;
}

/* What came of it; the exit status. */
static int report(const struct fuzz_totals *sum, const char *totals) {
    struct problem p;
    fuzz_totals_print(sum);
    if (totals && fuzz_totals_write(sum, totals, &p) < 0)
        return problem_report(&p);
    return sum->n[COUNT_FOUND] > 0;
}

static const char help[] =
    "usage: build/fuzz [--seconds N] [--cases N] [--seed N] [--jobs N]\n"
    "                  [--totals FILE] [--found FOLDER]\n"
    "       build/fuzz --sum [--totals FILE] FILE...   (what --totals has written elsewhere)\n"
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
    if (f->totals->n[COUNT_FOUND] >= MOST_FOUND || (u->cases && all_cases(f) >= (double)u->cases))
        return true;
    return !u->cases && now() - f->started >= u->seconds;
}

static int fuzz(const struct until *until, uint32_t seed, struct fuzz_totals *totals) {
    struct fuzzer f = {.seed = seed, .totals = totals, .started = now(), .folder = until->folder};
    struct problem p;
    int r = fuzz_open(&f.bench, &p);
    stop_catch();
    for (unsigned i = 0; r == 0 && !enough(&f, until); i++) {
        /* a run for each script, many cases in each of the others */
        r = round_of(&f, i % 8 < 3 ? (enum fuzz_maker)(i % 8) : MAKE_SCRIPT, &p);
        if (stop_wanted())
            break;
    }
    fuzz_close(&f.bench);
    if (r < 0)
        problem_report(&p);
    return r < 0;
}

/* Waits for the other jobs. Returns 1 if one of them has failed. */
static int wait_for_jobs(void) {
    int status, failed = 0;
    pid_t pid;
    while ((pid = wait(&status)) > 0 || errno == EINTR)
        if (pid > 0 && status) {
            fprintf(stderr, "seedbed: a job of the fuzzer ended early (wait status %x)\n",
                    (unsigned)status);
            failed = 1;
        }
    return failed;
}

/* Several fuzzers at the same time, each with inputs of its own, and their sum. */
static int fuzz_together(unsigned jobs, const struct until *until, uint32_t seed) {
    enum { APART = 10000019 };
    double started = now();
    struct fuzz_totals sum = {0}, *each = mmap(NULL, jobs * sizeof *each, PROT_READ | PROT_WRITE,
                                               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct problem p;
    if (each == MAP_FAILED) {
        problem_set(&p, "no memory for %u jobs", jobs);
        return problem_report(&p);
    }
    for (unsigned n = 1; n < jobs; n++) {
        pid_t pid = process_fork(OUR_GROUP);
        if (pid == 0)
            exit(fuzz(until, seed + n * APART, &each[n]));
        if (pid < 0)
            jobs = n;
    }
    int failed = fuzz(until, seed, &each[0]);
    failed = wait_for_jobs() || failed;
    for (unsigned n = 0; n < jobs; n++)
        for (int i = 0; i < COUNTS; i++)
            sum.n[i] += each[n].n[i];
    sum.n[COUNT_SECONDS] = now() - started;
    sum.n[COUNT_PROCESSOR_SECONDS] = processor_seconds();
    printf("%u jobs, from seed %u on\n", jobs, (unsigned)seed);
    return report(&sum, until->totals) || failed;
}

/* What several hosts have counted, as one. */
static int sum_up(char **paths, int count, const char *totals) {
    struct fuzz_totals sum = {0};
    struct problem p;
    for (int i = 0; i < count; i++)
        if (fuzz_totals_read(&sum, paths[i], &p) < 0)
            return problem_report(&p);
    return report(&sum, totals);
}

int main(int argc, char **argv) {
    struct until until = {.seconds = 60, .folder = "verify/cases/found"};
    uint64_t jobs = 1, seed = (uint64_t)time(NULL) % 1000000;
    bool summed = false;
    const char *traced = NULL;
    int i;
    struct option_spec specs[] = {{"--seconds", OPTION_SECONDS, &until.seconds, 0},
                                  {"--cases", OPTION_NUMBER, &until.cases, 0},
                                  {"--seed", OPTION_NUMBER, &seed, UINT32_MAX},
                                  {"--jobs", OPTION_NUMBER, &jobs, 1000},
                                  {"--totals", OPTION_TEXT, &until.totals, 0},
                                  {"--found", OPTION_TEXT, &until.folder, 0},
                                  {"--trace", OPTION_TEXT, &traced, 0},
                                  {"--sum", OPTION_FLAG, &summed, 0},
                                  {0}};
    int status = options_read(specs, help, argc, argv, &i);
    if (status >= 0)
        return status;
    if (summed && i < argc)
        return sum_up(argv + i, argc - i, until.totals);
    if (summed || i < argc)
        return usage_error(argv[0], summed ? "the files are missing" : "no argument is wanted");
    if (traced)
        return trace(traced);
    jobs = jobs ? jobs : 1;
    until.cases = (until.cases + jobs - 1) / jobs;
    return fuzz_together((unsigned)jobs, &until, (uint32_t)seed);
}
