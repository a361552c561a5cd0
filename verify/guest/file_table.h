/* The tables of the files, which programs on the builder read by address (CONTRACT.md section 7).
 */
#ifndef VERIFY_GUEST_FILE_TABLE_H
#define VERIFY_GUEST_FILE_TABLE_H

#include "verify/guest/limits.h"
#include "verify/guest/rt.h"

enum { LAST_FILE = FIRST_FILE + LIMIT_NAMES - 1 };

/* The first and the last word are the kernel's own. */
struct descriptor {
    u32 references, address, length, space;
};

static inline const char *name_in_table(u32 n) {
    return (const char *)(NAMES_AT + NAME_BYTES * n);
}

static inline struct descriptor *descriptor_in_table(u32 n) {
    return (struct descriptor *)(DESCRIPTORS_AT + DESCRIPTOR_BYTES * n);
}

/* The number of the file, by its name; 0 if there is none, 1 if there is more than one. */
static inline u32 look_up(const char *name) {
    u32 found = 0;
    for (u32 n = FIRST_FILE; n <= LAST_FILE; n++)
        if (streq(name_in_table(n), name))
            found = found ? 1 : n;
    return found;
}

/* The end of RAM (CONTRACT.md 7.1), from a map of at most 64 entries that do not overlap: behind as
 * many pages as there are. */
static inline u32 end_of_ram(void) {
    enum { LOW_END = 0x00100000, PAGE_MASK = 0xFFF };
    struct region map[64];
    u32 count = (u32)get_file("/e820", map, sizeof map) / sizeof *map, end = LOW_END;
    for (u32 i = 0; i < count; i++) {
        u32 from = (map[i].base + PAGE_MASK) & ~PAGE_MASK;
        u32 to = (map[i].base + map[i].length) & ~PAGE_MASK;
        if (map[i].type == 1 && !map[i].base_high && from >= LOW_END)
            end += to - from;
    }
    return end;
}

#endif
