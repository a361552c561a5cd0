/* The disk, and how far the shell has read. */
#ifndef REFMODEL_BUILDER_DISK_H
#define REFMODEL_BUILDER_DISK_H

#include "refmodel/seedbed.h"

struct disk {
    uint8_t *bytes;
    size_t size;
    size_t at;
};

/* A disk with a script of n bytes on it. False: no host memory. */
bool disk_init(struct seedbed *s, const uint8_t *script, size_t n);

/* The next byte of the script; behind the end of the disk it is NUL for ever. */
uint8_t disk_next(struct seedbed *s);

/* Takes the last byte back, which was a NUL. */
void disk_back(struct seedbed *s);

/* The next n bytes, or null when the disk ends before (and the build has ended). */
const uint8_t *disk_take(struct seedbed *s, uint32_t n);

/* Writes /dev/hda to the disk. False: there is none, or no memory; the build has ended. */
bool disk_flush(struct seedbed *s);

#endif
