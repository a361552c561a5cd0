/* What the user sees while a machine runs. */
#ifndef IMAGES_SESSION_PROGRESS_H
#define IMAGES_SESSION_PROGRESS_H

#include "images/machine/run.h"
#include "images/script/script.h"

struct progress {
    FILE *to;      /* null: nothing is shown */
    FILE *log;     /* gets every line; null: no log is kept */
    FILE *times;   /* gets every line behind its seconds and instructions; null: nobody asks */
    bool terminal; /* one status line in place of all lines */
    bool dirty;    /* there is something on the status line */
    struct script_walk walk;
    uint64_t start;     /* of the script in the image */
    uint64_t end;       /* where its last command ends; 0: the script is not known */
    unsigned commands;  /* in the script, as the host reads it */
    char *next;         /* the command that is expected next */
    size_t next_length; /* 0: none */
    uint64_t next_at;   /* where it stands, in the image */
    unsigned number;    /* of the command that runs, from 1 on; 0: none yet */
    uint64_t at;        /* where it stands in the script, in bytes */
    struct buffer now;  /* its line, with a NUL */
    struct buffer held; /* a line with an ERROR, which may be the last one */
    double started;     /* seconds of the monotonic clock */
};

/*
 * Shows the run of `request` on `to` (a status line if that is a terminal that can move its cursor
 * and not `plain`) and writes all lines to `log` and, with the time, to `times`;
 * any may be null. Sets the request's callbacks.
 */
void progress_open(struct progress *g, struct run_request *request, FILE *to, FILE *log,
                   FILE *times, bool plain);

/*
 * Removes the status line. The ERROR line that a build ends with is not shown, as it is told in
 * another way, if `told`; g->now and the numbers stay until progress_free.
 */
void progress_close(struct progress *g, bool told);
void progress_free(struct progress *g);

#endif
