/* The table of the engines, and which to use. */
#include "images/machine/engine.h"

#include <stdlib.h>
#include <string.h>

#include "images/machine/qemu_args.h"

#define ADDRESS(NAME) &engine_##NAME,
static const struct engine *const engines[] = {ENGINES(ADDRESS)};

enum { ENGINE_COUNT = sizeof engines / sizeof engines[0] };

const struct engine *engine_at(size_t i) {
    return i < ENGINE_COUNT ? engines[i] : NULL;
}

char *engine_names(void) {
    struct buffer names = {0};
    for (size_t i = 0; i < ENGINE_COUNT; i++)
        buffer_printf(&names, "%s%s", i ? ", " : "", engines[i]->name);
    return (char *)names.data;
}

/* The first that works. The last doubt is why it is not one before it. */
static const struct engine *first_working(char **why) {
    char *doubt = NULL;
    for (size_t i = 0; i < ENGINE_COUNT; i++) {
        const struct engine *engine = engines[i];
        char *reason = NULL;
        if (!engine->works || engine->works(&reason)) {
            *why = reason  ? reason
                   : doubt ? xprintf("%s; the fastest of the others", doubt)
                           : xstrdup("the first that works here");
            free(doubt);
            return engine;
        }
        free(doubt);
        doubt = reason;
    }
    *why = doubt;
    return NULL;
}

static const struct engine *find(const char *name, char **why, struct problem *p) {
    for (size_t i = 0; i < ENGINE_COUNT; i++) {
        const struct engine *engine = engines[i];
        char *doubt = NULL;
        if (strcmp(engine->name, name) != 0)
            continue;
        bool hopeless = engine->works && !engine->works(&doubt);
        *why = hopeless ? xprintf("asked for, though there is a doubt: %s", doubt)
                        : xstrdup("asked for");
        free(doubt);
        return engine;
    }
    char *names = engine_names();
    problem_set(p, "no engine '%s', take one of auto, %s", name, names);
    free(names);
    return NULL;
}

const struct engine *engine_choose(const char *name, char **why, struct problem *p) {
    char *reason = NULL;
    bool any = !name || strcmp(name, "auto") == 0;
    const struct engine *engine = any ? first_working(&reason) : find(name, &reason, p);
    if (why && engine)
        *why = reason;
    else
        free(reason);
    return engine;
}

int request_check(const struct run_request *request, const struct engine *engine,
                  struct problem *p) {
    const struct {
        const char *name;
        bool given;
    } options[] = {
        {"--machine", request->machine}, {"--disk", request->disk},     {"--cpu", request->cpu},
        {"--console", request->console}, {"--sample", request->sample}, {"--qemu", request->qemu},
    };
    struct qemu_args args;
    /* A wrong name is wrong with every engine. */
    if (qemu_args_make(&args, "tcg", request, p) < 0)
        return -1;
    qemu_args_free(&args);
    for (size_t i = 0; !engine->machines && i < sizeof options / sizeof options[0]; i++)
        if (options[i].given)
            return problem_set(p, "%s is for QEMU, and means nothing to the engine %s",
                               options[i].name, engine->name);
    if (engine->no_files && (request->files || request->file.count))
        return problem_set(p, "%s cannot hand out the files of its machine", engine->name);
    for (unsigned n = 0; n < request->file.count; n++)
        if (request->file.item[n][0] != '/' || !strchr(request->file.item[n], '='))
            return problem_set(p, "--file %s: PATH=OUT is wanted, with a path from / on",
                               request->file.item[n]);
    if (request->mem_map && engine != &engine_pc)
        return problem_set(p, "--mem %s: a memory map is for the engine pc, not for %s",
                           request->mem_map, engine->name);
    if (request->bios && engine != &engine_pc)
        return problem_set(p, "--bios is for the engine pc, not for %s", engine->name);
    return 0;
}
