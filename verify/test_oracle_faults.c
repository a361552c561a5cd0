/*
 * Processor exceptions: each ends the build within a second with its vector and the address of the
 * instruction, which verify/oracle/faults.asm puts at known places; so does an exit status.
 */
#include "machine.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SLOTS = 0x08049000, SLOT_SIZE = 16, DEADLINE = 1 };

struct fault {
    char slot; /* of faults.asm */
    unsigned vector;
    unsigned offset; /* of the address from the slot: 1 for a trap of one byte */
};

/* When the line that starts the program and the last line came. */
struct watch {
    double started, last;
};

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void on_line(void *arg, const char *line, size_t n) {
    struct watch *w = arg;
    w->last = now();
    if (n > 11 && memcmp(line, "/bin/faults", 11) == 0) {
        w->started = w->last;
    }
}

/* Boots `/bin/faults WORDS`; the build must end with `error` in time and leave the disk alone. */
static void expect_end(struct test *t, const char *words, const char *error) {
    struct buffer script = {0}, image = {0};
    struct buffer program = test_read(t, "build/oracle/faults");
    struct watch watch = {0};
    struct run_request how = {.on_line = on_line, .arg = &watch};
    buffer_printf(&script, "src 0 /dev\nsrc 0 /bin\nsrc 4 /dev/hda\ngone");
    add_src(&script, "/bin/faults", program.data, program.len);
    buffer_printf(&script, "\n/bin/faults %s\n", words);
    struct aftermath a = boot_script(t, &script, &how, &image);
    expect_error(t, words, &a, error, &image);
    if (watch.started == 0 || watch.last - watch.started > DEADLINE) {
        test_fail(t, "%s: it took %.1f s", words, watch.last - watch.started);
    }
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

static void fault_in_a_grandchild(struct test *t, const void *argument) {
    (void)argument;
    expect_end(t, "b x", "ERROR: fault 06 at 08049010");
}

static void exit_status(struct test *t, const void *argument) {
    (void)argument;
    expect_end(t, "m", "ERROR: /bin/faults: exit 2A");
}

static void exit_status_of_a_grandchild(struct test *t, const void *argument) {
    (void)argument;
    expect_end(t, "m x", "ERROR: /bin/faults: exit 2A");
}

void test_oracle_faults(struct suite *s) {
    static const struct fault DIVIDE = {'a', 0x00, 0}, UNDEFINED = {'b', 0x06, 0},
                              BREAKPOINT = {'c', 0x03, 1}, SELECTOR = {'d', 0x0D, 0},
                              FAR_JUMP = {'e', 0x0D, 0}, INTERRUPT = {'f', 0x0D, 0},
                              QUOTIENT = {'g', 0x00, 0}, BOUND = {'h', 0x05, 0};
    suite_add(s, "fault-division-by-zero", run_fault, &DIVIDE);
    suite_add(s, "fault-undefined-opcode", run_fault, &UNDEFINED);
    suite_add(s, "fault-breakpoint", run_fault, &BREAKPOINT);
    suite_add(s, "fault-no-such-selector", run_fault, &SELECTOR);
    suite_add(s, "fault-far-jump-to-no-code", run_fault, &FAR_JUMP);
    suite_add(s, "fault-interrupt-that-nobody-has", run_fault, &INTERRUPT);
    suite_add(s, "fault-quotient-too-large", run_fault, &QUOTIENT);
    suite_add(s, "fault-bound-exceeded", run_fault, &BOUND);
    suite_add(s, "fault-in-a-grandchild-and-half-a-line", fault_in_a_grandchild, NULL);
    suite_add(s, "exit-status-ends-the-build", exit_status, NULL);
    suite_add(s, "exit-status-of-a-grandchild-reaches-the-shell", exit_status_of_a_grandchild,
              NULL);
}
