/* What the PC runs many turns, or many instructions, at a time is the same one at a time. */
#include <string.h>

#include "verify/tests/pc/cases.h"
#include "verify/warm/warm.h"

enum { IMAGES = 3, LIMIT = 1 << 30 };

/* A disk from its boot to its HLT. */
static void boot_to_end(struct test *t, struct warm *w, const struct buffer *disk, bool steps) {
    struct warm_config config = {.head = disk, .disk = disk->len, .memory_mib = 64, .cold = true};
    struct problem p;
    enum pc_end end = PC_RUNNING;
    if (warm_open(w, &config, &p) < 0 || warm_begin(w, NULL, 0, &p) < 0)
        test_fail(t, "%s", p.text);
    while (end == PC_RUNNING && pc_instructions(w->pc) < LIMIT)
        end = steps ? pc_step(w->pc) : pc_run(w->pc, LIMIT);
    if (end != PC_HALTED)
        test_fail(t, "it ended otherwise than by HLT: %s", pc_message(w->pc));
    buffer_append(&w->console, "", 1);
}

static void in_one_piece_and_step_by_step(struct test *t, const struct case_kind *kind) {
    struct buffer disk = make_disk(t, kind, 1, IMAGES, true);
    struct warm whole, single;
    boot_to_end(t, &whole, &disk, false);
    boot_to_end(t, &single, &disk, true);
    expect_results(t, "step by step it", 1, IMAGES, (char *)whole.console.data,
                   (char *)single.console.data);
    if (pc_instructions(whole.pc) != pc_instructions(single.pc))
        test_fail(t, "%llu instructions in one piece, %llu step by step",
                  (unsigned long long)pc_instructions(whole.pc),
                  (unsigned long long)pc_instructions(single.pc));
    warm_close(&whole);
    warm_close(&single);
    buffer_free(&disk);
}

TEST_WITHIN(300, pc_600_table_loops_are_the_same_in_one_piece_and_step_by_step) {
    in_one_piece_and_step_by_step(t, &TABLE_LOOPS);
}

TEST_WITHIN(300, pc_600_sequences_are_the_same_in_one_piece_and_step_by_step) {
    in_one_piece_and_step_by_step(t, &SEQUENCES);
}
