/* The time, for what is measured or must end. */
#ifndef IMAGES_LIB_NOW_H
#define IMAGES_LIB_NOW_H

#include <time.h>

/* Seconds of a clock that never goes back. */
static inline double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

#endif
