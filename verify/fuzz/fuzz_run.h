/*
 * One input of the fuzzer on the kernel, the model and Linux, and whether they agree. An input is
 * a script, or lines for the program verify/fuzz/guest/calls.c; the first line of such a file says
 * whether Linux is asked too.
 */
#ifndef VERIFY_FUZZ_FUZZ_RUN_H
#define VERIFY_FUZZ_FUZZ_RUN_H

#include "verify/fuzz/fuzz_side.h"

enum fuzz_kind {
    FUZZ_CALLS,  /* lines of calls, on all three */
    FUZZ_WILD,   /* lines of calls that Linux answers otherwise, on purpose */
    FUZZ_SCRIPT, /* a script as it is */
};

/* Who runs them; the kernel twice. */
enum fuzz_side { FUZZ_PC, FUZZ_QEMU, FUZZ_MODEL, FUZZ_LINUX, FUZZ_SIDES };

struct fuzz_input {
    enum fuzz_kind kind;
    struct buffer bytes;
};

/* What the inputs run on. Lines are run twice: taken by one program, and as programs of their own.
 */
struct fuzz_bench {
    struct buffer head;    /* boot sector and kernel */
    struct buffer calls;   /* the program that takes lines */
    struct buffer runtime; /* of the programs that lines are made into */
    struct kernel_side kernel;
    struct linux_side native;
    bool trace; /* every answer, in place of the digests */
    unsigned long inputs;
    unsigned long runs[FUZZ_SIDES];
    enum fuzz_side other;   /* which has last differed from the kernel in the PC */
    unsigned long unjudged; /* inputs that the model cannot follow */
};

/* Gets ready: compiles the kernel and reads the program. Returns -1 with *p filled. */
int fuzz_open(struct fuzz_bench *b, struct problem *p);
void fuzz_close(struct fuzz_bench *b);

/* Appends the script that runs the input; `calls` and `runtime` are what the bench has. */
void fuzz_script(struct buffer *script, const struct fuzz_input *input, const struct buffer *calls,
                 const struct buffer *runtime, bool trace);

/*
 * Runs the input on each side: the kernel in the PC, and now and then in QEMU, the model, Linux.
 * Returns 0 where they agree; 1 with the difference in *difference (one line, allocated) where they
 * do not; -1 with *p filled where a side could not be run.
 */
int fuzz_compare(struct fuzz_bench *b, const struct fuzz_input *input, char **difference,
                 struct problem *p);

/* The kind that the name of a file in verify/cases/found/ ends in (.calls, .wild, .script); -1:
 * none. */
int fuzz_kind_of(const char *name);
const char *fuzz_suffix(enum fuzz_kind kind);

#endif
