/* A machine inside a program that says on its stdout what the machine's console shows. */
#ifndef SEEDBED_SPOKEN_H
#define SEEDBED_SPOKEN_H

#include "images/machine/engine.h"

/*
 * Starts argv, listens from where the BIOS boots the hard disk until the build has ended, the
 * program has (RUN_HALTED), the machine was reset (RUN_RESET: a second boot, or the debugger of
 * Bochs) or request->timeout is over, and kills it. Only `timeout` and `on_line` of the request
 * count. Returns -1 with *p filled if the program does not start; the caller frees result->log.
 */
int spoken_run(char *const argv[], const struct run_request *request, struct run_result *result,
               struct problem *p);

#endif
