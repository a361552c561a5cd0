/* The sides that the fuzzer compares: each runs a script and says how it ended and what it left. */
#ifndef VERIFY_FUZZ_FUZZ_SIDE_H
#define VERIFY_FUZZ_FUZZ_SIDE_H

#include <sys/types.h>

#include "images/machine/kernel.h"
#include "images/machine/run.h"
#include "verify/warm/warm.h"

enum { FUZZ_DISK = 4 << 20, FUZZ_MEMORY = 256 }; /* bytes, MiB */

struct fuzz_outcome {
    enum run_end end;
    struct buffer log; /* without the line of the BIOS, and without carriage returns */
    struct buffer artifact;
    char message[256];
};
void outcome_free(struct fuzz_outcome *o);

/* The kernel in the PC, which has booted once. */
struct kernel_side {
    struct warm warm;
    struct kernel kernel;
};

/* All of these return 0, or -1 with *p filled. `head`: boot sector and kernel. */
int kernel_side_open(struct kernel_side *k, const struct buffer *head, struct problem *p);
void kernel_side_close(struct kernel_side *k);
int kernel_side_run(struct kernel_side *k, const struct buffer *script, struct fuzz_outcome *o,
                    struct problem *p);

/* The kernel on any engine, from its boot on. */
int engine_side_run(const char *engine, const struct buffer *head, const struct buffer *script,
                    struct fuzz_outcome *o, struct problem *p);

/* The model. */
int model_side_run(const struct buffer *head, const struct buffer *script, struct fuzz_outcome *o,
                   struct problem *p);

/* This Linux: a process that was forked off while there was little to copy, and that forks the
   shells. */
struct linux_side {
    char *dir; /* an empty folder for their roots */
    pid_t pid;
    int to, from;
};
int linux_side_open(struct linux_side *l, struct problem *p);
void linux_side_close(struct linux_side *l);
int linux_side_run(struct linux_side *l, const struct buffer *script, struct fuzz_outcome *o,
                   struct problem *p);

#endif
