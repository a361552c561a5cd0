/* The reference model as an engine. */
#ifndef IMAGES_ENGINE_MODEL_H
#define IMAGES_ENGINE_MODEL_H

#include "images/machine/engine.h"

/* As struct engine's run. Needs request->script. Machine, disk, console and samples mean nothing
   to it; a signal to stop ends the program while it runs. */
int engine_model_run(const struct run_request *request, struct run_result *result,
                     struct problem *p);

#endif
