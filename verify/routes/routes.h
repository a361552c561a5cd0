/* The routes from the hex0 text of the builder to its bytes. */
#ifndef VERIFY_ROUTES_H
#define VERIFY_ROUTES_H

#include "images/lib/util.h"

enum builder { BY_MINI, BY_KERNEL, BY_STAGE1 };

struct route {
    const char *name;     /* one word, also of its files */
    const char *what;     /* for people */
    const char *tools;    /* commands it needs, separated by blanks */
    const char *shell;    /* without an engine: reads $TEXT or $SCRIPT, writes $OUT */
    const char *engine;   /* of the machine that takes it; null: none */
    enum builder builder; /* with an engine */
};

/* All routes; the last has a null name. */
extern const struct route ROUTES[];

/* What all routes start from. */
struct ground {
    const char *folder;   /* for the files of the routes */
    struct buffer text;   /* boot.hex0 and kernel.hex0, joined */
    struct buffer kernel; /* kernel.hex0 */
    struct buffer script; /* makes /dev/hda of the text */
    struct buffer mini;   /* the seeds */
    struct buffer stage1;
    struct buffer seedbed;
};

/*
 * Takes a route and puts what comes of it in *made. Returns 0; 1 where it cannot be taken here,
 * with the reason in *p; -1 with *p filled where it failed.
 */
int route_take(const struct route *route, const struct ground *ground, struct buffer *made,
               struct problem *p);

/* The same for machines. */
int route_boot(const struct route *route, const struct ground *ground, struct buffer *made,
               struct problem *p);

#endif
