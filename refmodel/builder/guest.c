/* Arguments that lie in guest memory. */
#include "refmodel/builder/guest.h"

#include <string.h>

#include "refmodel/builder/machine.h"
#include "refmodel/builder/path.h"
#include "refmodel/strace/linux.h"

uint32_t guest_path(struct seedbed *s, uint32_t address, struct path *p) {
    path_begin(p, running(s)->directory);
    for (;; address++) {
        if (!memory_has(&s->memory, address, 1))
            return E_FAULT;
        char c = (char)memory_read_page(&s->memory, address)[address & PAGE_MASK];
        if (!c)
            break;
        path_add(p, c);
        if (p->too_long)
            return E_NAMETOOLONG;
    }
    if (!p->taken)
        return E_NOENT;
    return path_end(p) ? 0 : E_NAMETOOLONG;
}

/* Appends one string with its NUL. */
static uint32_t guest_string(struct seedbed *s, uint32_t address, struct text *to) {
    for (;;) {
        uint32_t n = memory_span(&s->memory, address, PAGE_SIZE);
        if (to->length == ARGUMENT_BYTES)
            return E_BIG;
        if (!n)
            return E_FAULT;
        const uint8_t *p = memory_read_page(&s->memory, address) + (address & PAGE_MASK);
        const uint8_t *nul = memchr(p, 0, n);
        uint32_t k = nul ? (uint32_t)(nul - p) + 1 : n;
        if (to->length + k > ARGUMENT_BYTES)
            return E_BIG;
        if (!text_add(to, (const char *)p, k)) {
            s->memory.exhausted = true;
            return E_NOMEM;
        }
        if (nul)
            return 0;
        address += n;
    }
}

uint32_t guest_strings(struct seedbed *s, uint32_t vector, struct text *to, uint32_t *count) {
    *count = 0;
    for (; vector; vector += 4, ++*count) {
        uint8_t bytes[4];
        if (!memory_has(&s->memory, vector, 4))
            return E_FAULT;
        memory_get(&s->memory, vector, bytes, 4);
        uint32_t string = get32(bytes);
        if (!string)
            break;
        uint32_t error = guest_string(s, string, to);
        if (error)
            return error;
    }
    return 0;
}
