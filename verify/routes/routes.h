/* The roads from the hex0 text of the builder to its bytes. */
#ifndef SEEDBED_PATHS_ROADS_H
#define SEEDBED_PATHS_ROADS_H

#include "images/lib/util.h"

enum machine_kind { NO_MACHINE, IN_QEMU, IN_KVM, IN_BOCHS };
enum builder { BY_MINI, BY_KERNEL, BY_STAGE1 };

struct road {
    const char *name;  /* one word, also of its files */
    const char *what;  /* for people */
    const char *tools; /* commands it needs, separated by blanks */
    const char *shell; /* for NO_MACHINE: reads $TEXT or $SCRIPT, writes $OUT */
    enum machine_kind machine;
    enum builder builder; /* for machines */
};

/* All roads; the last has a null name. */
extern const struct road ROADS[];

/* What all roads start from. */
struct ground {
    const char *folder;   /* for the files of the roads */
    struct buffer text;   /* boot.hex0 and kernel.hex0, joined */
    struct buffer kernel; /* kernel.hex0 */
    struct buffer script; /* makes /dev/hda of the text */
    struct buffer mini;   /* the seeds */
    struct buffer stage1;
    struct buffer seedbed;
};

/*
 * Goes a road and puts what comes of it in *made. Returns 0; 1 where it cannot be gone here, with
 * the reason in *p; -1 with *p filled where it failed.
 */
int road_go(const struct road *road, const struct ground *ground, struct buffer *made,
            struct problem *p);

/* The same for machines. */
int road_boot(const struct road *road, const struct ground *ground, struct buffer *made,
              struct problem *p);

#endif
