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

#endif
