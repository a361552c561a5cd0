/* The machine: the state of one build. */
#ifndef REFMODEL_BUILDER_MACHINE_H
#define REFMODEL_BUILDER_MACHINE_H

#include <time.h>

#include "refmodel/builder/disk.h"
#include "refmodel/builder/files.h"
#include "refmodel/builder/memory.h"
#include "refmodel/builder/process.h"
#include "refmodel/builder/profile.h"
#include "refmodel/cpu/cpu.h"
#include "refmodel/seedbed.h"
#include "refmodel/strace/strace.h"
#include "refmodel/strace/text.h"

struct seedbed {
    struct seedbed_config config;
    struct memory memory;
    struct cpu cpu;
    struct files files;
    struct disk disk;
    struct process *process; /* the one that runs; null: none */
    uint32_t last_pid;
    uint32_t file_area;   /* the address of the contents of files */
    const char *command;  /* first word of the line that the shell runs */
    uint32_t exit_status; /* of the program that the shell started */
    bool brk_refused;     /* to the program that ran last */
    struct text log;
    bool midline; /* the last line of the console is unfinished */
    bool ended;
    enum seedbed_end end;
    struct text error;
    struct strace trace;
    struct profile profile;
    struct timespec began;
    bool tables_seen;
};

static inline struct process *running(const struct seedbed *s) {
    return s->process;
}

#endif
