/*
 * The reference model of the builder: a machine that reads a script as the kernel's shell does,
 * runs i386 programs, and ends with a log and /dev/hda. One `struct seedbed` is one machine; any
 * number can exist in one process, and nothing is shared between them. It does what CONTRACT.md
 * says, from the contract and not from the kernel.
 *
 * Needs nothing but the C library; any byte order, 32-bit hosts and up.
 */
#ifndef REFMODEL_SEEDBED_H
#define REFMODEL_SEEDBED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct seedbed;

/* How a machine is made. All zero is a machine with 1024 MiB, no limits and no listeners. */
struct seedbed_config {
    uint32_t memory_mib;       /* RAM as QEMU's -m would give; 0 is 1024 */
    uint32_t script_lba;       /* the first sector of the script on the disk; 0 is 8 */
    uint64_t max_instructions; /* 0 is no limit */
    double max_seconds;        /* of wall time; 0 is no limit */
    uint64_t disk_sectors;     /* size of the disk; 0 is whatever is wanted */
    bool profile;              /* keep seedbed_profile up to date */
    /* Called with the bytes of the log as they come. */
    void (*console)(void *user, const char *bytes, size_t n);
    /* Called with one line per system call, with its newline, in strace's form. */
    void (*trace)(void *user, const char *line, size_t n);
    /* Called every few hundredths of a second while a program runs; true stops the build. */
    bool (*tick)(void *user);
    /* Called after every `sample_every` instructions of programs, if that is not 0. */
    void (*sample)(void *user, const char *program, uint32_t eip);
    uint64_t sample_every;
    void *user;
};

/* How a build ended. */
enum seedbed_end {
    SEEDBED_FINISHED,    /* with "Build finished." */
    SEEDBED_ERROR,       /* with an "ERROR: ..." line in the log */
    SEEDBED_HALTED,      /* a program halted the machine */
    SEEDBED_LIMIT,       /* of instructions or time */
    SEEDBED_STOPPED,     /* by the listener `tick` */
    SEEDBED_UNSUPPORTED, /* a program took the machine over in a way the model has not */
    SEEDBED_NO_MEMORY    /* the host has no memory left */
};

/* What one program of a build did; a program is the path it was started by. */
struct seedbed_program {
    const char *path;
    uint64_t runs;
    uint64_t instructions;
    uint64_t calls;
    double seconds; /* of wall time */
};

/* Makes a machine. Null: the host has no memory for one. */
struct seedbed *seedbed_new(const struct seedbed_config *config);

/*
 * Runs a script to the end of its build. The script is what `seedbed pack` makes: what lies on the
 * disk from the script's first sector on; behind it the disk reads as NULs. A machine runs one
 * script.
 */
enum seedbed_end seedbed_run(struct seedbed *s, const uint8_t *script, size_t n);

/* All the text of the console. Valid until seedbed_free, as what the next functions give. */
const char *seedbed_log(const struct seedbed *s, size_t *n);

/* Why the build did not finish, without a newline: the ERROR line, or what stopped the model. */
const char *seedbed_error(const struct seedbed *s);

/* /dev/hda of a finished build. */
const uint8_t *seedbed_artifact(const struct seedbed *s, size_t *n);

/* The content of any file by its absolute name, or null. */
const uint8_t *seedbed_file(const struct seedbed *s, const char *path, size_t *n);

/* The n-th of all files, from 0 on: its name, null behind the last, and its content. */
const char *seedbed_file_at(const struct seedbed *s, size_t n, const uint8_t **data, size_t *size);

/* Where the running program is: its path and EIP; the path is null where none runs. */
uint32_t seedbed_where(const struct seedbed *s, const char **program);

/* Whether the program that ran last was refused a brk, and has not ended well since. */
bool seedbed_brk_refused(const struct seedbed *s);

/* Instructions executed so far. */
uint64_t seedbed_instructions(const struct seedbed *s);

/* The programs of the build, the one with the most instructions first. */
const struct seedbed_program *seedbed_profile(struct seedbed *s, size_t *n);

void seedbed_free(struct seedbed *s);

#endif
