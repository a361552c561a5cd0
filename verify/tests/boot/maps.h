/* Memory maps that tests make: entries in the order in which the BIOS tells them, up to the first
 * of type 0. */
#ifndef VERIFY_TESTS_BOOT_MAPS_H
#define VERIFY_TESTS_BOOT_MAPS_H

#include "refmodel/pc/pc.h"
#include "verify/harness/harness.h"

#define KIB(n) ((uint64_t)(n) << 10)
#define MIB(n) ((uint64_t)(n) << 20)
#define GIB(n) ((uint64_t)(n) << 30)
/* What is usable below 1 MiB, up to the hook of faulty_bios. */
#define LOW                                                                                        \
    { 0, KIB(632), 1 }

/* Writes the map as the NASM data that e820/answer.inc includes. */
void map_as_table(struct test *t, const struct pc_area *map);

/* Writes it as a file for the engine pc (images/machine/memory_map.h), and returns its name. */
char *map_as_file(struct test *t, const struct pc_area *map);

#endif
