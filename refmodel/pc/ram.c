/*
 * Physical memory below 4 GiB.
 *
 *     0 ............ A0000  RAM
 *     A0000 ........ C0000  the screen's memory: RAM that nobody shows
 *     C0000 ........ F0000  nothing: FF
 *     F0000 ....... 100000  the BIOS, read-only
 *     100000 ...... low_end RAM, or where the memory map says
 *     ............. 2^32    nothing: FF
 */
#include <stdlib.h>
#include <string.h>

#include "refmodel/cpu/code.h"
#include "refmodel/pc/machine.h"

enum { SPLIT_MIB = 3584, LOW_MIB = 3072 }; /* as QEMU's pc machine has it */
enum { NOTHING_FROM = 0xC0, ROM_FROM = 0xF0, ROM_END = 0x100 };

/* Whether an entry of a map is RAM: usable, or ACPI's tables or variables. */
static bool is_ram(const struct pc_area *a) {
    return a->length && (a->type == 1 || a->type == 3 || a->type == 4);
}

/* Whether the map has RAM in a page. */
static bool mapped(const struct ram *m, uint64_t page) {
    for (size_t n = 0; n < m->areas; n++) {
        const struct pc_area *a = &m->area[n];
        uint64_t last = a->base + (a->length - 1);
        if (is_ram(a) && page >= a->base >> PAGE_SHIFT &&
            (last < a->base || page <= last >> PAGE_SHIFT))
            return true;
    }
    return false;
}

static void take_map(struct ram *m, const struct pc_config *config) {
    m->areas = config->areas < PC_AREAS ? config->areas : PC_AREAS;
    memcpy(m->area, config->map, m->areas * sizeof *m->area);
    uint64_t page = ROM_END;
    while (page < PAGES && mapped(m, page))
        page++;
    m->low_end = page << PAGE_SHIFT;
}

bool ram_init(struct ram *m, const struct pc_config *config) {
    uint64_t mib = config->memory_mib ? config->memory_mib : 1024;
    uint64_t low = mib < SPLIT_MIB ? mib : LOW_MIB;
    m->low_end = low << 20;
    m->high = (mib - low) << 20;
    if (config->map)
        take_map(m, config);
    m->page = calloc(PAGES, sizeof *m->page);
    memset(m->nothing, 0xFF, sizeof m->nothing);
    return m->page != NULL;
}

static void mark_free(struct ram_mark *k) {
    for (uint32_t n = 0; k->page && n < PAGES; n++)
        free(k->page[n]);
    free(k->page);
    free(k->touched);
    free(k->state);
    free(k);
}

void ram_free(struct ram *m) {
    if (m->mark)
        mark_free(m->mark);
    for (size_t n = 0; n < m->chunks; n++)
        free(m->chunk[n].bytes);
    free(m->chunk);
    free(m->page);
}

static bool is_memory(const struct ram *m, uint32_t page) {
    if (page >= NOTHING_FROM && page < ROM_FROM)
        return false;
    if (m->areas)
        return page < ROM_END || mapped(m, page);
    return page < m->low_end >> PAGE_SHIFT || (page >= ROM_FROM && page < ROM_END);
}

/* What memory holds that nobody has written to; page 0 is the firmware's own. */
static void fill(struct pc *pc, uint32_t page, uint8_t *bytes) {
    bool rom = page >= ROM_FROM && page < ROM_END;
    if (quirk(pc, QUIRK_RAM_DIRTY) && page && !rom)
        memset(bytes, 0xDB, PAGE_SIZE);
}

/* Gives a page its bytes, zeros, with its neighbours. */
static uint8_t *make(struct pc *pc, uint32_t page) {
    struct ram *m = &pc->ram;
    if (m->chunks == m->chunk_room) {
        size_t room = m->chunk_room ? 2 * m->chunk_room : 64;
        struct ram_chunk *more = realloc(m->chunk, room * sizeof *more);
        if (!more)
            return NULL;
        m->chunk = more;
        m->chunk_room = room;
    }
    uint8_t *bytes = calloc(RAM_CHUNK, PAGE_SIZE);
    if (!bytes)
        return NULL;
    uint32_t first = page & ~(uint32_t)(RAM_CHUNK - 1);
    m->chunk[m->chunks++] = (struct ram_chunk){bytes, first};
    for (uint32_t k = 0; k < RAM_CHUNK; k++)
        if (is_memory(m, first + k)) {
            m->page[first + k].bytes = bytes + k * PAGE_SIZE;
            fill(pc, first + k, m->page[first + k].bytes);
            m->page[first + k].touched = m->mark != NULL; /* nothing is there to be put aside */
        }
    return m->page[page].bytes;
}

static void no_memory(struct pc *pc) {
    pc->cpu.out_of_memory = true;
    cpu_stop(&pc->cpu, STOP_HOST, pc->cpu.eip);
}

uint8_t *ram_bytes(struct pc *pc, uint32_t page) {
    struct ram *m = &pc->ram;
    if (m->page[page].bytes || !is_memory(m, page))
        return m->page[page].bytes;
    uint8_t *bytes = make(pc, page);
    if (!bytes)
        no_memory(pc);
    return bytes;
}

const uint8_t *ram_read(struct pc *pc, uint32_t page) {
    const uint8_t *bytes = ram_bytes(pc, page);
    return bytes ? bytes : pc->ram.nothing;
}

/* Puts a page aside as it was at the mark. */
static bool put_aside(struct ram *m, uint32_t page) {
    struct ram_mark *k = m->mark;
    if (k->count == k->room) {
        size_t room = k->room ? 2 * k->room : 256;
        uint32_t *more = realloc(k->touched, room * sizeof *more);
        if (!more)
            return false;
        k->touched = more;
        k->room = room;
    }
    if (!k->page[page]) {
        uint8_t *copy = malloc(PAGE_SIZE);
        if (!copy)
            return false;
        memcpy(copy, m->page[page].bytes, PAGE_SIZE);
        k->page[page] = copy;
    }
    k->touched[k->count++] = page;
    m->page[page].touched = true;
    return true;
}

uint8_t *ram_write(struct pc *pc, uint32_t page) {
    struct ram *m = &pc->ram;
    uint8_t *bytes = page >= ROM_FROM && page < ROM_END ? NULL : ram_bytes(pc, page);
    if (bytes && !ram_is_open(m, page) && !put_aside(m, page)) {
        no_memory(pc);
        return NULL;
    }
    return bytes;
}

bool ram_mark(struct pc *pc) {
    struct ram *m = &pc->ram;
    for (size_t n = 0; n < m->chunks; n++)
        for (uint32_t k = 0; k < RAM_CHUNK; k++)
            m->page[m->chunk[n].first + k].touched = false;
    if (m->mark)
        mark_free(m->mark);
    m->mark = calloc(1, sizeof *m->mark);
    if (m->mark)
        m->mark->page = calloc(PAGES, sizeof *m->mark->page);
    if (m->mark)
        m->mark->chunks = m->chunks;
    return m->mark && m->mark->page;
}

/* Frees the memory that was made since the mark. */
static void give_back(struct pc *pc) {
    struct ram *m = &pc->ram;
    while (m->chunks > m->mark->chunks) {
        const struct ram_chunk *c = &m->chunk[--m->chunks];
        for (uint32_t k = 0; k < RAM_CHUNK; k++) {
            uint32_t page = c->first + k;
            if (m->page[page].watched)
                code_written(&pc->cpu, page << PAGE_SHIFT, PAGE_SIZE);
            m->page[page].touched = false;
            m->page[page].bytes = NULL;
        }
        free(c->bytes);
    }
}

void ram_back(struct pc *pc) {
    struct ram *m = &pc->ram;
    struct ram_mark *k = m->mark;
    while (k->count) {
        uint32_t page = k->touched[--k->count];
        struct ram_page *r = &m->page[page];
        if (r->watched && memcmp(r->bytes, k->page[page], PAGE_SIZE) != 0)
            code_written(&pc->cpu, page << PAGE_SHIFT, PAGE_SIZE);
        memcpy(r->bytes, k->page[page], PAGE_SIZE);
        r->touched = false;
    }
    give_back(pc);
}

uint32_t ram_load32(struct pc *pc, uint32_t address) {
    return get32(ram_read(pc, address >> PAGE_SHIFT) + (address & PAGE_MASK & ~3u));
}

void ram_store32(struct pc *pc, uint32_t address, uint32_t v) {
    uint8_t bytes[4];
    put32(bytes, v);
    ram_put(pc, address & ~3u, bytes, 4);
}

void ram_get(struct pc *pc, uint32_t address, void *to, uint32_t n) {
    uint8_t *out = to;
    while (n) {
        uint32_t k = PAGE_SIZE - (address & PAGE_MASK);
        k = k < n ? k : n;
        memcpy(out, ram_read(pc, address >> PAGE_SHIFT) + (address & PAGE_MASK), k);
        out += k;
        address += k;
        n -= k;
    }
}

void ram_put(struct pc *pc, uint32_t address, const void *from, uint32_t n) {
    const uint8_t *in = from;
    while (n) {
        uint32_t k = PAGE_SIZE - (address & PAGE_MASK);
        k = k < n ? k : n;
        uint8_t *page = ram_write(pc, address >> PAGE_SHIFT);
        if (page) {
            if (pc->ram.page[address >> PAGE_SHIFT].watched)
                code_written(&pc->cpu, address, k);
            memcpy(page + (address & PAGE_MASK), in, k);
        }
        in += k;
        address += k;
        n -= k;
    }
}

void pc_read(struct pc *pc, uint64_t address, uint8_t *to, size_t n) {
    uint64_t end = (uint64_t)PAGES << PAGE_SHIFT;
    size_t there = address >= end ? 0 : n < end - address ? n : (size_t)(end - address);
    ram_get(pc, (uint32_t)address, to, (uint32_t)there);
    memset(to + there, 0xFF, n - there);
}
