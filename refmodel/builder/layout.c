/* Where things are in memory (CONTRACT.md section 7), and the memory map. */
#include "refmodel/builder/layout.h"

#include "refmodel/builder/machine.h"
#include "refmodel/builder/processor.h"
#include "refmodel/builder/tables.h"

enum { MIB = 1 << 20, RESERVED_TOP = 0x21000, DEFAULT_MIB = 1024 };

/* QEMU's pc machine keeps RAM from 3.5 GiB on above 4 GiB, apart from the first 3 GiB. */
enum { SPLIT_MIB = 3584, LOW_MIB = 3072 };

static uint32_t configured_mib(const struct seedbed *s) {
    return s->config.memory_mib ? s->config.memory_mib : DEFAULT_MIB;
}

/* SeaBIOS takes the last 128 KiB below 4 GiB for its tables, and a page for an AHCI disk. */
static uint32_t end_of_ram(const struct seedbed *s) {
    uint32_t mib = configured_mib(s);
    return (mib < SPLIT_MIB ? mib : LOW_MIB) * (uint32_t)MIB - RESERVED_TOP;
}

/* The kernel's page tables: 4 bytes a page of memory and 4 for the end, in whole pages. */
static uint32_t page_tables(uint32_t end) {
    uint32_t bytes = end / PAGE_SIZE * 4 + 4;
    return (bytes + PAGE_MASK) & ~(uint32_t)PAGE_MASK;
}

/* Contents outgrow their zone: they move to the top of the pool. */
static bool enlarge(void *owner, uint64_t total) {
    struct seedbed *s = owner;
    uint32_t ceiling = s->memory.pool.ceiling;
    if (!pool_enlarge(&s->memory, total))
        return false;
    tables_forget(s);
    s->file_area = s->memory.pool.ceiling;
    s->files.area = s->memory.pool.end - s->file_area;
    memory_clear(&s->memory, s->file_area, (ceiling + PAGE_MASK) & ~(uint32_t)PAGE_MASK);
    tables_init(s);
    return true;
}

bool layout_init(struct seedbed *s) {
    uint32_t end = end_of_ram(s);
    uint32_t files_end = end < GUARD ? end : GUARD;
    s->file_area = LOW_FILE_AREA + page_tables(end);
    uint64_t area = files_end > s->file_area ? files_end - s->file_area : 0;
    if (!memory_init(&s->memory, end) || !processor_init(s) || !files_init(&s->files, area))
        return false;
    s->files.enlarge = enlarge;
    s->files.owner = s;
    return true;
}

enum { USABLE = 1, RESERVED = 2, MAP_ENTRY = 24 };

/* One multiboot mmap entry: size of the rest, base, length, type. */
static uint8_t *map_entry(uint8_t *p, uint64_t base, uint64_t length, uint32_t type) {
    put32(p, 20);
    put32(p + 4, (uint32_t)base);
    put32(p + 8, (uint32_t)(base >> 32));
    put32(p + 12, (uint32_t)length);
    put32(p + 16, (uint32_t)(length >> 32));
    put32(p + 20, type);
    return p + MAP_ENTRY;
}

/* What SeaBIOS says on QEMU's pc machine. */
bool layout_memory_map(struct seedbed *s) {
    uint8_t map[7 * MAP_ENTRY], *p = map;
    uint32_t end = s->memory.end;
    uint32_t mib = configured_mib(s);
    p = map_entry(p, 0, 0x9FC00, USABLE);
    p = map_entry(p, 0x9FC00, 0x400, RESERVED);
    p = map_entry(p, 0xF0000, 0x10000, RESERVED);
    p = map_entry(p, MIB, end - MIB, USABLE);
    p = map_entry(p, end, RESERVED_TOP, RESERVED);
    p = map_entry(p, 0xFFFC0000u, 0x40000, RESERVED);
    if (mib >= SPLIT_MIB)
        p = map_entry(p, (uint64_t)1 << 32, (uint64_t)(mib - LOW_MIB) * MIB, USABLE);
    struct file *f = files_create(&s->files, "/e820");
    uint32_t n = (uint32_t)(p - map);
    return f && files_write(&s->files, f, 0, map, n) == n;
}
