/* Addresses, the values of references, the program file and the map. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verify/ladder/link.h"

enum { HEADER_SIZE = 52 + 3 * 32, PAGE = 4096 };

static uint32_t round_up(uint32_t n, uint32_t align) {
    return align > 1 ? (n + align - 1) & (0 - align) : n;
}

/* Gives each section its address and each label its own, as LANGUAGES.md has it. */
void lay_out(struct link *l) {
    struct section *s = l->section;
    if (l->hex2) {
        s[TEXT].address = l->base;
    } else {
        s[TEXT].address = l->base + round_up(HEADER_SIZE, s[TEXT].align);
        uint32_t offset = s[TEXT].address - l->base + s[TEXT].size;
        for (int i = RODATA; i <= DATA; i++) {
            uint32_t align = s[i].align > 4 ? s[i].align : 4;
            align = i == DATA && s[BSS].align > align ? s[BSS].align : align;
            offset = round_up(offset, align);
            uint32_t page = round_up(s[i - 1].address + s[i - 1].size, PAGE);
            s[i].address = page + offset % PAGE;
            offset += s[i].size;
        }
        s[BSS].address =
            round_up(s[DATA].address + s[DATA].size, s[BSS].align > 4 ? s[BSS].align : 4);
    }
    for (size_t i = 0; i < l->label_count; i++)
        l->labels[i]->offset += s[l->labels[i]->section].address;
}

static const struct label *need_defined(struct link *l, const struct label *label) {
    if (!label->defined)
        fail(l, "unknown label", label->name);
    return label;
}

void resolve(struct link *l) {
    for (struct reference *r = l->references; r != NULL; r = r->next) {
        struct section *s = &l->section[r->section];
        l->place = r->place;
        uint32_t size = strchr("@$", r->kind) ? 2 : r->kind == '!' ? 1 : r->kind == '~' ? 3 : 4;
        uint32_t value = need_defined(l, r->plus)->offset + r->addend;
        uint32_t from =
            r->minus ? need_defined(l, r->minus)->offset : s->address + r->offset + size;
        if (r->kind != '$' && r->kind != '&') /* hex2 allows &a>b, which is &a */
            value -= from;
        uint32_t shift = 32 - 8 * size;
        if ((uint32_t)((int32_t)(value << shift) >> shift) != value)
            fail(l, "out of range", r->text);
        for (uint32_t i = 0; i < size; i++)
            s->bytes[r->offset + i] = (uint8_t)(value >> (8 * i));
    }
}

static void store(uint8_t *at, uint32_t value) {
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

/* A program header: System V ABI, chapter 5. An empty one is PT_NULL. */
static void program_header(uint8_t *at, uint32_t offset, uint32_t address, uint32_t file_size,
                           uint32_t memory_size, uint32_t flags) {
    uint32_t words[8] = {1, offset, address, address, file_size, memory_size, flags, PAGE};
    for (int i = 0; i < 8; i++)
        store(at + 4 * i, memory_size != 0 ? words[i] : 0);
}

static bool write_at(FILE *file, uint32_t *position, uint32_t offset, const void *bytes,
                     uint32_t size) {
    for (; *position < offset; ++*position)
        if (fputc(0, file) == EOF)
            return false;
    *position += size;
    return size == 0 || fwrite(bytes, 1, size, file) == size;
}

static void make_header(struct link *l, uint8_t *header, const uint32_t *offset) {
    static const uint8_t IDENTITY[52] = {0x7F,      'E',       'L',       'F',      1,
                                         1,         1,         [16] = 2,  [18] = 3, [20] = 1,
                                         [28] = 52, [40] = 52, [42] = 32, [44] = 3};
    const struct section *s = l->section;
    struct label *start = find(l, (struct slice){"start", 5});
    if (!start->defined) {
        fputs("link: no label start\n", stderr);
        exit(1);
    }
    memcpy(header, IDENTITY, sizeof IDENTITY);
    store(header + 24, start->offset);
    uint32_t text_end = s[TEXT].address - l->base + s[TEXT].size;
    program_header(header + 52, 0, l->base, text_end, text_end, 5);
    program_header(header + 84, offset[RODATA], s[RODATA].address, s[RODATA].size, s[RODATA].size,
                   4);
    uint32_t data_end =
        s[BSS].size > 0 ? s[BSS].address + s[BSS].size - s[DATA].address : s[DATA].size;
    program_header(header + 116, offset[DATA], s[DATA].address, s[DATA].size, data_end, 6);
}

bool write_program(struct link *l, const char *path) {
    const struct section *s = l->section;
    uint8_t header[HEADER_SIZE] = {0};
    uint32_t offset[3] = {0}, position = 0;
    if (!l->hex2) {
        offset[TEXT] = s[TEXT].address - l->base;
        uint32_t end = offset[TEXT] + s[TEXT].size;
        for (int i = RODATA; i <= DATA; i++) {
            offset[i] = end + ((s[i].address - end) & (PAGE - 1));
            end = offset[i] + s[i].size;
        }
        make_header(l, header, offset);
    }
    struct symbol_table table = {0};
    if (l->symbols) {
        uint32_t end = s[DATA].size + s[BSS].size > 0 ? offset[DATA] + s[DATA].size
                       : s[RODATA].size > 0           ? offset[RODATA] + s[RODATA].size
                                                      : offset[TEXT] + s[TEXT].size;
        table = make_symbols(l, offset, end);
        store(header + 32, table.headers);
        store(header + 46, 40 | 8 << 16); /* size of a section header, their number */
        header[50] = 7;                   /* the one of .shstrtab */
    }
    bool used[3] = {true, s[RODATA].size > 0, s[DATA].size + s[BSS].size > 0};
    FILE *file = fopen(path, "wb");
    bool good = file != NULL;
    if (good && !l->hex2)
        good = write_at(file, &position, 0, header, sizeof header);
    for (int i = TEXT; good && i <= DATA; i++)
        good = write_at(file, &position, used[i] ? offset[i] : 0, s[i].bytes, s[i].size);
    if (good && l->symbols)
        good = write_at(file, &position, table.offset, table.bytes, table.size);
    return file && fclose(file) == 0 && good;
}

static int by_address(const void *a, const void *b) {
    const struct label *x = *(struct label *const *)a, *y = *(struct label *const *)b;
    return x->offset != y->offset ? (x->offset > y->offset ? 1 : -1)
                                  : (x->number > y->number ? 1 : -1);
}

/*
 * The map: a label a line, as nm writes it, by address. A small letter is a label of one module;
 * inner labels are left out.
 */
bool write_map(struct link *l, const char *path) {
    FILE *file = fopen(path, "wb");
    if (!file)
        return false;
    qsort(l->labels, l->label_count, sizeof *l->labels, by_address);
    for (size_t i = 0; i < l->label_count; i++) {
        const struct label *label = l->labels[i];
        char kind = "TRDBtrdb"[label->section + (label->module != 0 ? 4 : 0)];
        if (!label->inner) {
            fprintf(file, "%08X %c %.*s\n", (unsigned)label->offset, kind, (int)label->name.length,
                    label->name.at);
        }
    }
    return fclose(file) == 0;
}
