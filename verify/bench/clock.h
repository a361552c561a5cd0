/*
 * How long commands take: on the builder by the arrival of the console's lines, as the kernel has
 * no clock, and natively from start to end.
 */
#ifndef VERIFY_BENCH_CLOCK_H
#define VERIFY_BENCH_CLOCK_H

#include "images/machine/engine.h"

/* A line of the console and when it came, in seconds. */
struct event {
    double time;
    char text[80];
};

/* The lines that show a command or the end of the build, or are a dot; all zero is an empty one. */
struct timeline {
    struct event *events;
    size_t count;
    size_t room;
};

void timeline_free(struct timeline *t);

/*
 * The shortest time from a line that is `text`, or begins with it where it ends with a blank, to
 * the line after it; negative if there is none.
 */
double timeline_shortest(const struct timeline *t, const char *text);

/* The longest time from a line that is `text` to another such right behind it; negative if there
   is none. */
double timeline_longest(const struct timeline *t, const char *text);

/* Runs the script on an engine with so much RAM and notes its lines. Returns 0, or -1 with *p
   filled, also where the build does not finish. */
int clock_boot(const struct engine *engine, const struct buffer *script, unsigned mib,
               struct timeline *t, struct problem *p);

/*
 * Runs the program on Linux, in the folder `where`, with two words, and without its output;
 * *seconds is the time it takes, if that is shorter than *seconds.
 */
int clock_native(const char *program, const char *where, const char *what, unsigned count,
                 double *seconds, struct problem *p);

#endif
