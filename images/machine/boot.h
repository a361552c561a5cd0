/* The one way to boot a machine. */
#ifndef IMAGES_MACHINE_BOOT_H
#define IMAGES_MACHINE_BOOT_H

#include "images/machine/engine.h"

/*
 * Boots the disk of the request with the engine, watches its console until the run ends, and says
 * in *result how it ended; run_artifact and run_disk read what it left. Returns 0 however the run
 * ended, -1 with *p filled where there could be no run. The caller calls run_result_free in both
 * cases.
 */
int boot(const struct engine *engine, const struct run_request *request, struct run_result *result,
         struct problem *p);

#endif
