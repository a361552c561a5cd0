/* Guest memory: frames, sharing, views, watched pages. */
#include "refmodel/builder/memory.h"

#include <stdlib.h>
#include <string.h>

bool memory_init(struct memory *m, uint32_t end) {
    *m = (struct memory){.end = end};
    m->rd = calloc(PAGES, sizeof *m->rd);
    m->wr = calloc(PAGES, sizeof *m->wr);
    m->frame = calloc(PAGES, sizeof *m->frame);
    m->has_code = calloc(PAGES, 1);
    return m->rd && m->wr && m->frame && m->has_code;
}

static void release(struct memory *m, struct frame *f) {
    if (--f->refs)
        return;
    f->next = m->spare;
    m->spare = f;
}

void memory_free(struct memory *m) {
    for (size_t i = 0; i < m->used_count; i++)
        release(m, m->frame[m->used[i]]);
    while (m->spare) {
        struct frame *f = m->spare;
        m->spare = f->next;
        free(f);
    }
    free(m->rd);
    free(m->wr);
    free(m->frame);
    free(m->has_code);
    free(m->used);
}

/* A frame with one reference and any content. */
static struct frame *new_frame(struct memory *m) {
    struct frame *f = m->spare;
    if (f)
        m->spare = f->next;
    else
        f = malloc(sizeof *f);
    if (!f) {
        m->exhausted = true;
        return NULL;
    }
    f->refs = 1;
    return f;
}

static bool note_used(struct memory *m, uint32_t page) {
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
    bool guarded = !m->unpaged && begins_take_over(page);
    m->rd[page] = f ? f->bytes : NULL;
    m->wr[page] = f && f->refs == 1 && !m->has_code[page] && !guarded ? f->bytes : NULL;
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
        release(m, f);
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

uint8_t *memory_write_page(struct memory *m, uint32_t address) {
    uint32_t page = address >> PAGE_SHIFT;
    if (begins_take_over(page))
        m->unpaged = true;
    struct frame *f = m->frame[page];
    if (!f) {
        f = materialise(m, page);
        return f ? f->bytes : NULL;
    }
    if (f->refs > 1) {
        struct frame *own = new_frame(m);
        if (!own)
            return NULL;
        memcpy(own->bytes, f->bytes, PAGE_SIZE);
        release(m, f);
        m->frame[page] = f = own;
    }
    publish(m, page);
    return f->bytes;
}

uint32_t memory_span(const struct memory *m, uint32_t address, uint32_t n) {
    uint32_t room = PAGE_SIZE - (address & PAGE_MASK);
    if (!memory_has(m, address, 1))
        return 0;
    return n < room ? n : room; /* RAM ends with a page */
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
        if (m->has_code[address >> PAGE_SHIFT])
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

void memory_set_code(struct memory *m, uint32_t address, bool on) {
    m->has_code[address >> PAGE_SHIFT] = on;
    publish(m, address >> PAGE_SHIFT);
}

static void forget_page(struct memory *m, uint32_t page) {
    if (m->has_code[page])
        m->watch.written(m->watch.owner, page << PAGE_SHIFT, PAGE_SIZE);
    release(m, m->frame[page]);
    m->frame[page] = NULL;
    publish(m, page);
}

void memory_drop(struct memory *m, uint32_t first, uint32_t last) {
    uint32_t from = first >> PAGE_SHIFT;
    uint32_t to = (uint32_t)(((uint64_t)last + PAGE_MASK) >> PAGE_SHIFT);
    size_t kept = 0;
    for (size_t i = 0; i < m->used_count; i++) {
        uint32_t page = m->used[i];
        if (page >= from && page < to)
            forget_page(m, page);
        else
            m->used[kept++] = page;
    }
    m->used_count = kept;
}

void memory_clear(struct memory *m, uint32_t first, uint32_t last) {
    for (; first < last; first += PAGE_SIZE)
        if (m->frame[first >> PAGE_SHIFT])
            memory_zero(m, first, PAGE_SIZE);
}

bool memory_snapshot(struct memory *m, uint32_t first, uint32_t last, struct snapshot *s) {
    uint32_t from = first >> PAGE_SHIFT;
    uint32_t to = last >> PAGE_SHIFT;
    size_t room = m->used_count ? m->used_count : 1;
    *s =
        (struct snapshot){malloc(room * sizeof *s->page), malloc(room * sizeof(struct frame *)), 0};
    if (!s->page || !s->frame) {
        memory_forget(m, s);
        return false;
    }
    for (size_t i = 0; i < m->used_count; i++) {
        uint32_t page = m->used[i];
        if (page < from || page >= to)
            continue;
        s->page[s->count] = page;
        s->frame[s->count++] = m->frame[page];
        m->frame[page]->refs++;
        m->wr[page] = NULL;
    }
    return true;
}

void memory_restore(struct memory *m, uint32_t first, uint32_t last, struct snapshot *s) {
    memory_drop(m, first, last);
    for (size_t i = 0; i < s->count; i++) {
        if (!note_used(m, s->page[i])) {
            release(m, s->frame[i]);
            continue;
        }
        m->frame[s->page[i]] = s->frame[i];
        publish(m, s->page[i]);
    }
    s->count = 0;
    memory_forget(m, s);
}

void memory_forget(struct memory *m, struct snapshot *s) {
    for (size_t i = 0; i < s->count; i++)
        release(m, s->frame[i]);
    free(s->page);
    free(s->frame);
    *s = (struct snapshot){0};
}

void memory_guard(struct memory *m) {
    m->unpaged = false;
    memory_drop(m, 0, PAGE_SIZE);
    m->rd[0] = NULL;
    for (uint32_t page = 0x100; begins_take_over(page); page++)
        publish(m, page);
}
