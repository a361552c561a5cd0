/* Other programs: started so that none outlives us, and read to their end. */
#ifndef IMAGES_LIB_PROCESS_H
#define IMAGES_LIB_PROCESS_H

#include <sys/types.h>

#include "images/lib/util.h"

/* Replaces descriptor `to` of the child by `from`; lists end with to = -1. */
struct redirect {
    int from;
    int to;
};

/* Whether a program is here: a command in PATH, or a file where the name holds a slash. */
bool process_found(const char *program);

/* A group of its own is reached by a Ctrl-C through us alone. */
enum process_group { OWN_GROUP, OUR_GROUP };

/* fork(), for a child that the system kills if we die first and that signals end as usual. */
pid_t process_fork(enum process_group group);

/*
 * Starts argv[0] (searched in PATH), in a process group of its own, so that a Ctrl-C reaches it
 * through us alone, and killed by the system if we die first. Descriptors not named in `redirects`
 * and not close-on-exec are inherited. Returns the process number, or -1 with *p filled, also
 * where the program cannot be executed.
 */
pid_t process_start(char *const argv[], const struct redirect *redirects, struct problem *p);

/* Waits for the end and returns the exit status, 128 + N after signal N. */
int process_wait(pid_t pid);

/* Kills and waits. */
void process_kill(pid_t pid);

/* Runs argv to its end, with nothing to read, and appends its stdout to *out. An exit status that
   is not 0 is a problem. */
int process_output(char *const argv[], struct buffer *out, struct problem *p);

/* Runs argv to its end in our group, with nothing to read, and appends its stdout and stderr to
 *out. Returns its exit status, 128 + N after signal N, or -1 with *p filled if it does not start.
 */
int process_run(char *const argv[], struct buffer *out, struct problem *p);

#endif
