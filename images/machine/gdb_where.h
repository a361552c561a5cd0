/* What gdb's own registers do not say. */
#ifndef IMAGES_MACHINE_GDB_WHERE_H
#define IMAGES_MACHINE_GDB_WHERE_H

#include "images/lib/util.h"
#include "refmodel/pc/pc.h"

/* The mode, CS:EIP, segments, tables and control registers, in lines. */
void gdb_where(const struct pc_registers *r, struct buffer *text);

#endif
