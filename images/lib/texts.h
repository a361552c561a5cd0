/* What the program carries inside: the hex0 texts that it needs, and its version. */
#ifndef IMAGES_LIB_TEXTS_H
#define IMAGES_LIB_TEXTS_H

#include <stddef.h>

struct text {
    const char *name; /* in the project's folder; null ends the table */
    const unsigned char *bytes;
    size_t size;
};

/* Both are written by images/install/texts.sh when the program is built. */
extern const struct text texts[];
extern const char version[];

#endif
