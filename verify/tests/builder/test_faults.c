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
    const char *name;
    char slot; /* of faults.asm */
    unsigned vector;
    unsigned offset; /* of the address from the slot: 1 for a trap of one byte */
};

/* When the line that starts the program and the last line came. */
struct watch {
    double started, last;
};

static void on_line(void *arg, const char *line, size_t n, uint64_t instructions) {
    (void)instructions;
    struct watch *w = arg;
    w->last = now();
    if (n > 11 && memcmp(line, "/bin/faults", 11) == 0)
        w->started = w->last;
}

/* Boots `/bin/faults WORDS`; the build must end with `error` in time and leave the disk alone. */
static void expect_end(struct test *t, const char *words, const char *error) {
    struct buffer script = {0}, image = {0};
    test_needs(t, "build/guest/faults", "nasm");
    struct buffer program = test_read(t, "build/guest/faults");
    struct watch watch = {0};
    struct run_request how = {.on_line = on_line, .arg = &watch};
    buffer_printf(&script, "src 0 /dev\nsrc 0 /bin\nsrc 4 /dev/hda\ngone");
    add_src(&script, "/bin/faults", program.data, program.len);
    buffer_printf(&script, "\n/bin/faults %s\n", words);
    struct aftermath a = boot_script(t, &script, &how, &image);
    expect_error(t, words, &a, error, &image);
    if (watch.started == 0 || watch.last - watch.started > DEADLINE * test_patience())
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
    expect_end(t, words, error);
    free(error);
}

/* The words for the program, and how the build must end. */
struct ending {
    const char *name;
    const char *words;
    const char *error;
};

static void run_ending(struct test *t, const void *argument) {
    const struct ending *e = argument;
    expect_end(t, e->words, e->error);
}

TESTS(faults) {
    static const struct fault FAULTS[] = {
        {"division-by-zero", 'a', 0x00, 0},
        {"undefined-opcode", 'b', 0x06, 0},
        {"breakpoint", 'c', 0x03, 1},
        {"no-such-selector", 'd', 0x0D, 0},
        {"far-jump-to-no-code", 'e', 0x0D, 0},
        {"interrupt-that-nobody-has", 'f', 0x0D, 0},
        {"quotient-too-large", 'g', 0x00, 0},
        {"bound-exceeded", 'h', 0x05, 0},
        {"write-past-ram", 'i', 0x0E, 0},
        {"read-past-ram", 'j', 0x0E, 0},
        {"jump-past-ram", 'k', 0x0E, JUMP_TARGET},
        {"push-past-ram", 'l', 0x0E, 2},
        {"call-with-a-stack-past-ram", 'n', 0x0E, 2},
        {"undefined-opcode-with-a-stack-past-ram", 'o', 0x06, 2},
        {"division-by-zero-with-a-stack-at-0", 'p', 0x00, 2},
        {"push-below-the-stack", 'q', 0x0E, 5},
        {"call-without-room-for-its-registers", 'r', 0x0E, 7},
        {"interrupt-with-the-number-of-an-exception", 's', 0x1E, 2},
        {"interrupt-with-the-last-such-number", 't', 0x0D, 0},
    };
    static const struct ending ENDINGS[] = {
        {"fault-in-a-grandchild-and-half-a-line", "b x", "ERROR: fault 06 at 08049010"},
        {"exit-status-ends-the-build", "m", "ERROR: /bin/faults: exit 2A"},
        {"interrupt-7-does-nothing", "u", "ERROR: /bin/faults: exit 2A"},
        {"exit-status-of-a-grandchild-reaches-the-shell", "m x", "ERROR: /bin/faults: exit 2A"},
    };
    for (size_t i = 0; i < sizeof FAULTS / sizeof FAULTS[0]; i++)
        suite_add_on(s, EVERY_ENGINE, xprintf("fault-%s", FAULTS[i].name), run_fault, &FAULTS[i]);
    for (size_t i = 0; i < sizeof ENDINGS / sizeof ENDINGS[0]; i++)
        suite_add_on(s, EVERY_ENGINE, ENDINGS[i].name, run_ending, &ENDINGS[i]);
}
