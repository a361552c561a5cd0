/*
 * What a machine had in memory when it stood still: the files of the builder, which the tables of
 * CONTRACT.md section 7 lead to. So a build that failed after an hour is not lost.
 */
#ifndef IMAGES_MACHINE_MORTEM_H
#define IMAGES_MACHINE_MORTEM_H

#include "images/machine/paged.h"
#include "images/machine/run.h"

/* Whether the request asks for files. */
bool mortem_wanted(const struct run_request *request);

/* Writes what the request asks for: all files below request->files, and those that request->file
   names as PATH=OUT. Returns 0, or -1 with *p filled. */
int mortem_memory(const struct run_request *request, const struct physical_memory *m,
                  struct problem *p);

/* The same for one file that is at hand: called for each, and then mortem_end. */
struct mortem {
    const struct run_request *request;
    struct mortem_wanted {
        char *path;
        const char *out;
        bool found;
    } * wanted; /* request->file */
    unsigned count;
    struct problem first; /* what went wrong first */
    bool failed;
};
void mortem_begin(struct mortem *m, const struct run_request *request);
void mortem_file(struct mortem *m, const char *name, const uint8_t *bytes, size_t n);
int mortem_end(struct mortem *m, struct problem *p);

#endif
