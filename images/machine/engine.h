/*
 * A machine that boots a disk image: what all engines are asked and what they answer. An engine
 * changes the image as the machine would change its disk.
 */
#ifndef IMAGES_ENGINE_H
#define IMAGES_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "images/lib/util.h"

/* How a run ended. */
enum run_end {
    RUN_FINISHED,    /* "Build finished.", the length, and a reset */
    RUN_ERROR,       /* an ERROR line, and the machine halted for good */
    RUN_HALTED,      /* halted for good without one */
    RUN_RESET,       /* a reset before the end of the build (or at the end of mini's) */
    RUN_TIMEOUT,     /* still running after request.timeout */
    RUN_INTERRUPTED, /* Ctrl-C, or another signal to stop */
};

/* All zero but `image` is a good request. */
struct run_request {
    const char *image;   /* path of the disk image */
    uint64_t script;     /* where the script starts in it, in bytes; 0: unknown */
    uint64_t mem_mib;    /* RAM; 0: 1024 */
    double timeout;      /* seconds; 0: none */
    const char *machine; /* pc (null), q35 */
    const char *disk;    /* ahci (null), ide, virtio, virtio-scsi, usb, scsi, nvme */
    const char *cpu;     /* as QEMU's -cpu; null: the engine's own */
    const char *console; /* port (null): exact; serial: through the BIOS's own serial console */
    bool sample;         /* sample the instruction pointer */
    /* Called for each line of the console, without its end; and about ten times a second. */
    void (*on_line)(void *arg, const char *line, size_t n);
    void (*on_tick)(void *arg);
    void *arg;
};

/*
 * Where the processor was found, in numbers of samples. QEMU delivers an interrupt under the lock
 * that a stopped machine is looked at with, so a program that calls often is found at the first
 * instruction of the kernel far more often than it is there: such samples decide nothing.
 */
struct run_samples {
    unsigned kernel;
    unsigned entry; /* of a system call, still on the program's stack */
    unsigned bios;
    unsigned user;
};

struct run_result {
    enum run_end end;
    uint32_t length;    /* RUN_FINISHED: bytes of the artifact, at the start of the image */
    struct buffer log;  /* the console's lines; of a very long log the end (at least 1 MiB) */
    char message[2048]; /* otherwise: what happened, one line */
    double seconds;     /* from the start of the machine to its end */
    struct run_samples samples;
};

struct engine {
    const char *name;
    /* Returns 0 however the run ended, -1 with *p filled where the engine itself failed. The
       caller frees result->log in both cases. */
    int (*run)(const struct run_request *request, struct run_result *result, struct problem *p);
};

/*
 * The engine called `name` ("qemu-kvm", "qemu-tcg", "model"; "auto" or null: KVM where it works,
 * else TCG). *why becomes a new string that says why it is this one. Returns null with *p filled
 * where there is no such engine.
 */
const struct engine *engine_choose(const char *name, char **why, struct problem *p);

/* Appends the last `lines` lines of the log to *out, each indented by two spaces. */
void run_log_tail(const struct run_result *result, unsigned lines, struct buffer *out);

void run_result_free(struct run_result *result);

#endif
