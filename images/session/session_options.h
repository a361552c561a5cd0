/* The options of the commands that boot. */
#ifndef IMAGES_SESSION_SESSION_OPTIONS_H
#define IMAGES_SESSION_SESSION_OPTIONS_H

#include "images/lib/options.h"
#include "images/machine/engine.h"

/* The options, as read. */
struct session_options {
    const char *engine;
    const char *output; /* -o; null: the artifact stays where it is */
    const char *log;
    const char *times;
    const char *keep; /* where the image goes when the build fails */
    struct option_mib memory;
    bool plain;
    bool quiet;
    struct run_request request;
};

/* How many option_specs session_specs fills. */
enum { SESSION_SPECS = 23 };

void session_specs(struct session_options *o, struct option_spec *specs);

/* A help text (allocated) that begins with `first` and goes on with these options. */
char *session_help(const char *first);

#endif
