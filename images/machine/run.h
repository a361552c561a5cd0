/* A run of a machine: what is asked of it, and how it ended. The same for all engines. */
#ifndef IMAGES_MACHINE_RUN_H
#define IMAGES_MACHINE_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "images/lib/options.h"
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

/* All zero but `image` or `head` is a good request. */
struct run_request {
    /* The disk is a file, which is changed as the machine changes its disk; or, where that is null,
       a file without a name that holds `head`, zeros up to whole sectors, `text`, and zeros up to
       `size` (0: the usual size). */
    const char *image;
    const struct buffer *head;
    const struct buffer *text; /* null: the head is the whole disk */
    uint64_t size;
    uint64_t script;     /* where the script starts in `image`, in bytes; 0: unknown */
    uint64_t mem_mib;    /* RAM; 0: 1024 */
    const char *mem_map; /* pc: a file with the memory map, see memory_map.h; null: by mem_mib */
    double timeout;      /* seconds; 0: none */
    const char *machine; /* QEMU's: pc (null), q35, isapc */
    const char *disk;    /* QEMU's: ahci (null), ide, virtio, virtio-scsi, usb, scsi, nvme */
    const char *cpu;     /* as QEMU's -cpu; null: the engine's own */
    const char *console; /* QEMU's: port (null): exact; serial: through the BIOS's serial console */
    const char *bios;    /* pc: quirks of its BIOS, as pc_config.bios; null: none */
    const char *trace;   /* pc: a file that gets the system calls of programs, as strace has them */
    const char *checkpoint; /* pc: a file that the machine is saved to now and then */
    double every;           /* minutes between two of these; 0: 10 */
    const char *resume;     /* pc: such a file, to go on with */
    uint64_t gdb;           /* pc, QEMU: wait for gdb at this port; 0: do not */
    const char *files;      /* a folder that gets every file the machine had in memory at its end */
    struct option_list file; /* PATH=OUT, each: one of them */
    const char *qemu;        /* the program to start as QEMU; null: qemu-system-i386 */
    bool sample;             /* QEMU's: sample the instruction pointer */
    /* Called for each line of the console, without its end, with how many instructions the machine
       has executed by then (0: the engine does not count); and about ten times a second. */
    void (*on_line)(void *arg, const char *line, size_t n, uint64_t instructions);
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
    uint32_t length; /* RUN_FINISHED: bytes of /dev/hda, which are at the start of the disk */
    int disk;        /* descriptor of the disk as the machine left it; run_result_free closes it */
    struct buffer log;  /* the console's lines; of a very long log the end (at least 1 MiB) */
    char message[2048]; /* otherwise: what happened, one line */
    double seconds;     /* from the start of the machine to its end */
    bool brk_refused;   /* to the program that ran last, where the engine knows: pc and model */
    struct run_samples samples;
};

struct engine;

/*
 * Whether machine, disk, console and so on are known, and mean something to the engine: the same
 * rules for all. Returns 0, or -1 with *p filled.
 */
int request_check(const struct run_request *request, const struct engine *engine,
                  struct problem *p);

/* Appends n bytes of the disk from `offset` on to *out. Returns 0, or -1 with *p filled. */
int run_disk(const struct run_result *result, uint64_t offset, size_t n, struct buffer *out,
             struct problem *p);

/* Appends /dev/hda as the build left it to *out; nothing where the build did not finish. */
int run_artifact(const struct run_result *result, struct buffer *out, struct problem *p);

/* Appends the last `lines` lines of the log to *out, each indented by two spaces. */
void run_log_tail(const struct run_result *result, unsigned lines, struct buffer *out);

void run_result_free(struct run_result *result);

#endif
