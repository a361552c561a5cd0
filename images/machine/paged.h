/*
 * Memory of a machine as the builder sees it: the page table entries of CONTRACT.md section 7.4
 * lead from linear addresses to physical ones. For readers outside the machine, which have physical
 * memory alone: contents of files move by their entries.
 */
#ifndef IMAGES_MACHINE_PAGED_H
#define IMAGES_MACHINE_PAGED_H

#include "images/lib/util.h"

/* Physical memory: copies n bytes; returns 0, or -1 with *p filled. */
struct physical_memory {
    int (*read)(void *arg, uint32_t address, uint8_t *to, size_t n, struct problem *p);
    void *arg;
};

/* Zeros but for `memory` to begin with. */
struct paged {
    const struct physical_memory *memory;
    uint8_t *entries; /* of `count` pages from `first` on */
    uint32_t first, count;
};

/* Fetches the entries of the pages that n bytes at a linear address lie in, in one read. Returns 0,
   or -1 with *p filled; so does the next one. */
int paged_fetch(struct paged *m, uint32_t address, size_t n, struct problem *p);

/* Copies n bytes from a linear address. A page that is not there, or of which the entry has not
   been fetched, counts as where its address says. */
int paged_read(const struct paged *m, uint32_t address, uint8_t *to, size_t n, struct problem *p);

void paged_free(struct paged *m);

#endif
