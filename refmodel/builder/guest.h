/* Arguments of system calls that lie in guest memory. */
#ifndef REFMODEL_BUILDER_GUEST_H
#define REFMODEL_BUILDER_GUEST_H

#include "refmodel/builder/path.h"
#include "refmodel/seedbed.h"
#include "refmodel/strace/text.h"

/* The path at an address, resolved. 0, or an error number. */
uint32_t guest_path(struct seedbed *s, uint32_t address, struct path *p);

/* Appends the strings of a vector of pointers and counts them in *count. 0 or an error number. */
uint32_t guest_strings(struct seedbed *s, uint32_t vector, struct text *to, uint32_t *count);

#endif
