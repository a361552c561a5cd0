/* The option ROM that makes port 0xE9 the console of an emulated PC. */
#ifndef IMAGES_MACHINE_ROM_H
#define IMAGES_MACHINE_ROM_H

#include "images/lib/util.h"

/*
 * An unlinked file that holds the ROM: images/machine/console.hex0, padded to 512 bytes, with its
 * checksum. Returns its descriptor, or -1 with *p filled.
 */
int rom_file(struct problem *p);

#endif
