/*
 * Whether a build has ended by the kernel's doing. Two lines on the console are no proof, for any
 * program can print them and reset the machine. So the machine is looked at as its reset left it:
 * the kernel's code is untouched, no program was running, the script was read up to its NUL, and,
 * where the engine knows, the reset came from the kernel's own instruction, on the kernel's stack.
 *
 * A program owns the whole machine while it runs, and one that forges all of that cannot be told
 * from the kernel: it does then what the kernel does. This is against mistakes and simple lies.
 */
#ifndef IMAGES_MACHINE_ENDING_H
#define IMAGES_MACHINE_ENDING_H

#include "images/machine/kernel.h"
#include "images/machine/run.h"

/* What is known before the machine starts. */
struct ending {
    struct kernel kernel;
    uint64_t nul; /* where the script ends in the image, as the host reads it; 0: not known */
};

/* The machine at its reset. */
struct last_state {
    bool registers; /* the next two are known */
    uint32_t eip;   /* linear */
    uint32_t esp;
    uint8_t *code;   /* memory from kernel.base on, kernel.code.len bytes */
    uint32_t script; /* the kernel's variables */
    uint32_t next;
    uint32_t pid;
};

/* Loads the kernel and finds the end of the script. -1 with *p filled if that fails; the caller
   calls ending_free in both cases. */
int ending_prepare(struct ending *e, const struct run_request *request, struct problem *p);
void ending_free(struct ending *e);

/*
 * Null where the kernel has ended the build, which left `length` bytes at the start of the image;
 * else a new string that says why that cannot be. `request` is null where nobody is to look how far
 * the script was read.
 */
char *ending_doubt(const struct ending *e, const struct run_request *request, uint32_t length,
                   const struct last_state *s);

/*
 * Fills in result->end and result->message of a machine that was reset; `finished`: the console
 * ends with the lines of a finished build, and result->length is set.
 */
void ending_judge(const struct ending *e, const struct run_request *request, bool finished,
                  const struct last_state *s, struct run_result *result);

#endif
