/*
 * Checkpoints of a run of the PC. FILE holds the machine and its console, written aside and
 * renamed; beside it FILE.undo holds what stood in the sectors that were written since, so that the
 * disk can go back to where the machine was. Both are gone when the machine has come to its end.
 */
#ifndef IMAGES_MACHINE_CHECKPOINT_H
#define IMAGES_MACHINE_CHECKPOINT_H

#include "images/machine/console.h"
#include "refmodel/pc/pc.h"

struct checkpoint {
    const char *file; /* null: there are none, and the rest is not used */
    double every;     /* seconds */
    double next;      /* when the next one is due */
    char *undo_name;
    int undo; /* descriptor */
    int disk;
    uint64_t id; /* of the last checkpoint; the undo's records bear it */
};

/* Gets ready; where request->resume is there, machine, console and disk become what they were then.
   Returns 0, or -1 with *p filled; checkpoint_close is called in both cases. */
int checkpoint_open(struct checkpoint *c, const struct run_request *request, struct pc *pc,
                    struct console *console, int disk, struct problem *p);

/* Before n sectors are written: keeps what is there. */
bool checkpoint_keep(struct checkpoint *c, uint64_t lba, uint32_t n);

/* Saves the machine, if it is time, or in any case. */
int checkpoint_save(struct checkpoint *c, struct pc *pc, const struct console *console, bool now,
                    struct problem *p);

/* `over`: the machine has ended, and nothing is left to go on with. */
void checkpoint_close(struct checkpoint *c, bool over);

#endif
