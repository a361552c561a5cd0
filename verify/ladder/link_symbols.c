/* --symbols: section headers and a symbol table behind the program, for gdb, objdump and nm. */
#include <string.h>

#include "verify/ladder/link.h"

enum { SYMBOL_SIZE = 16, HEADER_SIZE = 40, HEADERS = 8 };

static const char NAMES[] = "\0.text\0.rodata\0.data\0.bss\0.symtab\0.strtab\0.shstrtab";

static uint8_t *store(uint8_t *at, uint32_t value) {
    for (int i = 0; i < 4; i++)
        *at++ = (uint8_t)(value >> (8 * i));
    return at;
}

/* A section header: System V ABI, chapter 4. `name` is its place in NAMES. */
static uint8_t *section_header(uint8_t *at, const uint32_t fields[10]) {
    for (int i = 0; i < 10; i++)
        at = store(at, fields[i]);
    return at;
}

/* The symbols of the modules, or those of the program, as the ABI wants them: locals first. */
static uint8_t *symbols(const struct link *l, bool local, uint8_t *at, uint8_t *strings,
                        uint32_t *length) {
    for (size_t i = 0; i < l->label_count; i++) {
        const struct label *label = l->labels[i];
        if (label->inner || (label->module != 0) != local)
            continue;
        at = store(at, *length);
        at = store(at, label->offset);
        at = store(at, 0);
        uint32_t type = label->section == TEXT ? 2 : 1; /* STT_FUNC, STT_OBJECT */
        at = store(at, (local ? type : 16 + type) | (uint32_t)(label->section + 1) << 16);
        memcpy(strings + *length, label->name.at, label->name.length);
        *length += (uint32_t)label->name.length + 1;
    }
    return at;
}

struct symbol_table make_symbols(const struct link *l, const uint32_t *offset, uint32_t end) {
    const struct section *s = l->section;
    uint32_t count = 1, locals = 1, length = 1;
    for (size_t i = 0; i < l->label_count; i++)
        if (!l->labels[i]->inner) {
            count++;
            locals += l->labels[i]->module != 0;
            length += (uint32_t)l->labels[i]->name.length + 1;
        }
    struct symbol_table t = {.offset = (end + 3) & ~3u};
    uint32_t strings = count * SYMBOL_SIZE, names = strings + length;
    t.headers = t.offset + ((names + (uint32_t)sizeof NAMES + 3) & ~3u);
    t.size = t.headers - t.offset + HEADERS * HEADER_SIZE;
    t.bytes = allocate(t.size);
    uint32_t used = 1;
    uint8_t *at = symbols(l, true, t.bytes + SYMBOL_SIZE, t.bytes + strings, &used);
    symbols(l, false, at, t.bytes + strings, &used);
    memcpy(t.bytes + names, NAMES, sizeof NAMES);
    at = t.bytes + (t.headers - t.offset) + HEADER_SIZE;
    at = section_header(at, (uint32_t[]){1, 1, 6, s[TEXT].address, offset[TEXT], s[TEXT].size, 0, 0,
                                         s[TEXT].align > 1 ? s[TEXT].align : 1, 0});
    at = section_header(
        at, (uint32_t[]){7, 1, 2, s[RODATA].address, offset[RODATA], s[RODATA].size, 0, 0, 4, 0});
    at = section_header(
        at, (uint32_t[]){15, 1, 3, s[DATA].address, offset[DATA], s[DATA].size, 0, 0, 4, 0});
    at = section_header(at, (uint32_t[]){21, 8, 3, s[BSS].address, offset[DATA] + s[DATA].size,
                                         s[BSS].size, 0, 0, 4, 0});
    at =
        section_header(at, (uint32_t[]){26, 2, 0, 0, t.offset, strings, 6, locals, 4, SYMBOL_SIZE});
    at = section_header(at, (uint32_t[]){34, 3, 0, 0, t.offset + strings, length, 0, 0, 1, 0});
    section_header(at, (uint32_t[]){42, 3, 0, 0, t.offset + names, sizeof NAMES, 0, 0, 1, 0});
    return t;
}
