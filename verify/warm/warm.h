/*
 * A PC that has booted once, for many scripts: it is remembered just before it first looks at the
 * script, and each run goes on from there. A run then costs what the script does, without boot,
 * without a process, and without files on the host.
 */
#ifndef VERIFY_WARM_WARM_H
#define VERIFY_WARM_WARM_H

#include "images/lib/util.h"
#include "refmodel/pc/pc.h"

struct warm_config {
    const struct buffer *head; /* what stands before the script, in whole sectors */
    const struct buffer *tail; /* what stands at the end of the disk; null: nothing */
    size_t disk;               /* bytes, whole sectors */
    uint64_t memory_mib;
    const struct pc_area *map; /* as pc_config has it; null: none */
    size_t areas;
    const char *bios; /* quirks; null: none */
    bool cold;        /* remember it before its first instruction instead; so is one that does not
                         come to its script */
    /* Counts of what runs at [low, high), as pc_count has them; null: none. */
    uint32_t low, high;
    uint64_t *runs, *taken;
};

struct warm {
    struct pc *pc;
    struct buffer head, tail;
    uint8_t *disk;
    size_t size;
    size_t used;           /* behind that the disk is zeros */
    struct buffer console; /* what the run has printed */
    uint64_t writes;       /* a digest of what it has written to the disk, and where */
    uint64_t reads;        /* of which sectors it has read, and how many at a time */
    bool reached;          /* it has read from the script on */
    bool cold;             /* it is remembered before its first instruction */
};

/* A running digest (FNV-1a of 64 bits), which begins with WARM_DIGEST. */
extern const uint64_t WARM_DIGEST;
uint64_t warm_digest(uint64_t d, const void *bytes, size_t n);

/* Boots. Returns -1 with *p filled where that fails: no memory, no such quirk. The caller calls
 * warm_close in both cases. */
int warm_open(struct warm *w, const struct warm_config *config, struct problem *p);
void warm_close(struct warm *w);

/* Puts machine and disk back, with another script. What the caller changes then, with pc_poke or in
   w->disk below w->used, holds for one run. Returns -1 with *p filled where memory is out or the
   script is too long for the disk. */
int warm_begin(struct warm *w, const uint8_t *script, size_t n, struct problem *p);

/* Runs it to its end, or for about `limit` instructions: then PC_RUNNING is returned. */
enum pc_end warm_run(struct warm *w, uint64_t limit);

/* Puts the machine back at once, so that it keeps no memory which the run has taken. */
bool warm_rest(struct warm *w);

#endif
