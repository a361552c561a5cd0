/*
 * The pool: memory from PROGRAM_AREA to the end of RAM. The break of the program grows up in it,
 * and down from the ceiling the log of saved pages; contents that have outgrown their first zone
 * are above the ceiling (CONTRACT.md 7.2).
 *
 * A fork copies nothing. It marks its place in the log and makes the pages of the process
 * read-only; a page that is then written to is put into the log first. The exit of a child puts the
 * pages back that were put there since the mark.
 *
 *      PROGRAM_AREA   break   top              saved       ceiling      end
 *           | image, heap |     |  nobody's      |  the log   | contents |
 */
#ifndef REFMODEL_BUILDER_POOL_H
#define REFMODEL_BUILDER_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct frame;
struct memory;

enum { PROCESS_PAGE = 3, RECORD_BYTES = 4100 /* address, page */ };

/* A page as it was; or, with the number PROCESS_PAGE and no frame, the mark of a fork. */
struct record {
    uint32_t page;
    struct frame *frame; /* null: it was zero */
};

struct pool {
    uint32_t end;
    uint32_t ceiling;
    uint32_t saved; /* address of the newest record */
    uint32_t top; /* last byte of the page of the highest break, of the process and its ancestors */
    uint32_t depth; /* forks that the process comes from */
    struct record *log;
    size_t count;
    size_t room;
    bool full; /* there was no room for a record */
    /* Pages of STACK_AREA up to page `guarded` are read-only, but for those written to since. */
    uint32_t guarded;
    uint32_t *opened;
    size_t opened_count;
    size_t opened_room;
};

void pool_init(struct memory *m);
void pool_free(struct memory *m);

/* The shell is about to start a program. Without room for a record no program has room either. */
void pool_start(struct memory *m);

/* A fork: what the process has is the parent's from now on. False: no room for a record, and
 * nothing has changed. */
bool pool_fork(struct memory *m);

/* The process ends: all is as it was at its fork, or in the shell. `top` is what it was then. */
void pool_exit(struct memory *m, uint32_t top);

/* Whether the page that ends with this byte may be the last of the program; then it is. */
bool pool_has_break(const struct memory *m, uint32_t last);
void pool_set_break(struct memory *m, uint32_t last);

/* A read-only page is about to be written to, and becomes writable; its frame, which may be null,
 * is put into the log if an ancestor needs it. True: it was. */
bool pool_save(struct memory *m, uint32_t page);

/* Gives `total` bytes of contents a zone at the top. False: there is no room, nothing changes. */
bool pool_enlarge(struct memory *m, uint64_t total);

#endif
