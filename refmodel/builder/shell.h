/* The shell, which runs the script. */
#ifndef REFMODEL_BUILDER_SHELL_H
#define REFMODEL_BUILDER_SHELL_H

#include "refmodel/seedbed.h"

/* Runs the script to its end. */
void shell_run(struct seedbed *s);

#endif
