/* The rebuild chain: each program of the kernel, built in every way there is, and compared. */
#ifndef IMAGES_REBUILD_H
#define IMAGES_REBUILD_H

#include "images/machine/engine.h"

enum rebuild_program { MINI, STAGE1, FULL, PROGRAMS };

/* A program and what the ways to build it gave. */
struct rebuild_artifact {
    const char *name;       /* its file in build/ */
    const char *sources[2]; /* hex0 files of the project, joined; the second may be null */
    struct buffer text;     /* of both */
    struct buffer bytes;    /* what the first way gave */
    unsigned ways;
    char *difference; /* the first one found, one line; null: all ways agree */
};

struct rebuild {
    const struct engine *engine; /* the model runs the scripts alone: it has no boot sectors */
    FILE *to;                    /* takes a line for each step */
    struct rebuild_artifact artifacts[PROGRAMS];
    unsigned step;
};

/*
 * Runs the whole chain; `seeds` is a folder with the three binaries as made by cut and xxd.
 * Returns 0, or -1 with *p filled where a step could not be done at all. A difference is no such
 * problem: it is in the artifacts. The caller calls rebuild_free in both cases.
 */
int rebuild_run(struct rebuild *r, const char *seeds, struct problem *p);

/* Adds one way: `made` as built by `how`. */
void rebuild_compare(struct rebuild_artifact *a, const char *how, const struct buffer *made);

void rebuild_free(struct rebuild *r);

#endif
