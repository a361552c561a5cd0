/* The system calls (CONTRACT.md section 6). */
#ifndef REFMODEL_BUILDER_SYSCALLS_H
#define REFMODEL_BUILDER_SYSCALLS_H

#include "refmodel/seedbed.h"

/* Does the call in the registers. */
void system_call(struct seedbed *s);

#endif
