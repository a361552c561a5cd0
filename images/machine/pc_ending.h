/* How the PC of refmodel/pc was left at its reset, see ending.h. */
#ifndef IMAGES_MACHINE_PC_ENDING_H
#define IMAGES_MACHINE_PC_ENDING_H

#include "images/machine/ending.h"
#include "refmodel/pc/pc.h"

/* As ending_doubt, of a machine that stands at its reset. */
char *pc_ending_doubt(struct pc *pc, const struct ending *e, const struct run_request *request,
                      uint32_t length);

#endif
