/* A disk image in Bochs, which has a BIOS of its own and a processor that shares no code with QEMU.
 */
#ifndef SEEDBED_BOCHS_H
#define SEEDBED_BOCHS_H

#include "images/machine/engine.h"

/*
 * Boots request->image in Bochs; only `image`, `mem_mib`, `timeout` and `on_line` of the request
 * count. The image must be whole cylinders of 16 * 63 sectors. How it can end: see spoken.h.
 * `folder` is for its files. Returns -1 with *p filled if it does not start; the caller frees
 * result->log.
 */
int bochs_boot(const char *folder, const struct run_request *request, struct run_result *result,
               struct problem *p);

/* Appends zeros up to whole cylinders, at least one sector of them. */
void bochs_pad(struct buffer *image);

/* Writes the option ROM (images/machine/console.hex0, 512 bytes) that makes port 0xE9 the console: the
 * console of QEMU's machines, for one that no engine starts. Returns -1 with *p filled. */
int bochs_write_rom(const char *path, struct problem *p);

#endif
