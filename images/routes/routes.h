/*
 * Routes: ways from the hex0 text of a program to its bytes. All that lead to the same program
 * must give the same bytes. One table has them all; `make` takes the first rows, `make routes` all.
 *
 *     text --(sed and printf)--> seed of mini --> mini --> stage1 --> ...
 *          --(a shell command)--------------------------> bytes
 *          --(a program we have, on an engine)----------> bytes
 */
#ifndef IMAGES_ROUTES_ROUTES_H
#define IMAGES_ROUTES_ROUTES_H

#include "images/machine/engine.h"

enum program_id { MINI, STAGE1, FULL, PROGRAMS };

/* A program, and how far the routes to it agree. */
struct program {
    const char *name;       /* its file in build/ */
    const char *sources[2]; /* hex0 files of the project, joined; the second may be null */
    struct buffer text;     /* of both */
    struct buffer seed;     /* what sed and printf have made of it: all must equal that */
    unsigned routes;
    char *difference; /* the first one found, one line; null: all routes agree */
};

/* Who makes the bytes. */
enum maker {
    BY_SEED,   /* sed and printf, before: a file in the folder of the seeds */
    BY_HEX0,   /* the compiler in refmodel/ */
    BY_SHELL,  /* a command of this system */
    BY_MINI,   /* mini on an engine: it overwrites the disk from sector 0 on and resets */
    BY_KERNEL, /* boot sector and kernel on an engine, with a script */
    BY_STAGE1, /* stage1 and the kernel's text on an engine, with a script */
};

struct route {
    const char *name; /* one word, also of its files */
    const char *what; /* for people */
    enum program_id program;
    enum maker maker;
    bool make;          /* `make` takes it */
    const char *tools;  /* commands it needs, with blanks between them; null: none */
    const char *shell;  /* BY_SHELL: reads $SOURCES, $TEXT or $SCRIPT, writes $OUT */
    const char *engine; /* name of the engine; null: the one that was asked for */
    const char *with;   /* the route that has made the maker; null: its seed */
};

/* All routes; the last has a null name. */
extern const struct route ROUTES[];

/* What the routes start from, and what has come of them. */
struct routes {
    const char *seeds;           /* folder of the seeds */
    const char *folder;          /* for the files of BY_SHELL, which run in the project's folder */
    const struct engine *engine; /* of the routes that leave it open */
    struct program programs[PROGRAMS];
    struct buffer *made; /* of each row of the table; empty where it was not taken */
};

/* Reads sources and seeds; r->seeds, folder and engine are set. Returns -1 with *p filled if that
   fails; the caller calls routes_close in both cases. */
int routes_open(struct routes *r, struct problem *p);
void routes_close(struct routes *r);

/*
 * Takes a route: r->made of its row gets the bytes, which are compared with the seed (the
 * difference is in the program). Returns 0; 1 where it cannot be taken here, with the reason in *p;
 * -1 with *p filled where it failed.
 */
int route_take(struct routes *r, const struct route *route, struct problem *p);

/* The bytes that a route that was taken has led to. */
struct buffer *route_made(const struct routes *r, const struct route *route);

/* Counts one route more, which has made `made`. */
void program_compare(struct program *program, const char *how, const struct buffer *made);

#endif
