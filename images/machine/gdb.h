/*
 * The PC under gdb: the other side of its `target remote`, on a port of this machine (GDB manual,
 * appendix E). Addresses are linear; EIP, too, is shown with the base of CS.
 */
#ifndef IMAGES_MACHINE_GDB_H
#define IMAGES_MACHINE_GDB_H

#include "images/lib/util.h"
#include "refmodel/pc/pc.h"

/*
 * Waits for gdb at the port, and runs the machine as it says, until the machine ends (*end), gdb
 * goes away (the machine runs on: *end is PC_RUNNING), or gdb kills it (*killed). `idle` is called
 * about ten times a second while the machine runs; it says whether to give up. Returns 0, or -1
 * with *p filled.
 */
int gdb_run(struct pc *pc, uint64_t port, bool (*idle)(void *arg), void *arg, enum pc_end *end,
            bool *killed, struct problem *p);

#endif
