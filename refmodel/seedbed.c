/* The public functions: a machine from its making to its end. */
#include "refmodel/seedbed.h"

#include <stdlib.h>

#include "refmodel/builder/console.h"
#include "refmodel/builder/layout.h"
#include "refmodel/builder/machine.h"
#include "refmodel/builder/shell.h"
#include "refmodel/builder/tables.h"
#include "refmodel/builder/trace.h"

struct seedbed *seedbed_new(const struct seedbed_config *config) {
    struct seedbed *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->config = *config;
    if (!layout_init(s)) {
        seedbed_free(s);
        return NULL;
    }
    tables_init(s);
    trace_init(s);
    return s;
}

enum seedbed_end seedbed_run(struct seedbed *s, const uint8_t *script, size_t n) {
    if (timespec_get(&s->began, TIME_UTC) != TIME_UTC)
        s->config.max_seconds = 0;
    if (s->memory.end < LEAST_MEMORY)
        build_error(s, "/: no memory");
    else if (!layout_memory_map(s) || !disk_init(s, script, n))
        build_stop(s, SEEDBED_NO_MEMORY, "the host has no memory left");
    else
        shell_run(s);
    return s->end;
}

const char *seedbed_log(const struct seedbed *s, size_t *n) {
    *n = s->log.length;
    return s->log.bytes ? s->log.bytes : "";
}

const char *seedbed_error(const struct seedbed *s) {
    if (s->end == SEEDBED_FINISHED)
        return "";
    return s->error.bytes ? s->error.bytes : "the host has no memory left";
}

const uint8_t *seedbed_file(const struct seedbed *s, const char *path, size_t *n) {
    static const uint8_t empty = 0;
    const struct file *f = files_find(&s->files, path);
    *n = f ? f->size : 0;
    return f && f->size ? f->data : f ? &empty : NULL;
}

const char *seedbed_file_at(const struct seedbed *s, size_t n, const uint8_t **data, size_t *size) {
    for (size_t k = FILE_FIRST; k < FILE_NUMBERS; k++) {
        const struct file *f = s->files.of[k];
        if (!f || !f->name || n-- > 0)
            continue;
        *data = f->data;
        *size = f->size;
        return f->name;
    }
    return NULL;
}

const uint8_t *seedbed_artifact(const struct seedbed *s, size_t *n) {
    *n = 0;
    return s->ended && s->end == SEEDBED_FINISHED ? seedbed_file(s, "/dev/hda", n) : NULL;
}

bool seedbed_brk_refused(const struct seedbed *s) {
    return s->brk_refused;
}

uint64_t seedbed_instructions(const struct seedbed *s) {
    return s->cpu.count;
}

void seedbed_free(struct seedbed *s) {
    if (!s)
        return;
    proc_free_all(s);
    profile_free(s);
    files_free(&s->files);
    cpu_free(&s->cpu);
    memory_free(&s->memory);
    free(s->disk.bytes);
    text_free(&s->log);
    text_free(&s->error);
    strace_free(&s->trace);
    free(s);
}
