/* Guest memory: frames, views, watched pages. */
#include "refmodel/builder/memory.h"

#include <stdlib.h>
#include <string.h>

#include "refmodel/builder/layout.h"

enum {
    FIRST_PAGE = STACK_AREA >> PAGE_SHIFT, /* of programs */
    GUARD_PAGE = GUARD >> PAGE_SHIFT
};

bool memory_init(struct memory *m, uint32_t end) {
    *m = (struct memory){.end = end};
    m->rd = calloc(PAGES, sizeof *m->rd);
    m->wr = calloc(PAGES, sizeof *m->wr);
    m->frame = calloc(PAGES, sizeof *m->frame);
    m->state = calloc(PAGES, 1);
    pool_init(m);
    return m->rd && m->wr && m->frame && m->state;
}

void memory_release(struct memory *m, struct frame *f) {
    f->next = m->spare;
    m->spare = f;
}

/* Takes the page's frame away from it. */
static void lose_frame(struct memory *m, uint32_t page) {
    if (m->frame[page])
        memory_release(m, m->frame[page]);
    m->frame[page] = NULL;
}

void memory_free(struct memory *m) {
    for (size_t i = 0; i < m->used_count; i++)
        lose_frame(m, m->used[i]);
    for (uint32_t page = FIRST_PAGE; page <= m->highest; page++)
        lose_frame(m, page);
    pool_free(m);
    while (m->spare) {
        struct frame *f = m->spare;
        m->spare = f->next;
        free(f);
    }
    free(m->rd);
    free(m->wr);
    free(m->frame);
    free(m->state);
    free(m->used);
}

/* A frame of any content. */
static struct frame *new_frame(struct memory *m) {
    struct frame *f = m->spare;
    if (f)
        m->spare = f->next;
    else
        f = malloc(sizeof *f);
    if (!f)
        m->exhausted = true;
    return f;
}

/* A page of programs that no view has been laid over. */
static bool is_of_programs(const struct memory *m, uint32_t page) {
    return page >= FIRST_PAGE && page < m->pool.ceiling >> PAGE_SHIFT;
}

static bool note_used(struct memory *m, uint32_t page) {
    if (is_of_programs(m, page)) {
        if (m->highest < page)
            m->highest = page;
        return true;
    }
    if (m->used_count == m->used_room) {
        size_t room = m->used_room ? m->used_room * 2 : 256;
        uint32_t *used = realloc(m->used, room * sizeof *used);
        if (!used) {
            m->exhausted = true;
            return false;
        }
        m->used = used;
        m->used_room = room;
    }
    m->used[m->used_count++] = page;
    return true;
}

/* The megabyte at 0x00100000, which only a program writes to that takes the machine over. */
static bool begins_take_over(uint32_t page) {
    return page >> 8 == 1;
}

/* Lets the fast tables say what the page's frame allows. */
static void publish(struct memory *m, uint32_t page) {
    struct frame *f = m->frame[page];
    uint8_t state = m->state[page];
    bool clean = is_of_programs(m, page) && !(state & PAGE_DIRTY);
    bool guarded = begins_take_over(page) || clean || state & PAGE_READ_ONLY;
    bool open = f && !(state & PAGE_CODE) && (m->unpaged || !guarded);
    m->rd[page] = f ? f->bytes : NULL;
    m->wr[page] = open ? f->bytes : NULL;
}

static const struct memory_view *view_of(const struct memory *m, uint32_t page) {
    for (int i = 0; i < MEMORY_VIEWS; i++)
        if (page >= m->view[i].first && page < m->view[i].last)
            return &m->view[i];
    return NULL;
}

/* Gives the page a frame of its own with what it would have read as. */
static struct frame *materialise(struct memory *m, uint32_t page) {
    const struct memory_view *view = view_of(m, page);
    struct frame *f = new_frame(m);
    if (!f)
        return NULL;
    if (!note_used(m, page)) {
        memory_release(m, f);
        return NULL;
    }
    memset(f->bytes, 0, PAGE_SIZE);
    if (view)
        view->fill(view->owner, page << PAGE_SHIFT, f->bytes);
    m->frame[page] = f;
    publish(m, page);
    return f;
}

const uint8_t *memory_read_page(struct memory *m, uint32_t address) {
    uint32_t page = address >> PAGE_SHIFT;
    if (m->frame[page])
        return m->frame[page]->bytes;
    if (!view_of(m, page)) {
        m->rd[page] = m->zeros;
        return m->zeros;
    }
    struct frame *f = materialise(m, page);
    return f ? f->bytes : m->zeros;
}

/* A page of programs is about to be written to. `whole`: all of it, so that it needs no copy. */
static void before_write(struct memory *m, uint32_t page, bool whole) {
    struct frame *f = m->frame[page];
    uint8_t *state = &m->state[page];
    if (*state & PAGE_READ_ONLY && pool_save(m, page)) {
        m->frame[page] = NULL;
        if (f && !whole && (m->frame[page] = new_frame(m)))
            memcpy(m->frame[page]->bytes, f->bytes, PAGE_SIZE);
    }
    *state = (uint8_t)((*state & ~PAGE_READ_ONLY) | PAGE_DIRTY);
}

uint8_t *memory_write_page(struct memory *m, uint32_t address) {
    uint32_t page = address >> PAGE_SHIFT;
    if (begins_take_over(page))
        m->unpaged = true;
    if (!m->unpaged && is_of_programs(m, page))
        before_write(m, page, false);
    struct frame *f = m->frame[page];
    if (!f) {
        f = materialise(m, page);
        return f ? f->bytes : NULL;
    }
    publish(m, page);
    return f->bytes;
}

uint32_t memory_reach(const struct memory *m, uint32_t address, uint32_t n) {
    uint32_t end = m->end;
    if (!m->unpaged && address < PAGE_SIZE)
        return 0;
    if (!m->unpaged && address < GUARD + PAGE_SIZE && end > GUARD)
        end = GUARD;
    return address >= end ? 0 : n < end - address ? n : end - address;
}

uint32_t memory_span(const struct memory *m, uint32_t address, uint32_t n) {
    uint32_t room = PAGE_SIZE - (address & PAGE_MASK);
    return memory_reach(m, address, n < room ? n : room);
}

void memory_get(struct memory *m, uint32_t address, void *to, uint32_t n) {
    uint8_t *out = to;
    while (n) {
        uint32_t k = memory_span(m, address, n);
        memcpy(out, memory_read_page(m, address) + (address & PAGE_MASK), k);
        out += k;
        address += k;
        n -= k;
    }
}

/* Copies, or writes zeros where `from` is null. */
static void put_or_zero(struct memory *m, uint32_t address, const uint8_t *from, uint32_t n) {
    while (n) {
        uint32_t k = memory_span(m, address, n);
        uint8_t *page = memory_write_page(m, address);
        if (!page)
            return;
        if (m->state[address >> PAGE_SHIFT] & PAGE_CODE)
            m->watch.written(m->watch.owner, address, k);
        if (from) {
            memcpy(page + (address & PAGE_MASK), from, k);
            from += k;
        } else {
            memset(page + (address & PAGE_MASK), 0, k);
        }
        address += k;
        n -= k;
    }
}

void memory_put(struct memory *m, uint32_t address, const void *from, uint32_t n) {
    put_or_zero(m, address, from, n);
}

void memory_zero(struct memory *m, uint32_t address, uint32_t n) {
    put_or_zero(m, address, NULL, n);
}

void memory_touch(struct memory *m, uint32_t address) {
    if (memory_has(m, address, 1))
        memory_write_page(m, address);
}

void memory_set_code(struct memory *m, uint32_t address, bool on) {
    uint8_t *state = &m->state[address >> PAGE_SHIFT];
    *state = (uint8_t)(on ? *state | PAGE_CODE : *state & ~PAGE_CODE);
    publish(m, address >> PAGE_SHIFT);
}

/* All bytes of the page are others from here on. */
static void changed(struct memory *m, uint32_t page) {
    if (m->state[page] & PAGE_CODE)
        m->watch.written(m->watch.owner, page << PAGE_SHIFT, PAGE_SIZE);
    publish(m, page);
}

void memory_drop(struct memory *m, uint32_t first, uint32_t last) {
    uint32_t from = first >> PAGE_SHIFT;
    uint32_t to = (uint32_t)(((uint64_t)last + PAGE_MASK) >> PAGE_SHIFT);
    size_t kept = 0;
    for (size_t i = 0; i < m->used_count; i++) {
        uint32_t page = m->used[i];
        if (page >= from && page < to) {
            lose_frame(m, page);
            changed(m, page);
        } else {
            m->used[kept++] = page;
        }
    }
    m->used_count = kept;
}

void memory_clear(struct memory *m, uint32_t first, uint32_t last) {
    for (uint32_t page = first >> PAGE_SHIFT; page < last >> PAGE_SHIFT; page++) {
        if (!m->frame[page])
            continue;
        lose_frame(m, page);
        changed(m, page);
    }
}

void memory_fresh(struct memory *m, uint32_t first, uint32_t last) {
    for (uint32_t page = first >> PAGE_SHIFT; page <= last >> PAGE_SHIFT; page++) {
        if (!(m->state[page] & PAGE_DIRTY))
            continue;
        if (!m->unpaged)
            before_write(m, page, true);
        m->state[page] &= (uint8_t)~PAGE_DIRTY;
        lose_frame(m, page);
        changed(m, page);
    }
}

void memory_protect(struct memory *m, uint32_t first, uint32_t last) {
    for (uint32_t page = first; page <= last; page++) {
        m->state[page] |= PAGE_READ_ONLY;
        m->wr[page] = NULL;
    }
}

void memory_allow(struct memory *m, uint32_t first, uint32_t last) {
    for (uint32_t page = first; page <= last; page++)
        m->state[page] &= (uint8_t)~PAGE_READ_ONLY;
}

void memory_put_back(struct memory *m, uint32_t page, struct frame *frame) {
    lose_frame(m, page);
    m->frame[page] = frame;
    m->state[page] |= PAGE_DIRTY;
    changed(m, page);
}

void memory_guard(struct memory *m) {
    if (m->unpaged)
        for (uint32_t page = FIRST_PAGE; page <= m->highest; page++)
            m->wr[page] = NULL;
    m->unpaged = false;
    memory_drop(m, 0, PAGE_SIZE);
    m->rd[0] = NULL;
    m->rd[GUARD_PAGE] = m->wr[GUARD_PAGE] = NULL;
    for (uint32_t page = 0x100; begins_take_over(page); page++)
        publish(m, page);
}
