/*
 * Memory is one pool: programs, saved pages and files share it, and kernel and model agree on when
 * it is exhausted, to the page. The program is verify/guest/pool.c.
 */
#include <stdlib.h>
#include <string.h>

#include "images/machine/engine.h"
#include "verify/harness/boot.h"

enum { SECONDS = 120 };

/* With 160 MiB 32 are the pool, so that programs come to its end; with 384 files outgrow their
 * first zone, and go there as well. */
static const struct run_request SMALL = {.mem_mib = 160, .timeout = SECONDS};
static const struct run_request LARGE = {.mem_mib = 384, .timeout = SECONDS};

static struct buffer script_of(struct test *t, const char *words) {
    struct buffer script = {0}, file = test_read(t, "build/guest/pool");
    buffer_printf(&script, "src 0 /dev\nsrc 0 /bin\nsrc 0 /dev/hda\n");
    add_src(&script, "/bin/pool", file.data, file.len);
    buffer_printf(&script, "/bin/pool %s\n", words);
    buffer_free(&file);
    return script;
}

/* Runs it here and on the model: the console, the end and the artifact are the same. */
static enum run_end same_as_model(struct test *t, const char *words,
                                  const struct run_request *how) {
    struct buffer script = script_of(t, words);
    struct aftermath model = boot_script_on(t, &engine_model, &script, how, NULL);
    struct aftermath kernel = boot_script(t, &script, how, NULL);
    expect_text(t, words, kernel.log, model.log);
    if (kernel.end != model.end)
        test_fail(t, "%s: %s; the model: %s", words, kernel.message, model.message);
    if (strstr(model.log, "wrong") || strstr(model.log, ": exit "))
        test_fail(t, "%s: %s", words, last_line(model.log));
    enum run_end end = model.end;
    aftermath_free(&model);
    aftermath_free(&kernel);
    buffer_free(&script);
    return end;
}

static void small_walk(struct test *t, const void *argument) {
    same_as_model(t, argument, &SMALL);
}

static void large_walk(struct test *t, const void *argument) {
    same_as_model(t, argument, &LARGE);
}

/* SEEDBED_WALKS: so many instead of 8; half as many of the large ones. */
TESTS(walks) {
    const char *count = getenv("SEEDBED_WALKS");
    for (int seed = 1; seed <= (count ? atoi(count) : 8); seed++) {
        char *words = xprintf("%d", seed);
        suite_add_on(s, DISK_ENGINES, xprintf("pool-walk-%s-is-that-of-the-model", words),
                     small_walk, words);
        if (seed % 2)
            suite_add_on(s, DISK_ENGINES, xprintf("pool-large-walk-%s-is-that-of-the-model", words),
                         large_walk, words);
    }
}

static bool model_has_room(struct test *t, unsigned pages) {
    struct buffer script = script_of(t, xprintf("pages %u", pages));
    struct aftermath a = boot_script_on(t, &engine_model, &script, &SMALL, NULL);
    bool finished = a.end == RUN_FINISHED;
    aftermath_free(&a);
    buffer_free(&script);
    return finished;
}

/* Half of the pool is the parent's, the other half what the child has changed of it. */
TEST_ON(DISK_ENGINES, pool_has_room_for_as_many_saved_pages_as_the_model) {
    unsigned most = 3000, too_many = 5000;
    while (too_many - most > 1) {
        unsigned middle = (most + too_many) / 2;
        if (model_has_room(t, middle))
            most = middle;
        else
            too_many = middle;
    }
    if (same_as_model(t, xprintf("pages %u", most), &SMALL) != RUN_FINISHED)
        test_fail(t, "%u pages should fit", most);
    if (same_as_model(t, xprintf("pages %u", too_many), &SMALL) != RUN_ERROR)
        test_fail(t, "%u pages should not fit", too_many);
    if (most < 3900)
        test_fail(t, "only %u pages fit", most);
}
