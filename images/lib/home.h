/* Where the project is: the sources that images are made of, and build/ for what is kept. */
#ifndef IMAGES_LIB_HOME_H
#define IMAGES_LIB_HOME_H

#include "images/lib/util.h"

/*
 * A new string: the path of `name` in the project's folder, which is the folder above that of
 * the program that runs (build/seedbed). The environment variable SEEDBED_HOME names another.
 */
char *home_path(const char *name);

/* Reads and compiles the project's hex0 file `name` (strictly), appending the bytes to *out. */
int home_compile(const char *name, struct buffer *out, struct problem *p);

#endif
