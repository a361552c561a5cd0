/*
 * Guest memory: a 32-bit address space of 4 KiB pages that exist once they are touched. The
 * tables `rd` and `wr` hold what can be read or written without further thought; everything else
 * (first touch, shared frames, pages that hold decoded code, the kernel's tables, the end of RAM)
 * goes through the functions of memory.c.
 */
#ifndef REFMODEL_BUILDER_MEMORY_H
#define REFMODEL_BUILDER_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "refmodel/cpu/bytes.h"

/* One page of bytes; several snapshots may share it. */
struct frame {
    uint32_t refs;
    struct frame *next; /* in the list of spare frames */
    uint8_t bytes[PAGE_SIZE];
};

/* Pages of a process that were put aside. */
struct snapshot {
    uint32_t *page;
    struct frame **frame;
    size_t count;
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

struct memory {
    uint8_t **rd;
    uint8_t **wr;
    struct frame **frame;
    uint8_t *has_code; /* one byte a page: decoded code lies in it */
    uint32_t end;      /* the first address past RAM */
    uint32_t *used;    /* pages that have a frame */
    size_t used_count;
    size_t used_room;
    struct frame *spare;
    struct memory_view view[MEMORY_VIEWS];
    struct memory_watch watch;
    bool exhausted; /* the host has no memory left */
    bool unpaged;   /* a program takes the machine over */
    uint8_t zeros[PAGE_SIZE];
};

/* Makes an empty memory that ends at `end`, a multiple of the page size. False: no host memory. */
bool memory_init(struct memory *m, uint32_t end);
void memory_free(struct memory *m);

/* Paging is on again: page 0 is not there, and the next write to the megabyte at 1 MiB turns it
 * off. */
void memory_guard(struct memory *m);

/* Whether [address, address + n) lies in RAM, of which page 0 is a part without paging alone. */
static inline bool memory_has(const struct memory *m, uint32_t address, uint32_t n) {
    return (address >= PAGE_SIZE || m->unpaged) && (n <= m->end && address <= m->end - n);
}

/*
 * The bytes of a page, to be read; `address` lies in RAM. Never null. Bytes that nobody wrote are
 * zero.
 */
const uint8_t *memory_read_page(struct memory *m, uint32_t address);

/*
 * The bytes of a page, to be written. The page is private afterwards. Null when the host has no
 * memory left (and `exhausted` is set).
 */
uint8_t *memory_write_page(struct memory *m, uint32_t address);

/* Copies n bytes; the range lies in RAM. Code decoded from changed bytes is forgotten. */
void memory_get(struct memory *m, uint32_t address, void *to, uint32_t n);
void memory_put(struct memory *m, uint32_t address, const void *from, uint32_t n);
void memory_zero(struct memory *m, uint32_t address, uint32_t n);

/* The longest prefix of n bytes at `address` that lies in one page; 0 past the end and in page 0.
 */
uint32_t memory_span(const struct memory *m, uint32_t address, uint32_t n);

/* Marks a page as holding decoded code, so that writes to it are watched, or takes that back. */
void memory_set_code(struct memory *m, uint32_t address, bool on);

/* Forgets the frames of the pages in [first, last): they read as zero, or as their view says. */
void memory_drop(struct memory *m, uint32_t first, uint32_t last);

/* Makes the whole pages in [first, last) read as zero. Cheap for pages never touched. */
void memory_clear(struct memory *m, uint32_t first, uint32_t last);

/* Keeps the pages in [first, last) as they are; they stay in use, shared. False: no memory. */
bool memory_snapshot(struct memory *m, uint32_t first, uint32_t last, struct snapshot *s);

/* Puts a snapshot of the same range back, and forgets it. */
void memory_restore(struct memory *m, uint32_t first, uint32_t last, struct snapshot *s);
void memory_forget(struct memory *m, struct snapshot *s);

#endif
