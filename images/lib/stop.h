/* Ctrl-C and its kin as something to look at, so that everything made aside is removed first. */
#ifndef IMAGES_STOP_H
#define IMAGES_STOP_H

#include <stdbool.h>

/* From now on SIGINT, SIGTERM and SIGHUP stay pending instead of ending the program. */
void stop_catch(void);

/* Whether one has come. Always false before stop_catch. */
bool stop_wanted(void);

/* Undoes stop_catch: for a child that is about to run another program, or for a while in which
   nobody looks. Returns whether the signals were caught until now. */
bool stop_release(void);

#endif
