/* Which engine to use. */
#include "images/machine/engine.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "images/machine/engine_model.h"
#include "images/machine/probe.h"
#include "images/machine/qemu.h"

static const struct engine engines[] = {
    {"qemu-kvm", qemu_run_kvm},
    {"qemu-tcg", qemu_run_tcg},
    {"model", engine_model_run},
};

static const struct engine *find(const char *name) {
    for (size_t i = 0; i < sizeof engines / sizeof engines[0]; i++)
        if (strcmp(engines[i].name, name) == 0)
            return &engines[i];
    return NULL;
}

const struct engine *engine_choose(const char *name, char **why, struct problem *p) {
    if (!name || strcmp(name, "auto") == 0) {
        bool works = probe_kvm(why);
        return find(works ? "qemu-kvm" : "qemu-tcg");
    }
    char *doubt = NULL;
    const struct engine *engine = find(name);
    bool hopeless = engine && strcmp(name, "qemu-kvm") == 0 && !probe_kvm(&doubt);
    if (engine)
        *why = hopeless ? xprintf("asked for, and may hang: %s", doubt) : xstrdup("asked for");
    else
        problem_set(p, "no engine '%s', take one of auto, qemu-kvm, qemu-tcg, model", name);
    free(doubt);
    return engine;
}

void run_log_tail(const struct run_result *result, unsigned lines, struct buffer *out) {
    const uint8_t *log = result->log.data;
    size_t from = result->log.len;
    while (from) {
        size_t start = from - 1;
        while (start && log[start - 1] != '\n')
            start--;
        if (lines-- == 0)
            break;
        from = start;
    }
    while (from < result->log.len) {
        const uint8_t *newline = memchr(log + from, '\n', result->log.len - from);
        size_t n = newline ? (size_t)(newline - log) - from + 1 : result->log.len - from;
        buffer_append(out, "  ", 2);
        buffer_append(out, log + from, n);
        from += n;
    }
}

void run_result_free(struct run_result *result) {
    buffer_free(&result->log);
}
