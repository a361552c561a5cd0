/*
 * Processor exceptions: each ends the build within a second with its vector and the address of the
 * instruction, which verify/guest/faults.asm puts at known places; so does an exit status.
 */
#include <stdlib.h>
#include <string.h>

#include "images/lib/util.h"
#include "verify/harness/boot.h"

enum { SLOTS = 0x08049000, SLOT_SIZE = 16, DEADLINE = 1 };

/* The address of a jump past RAM is its target; as an offset from its slot: */
#define JUMP_TARGET (0xF0000000u - SLOTS - ('k' - 'a') * SLOT_SIZE)

struct fault {
    const struct engine *engine;
    char slot; /* of faults.asm */
    unsigned vector;
    unsigned offset; /* of the address from the slot: 1 for a trap of one byte */
};

/* When the line that starts the program and the last line came. */
struct watch {
    double started, last;
};

static void on_line(void *arg, const char *line, size_t n) {
    struct watch *w = arg;
    w->last = now();
    if (n > 11 && memcmp(line, "/bin/faults", 11) == 0)
        w->started = w->last;
}

/* Boots `/bin/faults WORDS`; the build must end with `error` in time and leave the disk alone. */
static void expect_end(struct test *t, const struct engine *engine, const char *words,
                       const char *error) {
    struct buffer script = {0}, image = {0};
    struct buffer program = test_read(t, "build/guest/faults");
    struct watch watch = {0};
    struct run_request how = {.on_line = on_line, .arg = &watch};
    buffer_printf(&script, "src 0 /dev\nsrc 0 /bin\nsrc 4 /dev/hda\ngone");
    add_src(&script, "/bin/faults", program.data, program.len);
    buffer_printf(&script, "\n/bin/faults %s\n", words);
    struct aftermath a = boot_script_on(t, engine, &script, &how, &image);
    expect_error(t, words, &a, error, &image);
    if (watch.started == 0 || watch.last - watch.started > DEADLINE)
        test_fail(t, "%s: it took %.1f s", words, watch.last - watch.started);
    aftermath_free(&a);
    buffer_free(&image);
    buffer_free(&program);
    buffer_free(&script);
}

static void run_fault(struct test *t, const void *argument) {
    const struct fault *f = argument;
    char words[] = {f->slot, 0};
    char *error = xprintf("ERROR: fault %02X at %08X", f->vector,
                          SLOTS + (unsigned)(f->slot - 'a') * SLOT_SIZE + f->offset);
    expect_end(t, f->engine, words, error);
    free(error);
}

/* Words and the line that the build must end with. */
struct ending {
    const struct engine *engine;
    const char *words;
    const char *error;
};

static void run_ending(struct test *t, const void *argument) {
    const struct ending *e = argument;
    expect_end(t, e->engine, e->words, e->error);
}

struct fault_test {
    const char *name;
    struct fault fault;
};

TESTS(oracle_faults_tests) {
    static const struct fault_test FAULTS[] = {
        {"fault-division-by-zero", {&engine_qemu_tcg, 'a', 0x00, 0}},
        {"fault-undefined-opcode", {&engine_qemu_tcg, 'b', 0x06, 0}},
        {"fault-breakpoint", {&engine_qemu_tcg, 'c', 0x03, 1}},
        {"fault-no-such-selector", {&engine_qemu_tcg, 'd', 0x0D, 0}},
        {"fault-far-jump-to-no-code", {&engine_qemu_tcg, 'e', 0x0D, 0}},
        {"fault-interrupt-that-nobody-has", {&engine_qemu_tcg, 'f', 0x0D, 0}},
        {"fault-quotient-too-large", {&engine_qemu_tcg, 'g', 0x00, 0}},
        {"fault-bound-exceeded", {&engine_qemu_tcg, 'h', 0x05, 0}},
        {"fault-write-past-ram", {&engine_qemu_tcg, 'i', 0x0E, 0}},
        {"fault-read-past-ram", {&engine_qemu_tcg, 'j', 0x0E, 0}},
        {"fault-jump-past-ram", {&engine_qemu_tcg, 'k', 0x0E, JUMP_TARGET}},
        {"fault-division-by-zero-in-bochs", {&engine_bochs, 'a', 0x00, 0}},
        {"fault-undefined-opcode-in-bochs", {&engine_bochs, 'b', 0x06, 0}},
        {"fault-no-such-selector-in-bochs", {&engine_bochs, 'd', 0x0D, 0}},
        {"fault-write-past-ram-in-bochs", {&engine_bochs, 'i', 0x0E, 0}},
        {"fault-read-past-ram-in-bochs", {&engine_bochs, 'j', 0x0E, 0}},
        {"fault-jump-past-ram-in-bochs", {&engine_bochs, 'k', 0x0E, JUMP_TARGET}},
        {"fault-division-by-zero-in-the-model", {&engine_model, 'a', 0x00, 0}},
        {"fault-undefined-opcode-in-the-model", {&engine_model, 'b', 0x06, 0}},
        {"fault-breakpoint-in-the-model", {&engine_model, 'c', 0x03, 1}},
        {"fault-no-such-selector-in-the-model", {&engine_model, 'd', 0x0D, 0}},
        {"fault-far-jump-to-no-code-in-the-model", {&engine_model, 'e', 0x0D, 0}},
        {"fault-interrupt-that-nobody-has-in-the-model", {&engine_model, 'f', 0x0D, 0}},
        {"fault-quotient-too-large-in-the-model", {&engine_model, 'g', 0x00, 0}},
        {"fault-bound-exceeded-in-the-model", {&engine_model, 'h', 0x05, 0}},
        {"fault-write-past-ram-in-the-model", {&engine_model, 'i', 0x0E, 0}},
        {"fault-read-past-ram-in-the-model", {&engine_model, 'j', 0x0E, 0}},
        {"fault-jump-past-ram-in-the-model", {&engine_model, 'k', 0x0E, JUMP_TARGET}},
    };
    static const char DEEP[] = "ERROR: fault 06 at 08049010";
    static const char STATUS[] = "ERROR: /bin/faults: exit 2A";
    static const struct ending DEEP_QEMU = {&engine_qemu_tcg, "b x", DEEP},
                               DEEP_MODEL = {&engine_model, "b x", DEEP},
                               EXIT_QEMU = {&engine_qemu_tcg, "m", STATUS},
                               EXIT_MODEL = {&engine_model, "m", STATUS},
                               DEEP_EXIT_QEMU = {&engine_qemu_tcg, "m x", STATUS},
                               DEEP_EXIT_MODEL = {&engine_model, "m x", STATUS};
    for (size_t i = 0; i < sizeof FAULTS / sizeof FAULTS[0]; i++)
        suite_add(s, FAULTS[i].name, run_fault, &FAULTS[i].fault);
    suite_add(s, "fault-in-a-grandchild-and-half-a-line", run_ending, &DEEP_QEMU);
    suite_add(s, "fault-in-a-grandchild-and-half-a-line-in-the-model", run_ending, &DEEP_MODEL);
    suite_add(s, "exit-status-ends-the-build", run_ending, &EXIT_QEMU);
    suite_add(s, "exit-status-ends-the-build-in-the-model", run_ending, &EXIT_MODEL);
    suite_add(s, "exit-status-of-a-grandchild-reaches-the-shell", run_ending, &DEEP_EXIT_QEMU);
    suite_add(s, "exit-status-of-a-grandchild-reaches-the-shell-in-the-model", run_ending,
              &DEEP_EXIT_MODEL);
}
