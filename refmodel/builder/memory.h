/*
 * Guest memory: a 32-bit address space of 4 KiB pages that exist once they are touched. The
 * tables `rd` and `wr` hold what can be read or written without further thought; everything else
 * (first touch, pages to be saved or that hold decoded code, the kernel's tables, the end of RAM)
 * goes through the functions of memory.c.
 */
#ifndef REFMODEL_BUILDER_MEMORY_H
#define REFMODEL_BUILDER_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "refmodel/builder/pool.h"
#include "refmodel/cpu/bytes.h"

/* One page of bytes. */
struct frame {
    struct frame *next; /* in the list of spare frames */
    uint8_t bytes[PAGE_SIZE];
};

/* A range of pages whose bytes somebody else makes when they are first touched. */
struct memory_view {
    uint32_t first; /* page numbers */
    uint32_t last;
    void (*fill)(void *owner, uint32_t address, uint8_t *page);
    void *owner;
};

/* Told when bytes from which code was decoded change. */
struct memory_watch {
    void (*written)(void *owner, uint32_t address, uint32_t n);
    void *owner;
};

enum { MEMORY_VIEWS = 2 };

/* What is known of a page. */
enum {
    PAGE_CODE = 1,      /* decoded code lies in it */
    PAGE_READ_ONLY = 2, /* before it is written to, pool_save is asked */
    PAGE_DIRTY = 4      /* it was written to since memory_fresh made it zero */
};

struct memory {
    uint8_t **rd;
    uint8_t **wr;
    struct frame **frame;
    uint8_t *state; /* one byte a page, of the bits above */
    uint32_t end;   /* the first address past RAM */
    uint32_t *used; /* pages that have a frame, but for those of programs */
    size_t used_count;
    size_t used_room;
    uint32_t highest; /* page of programs that has had a frame */
    struct frame *spare;
    struct pool pool;
    struct memory_view view[MEMORY_VIEWS];
    struct memory_watch watch;
    bool exhausted; /* the host has no memory left */
    bool unpaged;   /* a program takes the machine over */
    uint8_t zeros[PAGE_SIZE];
};

/* Makes an empty memory that ends at `end`, a multiple of the page size. False: no host memory. */
bool memory_init(struct memory *m, uint32_t end);
void memory_free(struct memory *m);

/* Paging is on again: page 0 and the guard page are not there, and the next write to the megabyte
 * at 1 MiB turns it off. */
void memory_guard(struct memory *m);

/* How many of n bytes at `address` lie in RAM before the first page that is not there. */
uint32_t memory_reach(const struct memory *m, uint32_t address, uint32_t n);

/* Whether [address, address + n) lies in RAM, of which page 0 and the guard page below the stack
 * are a part without paging alone. */
static inline bool memory_has(const struct memory *m, uint32_t address, uint32_t n) {
    return memory_reach(m, address, n) == n && (n || address <= m->end);
}

/*
 * The bytes of a page, to be read; `address` lies in RAM. Never null. Bytes that nobody wrote are
 * zero.
 */
const uint8_t *memory_read_page(struct memory *m, uint32_t address);

/*
 * The bytes of a page, to be written. It is saved first if an ancestor needs it. Null when the host
 * has no memory left (and `exhausted` is set).
 */
uint8_t *memory_write_page(struct memory *m, uint32_t address);

/* Copies n bytes; the range lies in RAM. Code decoded from changed bytes is forgotten. */
void memory_get(struct memory *m, uint32_t address, void *to, uint32_t n);
void memory_put(struct memory *m, uint32_t address, const void *from, uint32_t n);
void memory_zero(struct memory *m, uint32_t address, uint32_t n);

/* The longest prefix of n bytes at `address` that lies in one page; 0 where memory_has says no. */
uint32_t memory_span(const struct memory *m, uint32_t address, uint32_t n);

/* Marks a page as holding decoded code, so that writes to it are watched, or takes that back. */
void memory_set_code(struct memory *m, uint32_t address, bool on);

/* Forgets the frames of the pages in [first, last): they read as zero, or as their view says. */
void memory_drop(struct memory *m, uint32_t first, uint32_t last);

/* The same for all pages in [first, last), those of programs too. */
void memory_clear(struct memory *m, uint32_t first, uint32_t last);

/* Makes the pages from that of `first` to that of `last` zero that were written to since they were
 * last made so. */
void memory_fresh(struct memory *m, uint32_t first, uint32_t last);

/* A write to a byte that changes nothing else. */
void memory_touch(struct memory *m, uint32_t address);

/* Makes the pages with the numbers from `first` to `last` read-only, or writable. */
void memory_protect(struct memory *m, uint32_t first, uint32_t last);
void memory_allow(struct memory *m, uint32_t first, uint32_t last);

/* Gives a page the frame, or zeros, that it had before. */
void memory_put_back(struct memory *m, uint32_t page, struct frame *frame);

/* Nobody needs the frame. */
void memory_release(struct memory *m, struct frame *f);

#endif
