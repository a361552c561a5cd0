/* The cache of decoded code. */
#include "refmodel/cpu/code.h"

#include <stdlib.h>
#include <string.h>

#include "refmodel/cpu/decode.h"
#include "refmodel/cpu/exec_fused.h"

static RUN(run_stale) {
    c->uncounted++;
    LEAVE(code_at(c, i->eip));
}

static RUN(run_no_memory) {
    c->out_of_memory = true;
    cpu_stop(c, STOP_HOST, i->eip);
    LEAVE(i);
}

RUN(run_fetch) {
    uint32_t physical;
    if (!c->bus->fetch(c, i->imm, &physical, true, i->eip))
        LEAVE(i);
    c->uncounted++;
    LEAVE(code_at(c, i->eip));
}

static void set_bits(struct code_page *p, uint32_t from, uint32_t n) {
    for (uint32_t k = from; k < from + n; k++)
        p->byte[k >> 3] |= (uint8_t)(1u << (k & 7));
    if (!p->high || from < p->low)
        p->low = from;
    if (from + n > p->high)
        p->high = from + n;
}

static bool any_bit(const struct code_page *p, uint32_t from, uint32_t n) {
    uint32_t end = from + n < p->high ? from + n : p->high;
    for (uint32_t k = from > p->low ? from : p->low; k < end; k++)
        if (p->byte[k >> 3] >> (k & 7) & 1)
            return true;
    return false;
}

/* Makes the instructions of the page that reach into the next one stale. */
static void invalidate_tail(struct code_page *p) {
    for (uint32_t k = PAGE_SIZE - LONGEST_INSN; p && k < PAGE_SIZE; k++) {
        if (p->at[k] && k + p->at[k]->len > PAGE_SIZE) {
            p->at[k]->run = run_stale;
            p->at[k] = NULL;
        }
    }
}

/* Forgets what was decoded from a page; the instructions may stay in memory. */
static void empty_page(struct code_page *p) {
    if (!p->high)
        return;
    memset(p->at + p->low, 0, (p->high - p->low) * sizeof p->at[0]);
    memset(p->byte + p->low / 8, 0, (p->high - 1) / 8 - p->low / 8 + 1);
    p->low = p->high = 0;
}

/* Makes the instructions of a page stale. */
static void invalidate(struct code_page *p) {
    for (uint32_t k = p->low; k < p->high; k++)
        if (p->at[k])
            p->at[k]->run = run_stale;
    empty_page(p);
    if (p->crossed)
        invalidate_tail(p->map->at[(p->linear - 1) & (PAGES - 1)]);
    p->crossed = false;
}

void code_written(struct cpu *c, uint32_t physical, uint32_t n) {
    struct code_page *all = c->cache->here[physical >> PAGE_SHIFT];
    bool left = false;
    for (struct code_page *p = all; p; p = p->next_here) {
        if (any_bit(p, physical & PAGE_MASK, n))
            invalidate(p);
        left = left || p->high;
    }
    if (!left)
        c->bus->watch(c, physical >> PAGE_SHIFT, false);
}

/* Takes a page out of its physical page's list. */
static void unlink_here(struct cpu *c, struct code_page *p) {
    struct code_page **at = &c->cache->here[p->physical];
    while (*at != p)
        at = &(*at)->next_here;
    *at = p->next_here;
    if (!c->cache->here[p->physical])
        c->bus->watch(c, p->physical, false);
}

/* Forgets the pages of a map. Where instructions stay in memory they become stale. */
static void empty_map(struct cpu *c, struct code_map *m, bool stale) {
    struct code_cache *cache = c->cache;
    while (m->pages) {
        struct code_page *p = m->pages;
        p->crossed = false;
        if (stale)
            invalidate(p);
        unlink_here(c, p);
        m->at[p->linear] = NULL;
        m->pages = p->next;
        p->next = cache->spare;
        cache->spare = p;
    }
}

/* Whether the page of a map lies where it was decoded from. */
static bool stays(struct cpu *c, const struct code_page *p) {
    uint32_t physical;
    bool user = c->user;
    c->user = p->map->mode.bits & MODE_USER;
    bool there = c->bus->fetch(c, p->linear << PAGE_SHIFT, &physical, false, 0);
    c->user = user;
    return there && physical == p->physical;
}

/* Forgets the pages of a map that have moved. */
static void check_map(struct cpu *c, struct code_map *m) {
    for (struct code_page **at = &m->pages, *p = *at; p; p = *at) {
        if (stays(c, p)) {
            at = &p->next;
            continue;
        }
        invalidate(p);
        unlink_here(c, p);
        m->at[p->linear] = NULL;
        *at = p->next;
        p->next = c->cache->spare;
        c->cache->spare = p;
    }
}

void code_moved(struct cpu *c, bool unpaged) {
    for (int n = 0; n < CODE_MAPS; n++) {
        struct code_map *m = &c->cache->map[n];
        bool paged = m->at && m->mode.bits & MODE_PAGED;
        if (m->at && paged != unpaged)
            check_map(c, m);
    }
}

void code_moved_page(struct cpu *c, uint32_t linear) {
    for (int n = 0; n < CODE_MAPS; n++) {
        struct code_map *m = &c->cache->map[n];
        if (m->at && m->mode.bits & MODE_PAGED && m->at[linear] && !stays(c, m->at[linear]))
            check_map(c, m);
    }
}

bool code_init(struct cpu *c) {
    struct code_cache *cache = calloc(1, sizeof *cache);
    if (!cache)
        return false;
    c->cache = cache;
    cache->here = calloc(PAGES, sizeof(struct code_page *));
    return cache->here != NULL;
}

void code_flush(struct cpu *c) {
    struct code_cache *cache = c->cache;
    for (int n = 0; n < CODE_MAPS; n++)
        if (cache->map[n].at)
            empty_map(c, &cache->map[n], false);
    cache->block_now = 0;
    cache->used = 0;
}

void code_trim(struct cpu *c) {
    enum { BLOCKS = 4 };
    if (c->cache->block_now >= BLOCKS)
        code_flush(c);
}

void code_free(struct cpu *c) {
    struct code_cache *cache = c->cache;
    if (!cache)
        return;
    for (int n = 0; n < CODE_MAPS; n++) {
        while (cache->map[n].pages) {
            struct code_page *p = cache->map[n].pages;
            cache->map[n].pages = p->next;
            free(p);
        }
        free(cache->map[n].at);
    }
    while (cache->spare) {
        struct code_page *p = cache->spare;
        cache->spare = p->next;
        free(p);
    }
    for (int n = 0; n < ARENA_BLOCKS; n++)
        free(cache->block[n]);
    free(cache->here);
    free(cache);
    c->cache = NULL;
}

static struct code_mode mode_of(const struct cpu *c) {
    const struct segment *cs = &c->seg[CS];
    struct code_mode mode = {cs->base, cs->limit, 0};
    bool big = cs->size & SEGMENT_BIG;
    bool flat = big && !cs->base && cs->limit == 0xFFFFFFFFu && segment_is_flat(&c->seg[DS]) &&
                segment_is_flat(&c->seg[ES]) && segment_is_flat(&c->seg[SS]) &&
                c->seg[SS].size & SEGMENT_BIG;
    mode.bits = (flat ? MODE_FLAT : 0) | (big ? MODE_32 : 0) | (c->single ? MODE_SINGLE : 0) |
                (c->paged ? MODE_PAGED : 0) | (c->user ? MODE_USER : 0);
    return mode;
}

static bool same_mode(const struct code_mode *a, const struct code_mode *b) {
    return a->base == b->base && a->limit == b->limit && a->bits == b->bits;
}

/* The map for a mode; the oldest one is used anew where there is none. Null: no host memory. */
static struct code_map *map_of(struct cpu *c, const struct code_mode *mode) {
    struct code_cache *cache = c->cache;
    for (int n = 0; n < CODE_MAPS; n++)
        if (cache->map[n].at && same_mode(&cache->map[n].mode, mode))
            return &cache->map[n];
    struct code_map *m = &cache->map[cache->oldest];
    cache->oldest = (cache->oldest + 1) % CODE_MAPS;
    if (m->at)
        empty_map(c, m, true);
    else
        m->at = calloc(PAGES, sizeof(struct code_page *));
    m->mode = *mode;
    return m->at ? m : NULL;
}

void cpu_choose_map(struct cpu *c) {
    struct code_mode mode = mode_of(c);
    c->stack_mask = c->seg[SS].size & SEGMENT_BIG ? 0xFFFFFFFFu : 0xFFFF;
    if (c->map && same_mode(&c->map->mode, &mode))
        return;
    struct code_map *m = map_of(c, &mode);
    if (!m) {
        c->out_of_memory = true;
        cpu_stop(c, STOP_HOST, c->eip);
        return;
    }
    c->map = m;
    c->code = m->at;
    c->code_base = mode.base;
    c->code_limit = mode.limit;
    c->set = mode.bits & MODE_FLAT ? &run_flat : &run_segmented;
}

/* The map of a page, made if need be. Null: no host memory, or the page cannot be fetched. */
static struct code_page *page_of(struct cpu *c, uint32_t linear) {
    struct code_cache *cache = c->cache;
    struct code_page *p = c->code[linear];
    uint32_t physical;
    if (p)
        return p;
    if (!c->bus->fetch(c, linear << PAGE_SHIFT, &physical, false, 0))
        return NULL;
    p = cache->spare;
    if (p) {
        cache->spare = p->next;
        empty_page(p);
    } else if (!(p = calloc(1, sizeof *p))) {
        return NULL;
    }
    p->crossed = false;
    p->linear = linear;
    p->physical = physical;
    p->map = c->map;
    p->next = c->map->pages;
    c->map->pages = p;
    p->next_here = cache->here[physical];
    cache->here[physical] = p;
    c->code[linear] = p;
    return p;
}

/*
 * Room for one run. When the last block is nearly full the processor is asked to stop and forget
 * everything, which it does before the next instruction; one run always fits behind that mark.
 */
static struct insn *room(struct cpu *c) {
    struct code_cache *cache = c->cache;
    if (cache->used + RUN_SLOTS > ARENA_INSNS) {
        cache->used = 0;
        cache->block_now++;
    }
    if (cache->block_now == ARENA_BLOCKS - 1 && !c->stop)
        cpu_stop(c, STOP_FLUSH, 0);
    if (cache->block_now == ARENA_BLOCKS)
        return NULL;
    struct insn **block = &cache->block[cache->block_now];
    if (!*block)
        *block = malloc(ARENA_INSNS * sizeof **block);
    return *block ? *block + cache->used : NULL;
}

/* Notes that n bytes from linear address `at` on are decoded into `first`. */
static bool note(struct cpu *c, struct code_page *p, struct insn *first, uint32_t at, uint32_t n) {
    uint32_t offset = at & PAGE_MASK;
    uint32_t here = n < PAGE_SIZE - offset ? n : PAGE_SIZE - offset;
    p->at[offset] = first;
    set_bits(p, offset, here);
    c->bus->watch(c, p->physical, true);
    if (here == n)
        return true;
    struct code_page *next = page_of(c, (at + here) >> PAGE_SHIFT);
    if (!next)
        return false;
    set_bits(next, 0, n - here);
    next->crossed = true;
    c->bus->watch(c, next->physical, true);
    return true;
}

static void link_to(struct cpu *c, struct insn **end, uint32_t eip) {
    *(*end)++ = (struct insn){.run = c->set->flow->link, .eip = eip, .imm = eip};
}

/* Decodes a run into `to`; returns the slots used. 0: no host memory, or `to` is a passing step. */
static uint32_t decode_run(struct cpu *c, uint32_t eip, struct insn *to) {
    uint32_t linear = eip + c->code_base;
    struct code_page *p = page_of(c, linear >> PAGE_SHIFT);
    struct insn *end = to;
    struct insn *whole = to; /* the end of the steps that lie in this page alone */
    struct run_notes notes = {0};
    uint32_t longest = c->single ? 1 : RUN_INSNS;
    for (;;) {
        if (p && (linear >> PAGE_SHIFT != p->linear || p->at[linear & PAGE_MASK] ||
                  notes.count == longest)) {
            link_to(c, &end, eip);
            break;
        }
        struct insn *first = end;
        uint32_t n = decode(c, eip, &end, &notes);
        if (notes.passing && first == to) {
            c->cache->passing = *to;
            return 0;
        }
        if (notes.passing) {
            notes.count--;
            end = first;
            link_to(c, &end, eip);
            break;
        }
        if (!p || (n && !note(c, p, first, linear, n)))
            return 0;
        if ((linear & PAGE_MASK) + n <= PAGE_SIZE)
            whole = end;
        if (notes.ended)
            break;
        eip += n;
        linear += n;
    }
    drop_dead_flags(&notes);
    if (c->map->mode.bits & MODE_FLAT) {
        fuse(to, (uint32_t)(whole - to));
        fuse_loops(to, (uint32_t)(whole - to));
    }
    return (uint32_t)(end - to);
}

struct insn *code_at(struct cpu *c, uint32_t eip) {
    uint32_t linear = eip + c->code_base;
    const struct code_page *p = c->code[linear >> PAGE_SHIFT];
    if (LIKELY(p && p->at[linear & PAGE_MASK]))
        return p->at[linear & PAGE_MASK];
    struct insn *to = room(c);
    c->cache->passing = (struct insn){.run = run_no_memory, .eip = eip};
    uint32_t n = to ? decode_run(c, eip, to) : 0;
    if (!n)
        return &c->cache->passing;
    c->cache->used += n;
    return to;
}

bool code_is_passing(const struct cpu *c, const struct insn *i) {
    return i == &c->cache->passing;
}
