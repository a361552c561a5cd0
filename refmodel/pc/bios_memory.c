/* int 15h: the A20 gate and the memory map, as SeaBIOS tells it on QEMU's pc machine. */
#include <string.h>

#include "refmodel/pc/machine.h"

enum { USABLE = 1, RESERVED = 2, OTHER = 0x101, ENTRIES = 240, TOP = 0x21000, MIB = 1 << 20 };

static struct pc_area *add(struct pc_area *e, uint64_t base, uint64_t end, uint32_t type) {
    if (end > base)
        *e++ = (struct pc_area){base, end - base, type};
    return e;
}

/* What lies from 1 MiB to the end of RAM below 4 GiB. */
static struct pc_area *add_low(const struct pc *pc, struct pc_area *e) {
    const uint32_t *q = pc->bios.quirk;
    uint64_t from = MIB, end = pc->ram.low_end - TOP, middle = (from + end) / 2 & ~(uint64_t)0xFFF;
    enum { HOLE = 0x9D1F000, HOLE_END = 0xA000000 };
    if (pc->ram.low_end <= MIB + TOP)
        return e;
    if (q[QUIRK_E820_HOLE] && end > HOLE_END) {
        e = add(e, from, HOLE, USABLE);
        e = add(e, HOLE, HOLE_END, RESERVED);
        from = HOLE_END;
    }
    if (q[QUIRK_E820_TYPE] && middle > from) {
        e = add(e, from, middle, USABLE);
        e = add(e, middle, middle + 0x1000, OTHER);
        from = middle + 0x1000;
    }
    e = add(e, from, end, USABLE);
    if (q[QUIRK_E820_OVERLAP] && middle > from)
        e = add(e, middle, middle + 0x1000, RESERVED);
    return add(e, end, end + TOP, RESERVED);
}

/* What this machine has where nobody gave a map. */
static struct pc_area *add_all(const struct pc *pc, struct pc_area *e) {
    e = add(e, 0, 0x9FC00, USABLE);
    e = add(e, 0x9FC00, 0xA0000, RESERVED);
    e = add(e, 0xF0000, 0x100000, RESERVED);
    e = add_low(pc, e);
    for (uint32_t n = 0; n < pc->bios.quirk[QUIRK_E820_MANY] && n < 200; n++)
        e = add(e, 0xE0000000u + 0x2000 * (uint64_t)n, 0xE0001000u + 0x2000 * (uint64_t)n,
                RESERVED);
    e = add(e, 0xFFFC0000u, (uint64_t)1 << 32, RESERVED);
    return add(e, (uint64_t)1 << 32, ((uint64_t)1 << 32) + pc->ram.high, USABLE);
}

static uint32_t make_map(const struct pc *pc, struct pc_area *map) {
    const struct ram *m = &pc->ram;
    uint32_t count = (uint32_t)m->areas;
    if (count)
        memcpy(map, m->area, count * sizeof *map);
    else
        count = (uint32_t)(add_all(pc, map) - map);
    if (pc->bios.quirk[QUIRK_E820_UNSORTED]) {
        struct pc_area last = map[count - 1];
        for (uint32_t n = count - 1; n > 0; n--)
            map[n] = map[n - 1];
        map[0] = last;
    }
    return count;
}

static void refuse(struct pc *pc) {
    set_reg8(&pc->cpu, 4, 0x86); /* no such function */
    bios_flag(pc, FLAG_CF, true);
}

static void memory_map(struct pc *pc) {
    struct cpu *c = &pc->cpu;
    struct pc_area map[ENTRIES];
    uint32_t count = make_map(pc, map), n = c->r[EBX];
    uint32_t bytes = quirk(pc, QUIRK_E820_24) && c->r[ECX] >= 20 ? 24 : 20;
    if (c->r[EDX] != 0x534D4150 || c->r[ECX] < 20 || n >= count || quirk(pc, QUIRK_E820_FAIL)) {
        refuse(pc);
        return;
    }
    uint8_t out[24];
    put32(out, (uint32_t)map[n].base);
    put32(out + 4, (uint32_t)(map[n].base >> 32));
    put32(out + 8, (uint32_t)map[n].length);
    put32(out + 12, (uint32_t)(map[n].length >> 32));
    put32(out + 16, map[n].type);
    put32(out + 20, 1);
    ram_put(pc, bios_address(pc, 0, c->seg[ES].base + reg16(c, EDI)), out,
            bytes > c->r[ECX] ? 20 : bytes);
    bool last = n + 1 == count;
    if (!quirk(pc, QUIRK_E820_UNSIGNED))
        c->r[EAX] = 0x534D4150;
    c->r[ECX] = bytes;
    bool carry = last && quirk(pc, QUIRK_E820_CARRY);
    c->r[EBX] = last && !carry ? 0 : n + 1; /* with a carry nobody says what it is */
    bios_flag(pc, FLAG_CF, carry);
}

/* E801h and 88h: KiB between 1 and 16 MiB, and blocks of 64 KiB above. */
static void memory_size(struct pc *pc, bool old) {
    struct cpu *c = &pc->cpu;
    uint64_t kib = (pc->ram.low_end - MIB) >> 10;
    uint32_t low = kib < 0x3C00 ? (uint32_t)kib : 0x3C00;
    uint64_t blocks = kib > 0x3C00 ? (kib - 0x3C00) >> 6 : 0;
    if (old) {
        set_reg16(c, EAX, kib > 0xFFFF ? 0xFFFF : (uint32_t)kib);
    } else {
        set_reg16(c, EAX, low);
        set_reg16(c, ECX, low);
        set_reg16(c, EBX, (uint32_t)blocks);
        set_reg16(c, EDX, (uint32_t)blocks);
    }
    bios_flag(pc, FLAG_CF, false);
}

static void gate(struct pc *pc, uint32_t function) {
    struct cpu *c = &pc->cpu;
    if (quirk(pc, QUIRK_A20_UNSUPPORTED) || quirk(pc, QUIRK_A20_KEYBOARD) ||
        quirk(pc, QUIRK_A20_STUCK)) {
        refuse(pc);
        return;
    }
    if (function < 2)
        pc_gate_a20(pc, function);
    set_reg8(c, 4, 0);
    if (function == 2)
        set_reg8(c, EAX, pc->a20);
    if (function == 3)
        set_reg16(c, EBX, 3);
    bios_flag(pc, FLAG_CF, false);
}

void bios_system(struct pc *pc) {
    struct cpu *c = &pc->cpu;
    uint32_t ax = reg16(c, EAX);
    if (ax == 0xE820 && c->r[EBX] == 0 && !bios_wait(pc))
        return;
    if (ax == 0xE820)
        memory_map(pc);
    else if (ax == 0xE801)
        memory_size(pc, false);
    else if (ax >> 8 == 0x88)
        memory_size(pc, true);
    else if (ax >= 0x2400 && ax <= 0x2403)
        gate(pc, ax & 3);
    else
        refuse(pc);
    quirks_after(pc, SERVICE_SYSTEM);
}
