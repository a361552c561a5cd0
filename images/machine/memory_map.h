/* Memory maps in files. */
#ifndef IMAGES_MACHINE_MEMORY_MAP_H
#define IMAGES_MACHINE_MEMORY_MAP_H

#include "images/lib/util.h"
#include "refmodel/pc/pc.h"

/*
 * Reads a map: an entry a line, BASE LENGTH TYPE, in bytes, decimal or after 0x hexadecimal; a `#`
 * begins a comment. Returns the number of entries, up to PC_AREAS, or -1 with *p filled.
 */
int memory_map_read(const char *name, struct pc_area map[PC_AREAS], struct problem *p);

#endif
