/* What the user sees while a machine runs. */
#ifndef IMAGES_MACHINE_PROGRESS_H
#define IMAGES_MACHINE_PROGRESS_H

#include "images/machine/run.h"
#include "images/script/script.h"

struct progress {
    FILE *to;      /* null: nothing is shown */
    FILE *log;     /* gets every line; null: no log is kept */
    bool terminal; /* one status line in place of all lines */
    bool dirty;    /* there is something on the status line */
    struct script_walk walk;
    uint64_t start;     /* of the script in the image */
    uint64_t end;       /* where its last command ends; 0: the script is not known */
    char *next;         /* the command that is expected next */
    size_t next_length; /* 0: none */
    uint64_t next_at;   /* where it stands, in the image */
    char now[256];      /* the command that runs */
    double share;       /* of the script that has been read, 0 to 1 */
    double started;     /* seconds of the monotonic clock */
};

/*
 * Shows the run of `request` on `to` (a status line if that is a terminal and not `plain`) and
 * writes all lines to `log`; either may be null. Sets the request's callbacks.
 */
void progress_open(struct progress *g, struct run_request *request, FILE *to, FILE *log,
                   bool plain);

/* Removes the status line. */
void progress_close(struct progress *g);

#endif
