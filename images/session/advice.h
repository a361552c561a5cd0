/* What to do about an ERROR line of the machine. */
#ifndef IMAGES_SESSION_ADVICE_H
#define IMAGES_SESSION_ADVICE_H

#include "images/script/plan.h"

/* What is known of the build when it ends so. */
struct failure {
    const char *error;       /* the line, from "ERROR: " on */
    const char *command;     /* the line of the command that ran, or "" */
    const struct plan *plan; /* null: it was a disk image, made elsewhere */
    uint64_t mem_mib;        /* RAM of the machine; 0: by a map */
    uint64_t disk;           /* its size in bytes; 0: not known */
    bool brk_refused;        /* to the program, before */
};

/* One line (allocated), or null where there is nothing to say. */
char *advice(const struct failure *f);

#endif
