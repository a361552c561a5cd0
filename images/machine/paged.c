/* Memory of a machine by linear address, see paged.h. */
#include "images/machine/paged.h"

#include <stdlib.h>

enum { PAGE_TABLES = 0x01038000, ENTRY = 4, PAGE = 4096, PRESENT = 1 };

int paged_fetch(struct paged *m, uint32_t address, size_t n, struct problem *p) {
    m->first = address / PAGE;
    m->count = (uint32_t)((address % PAGE + n + (PAGE - 1)) / PAGE);
    size_t size = (size_t)m->count * ENTRY;
    m->entries = xrealloc(m->entries, size + 1);
    return m->memory->read(m->memory->arg, PAGE_TABLES + m->first * ENTRY, m->entries, size, p);
}

static uint32_t physical(const struct paged *m, uint32_t page) {
    uint32_t n = page - m->first;
    uint32_t entry = n < m->count ? little32(m->entries + (size_t)n * ENTRY) : 0;
    return entry & PRESENT ? entry / PAGE : page;
}

int paged_read(const struct paged *m, uint32_t address, uint8_t *to, size_t n, struct problem *p) {
    while (n) {
        uint32_t page = address / PAGE, first = physical(m, page), run = 1;
        uint32_t at = address % PAGE;
        while ((size_t)run * PAGE - at < n && physical(m, page + run) == first + run)
            run++;
        size_t part = (size_t)run * PAGE - at < n ? (size_t)run * PAGE - at : n;
        if (m->memory->read(m->memory->arg, first * PAGE + at, to, part, p) < 0)
            return -1;
        address += (uint32_t)part;
        to += part;
        n -= part;
    }
    return 0;
}

void paged_free(struct paged *m) {
    free(m->entries);
}
