/* System calls as strace prints them: `[3] open("/x86/hex1", O_RDONLY) = 4`. */
#ifndef REFMODEL_STRACE_STRACE_H
#define REFMODEL_STRACE_STRACE_H

#include <stdint.h>

#include "refmodel/strace/linux.h"
#include "refmodel/strace/text.h"

struct strace {
    /* The memory of the programs: whether n bytes can be read, and one of them. */
    bool (*has)(void *owner, uint32_t address, uint32_t n);
    uint32_t (*byte)(void *owner, uint32_t address);
    void *owner;
    /* Called with each line, with its newline. */
    void (*emit)(void *user, const char *line, size_t n);
    void *user;
    struct text line; /* being written */
};

/*
 * A call with its five arguments begins, and has its result. What a call is given by a program that
 * is gone afterwards is read at its beginning. `exit` has no end. Calls do not overlap.
 */
void strace_enter(struct strace *s, uint32_t pid, uint32_t number, const uint32_t *arguments);
void strace_leave(struct strace *s, uint32_t number, const uint32_t *arguments, uint32_t result);
void strace_free(struct strace *s);

#endif
