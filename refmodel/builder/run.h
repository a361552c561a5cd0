/* The loop in which programs run. */
#ifndef REFMODEL_BUILDER_RUN_H
#define REFMODEL_BUILDER_RUN_H

#include "refmodel/seedbed.h"

/* Runs programs until there is none or the build has ended. */
void run_programs(struct seedbed *s);

#endif
