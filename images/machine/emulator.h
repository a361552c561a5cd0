/*
 * An emulator: a program that runs a machine and gives us its console through a pipe. One loop
 * reads that, looks at the clock and for a Ctrl-C; what else there is to look at, each kind of
 * emulator says itself.
 *
 *     console   |  ----------->  output: hear() makes lines of it
 *     monitor   |  ----------->  monitor: look() learns that the processor has halted
 *     stderr    |  ----------->  errors: a file, for a failure
 */
#ifndef IMAGES_MACHINE_EMULATOR_H
#define IMAGES_MACHINE_EMULATOR_H

#include <sys/types.h>

#include "images/lib/process.h"
#include "images/machine/console.h"

/* What a look has found. */
enum emulator_state {
    EMULATOR_RUNS,
    EMULATOR_HALTED, /* the processor, for good */
    EMULATOR_OVER,   /* the machine was reset or has stopped in another way */
};

struct emulator {
    /* Filled by the kind of emulator before emulator_start. */
    const struct run_request *request;
    struct run_result *result;
    int monitor; /* what else to wait for; -1: nothing */
    void (*hear)(struct emulator *e, const uint8_t *bytes, size_t n);
    /* Called in each turn of the loop; `ready`: there is something to read from the monitor. */
    enum emulator_state (*look)(struct emulator *e, bool ready);
    void *own;
    /* Filled by emulator_start. */
    struct console console;
    pid_t pid;
    int output; /* our end of the console's pipe; reading does not block */
    int errors;
    double started;   /* seconds of the monotonic clock, as are the others */
    double next_tick; /* of request->on_tick */
    double next_look; /* when to look, whether or not there is something to read */
};

/*
 * Starts argv with its console on descriptor `console`, nothing to read, a file for its errors and
 * `redirects` (ends with to = -1, at most 8). Returns -1 with *p filled where it does not start,
 * and then emulator_end is not called.
 */
int emulator_start(struct emulator *e, char *const argv[], int console,
                   const struct redirect *redirects, struct problem *p);

/* Runs until there is a reason to stop, the result's end. RUN_RESET stands for EMULATOR_OVER and
   for the end of the program, whatever its cause. */
enum run_end emulator_watch(struct emulator *e);

/* Hands on what the pipe holds. Returns false at its end: the program is gone. */
bool emulator_drain(struct emulator *e);

/* Waits for the end of a program that ends by itself, and returns its exit status. */
int emulator_wait(struct emulator *e);

/* The program has ended with that status: fills *p with the line of its errors that holds `mark`,
   or the first where `mark` is null or none does. Returns -1. */
int emulator_failed(const struct emulator *e, const char *name, const char *mark, int status,
                    struct problem *p);

/* Ends the program if it still runs, takes the rest of its console, and fills in the message for a
   timeout and a Ctrl-C. */
void emulator_end(struct emulator *e);

#endif
