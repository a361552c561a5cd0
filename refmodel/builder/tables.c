/*
 * The tables that programs read by address, and the contents they point to. They are made when a
 * program looks at them: the addresses of all contents are assigned when the first page is
 * touched, and forgotten when files have changed. What a program writes there changes no file.
 */
#include "refmodel/builder/tables.h"

#include <string.h>

#include "refmodel/builder/layout.h"
#include "refmodel/builder/machine.h"

enum { NAME_BYTES = 1024, DESCRIPTOR_BYTES = 16 };

static void assign_addresses(struct seedbed *s) {
    uint32_t at = s->file_area;
    for (uint32_t n = FILE_FIRST; n < FILE_NUMBERS; n++) {
        struct file *f = s->files.of[n];
        if (f) {
            f->address = f->size ? at : 0;
            at += (uint32_t)files_footprint(f->size);
        }
    }
    s->tables_seen = true;
}

static void fill_names(struct seedbed *s, uint32_t address, uint8_t *page) {
    uint32_t n = (address - NAME_TABLE) / NAME_BYTES;
    for (uint32_t k = 0; k < PAGE_SIZE; k += NAME_BYTES, n++) {
        const struct file *f = n < FILE_NUMBERS ? s->files.of[n] : NULL;
        if (f && f->name)
            memcpy(page + k, f->name, strlen(f->name) + 1);
    }
}

static void fill_descriptors(struct seedbed *s, uint32_t address, uint8_t *page) {
    uint32_t n = (address - DESCRIPTOR_TABLE) / DESCRIPTOR_BYTES;
    for (uint32_t k = 0; k < PAGE_SIZE; k += DESCRIPTOR_BYTES, n++) {
        const struct file *f = n < FILE_NUMBERS ? s->files.of[n] : NULL;
        if (f) {
            put32(page + k + 4, f->address);
            put32(page + k + 8, f->size);
        }
    }
}

static void fill_tables(void *owner, uint32_t address, uint8_t *page) {
    struct seedbed *s = owner;
    if (!s->tables_seen)
        assign_addresses(s);
    if (address < DESCRIPTOR_TABLE)
        fill_names(s, address, page);
    else
        fill_descriptors(s, address, page);
}

/* The part of every content that lies in the page. */
static void fill_contents(void *owner, uint32_t address, uint8_t *page) {
    struct seedbed *s = owner;
    if (!s->tables_seen)
        assign_addresses(s);
    for (uint32_t n = FILE_FIRST; n < FILE_NUMBERS; n++) {
        const struct file *f = s->files.of[n];
        if (!f || !f->size || f->address >= address + PAGE_SIZE || f->address + f->size <= address)
            continue;
        uint32_t skip = f->address < address ? address - f->address : 0;
        uint32_t to = f->address < address ? 0 : f->address - address;
        uint32_t k = PAGE_SIZE - to < f->size - skip ? PAGE_SIZE - to : f->size - skip;
        memcpy(page + to, f->data + skip, k);
    }
}

void tables_init(struct seedbed *s) {
    uint64_t end = (uint64_t)s->file_area + s->files.area;
    s->memory.view[0] =
        (struct memory_view){NAME_TABLE >> PAGE_SHIFT, LOW_FILE_AREA >> PAGE_SHIFT, fill_tables, s};
    s->memory.view[1] = (struct memory_view){s->file_area >> PAGE_SHIFT,
                                             (uint32_t)(end >> PAGE_SHIFT), fill_contents, s};
}

void tables_changed(struct seedbed *s) {
    if (!s->files.changed)
        return;
    s->files.changed = false;
    if (s->tables_seen)
        tables_forget(s);
}

void tables_forget(struct seedbed *s) {
    s->tables_seen = false;
    for (int i = 0; i < MEMORY_VIEWS; i++)
        memory_drop(&s->memory, s->memory.view[i].first << PAGE_SHIFT,
                    s->memory.view[i].last << PAGE_SHIFT);
}
