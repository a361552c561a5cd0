/* seedbed model: a build on the reference model. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "images/commands.h"
#include "images/lib/maps.h"
#include "images/lib/options.h"
#include "images/lib/outfile.h"
#include "images/lib/util.h"
#include "images/machine/image.h"
#include "images/script/plan.h"
#include "refmodel/seedbed.h"

/* A prime, so that no loop is always seen at the same place. */
enum { SAMPLE_EVERY = 9973 };

struct options {
    struct seedbed_config config;
    uint64_t mem_mib;
    uint64_t script_lba;
    const char *artifact;
    const char *trace;
    const char *map;
    const char *script;
};

static const char help[] =
    "usage: seedbed model [OPTION...] SCRIPT\n"
    "       seedbed model [OPTION...] NAME.build\n\n"
    "Runs a script, or a build file (see `seedbed pack --help`), on the reference model.\n"
    "The log goes to standard output.\n\n"
    "  -o FILE                where /dev/hda goes, otherwise nowhere\n"
    "  --mem MIB              RAM of the machine (1024)\n"
    "  --timeout SECONDS      the longest the build may take\n"
    "  --max-instructions N   the most instructions it may execute\n"
    "  --script-lba N         first sector of the script, for `f` and disk errors (8)\n"
    "  --trace FILE           one line per system call of a program\n"
    "  --profile              a table of programs at the end, on standard error\n"
    "  --map PROGRAM=FILE,... labels of programs, as link --map and nm write them: the trace says\n"
    "                         where a call was made, the profile in what functions the time went\n";

/* Fills *o. -1 to go on, else the exit status. */
static int parse(struct options *o, int argc, char **argv) {
    int i;
    struct seedbed_config *config = &o->config;
    struct option_spec specs[] = {
        {"-o", OPTION_TEXT, &o->artifact, 0},
        {"--mem", OPTION_NUMBER, &o->mem_mib, 1 << 20},
        {"--timeout", OPTION_SECONDS, &config->max_seconds, 0},
        {"--max-instructions", OPTION_NUMBER, &config->max_instructions, 0},
        {"--script-lba", OPTION_NUMBER, &o->script_lba, UINT32_MAX},
        {"--trace", OPTION_TEXT, &o->trace, 0},
        {"--profile", OPTION_FLAG, &config->profile, 0},
        {"--map", OPTION_TEXT, &o->map, 0},
        {0}};
    int status = options_read(specs, help, argc, argv, &i);
    if (status >= 0)
        return status;
    if (argc - i != 1)
        return usage_error(argv[0], "one SCRIPT is wanted");
    config->memory_mib = (uint32_t)o->mem_mib;
    config->script_lba = (uint32_t)o->script_lba;
    o->script = argv[i];
    return -1;
}

struct listeners {
    FILE *trace;
    struct maps maps;
    const struct seedbed *machine;
};

static void to_console(void *user, const char *bytes, size_t n) {
    (void)user;
    fwrite(bytes, 1, n, stdout);
    fflush(stdout);
}

static void to_trace(void *user, const char *line, size_t n) {
    struct listeners *l = user;
    const char *program;
    uint32_t eip = seedbed_where(l->machine, &program);
    const struct map *map = program ? maps_of(&l->maps, program) : NULL;
    const struct map_symbol *symbol = map ? map_at(map, eip) : NULL;
    if (!symbol) {
        fwrite(line, 1, n, l->trace);
        return;
    }
    fwrite(line, 1, n - 1, l->trace);
    fprintf(l->trace, "  # %s+0x%lX\n", symbol->name, (unsigned long)(eip - symbol->address));
}

static void to_sample(void *user, const char *program, uint32_t eip) {
    struct listeners *l = user;
    const struct map *map = maps_of(&l->maps, program);
    struct map_symbol *symbol = map ? map_at(map, eip) : NULL;
    if (symbol)
        symbol->samples++;
}

static int by_samples(const void *a, const void *b) {
    const struct map_symbol *x = a, *y = b;
    return (x->samples < y->samples) - (x->samples > y->samples);
}

/* The functions of each program that has a map, the busiest first, down to a hundredth. */
static void print_functions(struct maps *maps) {
    for (size_t i = 0; i < maps->count; i++) {
        struct map *map = &maps->map[i];
        uint64_t all = 0;
        for (size_t n = 0; n < map->count; n++)
            all += map->symbol[n].samples;
        fprintf(stderr, "\n%s: %llu samples, one in %d instructions\n", map->program,
                (unsigned long long)all, SAMPLE_EVERY);
        qsort(map->symbol, map->count, sizeof *map->symbol, by_samples);
        for (size_t n = 0; n < map->count && map->symbol[n].samples * 100 >= all && all; n++)
            fprintf(stderr, "%14.1f %%  %s\n", 100.0 * (double)map->symbol[n].samples / (double)all,
                    map->symbol[n].name);
    }
}

static void print_profile(struct seedbed *s) {
    size_t n;
    uint64_t instructions = 0, calls = 0;
    double seconds = 0;
    const struct seedbed_program *p = seedbed_profile(s, &n);
    fprintf(stderr, "%15s %12s %8s %9s  %s\n", "instructions", "calls", "runs", "seconds",
            "program");
    for (size_t k = 0; k < n; k++) {
        fprintf(stderr, "%15llu %12llu %8llu %9.3f  %s\n", (unsigned long long)p[k].instructions,
                (unsigned long long)p[k].calls, (unsigned long long)p[k].runs, p[k].seconds,
                p[k].path);
        instructions += p[k].instructions;
        calls += p[k].calls;
        seconds += p[k].seconds;
    }
    fprintf(stderr, "%15llu %12llu %8s %9.3f  %s", (unsigned long long)instructions,
            (unsigned long long)calls, "", seconds, "all");
    if (seconds > 0)
        fprintf(stderr, ", %.0f million instructions a second",
                (double)instructions / seconds / 1e6);
    fputc('\n', stderr);
}

/* What the machine leaves behind: the artifact, or a message. */
static int conclude(struct seedbed *s, enum seedbed_end end, const struct options *o) {
    struct problem problem;
    size_t n;
    if (end != SEEDBED_FINISHED) {
        problem_set(&problem, "%s: %s", o->script, seedbed_error(s));
        problem_report(&problem);
        return end == SEEDBED_LIMIT                                     ? STATUS_TIMEOUT
               : end == SEEDBED_UNSUPPORTED || end == SEEDBED_NO_MEMORY ? STATUS_MACHINE
                                                                        : STATUS_FAILED;
    }
    const uint8_t *artifact = seedbed_artifact(s, &n);
    if (o->artifact && write_file(o->artifact, artifact, n, &problem) != 0)
        return problem_report(&problem);
    return 0;
}

static int run(struct options *o, const struct buffer *script) {
    struct problem problem;
    struct listeners listeners = {0};
    if (o->map && maps_load(&listeners.maps, o->map, &problem) != 0)
        return problem_report(&problem);
    if (o->trace && !(listeners.trace = fopen(o->trace, "w"))) {
        problem_set(&problem, "%s: %s", o->trace, strerror(errno));
        return problem_report(&problem);
    }
    o->config.console = to_console;
    o->config.trace = o->trace ? to_trace : NULL;
    o->config.user = &listeners;
    o->config.sample = to_sample;
    o->config.sample_every = o->config.profile && o->map ? SAMPLE_EVERY : 0;
    struct seedbed *s = seedbed_new(&o->config);
    listeners.machine = s;
    int status = 1;
    if (!s) {
        problem_set(&problem, "no memory for a machine, free some");
        problem_report(&problem);
    } else {
        enum seedbed_end end = seedbed_run(s, script->data, script->len);
        status = conclude(s, end, o);
        if (o->config.profile)
            print_profile(s);
        if (o->config.sample_every)
            print_functions(&listeners.maps);
        seedbed_free(s);
    }
    maps_free(&listeners.maps);
    if (listeners.trace && fclose(listeners.trace) != 0 && !status) {
        problem_set(&problem, "%s: %s", o->trace, strerror(errno));
        status = problem_report(&problem);
    }
    return status;
}

/* Reads back what was written to fd. */
static int read_back(int fd, struct buffer *script, struct problem *p) {
    ssize_t n;
    if (lseek(fd, 0, SEEK_SET) < 0)
        return problem_set(p, "packed script: %s", strerror(errno));
    while ((n = read(fd, buffer_room(script, 1 << 20), 1 << 20)) > 0)
        script->len += (size_t)n;
    return n < 0 ? problem_set(p, "packed script: %s", strerror(errno)) : 0;
}

/* Returns -1 with *p filled where something is to be written over what is read: the script, or
   (plan not null) what it is made of. */
static int spare_inputs(const struct options *o, const struct plan *plan, struct problem *p) {
    const char *const outputs[] = {o->artifact, o->trace};
    int r = 0;
    for (unsigned i = 0; r == 0 && i < sizeof outputs / sizeof outputs[0]; i++)
        if (outputs[i])
            r = plan ? plan_spares(plan, outputs[i], p) : outfile_spares(outputs[i], o->script, p);
    return r;
}

/* The script that a build file stands for. */
static int pack(const struct options *o, struct buffer *script, struct problem *p) {
    struct plan plan;
    int r = plan_load(&plan, o->script, p);
    if (r == 0)
        r = spare_inputs(o, &plan, p);
    int fd = r == 0 ? temp_file(p) : -1;
    if (fd < 0)
        r = -1;
    if (r == 0)
        r = plan_write(&plan, fd, "packed script", p);
    if (r == 0)
        r = read_back(fd, script, p);
    if (fd >= 0)
        close(fd);
    plan_free(&plan);
    return r;
}

/* A script as it is. */
static int take(const struct options *o, struct buffer *script, struct problem *p) {
    return spare_inputs(o, NULL, p) < 0 ? -1 : read_file(o->script, script, p);
}

static bool is_build(const char *path) {
    static const char suffix[] = ".build";
    size_t n = strlen(path);
    return n > strlen(suffix) && strcmp(path + n - strlen(suffix), suffix) == 0;
}

/* Whether it is a disk image, by the mark of a boot sector. */
static bool is_image(const struct buffer *script) {
    return script->len >= SECTOR && script->data[510] == 0x55 && script->data[511] == 0xAA;
}

int cmd_model(int argc, char **argv) {
    struct options o = {0};
    struct buffer script = {0};
    struct problem problem;
    int status = parse(&o, argc, argv);
    if (status >= 0)
        return status;
    int r = is_build(o.script) ? pack(&o, &script, &problem) : take(&o, &script, &problem);
    if (r == 0 && is_image(&script))
        r = problem_set(&problem,
                        "%s: a disk image and no script: `seedbed run --engine pc` boots it",
                        o.script);
    status = r == 0 ? run(&o, &script) : problem_report(&problem);
    buffer_free(&script);
    return status;
}
