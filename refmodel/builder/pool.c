/* The pool of memory, and the log of saved pages. */
#include "refmodel/builder/pool.h"

#include <stdlib.h>
#include <string.h>

#include "refmodel/builder/layout.h"
#include "refmodel/builder/memory.h"

void pool_init(struct memory *m) {
    struct pool *p = &m->pool;
    p->end = m->end > PROGRAM_AREA ? m->end : PROGRAM_AREA;
    p->ceiling = p->saved = p->end;
    p->top = PROGRAM_AREA;
    p->guarded = (STACK_AREA >> PAGE_SHIFT) - 1;
}

void pool_free(struct memory *m) {
    struct pool *p = &m->pool;
    while (p->count)
        if (p->log[--p->count].frame)
            memory_release(m, p->log[p->count].frame);
    free(p->log);
    free(p->opened);
}

static bool has_room(const struct pool *p) {
    return p->saved > p->top && p->saved - p->top > RECORD_BYTES;
}

static void push(struct memory *m, uint32_t page, struct frame *frame) {
    struct pool *p = &m->pool;
    if (p->count == p->room) {
        size_t room = p->room ? p->room * 2 : 64;
        struct record *log = realloc(p->log, room * sizeof *log);
        if (!log) {
            m->exhausted = true;
            if (frame)
                memory_release(m, frame);
            return;
        }
        p->log = log;
        p->room = room;
    }
    p->log[p->count++] = (struct record){page, frame};
    p->saved -= RECORD_BYTES;
}

static bool mark(struct memory *m) {
    if (!has_room(&m->pool))
        return false;
    push(m, PROCESS_PAGE, NULL);
    return true;
}

/* What the process has so far, and nothing else, is read-only: its ancestors may need it. */
static void protect(struct memory *m) {
    struct pool *p = &m->pool;
    uint32_t last = p->top >> PAGE_SHIFT;
    while (p->opened_count) {
        uint32_t page = p->opened[--p->opened_count];
        if (page <= last)
            memory_protect(m, page, page);
    }
    if (p->guarded < last)
        memory_protect(m, p->guarded + 1, last);
    else
        memory_allow(m, last + 1, p->guarded);
    p->guarded = last;
}

/* Remembers that a page is no longer read-only. */
static void open_page(struct memory *m, uint32_t page) {
    struct pool *p = &m->pool;
    if (p->opened_count == p->opened_room) {
        size_t room = p->opened_room ? p->opened_room * 2 : 64;
        uint32_t *opened = realloc(p->opened, room * sizeof *opened);
        if (!opened) {
            m->exhausted = true;
            return;
        }
        p->opened = opened;
        p->opened_room = room;
    }
    p->opened[p->opened_count++] = page;
}

void pool_start(struct memory *m) {
    mark(m);
}

bool pool_fork(struct memory *m) {
    if (!mark(m))
        return false;
    m->pool.depth++;
    protect(m);
    return true;
}

void pool_exit(struct memory *m, uint32_t top) {
    struct pool *p = &m->pool;
    while (p->count) {
        struct record r = p->log[--p->count];
        p->saved += RECORD_BYTES;
        if (r.page == PROCESS_PAGE)
            break;
        memory_put_back(m, r.page, r.frame);
    }
    p->top = top;
    p->depth -= p->depth > 0;
    protect(m);
}

bool pool_has_break(const struct memory *m, uint32_t last) {
    return last < m->pool.saved;
}

void pool_set_break(struct memory *m, uint32_t last) {
    if (m->pool.top < last)
        m->pool.top = last;
}

bool pool_save(struct memory *m, uint32_t page) {
    struct pool *p = &m->pool;
    open_page(m, page);
    if (!p->depth)
        return false;
    if (!has_room(p)) {
        p->full = true;
        return false;
    }
    push(m, page, m->frame[page]);
    return true;
}

bool pool_enlarge(struct memory *m, uint64_t total) {
    struct pool *p = &m->pool;
    uint64_t zone = p->end - p->ceiling, most = p->saved - p->top;
    if (total - zone > most)
        return false;
    uint32_t more = (uint32_t)((total - zone + most) / 2) & ~(uint32_t)PAGE_MASK;
    p->ceiling -= more;
    p->saved -= more;
    return true;
}
