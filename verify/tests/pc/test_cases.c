/* The generated cases of every kind, on the PC and on its witnesses. */
#include <stdlib.h>

#include "verify/tests/pc/cases.h"

static const struct case_kind *const KINDS[] = {&REAL_MODE, &PROTECTED_MODE, &TASK_SWITCHES,
                                                &TABLE_LOOPS, &SEQUENCES};
enum { KINDS_COUNT = sizeof KINDS / sizeof KINDS[0], MOST_IMAGES = 100000 };

/* Whom the PC is compared with. */
struct witness {
    const char *name;
    const struct engine *engine;
    uint32_t always; /* images that every `make test` boots, in one test */
    uint32_t part;   /* images of one of the other tests */
    uint32_t of;     /* it gets one in so many of the images */
    unsigned seconds;
};
static const struct witness WITNESSES[] = {{"qemu", &engine_qemu_tcg, 10, 10, 1, 600},
                                           {"bochs", &engine_bochs, 2, 8, 5, 600}};
enum { WITNESSES_COUNT = sizeof WITNESSES / sizeof WITNESSES[0] };

/* What one test boots. */
struct part {
    const struct case_kind *kind;
    const struct engine *other;
    uint32_t seed, count;
};

static void is_the_same(struct test *t, const void *argument) {
    const struct part *p = argument;
    same_results(t, p->kind, p->other, p->seed, p->count);
}

static void wrong_number(struct test *t, const void *argument) {
    test_fail(t, "SEEDBED_PC_IMAGES=%s: a number of images is wanted", (const char *)argument);
}

static void add(struct suite *s, const char *name, unsigned seconds, struct part part) {
    struct part *p = xrealloc(NULL, sizeof *p);
    *p = part;
    suite_add_slow(s, name, seconds, is_the_same, p);
}

/* The first seeds are for every `make test`; the others follow, up to so many images. */
static void add_parts(struct suite *s, const struct case_kind *kind, const struct witness *w,
                      uint32_t images) {
    add(s,
        xprintf("%s-%u-cases-are-the-same-on-the-pc-and-in-%s", kind->name, w->always * COUNT,
                w->name),
        w->seconds, (struct part){kind, w->engine, 1, w->always});
    for (uint32_t seed = 1 + w->always; seed <= images; seed += w->part) {
        uint32_t left = images - seed + 1, count = left < w->part ? left : w->part;
        add(s,
            xprintf("%s-%u-cases-from-seed-%u-are-the-same-on-the-pc-and-in-%s", kind->name,
                    count * COUNT, seed, w->name),
            w->seconds, (struct part){kind, w->engine, seed, count});
    }
}

/* SEEDBED_PC_IMAGES says how many images of each kind are wanted. */
TESTS(pc_cases) {
    const char *wanted = getenv("SEEDBED_PC_IMAGES");
    int images = wanted ? atoi(wanted) : 1;
    if (images <= 0 || images > MOST_IMAGES) {
        suite_add(s, "cases-are-the-same-on-the-pc-and-in-qemu", wrong_number, wanted);
        return;
    }
    for (int k = 0; k < KINDS_COUNT; k++)
        for (int w = 0; w < WITNESSES_COUNT; w++)
            add_parts(s, KINDS[k], &WITNESSES[w], (uint32_t)images / WITNESSES[w].of);
}
