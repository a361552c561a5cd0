/* The machine: everything one build needs, and what its parts ask of each other. */
#ifndef REFMODEL_BUILDER_MACHINE_H
#define REFMODEL_BUILDER_MACHINE_H

#include <stdio.h>
#include <time.h>

#include "refmodel/builder/files.h"
#include "refmodel/builder/memory.h"
#include "refmodel/builder/path.h"
#include "refmodel/cpu/cpu.h"
#include "refmodel/seedbed.h"
#include "refmodel/strace/linux.h"
#include "refmodel/strace/strace.h"
#include "refmodel/strace/text.h"

enum {
    DESCRIPTORS = 256, /* beside 0, 1 and 2 */
    FIRST_DESCRIPTOR = 3,
    CHILDREN = 64, /* not waited for */
    ARGUMENT_BYTES = 131072
};

struct descriptor {
    struct file *file; /* null: not in use */
    uint32_t position;
    uint32_t flags; /* of open */
};

struct child {
    uint32_t pid;
    uint32_t status;
};

/* What a processor holds of a process that waits for its child; not the FPU, as in the kernel. */
struct registers {
    uint32_t r[REGS];
    uint32_t eflags;
    uint32_t eip;
    struct segment seg[SEGS];
    struct fpu fpu;
};

struct process {
    struct process *parent; /* null: the shell started it */
    uint32_t pid;
    uint32_t image_low; /* the lowest address of the image */
    uint32_t first_break;
    uint32_t brk;
    char directory[PATH_LONGEST + 1];
    struct descriptor descriptor[DESCRIPTORS];
    struct child child[CHILDREN]; /* oldest first */
    uint32_t children;
    size_t program; /* index in the profile */
    /* While a child runs: */
    struct registers registers;
    struct snapshot snapshot;
    uint64_t reserved; /* bytes of the file area for the snapshot */
};

/* The disk, and how far the shell has read. */
struct disk {
    uint8_t *bytes;
    size_t size;
    size_t at;
};

struct profile {
    struct seedbed_program *program;
    size_t count;
    size_t room;
    size_t current;           /* which one is running */
    uint64_t since;           /* instruction count when it began to */
    struct timespec since_at; /* and the time */
};

struct seedbed {
    struct seedbed_config config;
    struct memory memory;
    struct cpu cpu;
    struct files files;
    struct disk disk;
    struct process *process; /* the one that runs; null: none */
    uint32_t last_pid;
    uint32_t program_end; /* of the program area, which begins at PROGRAM_AREA */
    uint32_t file_area;   /* the address of the file area */
    uint32_t exit_status; /* of the program that the shell started */
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

enum {
    LEAST_MEMORY = 17 << 20, /* where RAM must not end below */
    PROGRAM_AREA = 0x08000000,
    STACK_BYTES = 8 << 20,
    BREAK_GAP = 128 << 10,
    SPLIT_FROM = 0x1F000000, /* above, files and programs share what lies above PROGRAM_AREA */
    NAME_TABLE = 0x00200000,
    DESCRIPTOR_TABLE = 0x01000000,
    LOW_FILE_AREA = 0x01038000
};

static inline struct process *running(const struct seedbed *s) {
    return s->process;
}

/* console.c: the log. A message of the kernel's begins on a line of its own. */
void console_write(struct seedbed *s, const char *bytes, size_t n);
void console_message(struct seedbed *s, const char *bytes, size_t n);

/* Ends the build with an ERROR line; the text comes without "ERROR: ". Only the first counts. */
void build_error(struct seedbed *s, const char *format, ...) PRINTF_LIKE(2, 3);
/* Ends it for a reason that the kernel would not have. */
void build_stop(struct seedbed *s, enum seedbed_end end, const char *format, ...) PRINTF_LIKE(3, 4);

/* layout.c: the areas of memory that CONTRACT.md section 7 describes. */
bool layout_init(struct seedbed *s);
/* Makes /e820. */
bool layout_memory_map(struct seedbed *s);

/* tables.c: what programs find by address. To be called after files have changed. */
void tables_init(struct seedbed *s);
void tables_changed(struct seedbed *s);

/* disk.c */
bool disk_init(struct seedbed *s, const uint8_t *script, size_t n);
/* The next byte of the script; behind the end of the disk it is NUL for ever. */
uint8_t disk_next(struct seedbed *s);
/* Takes the last byte back, which was a NUL. */
void disk_back(struct seedbed *s);
/* The next n bytes, or null when the disk ends before (and the build has ended). */
const uint8_t *disk_take(struct seedbed *s, uint32_t n);
/* Writes /dev/hda to the disk. False: there is none, or no memory; the build has ended. */
bool disk_flush(struct seedbed *s);

/* shell.c: runs the script to its end. */
void shell_run(struct seedbed *s);

/* elf.c: a program file, checked. */
struct image {
    uint32_t low; /* its addresses are [low, high) */
    uint32_t high;
    uint32_t entry;
};
/* 0, or E_NOEXEC or E_NOMEM. */
uint32_t elf_check(const struct seedbed *s, const struct file *f, struct image *image);
/* Puts a checked program into memory that reads as zero. */
void elf_load(struct seedbed *s, const struct file *f);

/* processor.c: the processor with its memory; the state in which a program starts (registers 0,
 * flags clear, FPU initialised); decoded code forgotten; registers put aside and back. */
bool processor_init(struct seedbed *s); /* false: no host memory */
void processor_reset(struct seedbed *s, uint32_t eip, uint32_t esp);
void processor_forget(struct seedbed *s);
void processor_save(const struct seedbed *s, struct registers *to);
void processor_restore(struct seedbed *s, const struct registers *from);

/* process.c */

/* Strings of an execve: argv, then envp, each with its NUL. */
struct arguments {
    struct text strings;
    uint32_t argc;
    uint32_t envc;
};

/* Starts a program as a new process of the shell's. 0, or an error number. */
uint32_t proc_start(struct seedbed *s, const char *name, const struct arguments *a);
/* Replaces the program of the running process. 0, or an error number and nothing has changed. */
uint32_t proc_exec(struct seedbed *s, const char *name, const struct arguments *a);
/* The child's number, which is then running, or 0 with *error set. */
uint32_t proc_fork(struct seedbed *s, uint32_t *error);
/* Ends the running process. Without a parent the program of the shell's command is over. */
void proc_exit(struct seedbed *s, uint32_t status);
/* Runs programs until there is none or the build has ended. */
void proc_run(struct seedbed *s);
void proc_free_all(struct seedbed *s);

/* syscalls.c: does the call in the registers. */
void system_call(struct seedbed *s);

/* guest.c: arguments in guest memory. */

/* The path at an address, resolved. 0, or an error number. */
uint32_t guest_path(struct seedbed *s, uint32_t address, struct path *p);
/* Appends the strings of a vector of pointers and counts them in *count. 0 or an error number. */
uint32_t guest_strings(struct seedbed *s, uint32_t vector, struct text *to, uint32_t *count);

/* trace.c: one line a call, if somebody listens. */
void trace_init(struct seedbed *s);
void trace_enter(struct seedbed *s, const struct process *caller, uint32_t number,
                 const uint32_t *argument);
void trace_leave(struct seedbed *s, uint32_t number, const uint32_t *argument, uint32_t result);

/* profile.c: the time from now on is that of another program. */
void profile_switch(struct seedbed *s, size_t program);
/* The index of a program, which begins another run. */
size_t profile_program(struct seedbed *s, const char *path);
void profile_free(struct seedbed *s);
double seconds_since(const struct timespec *then);

#endif
