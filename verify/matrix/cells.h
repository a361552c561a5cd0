/* The machines of the matrix: a cell is one machine and one build on it. */
#ifndef VERIFY_MATRIX_CELLS_H
#define VERIFY_MATRIX_CELLS_H

#include "images/lib/util.h"

/* What makes a cell, each the text of one of the values in cells.c. */
enum axis { MACHINE, DISK, MEM, CPU, BUILD, AXES };

struct cell {
    const char *value[AXES];
};

/* The values of an axis; the last is null. */
const char *const *axis_values(enum axis axis);
const char *axis_name(enum axis axis);

/*
 * Calls `take` for each cell whose values are among those of the filters, which have the form
 * AXIS=VALUE,VALUE... `quick`: only those of a small subset in which each value occurs. Bochs
 * has one disk and one processor. Returns -1 with *p filled if a filter names what is not there.
 */
int cells_each(int filters, char **filter, bool quick, void (*take)(const struct cell *, void *),
               void *arg, struct problem *p);

/* MiB of a value of MEM. */
unsigned cell_mib(const struct cell *cell);

/* Why no BIOS can boot this cell, or null if one should. */
const char *cell_obstacle(const struct cell *cell);

/* The ERROR line that the contract asks for in place of a build (section 7), or null. */
const char *cell_error(const struct cell *cell);

#endif
