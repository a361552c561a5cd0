/* Names of addresses, from the maps that boot1's link and nm write. */
#ifndef IMAGES_LIB_MAPS_H
#define IMAGES_LIB_MAPS_H

#include <stddef.h>
#include <stdint.h>

#include "images/lib/util.h"

struct map_symbol {
    uint32_t address;
    char *name;
    uint64_t samples; /* for whoever counts them */
};

/* The map of one program; symbols by address. */
struct map {
    char *program;
    struct map_symbol *symbol;
    size_t count;
};

/* The maps of several programs. All zero: of none. */
struct maps {
    struct map *map;
    size_t count;
};

/*
 * Reads a list `PROGRAM=FILE,...`: PROGRAM is a path in the machine, FILE has lines `ADDRESS LETTER
 * NAME` with a hexadecimal address. Returns 0, or -1 with *p filled.
 */
int maps_load(struct maps *maps, const char *list, struct problem *p);

/* The map of a program, or null. */
struct map *maps_of(const struct maps *maps, const char *program);

/* The last symbol at or below the address, or null. */
struct map_symbol *map_at(const struct map *symbols, uint32_t address);

void maps_free(struct maps *maps);

#endif
