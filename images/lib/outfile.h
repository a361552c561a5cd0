/*
 * A file that appears whole or not at all, and of which nothing is left if the program is killed:
 * it has no name while it is written, where the file system can do that, and else one beside the
 * path (`.seedbed-PID-N.tmp`). A path that names something other than a plain file (a terminal,
 * /dev/null) and "-" (stdout) are written directly; a symlink is followed, and stays.
 */
#ifndef IMAGES_LIB_OUTFILE_H
#define IMAGES_LIB_OUTFILE_H

#include <sys/types.h>

#include "images/lib/util.h"

struct outfile {
    int fd;      /* for reading and writing, but where it is written directly */
    char *path;  /* that the file gets, links resolved; null: written directly */
    char *aside; /* its name until then; null: none */
};

/*
 * Begins a file. What can be known now is an error now: an empty name, a directory, a folder or an
 * existing file that cannot be written.
 */
int outfile_open(struct outfile *o, const char *path, struct problem *p);

/* Both end the use of *o. */
int outfile_commit(struct outfile *o, struct problem *p);
void outfile_abandon(struct outfile *o);

/* Whether both paths are there and are the same file; "-" is none. */
bool same_file(const char *a, const char *b);

/* Returns -1 with *p filled where what is to be written is the file that is read. */
int outfile_spares(const char *out, const char *in, struct problem *p);

#endif
