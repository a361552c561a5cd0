/* Kernel and model as sides of the fuzzer, see fuzz_side.h. */
#include "verify/fuzz/fuzz_side.h"

#include <stdlib.h>
#include <string.h>

#include "images/machine/boot.h"
#include "images/machine/console.h"
#include "images/machine/image.h"
#include "images/machine/pc_ending.h"
#include "refmodel/seedbed.h"

/* What takes longer is nobody's to judge. */
enum { LIMIT = 2000000000, TIMEOUT = 120 };

void outcome_free(struct fuzz_outcome *o) {
    buffer_free(&o->log);
    buffer_free(&o->artifact);
}

/* The kernel ends its lines with a carriage return, the model with none. */
static void take_log(struct fuzz_outcome *o, const uint8_t *log, size_t n) {
    static const char BIOS[] = "Booting from ";
    size_t skip = 0;
    if (n >= sizeof BIOS - 1 && memcmp(log, BIOS, sizeof BIOS - 1) == 0) {
        while (skip < n && log[skip] != '\n')
            skip++;
        skip += skip < n;
    }
    for (; skip < n; skip++)
        if (log[skip] != '\r')
            buffer_append(&o->log, &log[skip], 1);
}

int kernel_side_open(struct kernel_side *k, const struct buffer *head, struct problem *p) {
    struct warm_config config = {.head = head, .disk = FUZZ_DISK, .memory_mib = FUZZ_MEMORY};
    *k = (struct kernel_side){0};
    return kernel_load(&k->kernel, p) < 0 ? -1 : warm_open(&k->warm, &config, p);
}

void kernel_side_close(struct kernel_side *k) {
    warm_close(&k->warm);
    kernel_free(&k->kernel);
}

static int judge(struct kernel_side *k, enum pc_end end, struct console *c, struct fuzz_outcome *o,
                 struct problem *p) {
    struct warm *w = &k->warm;
    uint32_t length = 0;
    char *doubt = NULL;
    /* How far the script was read is for the log to tell. */
    struct ending e = {.kernel = k->kernel};
    switch (end) {
    case PC_RESET:
        o->end = RUN_RESET;
        if (!console_finished(c, &length))
            doubt = xstrdup(pc_message(w->pc));
        else if (!(doubt = pc_ending_doubt(w->pc, &e, NULL, 0)))
            o->end = RUN_FINISHED;
        snprintf(o->message, sizeof o->message, "the machine was reset: %.200s",
                 doubt ? doubt : "");
        free(doubt);
        if (o->end == RUN_FINISHED && length <= w->size)
            buffer_append(&o->artifact, w->disk, length);
        return 0;
    case PC_HALTED:
        o->end = console_error(c, o->message, sizeof o->message) ? RUN_ERROR : RUN_HALTED;
        return 0;
    case PC_RUNNING:
        o->end = RUN_TIMEOUT;
        return 0;
    default:
        return problem_set(p, "the PC cannot go on: %s", pc_message(w->pc));
    }
}

int kernel_side_run(struct kernel_side *k, const struct buffer *script, struct fuzz_outcome *o,
                    struct problem *p) {
    struct warm *w = &k->warm;
    struct run_request request = {0};
    struct run_result result = {0};
    struct console console;
    if (warm_begin(w, script->data, script->len, p) < 0)
        return -1;
    enum pc_end end = warm_run(w, LIMIT);
    console_open(&console, &request, &result);
    console_feed(&console, w->console.data, w->console.len);
    console_close(&console);
    int r = judge(k, end, &console, o, p);
    take_log(o, result.log.data, result.log.len);
    buffer_free(&result.log);
    return r;
}

int engine_side_run(const char *engine_name, const struct buffer *head, const struct buffer *script,
                    struct fuzz_outcome *o, struct problem *p) {
    struct run_request request = {.head = head,
                                  .text = script,
                                  .size = FUZZ_DISK,
                                  .mem_mib = FUZZ_MEMORY,
                                  .timeout = TIMEOUT};
    struct run_result result = {0};
    const struct engine *engine = engine_choose(engine_name, NULL, p);
    int r = engine ? boot(engine, &request, &result, p) : -1;
    if (r == 0) {
        o->end = result.end;
        snprintf(o->message, sizeof o->message, "%.255s", result.message);
        take_log(o, result.log.data, result.log.len);
        r = run_artifact(&result, &o->artifact, p);
    }
    run_result_free(&result);
    return r;
}

static enum run_end model_end(enum seedbed_end end) {
    switch (end) {
    case SEEDBED_FINISHED:
        return RUN_FINISHED;
    case SEEDBED_ERROR:
        return RUN_ERROR;
    case SEEDBED_LIMIT:
        return RUN_TIMEOUT;
    default:
        return RUN_HALTED; /* it says itself that it cannot follow */
    }
}

int model_side_run(const struct buffer *head, const struct buffer *script, struct fuzz_outcome *o,
                   struct problem *p) {
    struct seedbed_config config = {.memory_mib = FUZZ_MEMORY,
                                    .script_lba = (uint32_t)(head->len / SECTOR),
                                    .max_instructions = LIMIT,
                                    .disk_sectors = FUZZ_DISK / SECTOR};
    struct seedbed *s = seedbed_new(&config);
    size_t n = 0;
    if (!s)
        return problem_set(p, "no memory for a machine, free some");
    o->end = model_end(seedbed_run(s, script->data, script->len));
    snprintf(o->message, sizeof o->message, "%.255s", seedbed_error(s));
    const char *log = seedbed_log(s, &n);
    take_log(o, (const uint8_t *)log, n);
    const uint8_t *artifact = o->end == RUN_FINISHED ? seedbed_artifact(s, &n) : NULL;
    if (artifact)
        buffer_append(&o->artifact, artifact, n);
    seedbed_free(s);
    return 0;
}
