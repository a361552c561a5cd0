/* The areas of memory that CONTRACT.md section 7 describes. */
#ifndef REFMODEL_BUILDER_LAYOUT_H
#define REFMODEL_BUILDER_LAYOUT_H

#include "refmodel/seedbed.h"

enum {
    LEAST_MEMORY = 21 << 20, /* where RAM must not end below */
    GUARD = 0x077FF000,      /* a page that is not there */
    STACK_AREA = 0x07800000, /* of programs, up to PROGRAM_AREA */
    PROGRAM_AREA = 0x08000000,
    BREAK_GAP = 128 << 10,
    NAME_TABLE = 0x00200000,
    DESCRIPTOR_TABLE = 0x01000000,
    LOW_FILE_AREA = 0x01038000
};

/* Sets the areas up, and the processor with them. False: no host memory. */
bool layout_init(struct seedbed *s);

/* Makes /e820. */
bool layout_memory_map(struct seedbed *s);

#endif
