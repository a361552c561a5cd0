/*
 * QEMU's monitor (the QMP protocol): asks for the processor's state without waiting for the
 * answer, so that a machine that blocks on its console cannot block us too; and hears of what
 * stops a machine.
 */
#ifndef IMAGES_MACHINE_QMP_H
#define IMAGES_MACHINE_QMP_H

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

/* Why a machine has stopped, as its events say. */
enum qmp_stop {
    QMP_RUNS,
    QMP_RESET,   /* it wanted a reset (started with -no-reboot -no-shutdown, it stops instead) */
    QMP_OFF,     /* it has switched itself off */
    QMP_NO_ROOM, /* the disk of the host is full, and it waits */
    QMP_STOPPED, /* for another reason; KVM does so when it is at its wits' end */
};

struct qmp {
    int fd;
    bool ready;    /* the greeting has been answered */
    bool waiting;  /* for an answer */
    bool samples;  /* we stop the machine ourselves, too */
    bool debugged; /* a debugger stops it */
    bool failed;   /* the host could not read or write the image, and the machine was told so */
    enum qmp_stop stop;
    struct buffer in;
    struct buffer memory; /* the last answer of qmp_memory, as it came */
};

void qmp_open(struct qmp *q, int fd);
void qmp_close(struct qmp *q);

/* Sends a question, unless the last one is still open. `sample` stops the machine for it. */
void qmp_ask(struct qmp *q, bool sample);

/* Reads what has come; q->stop may change. Returns 1 with *state filled if an answer has come, 0 if
   not, -1 at the end of the connection. */
int qmp_read(struct qmp *q, struct cpu_state *state);

/*
 * For a machine that has stopped: its processor, and n bytes of its memory from a physical address
 * on (n a multiple of 4). Both wait for the answer, a few seconds at most, and return -1 without
 * one.
 */
int qmp_cpu(struct qmp *q, struct cpu_state *state);
int qmp_memory(struct qmp *q, uint32_t address, uint8_t *bytes, size_t n);

/* The same for much: n bytes into the file `path`, which QEMU writes. */
int qmp_save(struct qmp *q, uint32_t address, size_t n, const char *path);

#endif
