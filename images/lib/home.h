/*
 * What the program finds of the project: its sources, and build/ for what is kept. A program in the
 * build folder of a checkout takes them from there; one that was copied or installed elsewhere
 * carries the texts that it needs inside.
 */
#ifndef IMAGES_LIB_HOME_H
#define IMAGES_LIB_HOME_H

#include "images/lib/util.h"

/*
 * A new string: the path of `name` in the project's folder, which is the folder above that of
 * the program that runs (build/seedbed). The environment variable SEEDBED_HOME names another.
 */
char *home_path(const char *name);

/* Reads the project's file `name`, or the text of that name that the program carries. */
int home_read(const char *name, struct buffer *out, struct problem *p);

/* Reads and compiles the project's hex0 file `name` (strictly), appending the bytes to *out. */
int home_compile(const char *name, struct buffer *out, struct problem *p);

/* Whether hex0 text ends with half a byte; *line and *column are those of the digit. */
bool home_odd_digit(const struct buffer *text, size_t *line, size_t *column);

/* A folder for what is worth keeping from run to run (allocated): build/ of the project, else one
   in the user's cache. It may not be there. */
char *home_cache(void);

#endif
