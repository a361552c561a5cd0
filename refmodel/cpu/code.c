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
    c->mem->exhausted = true;
    cpu_stop(c, STOP_HOST, i->eip);
    LEAVE(i);
}

static void set_bits(struct code_page *p, uint32_t from, uint32_t n) {
    for (uint32_t k = from; k < from + n; k++)
        p->byte[k >> 3] |= (uint8_t)(1u << (k & 7));
}

static bool any_bit(const struct code_page *p, uint32_t from, uint32_t n) {
    for (uint32_t k = from; k < from + n; k++)
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

/* Makes the instructions of a page stale and stops watching it. */
static void invalidate(struct cpu *c, struct code_page *p) {
    for (uint32_t k = 0; k < PAGE_SIZE; k++)
        if (p->at[k])
            p->at[k]->run = run_stale;
    memset(p->at, 0, sizeof p->at);
    memset(p->byte, 0, sizeof p->byte);
    memory_set_code(c->mem, p->page << PAGE_SHIFT, false);
    if (p->crossed && p->page)
        invalidate_tail(c->code[p->page - 1]);
    p->crossed = false;
}

static void written(void *owner, uint32_t address, uint32_t n) {
    struct cpu *c = owner;
    uint32_t page = address >> PAGE_SHIFT;
    struct code_page *p = c->code[page];
    if (p && any_bit(p, address & PAGE_MASK, n))
        invalidate(c, p);
}

bool code_init(struct cpu *c) {
    struct code_cache *cache = calloc(1, sizeof *cache);
    if (!cache)
        return false;
    c->code = calloc(PAGES, sizeof(struct code_page *));
    cache->fallback.run = run_no_memory;
    c->cache = cache;
    c->mem->watch.written = written;
    c->mem->watch.owner = c;
    return c->code != NULL;
}

void code_flush(struct cpu *c) {
    struct code_cache *cache = c->cache;
    while (cache->pages) {
        struct code_page *p = cache->pages;
        cache->pages = p->next;
        c->code[p->page] = NULL;
        memory_set_code(c->mem, p->page << PAGE_SHIFT, false);
        p->next = cache->spare;
        cache->spare = p;
    }
    cache->block_now = 0;
    cache->used = 0;
}

void code_free(struct cpu *c) {
    struct code_cache *cache = c->cache;
    if (!cache)
        return;
    if (c->code)
        code_flush(c);
    while (cache->spare) {
        struct code_page *p = cache->spare;
        cache->spare = p->next;
        free(p);
    }
    for (int n = 0; n < ARENA_BLOCKS; n++)
        free(cache->block[n]);
    free(c->code);
    free(cache);
    c->cache = NULL;
}

/* The map of a page, made if need be. Null: no host memory. */
static struct code_page *page_of(struct cpu *c, uint32_t page) {
    struct code_cache *cache = c->cache;
    struct code_page *p = c->code[page];
    if (p)
        return p;
    p = cache->spare;
    if (p)
        cache->spare = p->next;
    else if (!(p = malloc(sizeof *p)))
        return NULL;
    memset(p, 0, sizeof *p);
    p->page = page;
    p->next = cache->pages;
    cache->pages = p;
    c->code[page] = p;
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

/* Notes that n bytes from `eip` on are decoded into `first`. */
static bool note(struct cpu *c, struct code_page *p, struct insn *first, uint32_t eip, uint32_t n) {
    uint32_t offset = eip & PAGE_MASK;
    uint32_t here = n < PAGE_SIZE - offset ? n : PAGE_SIZE - offset;
    p->at[offset] = first;
    set_bits(p, offset, here);
    memory_set_code(c->mem, eip, true);
    if (here == n)
        return true;
    struct code_page *next = page_of(c, (eip + here) >> PAGE_SHIFT);
    if (!next)
        return false;
    set_bits(next, 0, n - here);
    next->crossed = true;
    memory_set_code(c->mem, eip + here, true);
    return true;
}

/* Decodes a run into `to`; returns the slots used, 0 without host memory. */
static uint32_t decode_run(struct cpu *c, uint32_t eip, struct insn *to) {
    struct code_page *p = page_of(c, eip >> PAGE_SHIFT);
    struct insn *end = to;
    struct insn *whole = to; /* the end of the steps that lie in this page alone */
    struct run_notes notes = {0};
    uint32_t longest = c->single ? 1 : RUN_INSNS;
    if (!p)
        return 0;
    for (;;) {
        if (eip >> PAGE_SHIFT != p->page || p->at[eip & PAGE_MASK] || notes.count == longest) {
            *end++ = (struct insn){.run = run_link, .eip = eip, .imm = eip};
            break;
        }
        struct insn *first = end;
        uint32_t n = decode(c, eip, &end, &notes);
        if (n && !note(c, p, first, eip, n))
            return 0;
        if ((eip & PAGE_MASK) + n <= PAGE_SIZE)
            whole = end;
        if (notes.ended)
            break;
        eip += n;
    }
    drop_dead_flags(&notes);
    fuse(to, (uint32_t)(whole - to));
    return (uint32_t)(end - to);
}

struct insn *code_at(struct cpu *c, uint32_t eip) {
    struct code_page *p = c->code[eip >> PAGE_SHIFT];
    if (LIKELY(p && p->at[eip & PAGE_MASK]))
        return p->at[eip & PAGE_MASK];
    struct insn *to = room(c);
    uint32_t n = to ? decode_run(c, eip, to) : 0;
    if (!n) {
        c->cache->fallback.eip = eip;
        return &c->cache->fallback;
    }
    c->cache->used += n;
    return to;
}
