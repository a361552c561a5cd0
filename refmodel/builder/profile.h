/* Instructions, calls and time of each program. */
#ifndef REFMODEL_BUILDER_PROFILE_H
#define REFMODEL_BUILDER_PROFILE_H

#include <time.h>

#include "refmodel/seedbed.h"

struct profile {
    struct seedbed_program *program;
    size_t count;
    size_t room;
    size_t current;           /* which one is running */
    uint64_t since;           /* instruction count when it began to */
    struct timespec since_at; /* and the time */
};

/* The time from now on is that of another program. */
void profile_switch(struct seedbed *s, size_t program);

/* The index of a program, which begins another run. */
size_t profile_program(struct seedbed *s, const char *path);
void profile_free(struct seedbed *s);
double seconds_since(const struct timespec *then);

#endif
