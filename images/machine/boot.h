/* Boots an image made of bytes in memory. */
#ifndef IMAGES_BOOT_H
#define IMAGES_BOOT_H

#include "images/machine/engine.h"

/*
 * Makes a disk of `size` bytes (0: the usual size) that begins with `head`, in whole sectors, and
 * goes on with `script`, and runs the engine on it with what `request` says of the machine. *disk
 * becomes a descriptor of the disk as the machine left it, which has no name; the caller closes it
 * and frees the result. Returns 0 however the run ended; -1 with *p filled, and nothing to close or
 * free.
 */
int boot_memory(const struct engine *engine, const struct buffer *head, const struct buffer *script,
                uint64_t size, const struct run_request *request, struct run_result *result,
                int *disk, struct problem *p);

/* Appends n bytes of the disk from `offset` on to *out. */
int boot_read(int disk, uint64_t offset, size_t n, struct buffer *out, struct problem *p);

#endif
