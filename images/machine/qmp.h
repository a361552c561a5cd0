/*
 * QEMU's monitor (the QMP protocol): asks for the processor's state without waiting for the
 * answer, so that a machine that blocks on its console cannot block us too.
 */
#ifndef IMAGES_QMP_H
#define IMAGES_QMP_H

#include "images/lib/util.h"

/* What an answer says of the processor. */
struct cpu_state {
    bool sampled;   /* the machine was stopped for it, so that eip is exact */
    bool halted;    /* in HLT */
    bool interrupt; /* interrupts on (IF) */
    bool protected; /* CR0.PE */
    uint32_t eip;   /* linear: with the base of CS */
    uint32_t esp;
};

struct qmp {
    int fd;
    bool ready;   /* the greeting has been answered */
    bool waiting; /* for an answer */
    struct buffer in;
};

void qmp_open(struct qmp *q, int fd);
void qmp_close(struct qmp *q);

/* Sends a question, unless the last one is still open. `sample` stops the machine for it. */
void qmp_ask(struct qmp *q, bool sample);

/* Reads what has come. Returns 1 with *state filled if that was an answer, 0 if not, -1 at the
   end of the connection. */
int qmp_read(struct qmp *q, struct cpu_state *state);

#endif
