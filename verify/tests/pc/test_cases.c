/* The generated cases of every kind, on the PC and on its witnesses. */
#include <stdlib.h>

#include "verify/tests/pc/cases.h"

/* Images a boot; seconds, which on a machine with one processor is far too much. */
enum { IN_QEMU = 10, IN_BOCHS = 2, QEMU_SECONDS = 600, BOCHS_SECONDS = 100, MOST_IMAGES = 100000 };

static const struct case_kind *const KINDS[] = {&REAL_MODE, &PROTECTED_MODE, &TASK_SWITCHES,
                                                &TABLE_LOOPS};
enum { KINDS_COUNT = sizeof KINDS / sizeof KINDS[0] };

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

/* The first seeds are for every `make test`. SEEDBED_PC_IMAGES adds the others, up to so many. */
static void add_in_qemu(struct suite *s, const struct case_kind *kind, uint32_t images) {
    add(s, xprintf("%s-2000-cases-are-the-same-on-the-pc-and-in-qemu", kind->name), QEMU_SECONDS,
        (struct part){kind, &engine_qemu_tcg, 1, IN_QEMU});
    for (uint32_t seed = 1 + IN_QEMU; seed <= images; seed += IN_QEMU) {
        uint32_t left = images - seed + 1, count = left < IN_QEMU ? left : IN_QEMU;
        add(s,
            xprintf("%s-cases-of-seeds-%u-to-%u-are-the-same-on-the-pc-and-in-qemu", kind->name,
                    seed, seed + count - 1),
            QEMU_SECONDS, (struct part){kind, &engine_qemu_tcg, seed, count});
    }
}

TESTS(pc_cases) {
    const char *wanted = getenv("SEEDBED_PC_IMAGES");
    int images = wanted ? atoi(wanted) : IN_QEMU;
    if (images <= 0 || images > MOST_IMAGES) {
        suite_add(s, "cases-are-the-same-on-the-pc-and-in-qemu", wrong_number, wanted);
        return;
    }
    for (int k = 0; k < KINDS_COUNT; k++) {
        add_in_qemu(s, KINDS[k], (uint32_t)images);
        add(s, xprintf("%s-400-cases-are-the-same-on-the-pc-and-in-bochs", KINDS[k]->name),
            BOCHS_SECONDS, (struct part){KINDS[k], &engine_bochs, 1, IN_BOCHS});
    }
}
