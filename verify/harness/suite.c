/* The tests there are: registered before main() runs, collected in the order of their sources. */
#include <stdlib.h>
#include <string.h>

#include "images/machine/engine.h"
#include "verify/harness/harness.h"

/* All sources; constructors run in an order that nobody promises. */
static struct test_source *registered;

void test_register(struct test_source *source) {
    source->next = registered;
    registered = source;
}

static void add(struct suite *s, struct test_case test) {
    if (s->count == s->room) {
        s->room = s->room * 2 + 64;
        s->cases = xrealloc(s->cases, s->room * sizeof *s->cases);
    }
    s->cases[s->count++] = test;
}

void suite_add_slow(struct suite *s, const char *name, unsigned seconds, test_function *run,
                    const void *argument) {
    add(s, (struct test_case){.name = name, .run = run, .argument = argument, .seconds = seconds});
}

void suite_add(struct suite *s, const char *name, test_function *run, const void *argument) {
    suite_add_slow(s, name, TEST_SECONDS, run, argument);
}

static bool in_set(const struct engine *engine, enum engine_set set) {
    return engine != &engine_qemu_kvm && (set == EVERY_ENGINE || engine != &engine_bochs) &&
           (set != DISK_ENGINES || !engine->script_only);
}

void suite_add_on(struct suite *s, enum engine_set set, const char *name, test_function *run,
                  const void *argument) {
    const struct engine *engine;
    for (size_t i = 0; (engine = engine_at(i)); i++) {
        if (!in_set(engine, set))
            continue;
        add(s, (struct test_case){.name = xprintf("%s-on-%s", name, engine->name),
                                  .run = run,
                                  .argument = argument,
                                  .engine = engine,
                                  .seconds = TEST_SECONDS});
    }
}

static int by_place(const void *a, const void *b) {
    const struct test_source *const *x = a;
    const struct test_source *const *y = b;
    int files = strcmp((*x)->file, (*y)->file);
    return files ? files : (*x)->line - (*y)->line;
}

static void run_source(struct test *t, const void *argument) {
    const struct test_source *source = argument;
    source->run(t);
}

static void add_source(struct suite *s, const struct test_source *source) {
    if (source->add) {
        source->add(s);
        return;
    }
    char *name = xstrdup(source->name);
    for (char *c = name; *c; c++)
        if (*c == '_')
            *c = '-';
    if (source->set == NO_SET)
        suite_add_slow(s, name, source->seconds, run_source, source);
    else
        suite_add_on(s, source->set, name, run_source, source);
}

void suite_collect(struct suite *s) {
    size_t count = 0;
    for (struct test_source *source = registered; source; source = source->next)
        count++;
    struct test_source **sorted = xrealloc(NULL, (count + 1) * sizeof *sorted);
    size_t i = 0;
    for (struct test_source *source = registered; source; source = source->next)
        sorted[i++] = source;
    qsort(sorted, count, sizeof *sorted, by_place);
    for (i = 0; i < count; i++)
        add_source(s, sorted[i]);
    free(sorted);
}
