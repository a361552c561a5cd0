/* Block devices of the host, as /sys and /proc describe them. */
#ifndef IMAGES_LIB_DEVICE_H
#define IMAGES_LIB_DEVICE_H

#include "images/lib/util.h"

struct device {
    bool block;           /* a block device; else a plain file */
    bool whole;           /* a disk, and no partition of one */
    bool removable;       /* by its own account, or on USB */
    uint64_t size;        /* bytes; 0 for a plain file */
    char model[128];      /* vendor and model, or empty */
    struct buffer parts;  /* names of its partitions, a blank before each, with a NUL; or empty */
    struct buffer mounts; /* where it or a partition of it is in use, likewise; empty: nowhere */
};

/* Returns 0, or -1 with *p filled where the path is neither; the caller calls device_free in both
   cases. */
int device_look(struct device *d, const char *path, struct problem *p);
void device_free(struct device *d);

#endif
