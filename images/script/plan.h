/*
 * A build file turned into the script that the builder's shell reads. Everything is checked while
 * the plan is made; the files themselves are read when the script is written.
 *
 * A build file holds shell lines (CONTRACT.md section 2), which are kept as they are together
 * with the bytes that follow a `src`, and lines of its own, whose words blanks separate. A word
 * that begins with a double quote goes on to the next one; \" and \\ stand for these two in it.
 *
 *   @file TARGET SOURCE...  the sources, joined, as the file TARGET
 *   @tree TARGET DIR        all that is in DIR, in the order of the bytes of the names
 *   @dir TARGET             a directory
 */
#ifndef IMAGES_SCRIPT_PLAN_H
#define IMAGES_SCRIPT_PLAN_H

#include "images/lib/util.h"
#include "images/script/targets.h"

/* A piece of the script: text of the plan, or a host file. */
struct plan_part {
    char *source;  /* the host file; null: text */
    size_t text;   /* where in plan.text */
    uint64_t size; /* bytes */
    unsigned line; /* of the build file */
};

struct plan {
    char *build;  /* name of the build file, for messages */
    char *folder; /* that host paths are relative to, with its final slash, or empty */
    struct buffer text;
    struct plan_part *parts;
    size_t count;
    size_t cap;
    uint64_t size; /* of the script, in bytes */
    struct targets targets;
    bool unknown; /* programs have run, or `f`: what files there are is no longer known */
};

/* Reads the build file (`-` is stdin) and makes the plan. Returns 0, or -1 with *p filled; the
   caller frees the plan in both cases. */
int plan_load(struct plan *plan, const char *build, struct problem *p);

/* Writes the script to fd; `name` is for messages. */
int plan_write(const struct plan *plan, int fd, const char *name, struct problem *p);

void plan_free(struct plan *plan);

/* The line of the build file that the byte at `offset` of the script comes from. */
unsigned plan_line_at(const struct plan *plan, uint64_t offset);

/* Returns -1 with *p filled where what is to be written is one of the sources, or the build file.
 */
int plan_spares(const struct plan *plan, const char *out, struct problem *p);

#endif
