/*
 * Ctrl-C and its kin. A command that is told to stop ends at once, by itself, with a line and the
 * exit status 130: nothing that it has begun to write has a name yet, and an emulator dies with it.
 * While a machine runs, one looks instead whether a signal has come, so that what the machine has
 * said so far can still be told.
 */
#ifndef IMAGES_LIB_STOP_H
#define IMAGES_LIB_STOP_H

#include <stdbool.h>
#include <sys/types.h>

/* The exit status of whatever was told to stop. */
enum { STOP_STATUS = 130 };

/* From now on SIGINT, SIGTERM and SIGHUP, unless they are ignored, end the program so. */
void stop_ends(void);

/* From now on they, and SIGTSTP, stay pending. Returns whether they did so before. */
bool stop_catch(void);

/* Whether one has come. Always false before stop_catch. */
bool stop_wanted(void);

/*
 * Where a Ctrl-Z has come since stop_catch: stops `child` (0: there is none) and this program, and
 * lets both go on when the shell says so. Returns the seconds that went by.
 */
double stop_pause(pid_t child);

/* Undoes stop_catch: at its end, for a child that is about to run another program, or for a while
   in which nobody looks. Returns whether the signals were caught until now. */
bool stop_release(void);

#endif
