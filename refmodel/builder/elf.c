/* Program files: ELF32 for i386, ET_EXEC (System V ABI, "Object Files" and "Program Loading"). */
#include "refmodel/builder/elf.h"

#include <string.h>

#include "refmodel/builder/layout.h"
#include "refmodel/builder/machine.h"
#include "refmodel/strace/linux.h"

enum { HEADER_BYTES = 52, SEGMENT_BYTES = 32, PT_LOAD = 1, PT_INTERP = 3, ET_EXEC = 2, EM_386 = 3 };

struct load {
    uint32_t type;
    uint32_t offset;
    uint32_t address;
    uint32_t in_file;
    uint32_t in_memory;
};

/* The n-th program header, whose place in the file is checked. */
static struct load segment_of(const struct file *f, uint32_t n) {
    const uint8_t *p = f->data + get32(f->data + 28) + n * SEGMENT_BYTES;
    return (struct load){get32(p), get32(p + 4), get32(p + 8), get32(p + 16), get32(p + 20)};
}

static bool header_ok(const struct file *f) {
    static const uint8_t magic[4] = {0x7F, 'E', 'L', 'F'};
    const uint8_t *h = f->data;
    if (f->size < HEADER_BYTES || memcmp(h, magic, sizeof magic) != 0)
        return false;
    uint64_t end = (uint64_t)get32(h + 28) + get16(h + 44) * SEGMENT_BYTES;
    return get16(h + 16) == ET_EXEC && get16(h + 18) == EM_386 && get16(h + 42) == SEGMENT_BYTES &&
           end <= f->size;
}

/* Bytes of a segment that the file has: it may end before them. */
static uint32_t there(const struct file *f, const struct load *g) {
    uint32_t left = g->offset < f->size ? f->size - g->offset : 0;
    return g->in_file < left ? g->in_file : left;
}

/* One header; makes the image larger by its segment. Segments ascend, none lies over another. */
static uint32_t segment_check(const struct file *f, const struct load *g, struct image *image) {
    if (g->type == PT_INTERP)
        return E_NOEXEC;
    if (g->type != PT_LOAD)
        return 0;
    if (g->in_file > g->in_memory || (g->in_file && !there(f, g)))
        return E_NOEXEC;
    if (!g->in_memory)
        return 0;
    if (g->address < image->high)
        return E_NOEXEC;
    if (g->address > UINT32_MAX - g->in_memory)
        return E_NOMEM;
    image->high = g->address + g->in_memory;
    return 0;
}

uint32_t elf_check(const struct seedbed *s, const struct file *f, struct image *image) {
    uint32_t error = 0;
    if (!header_ok(f))
        return E_NOEXEC;
    *image = (struct image){PROGRAM_AREA, get32(f->data + 24)};
    for (uint32_t n = 0; n < get16(f->data + 44) && !error; n++) {
        struct load g = segment_of(f, n);
        error = segment_check(f, &g, image);
    }
    if (error)
        return error;
    if (image->high == PROGRAM_AREA)
        return E_NOEXEC;
    return (elf_first_break(image) | PAGE_MASK) < s->memory.pool.saved ? 0 : E_NOMEM;
}

uint64_t elf_first_break(const struct image *image) {
    return ((uint64_t)image->high + BREAK_GAP + PAGE_MASK) & ~(uint64_t)PAGE_MASK;
}

void elf_load(struct seedbed *s, const struct file *f) {
    for (uint32_t n = 0; n < get16(f->data + 44); n++) {
        struct load g = segment_of(f, n);
        uint32_t bytes = g.type == PT_LOAD ? there(f, &g) : 0;
        if (bytes)
            memory_put(&s->memory, g.address, f->data + g.offset, bytes);
    }
}
