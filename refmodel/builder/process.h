/* Processes: one runs, its ancestors wait with their memory put aside (CONTRACT.md section 5). */
#ifndef REFMODEL_BUILDER_PROCESS_H
#define REFMODEL_BUILDER_PROCESS_H

#include "refmodel/builder/files.h"
#include "refmodel/builder/memory.h"
#include "refmodel/builder/path.h"
#include "refmodel/builder/processor.h"
#include "refmodel/strace/text.h"

enum {
    DESCRIPTORS = 253, /* beside 0, 1 and 2 */
    ALL_DESCRIPTORS = 3 + DESCRIPTORS,
    CHILDREN = 64, /* not waited for */
    ARGUMENT_BYTES = 131072
};

struct descriptor {
    bool used;
    struct file *file; /* null: the script where it can be read, else the console */
    uint32_t position;
    uint32_t flags; /* of open */
};

struct child {
    uint32_t pid;
    uint32_t status;
};

struct process {
    struct process *parent; /* null: the shell started it */
    uint32_t pid;
    uint32_t first_break;
    uint32_t brk;
    char directory[PATH_LONGEST + 1];
    struct descriptor descriptor[ALL_DESCRIPTORS];
    struct child child[CHILDREN]; /* oldest first */
    uint32_t children;
    size_t program; /* index in the profile */
    /* While a child runs: */
    struct registers registers;
    uint32_t top; /* of the pool */
};

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

/* The running process goes on behind its fork: the kernel stores EAX among the registers that it
 * has pushed onto the stack of the process. */
void proc_resume(struct seedbed *s);

/* Ends the running process. Without a parent the program of the shell's command is over. */
void proc_exit(struct seedbed *s, uint32_t status);
void proc_free_all(struct seedbed *s);

#endif
