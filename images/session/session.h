/* What `run` and `build` have in common: options of the machine, and a run told to the user. */
#ifndef IMAGES_SESSION_SESSION_H
#define IMAGES_SESSION_SESSION_H

#include "images/lib/options.h"
#include "images/lib/outfile.h"
#include "images/machine/engine.h"
#include "images/script/plan.h"
#include "images/session/session_options.h"

/* A run. All zero before session_begin but the first four. */
struct session {
    struct session_options *o;
    const char *command;     /* that was given */
    const char *subject;     /* build file or image */
    const struct plan *plan; /* the build file, once it is read; null: it is an image */
    const struct engine *engine;
    struct outfile output;
    struct outfile kept;
    struct outfile aside; /* the log that is kept if the build fails */
    FILE *log;
    FILE *times;
};

/*
 * Looks at the options and opens all that will be written, so that what can be known to be wrong is
 * said before the boot. Returns -1 where it may go on, else an exit status after a message.
 */
int session_begin(struct session *s);

/*
 * Refuses to write over what is read: one of the plan's sources, or `image` if that is not null.
 * Returns as session_begin.
 */
int session_check_inputs(const struct session *s, const char *image);

/*
 * Boots the disk of the request (o->request.image), says which engine it is, shows the progress and
 * the end, writes the artifact, the log and the files that are wanted. Returns the exit status.
 */
int session_run(struct session *s);

/* Frees what session_begin has opened; what is not written by then never will be. */
void session_end(struct session *s);

#endif
