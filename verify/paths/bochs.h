/* A disk image in Bochs, which has a BIOS of its own and a processor that shares no code with QEMU.
 */
#ifndef SEEDBED_PATHS_BOCHS_H
#define SEEDBED_PATHS_BOCHS_H

#include "images/engine.h"

/*
 * Boots request->image in Bochs; only `image`, `mem_mib` and `timeout` of the request count. The
 * image must be whole cylinders of 16 * 63 sectors. RUN_RESET: the machine was reset after it had
 * booted; RUN_HALTED: Bochs has ended. `folder` is for its files. Returns -1 with *p filled if it
 * does not start; the caller frees result->log.
 */
int bochs_boot(const char *folder, const struct run_request *request, struct run_result *result,
               struct problem *p);

/* Appends zeros up to whole cylinders, at least one sector of them. */
void bochs_pad(struct buffer *image);

#endif
