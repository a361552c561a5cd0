/*
 * build/bench: the table of `make bench`. Each row is the time of one operation: the shortest time
 * of a command that does many, less the shortest of one that does few, by the difference of both.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "images/lib/home.h"
#include "images/lib/options.h"
#include "verify/bench/clock.h"

enum { ROUNDS = 3, MIB = 1 << 20, SMALL_FILE = 16, LARGE_FILE = 64 };
enum { MEMORY = 1536 }; /* MiB, for a parent of 1 GiB */

/* An operation of verify/bench/work.c. */
struct job {
    const char *what; /* its word */
    const char *title;
    unsigned few, many; /* how many of it are timed */
    double target;      /* the least a second in QEMU; 0: none */
    unsigned native;    /* Linux does this part of it; 0: it means nothing there */
};

static const struct job JOBS[] = {
    {"rounds", "instructions, of two in a loop", 1000000, 100000000, 0, 1},
    {"write", "writes of one byte to a file", 100000, 1100000, 1e6, 10},
    {"read", "reads of one byte from a file", 100000, 1100000, 0, 10},
    {"brk", "brk", 100000, 1100000, 0, 10},
    {"open-few", "open and close, 10 files", 10000, 110000, 0, 10},
    {"open-many", "open and close, 10,000 files", 10000, 110000, 5e4, 10},
    {"fork-small", "fork, exec, exit and wait, parent of 64 KiB", 100, 1100, 1e3, 10},
    {"fork-large", "fork, exec, exit and wait, parent of 64 MiB", 100, 1100, 5e2, 1},
    {"fork-huge", "fork, exec, exit and wait, parent of 1 GiB", 50, 350, 0, 0},
    {"lines", "lines of 40 characters to the console", 1000, 11000, 0, 0},
};
enum { JOB_COUNT = sizeof JOBS / sizeof JOBS[0] };

/* Files that grow by turns while little is free: a word of verify/guest/growth.c, and the RAM. */
static const struct {
    const char *what, *title;
    unsigned mib;
} GROWTHS[] = {
    {"large", "the slowest write, two files of 100 MiB that grow by turns", 368},
    {"small", "the slowest write, two files that grow before 10,000 others", 192},
};
enum { GROWTH_COUNT = sizeof GROWTHS / sizeof GROWTHS[0], SLOWEST = 100 };

/* What a place has reached of each job, a second; 0 where it was not run. */
struct rates {
    double jobs[JOB_COUNT];
    double src, flush;           /* MiB a second */
    double growth[GROWTH_COUNT]; /* of GROWTHS: the slowest write, as if all were so slow */
};

/* How many of the job stand for what the row counts. */
static double per_operation(const struct job *job) {
    return strcmp(job->what, "rounds") == 0 ? 2 : 1;
}

static double rate_of(const struct job *job, double few, double many) {
    if (few < 0 || many <= few)
        return 0;
    return per_operation(job) * (job->many - job->few) / (many - few);
}

static void add_file(struct buffer *script, const char *path, const struct buffer *file) {
    buffer_printf(script, "src %zu %s\n", file->len, path);
    buffer_append(script, file->data, file->len);
}

/* Every job with few and with many, ROUNDS times. */
static int make_script(struct buffer *script, struct problem *p) {
    struct buffer work = {0};
    char *path = home_path("build/bench-work");
    int status = read_file(path, &work, p);
    buffer_printf(script, "src 0 /dev\nsrc 0 /bin\n");
    add_file(script, "/bin/work", &work);
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < JOB_COUNT; i++) {
            buffer_printf(script, "/bin/work %s %u\n", JOBS[i].what, JOBS[i].few);
            buffer_printf(script, "/bin/work %s %u\n", JOBS[i].what, JOBS[i].many);
        }
    }
    buffer_printf(script, "src 1 /dev/hda\n.");
    buffer_free(&work);
    free(path);
    return status;
}

static double shortest(const struct timeline *t, const char *what, unsigned count) {
    char line[80];
    snprintf(line, sizeof line, "/bin/work %s %u", what, count);
    return timeline_shortest(t, line);
}

static void read_timeline(const struct timeline *t, struct rates *rates) {
    for (size_t i = 0; i < JOB_COUNT; i++) {
        rates->jobs[i] = rate_of(&JOBS[i], shortest(t, JOBS[i].what, JOBS[i].few),
                                 shortest(t, JOBS[i].what, JOBS[i].many));
    }
}

/* One boot that reads a file of so many MiB and writes it to the disk, before it has finished. */
static int time_disk(unsigned mib, double *src, double *flush, struct problem *p) {
    struct buffer script = {0}, file = {0};
    struct timeline t = {0};
    uint32_t state = 1;
    uint32_t *words = (uint32_t *)(void *)buffer_room(&file, (size_t)mib * MIB);
    for (size_t i = 0; i < (size_t)mib * MIB / 4; i++) {
        state = state * 1664525 + 1013904223;
        words[i] = state;
    }
    file.len = (size_t)mib * MIB;
    buffer_printf(&script, "src 0 /dev\n");
    add_file(&script, "/dev/hda", &file);
    buffer_printf(&script, "src 0 /end\n"); /* what comes after it is the end of the build */
    int status = clock_boot(&engine_qemu_tcg, &script, MEMORY, &t, p);
    char *line = xprintf("src %zu /dev/hda", file.len);
    double taken[2] = {timeline_shortest(&t, line), timeline_shortest(&t, "src 0 /end")};
    *src = taken[0] < *src ? taken[0] : *src;
    *flush = taken[1] < *flush ? taken[1] : *flush;
    free(line);
    timeline_free(&t);
    buffer_free(&file);
    buffer_free(&script);
    return status;
}

/* One boot; the longest write in seconds, if that is shorter than *longest. */
static int time_growth(const struct engine *engine, size_t i, double *longest, struct problem *p) {
    struct buffer script = {0}, growth = {0};
    struct timeline t = {0};
    char *path = home_path("build/guest/growth");
    int status = read_file(path, &growth, p);
    buffer_printf(&script, "src 0 /dev\nsrc 0 /bin\n");
    add_file(&script, "/bin/growth", &growth);
    buffer_printf(&script, "/bin/growth %s\nsrc 1 /dev/hda\n.", GROWTHS[i].what);
    if (status == 0)
        status = clock_boot(engine, &script, GROWTHS[i].mib, &t, p);
    double taken = timeline_longest(&t, ".");
    if (taken > 0 && taken < *longest)
        *longest = taken;
    timeline_free(&t);
    buffer_free(&growth);
    buffer_free(&script);
    free(path);
    return status;
}

static int time_growths(const struct engine *engine, struct rates *rates, struct problem *p) {
    for (size_t i = 0; i < GROWTH_COUNT; i++) {
        double longest = 1e9;
        for (int round = 0; round < ROUNDS; round++)
            if (time_growth(engine, i, &longest, p) != 0)
                return -1;
        rates->growth[i] = 1 / longest;
    }
    return 0;
}

static int time_disks(struct rates *rates, struct problem *p) {
    double small_src = 1e9, small_flush = 1e9, large_src = 1e9, large_flush = 1e9;
    for (int round = 0; round < ROUNDS; round++)
        if (time_disk(SMALL_FILE, &small_src, &small_flush, p) != 0 ||
            time_disk(LARGE_FILE, &large_src, &large_flush, p) != 0)
            return -1;
    rates->src = (LARGE_FILE - SMALL_FILE) / (large_src - small_src);
    rates->flush = (LARGE_FILE - SMALL_FILE) / (large_flush - small_flush);
    return 0;
}

static int time_builder(const struct engine *engine, struct rates *rates, struct problem *p) {
    struct buffer script = {0};
    struct timeline t = {0};
    int status = make_script(&script, p);
    if (status == 0)
        status = clock_boot(engine, &script, MEMORY, &t, p);
    read_timeline(&t, rates);
    timeline_free(&t);
    buffer_free(&script);
    if (status == 0)
        status = time_growths(engine, rates, p);
    return status == 0 && engine == &engine_qemu_tcg ? time_disks(rates, p) : status;
}

/* In memory where the system offers it, as the builder's files are. */
static char *native_folder(void) {
    char *folder = xstrdup("/dev/shm/seedbed-bench-XXXXXX");
    if (!mkdtemp(folder)) {
        free(folder);
        folder = xstrdup("/tmp/seedbed-bench-XXXXXX");
        if (!mkdtemp(folder)) {
            free(folder);
            return NULL;
        }
    }
    return folder;
}

static void remove_folder(char *folder) {
    static const char *const names[] = {"bench-file", "bench-dir", ""};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char *path = xprintf("%s/%s", folder, names[i]);
        if (unlink(path) != 0)
            rmdir(path);
        free(path);
    }
    free(folder);
}

static int time_native(struct rates *rates, struct problem *p) {
    char *work = home_path("build/bench-work");
    char *program = realpath(work, NULL);
    char *folder = native_folder();
    int status = folder && program ? 0 : problem_set(p, "bench: no folder in /tmp");
    for (size_t i = 0; i < JOB_COUNT && status == 0; i++) {
        double few = 1e9, many = 1e9;
        for (int round = 0; round < ROUNDS && JOBS[i].native > 0 && status == 0; round++) {
            status =
                clock_native(program, folder, JOBS[i].what, JOBS[i].few / JOBS[i].native, &few, p);
            if (status == 0) {
                status = clock_native(program, folder, JOBS[i].what, JOBS[i].many / JOBS[i].native,
                                      &many, p);
            }
        }
        rates->jobs[i] = JOBS[i].native ? rate_of(&JOBS[i], few, many) / JOBS[i].native : 0;
    }
    if (folder)
        remove_folder(folder);
    free(program);
    free(work);
    return status;
}

/* Three digits and a unit, or a dash. */
static const char *shown(double rate, char text[16]) {
    const char *unit = "";
    if (rate >= 1e9)
        rate /= 1e9, unit = " G";
    else if (rate >= 1e6)
        rate /= 1e6, unit = " M";
    else if (rate >= 1e4)
        rate /= 1e3, unit = " k";
    if (rate <= 0)
        strcpy(text, "-");
    else
        snprintf(text, 16, "%.*f%s", rate < 10 ? 2 : rate < 100 ? 1 : 0, rate, unit);
    return text;
}

static void print_row(const char *title, double qemu, double model, double native, double target) {
    char a[16], b[16], c[16], d[16] = "-", e[16];
    if (qemu > 0 && native > 0)
        snprintf(d, sizeof d, "%.*f", native / qemu < 10 ? 1 : 0, native / qemu);
    printf("| %s | %s | %s | %s | %s | %s |\n", title, shown(qemu, a), shown(model, b),
           shown(native, c), d, shown(target, e));
}

static void print_table(const struct rates *qemu, const struct rates *model,
                        const struct rates *native) {
    printf("| a second | QEMU (TCG) | the model | Linux | Linux : QEMU | QEMU at least |\n");
    printf("| --- | ---: | ---: | ---: | ---: | ---: |\n");
    for (size_t i = 0; i < JOB_COUNT; i++)
        print_row(JOBS[i].title, qemu->jobs[i], model->jobs[i], native->jobs[i], JOBS[i].target);
    for (size_t i = 0; i < GROWTH_COUNT; i++)
        print_row(GROWTHS[i].title, qemu->growth[i], model->growth[i], 0, SLOWEST);
    print_row("MiB that `src` reads", qemu->src, 0, 0, 100);
    print_row("MiB that the end of the build writes", qemu->flush, 0, 0, 0);
}

static const char help[] = "usage: build/bench [--no-qemu] [--no-model] [--no-native]\n"
                           "Prints the table of `make bench`.\n";

int main(int argc, char **argv) {
    struct rates qemu = {0}, model = {0}, native = {0};
    struct problem p;
    bool no_qemu = false, no_model = false, no_native = false;
    int i;
    struct option_spec specs[] = {{"--no-qemu", OPTION_FLAG, &no_qemu, 0},
                                  {"--no-model", OPTION_FLAG, &no_model, 0},
                                  {"--no-native", OPTION_FLAG, &no_native, 0},
                                  {0}};
    int status = options_read(specs, help, argc, argv, &i);
    if (status >= 0)
        return status;
    if (i < argc)
        return usage_error(argv[0], "no argument is wanted");
    if ((!no_native && time_native(&native, &p) != 0) ||
        (!no_model && time_builder(&engine_model, &model, &p) != 0) ||
        (!no_qemu && time_builder(&engine_qemu_tcg, &qemu, &p) != 0))
        return problem_report(&p);
    print_table(&qemu, &model, &native);
    return 0;
}
