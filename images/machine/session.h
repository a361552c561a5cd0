/* What `run` and `build` have in common: options of the machine, and a run told to the user. */
#ifndef IMAGES_MACHINE_SESSION_H
#define IMAGES_MACHINE_SESSION_H

#include "images/lib/options.h"
#include "images/machine/engine.h"

/* The options, as read. */
struct session_options {
    const char *engine;
    const char *log;
    bool plain;
    bool quiet;
    struct run_request request;
};

/* How many option_specs session_specs fills. */
enum { SESSION_SPECS = 18 };

void session_specs(struct session_options *o, struct option_spec *specs);

/* A help text (allocated) that begins with `first` and goes on with these options. */
char *session_help(const char *first);

/*
 * Chooses the engine, says which on stderr, runs, shows the progress and writes the log. Returns 0
 * when the build has finished, with *length set; otherwise an exit status, after a message and
 * the last lines on stderr.
 */
int session_run(struct session_options *o, const char *command, uint32_t *length);

#endif
