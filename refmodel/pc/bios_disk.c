/* int 13h: one disk of 512-byte sectors, by cylinder, head and sector and by LBA (EDD 3.0). */
#include <stdlib.h>
#include <string.h>

#include "refmodel/pc/machine.h"

enum {
    SECTOR = 512,
    MOST = 127,
    LATE = 100,
    TRACK = 63,
    BAD_COMMAND = 1,
    NOT_FOUND = 4,
    DMA_BOUNDARY = 9,
    BAD_SECTOR = 0x0A,
    CONTROLLER = 0x20
};
enum { BDA_STATUS = 0x474 };

static uint32_t sector_size(const struct pc *pc) {
    return quirk(pc, QUIRK_SECTOR_4096) ? 4096 : SECTOR;
}

static uint64_t sectors(const struct pc *pc) {
    return pc->config.disk.sectors / (sector_size(pc) / SECTOR);
}

static uint32_t track(const struct pc *pc) {
    return quirk(pc, QUIRK_GEOMETRY) ? pc->bios.quirk[QUIRK_GEOMETRY] & 63 : TRACK;
}

static uint32_t heads(const struct pc *pc) {
    if (quirk(pc, QUIRK_GEOMETRY))
        return 1;
    return sectors(pc) <= 1024u * 16 * TRACK ? 16 : 255;
}

static void status(struct pc *pc, uint32_t error) {
    uint8_t byte = (uint8_t)error;
    set_reg8(&pc->cpu, 4, error);
    ram_put(pc, BDA_STATUS, &byte, 1);
    bios_flag(pc, FLAG_CF, error != 0);
}

struct transfer {
    uint64_t lba;
    uint32_t count;   /* asked for; done */
    uint32_t address; /* where in memory */
    bool write;
    bool verify; /* nothing is moved */
};

static bool move(struct pc *pc, const struct transfer *t) {
    const struct pc_disk *d = &pc->config.disk;
    uint32_t scale = sector_size(pc) / SECTOR, n = t->count * scale;
    uint64_t lba = t->lba * scale;
    uint8_t *buffer = pc->bios.buffer;
    uint32_t mask = pc->a20 ? 0xFFFFFFFFu : ~(1u << 20);
    if (t->verify)
        return true;
    if (t->write) {
        ram_get(pc, t->address & mask, buffer, n * SECTOR);
        return d->write(pc->config.user, lba, n, buffer);
    }
    if (!d->read(pc->config.user, lba, n, buffer))
        return false;
    ram_put(pc, t->address & mask, buffer, n * SECTOR);
    return true;
}

/* The error that quirks make of a transfer, or 0. */
static uint32_t spoil(struct pc *pc, const struct transfer *t) {
    const uint32_t *q = pc->bios.quirk;
    uint32_t bytes = t->count * sector_size(pc);
    if (q[QUIRK_ERRORS_STAY] && pc->bios.stuck)
        return CONTROLLER;
    if (q[QUIRK_ERRORS] && pc->bios.failed++ < q[QUIRK_ERRORS])
        return CONTROLLER;
    if (q[QUIRK_ERRORS_LATE] && t->lba + t->count > LATE &&
        pc->bios.failed++ < q[QUIRK_ERRORS_LATE])
        return CONTROLLER;
    pc->bios.failed = 0;
    if (q[QUIRK_ERRORS_FROM] && t->lba + t->count > q[QUIRK_ERRORS_FROM])
        return BAD_SECTOR;
    if (q[QUIRK_ERRORS_LARGE] && t->count > q[QUIRK_ERRORS_LARGE])
        return BAD_COMMAND;
    if (q[QUIRK_DMA] && (t->address & 0xFFFF) + bytes > 0x10000)
        return DMA_BOUNDARY;
    return 0;
}

/* Does a transfer; t->count becomes what is reported as done. Returns the error. */
static uint32_t transfer(struct pc *pc, struct transfer *t) {
    uint32_t most = pc->bios.quirk[QUIRK_COUNT_SHORT];
    uint32_t error = spoil(pc, t);
    if (!error && (t->lba >= sectors(pc) || t->count > sectors(pc) - t->lba))
        error = NOT_FOUND;
    if (!error && most && t->count > most)
        t->count = most;
    if (!error && !move(pc, t))
        error = BAD_SECTOR;
    pc->bios.stuck = error != 0;
    if (error)
        t->count = 0;
    else
        t->count += pc->bios.quirk[QUIRK_COUNT_MORE];
    return error;
}

/* 02h, 03h, 04h */
static void by_cylinder(struct pc *pc) {
    struct cpu *c = &pc->cpu;
    uint32_t sector = c->r[ECX] & 63, head = c->r[EDX] >> 8 & 0xFF;
    uint32_t cylinder = (c->r[ECX] >> 8 & 0xFF) | (c->r[ECX] & 0xC0) << 2;
    uint32_t function = c->r[EAX] >> 8 & 0xFF;
    struct transfer t = {.count = c->r[EAX] & 0xFF,
                         .address = c->seg[ES].selector * 16u + reg16(c, EBX),
                         .write = function == 3,
                         .verify = function == 4};
    if (!sector || sector > track(pc) || head >= heads(pc) || !t.count || t.count > 128) {
        status(pc, BAD_COMMAND);
        return;
    }
    t.lba = ((uint64_t)cylinder * heads(pc) + head) * track(pc) + sector - 1;
    status(pc, transfer(pc, &t));
    set_reg8(c, EAX, t.count);
}

static void parameters(struct pc *pc) {
    struct cpu *c = &pc->cpu;
    uint64_t cylinders = sectors(pc) / (heads(pc) * track(pc));
    uint32_t last = cylinders > 1024 ? 1023 : cylinders ? (uint32_t)cylinders - 1 : 0;
    if (quirk(pc, QUIRK_PARAMETERS_NONE)) {
        status(pc, BAD_COMMAND);
        return;
    }
    uint32_t of_track = quirk(pc, QUIRK_PARAMETERS_ZERO) ? 0 : track(pc);
    set_reg16(c, ECX, (last & 0xFF) << 8 | last >> 8 << 6 | of_track);
    set_reg16(c, EDX, (heads(pc) - 1) << 8 | 1);
    set_reg8(c, EAX, 0);
    status(pc, 0);
}

/* 15h: a hard disk, its sectors in CX:DX. */
static void type(struct pc *pc) {
    struct cpu *c = &pc->cpu;
    uint32_t n = sectors(pc) > 0xFFFFFFFFu ? 0xFFFFFFFFu : (uint32_t)sectors(pc);
    status(pc, 0);
    set_reg16(c, ECX, n >> 16);
    set_reg16(c, EDX, n);
    set_reg8(c, 4, 3);
}

/* 42h, 43h, 44h: the packet at DS:SI. */
static void by_lba(struct pc *pc) {
    struct cpu *c = &pc->cpu;
    uint32_t at = c->seg[DS].base + reg16(c, ESI), function = c->r[EAX] >> 8 & 0xFF;
    uint8_t packet[24];
    ram_get(pc, at, packet, sizeof packet);
    uint32_t segment = get16(packet + 6), offset = get16(packet + 4);
    bool flat = segment == 0xFFFF && offset == 0xFFFF && packet[0] >= 24;
    struct transfer t = {.count = get16(packet + 2),
                         .lba = get32(packet + 8) | (uint64_t)get32(packet + 12) << 32,
                         .address = flat ? get32(packet + 16) : segment * 16 + offset,
                         .write = function == 0x43,
                         .verify = function == 0x44};
    if (packet[0] < 16 || t.count > MOST ||
        (quirk(pc, QUIRK_PACKET_16) && (packet[0] != 16 || at % 16))) {
        status(pc, BAD_COMMAND);
        return;
    }
    bool nothing = pc->bios.quirk[QUIRK_COUNT_NONE] > pc->bios.skipped;
    pc->bios.skipped = nothing ? pc->bios.skipped + 1 : 0;
    uint32_t error = nothing ? 0 : transfer(pc, &t);
    if (!error || !quirk(pc, QUIRK_COUNT_KEPT))
        put16(packet + 2, nothing ? 0 : t.count);
    if (quirk(pc, QUIRK_PACKET))
        memset(packet + 4, 0xEE, 12);
    ram_put(pc, at, packet, 16);
    status(pc, error);
}

static void extensions(struct pc *pc) {
    struct cpu *c = &pc->cpu;
    if (reg16(c, EBX) != 0x55AA) {
        status(pc, BAD_COMMAND);
        return;
    }
    if (!quirk(pc, QUIRK_EDD_BX))
        set_reg16(c, EBX, 0xAA55);
    set_reg16(c, ECX, 1);
    status(pc, 0);
    set_reg8(c, 4, 0x30);
}

/* 48h: 26 bytes, or 30. */
static void extended_parameters(struct pc *pc) {
    struct cpu *c = &pc->cpu;
    uint32_t at = c->seg[DS].base + reg16(c, ESI);
    uint8_t table[30] = {0};
    ram_get(pc, at, table, 2);
    uint32_t room = get16(table);
    if (room < 26) {
        status(pc, BAD_COMMAND);
        return;
    }
    uint64_t n = sectors(pc), cylinders = n / (heads(pc) * track(pc));
    put16(table, room >= 30 ? 30 : 26);
    put16(table + 2, 2);
    put32(table + 4, cylinders > 16383 ? 16383 : (uint32_t)cylinders);
    put32(table + 8, heads(pc));
    put32(table + 12, track(pc));
    put32(table + 16, (uint32_t)n);
    put32(table + 20, (uint32_t)(n >> 32));
    put16(table + 24, sector_size(pc));
    put32(table + 26, 0xFFFFFFFFu);
    ram_put(pc, at, table, room >= 30 ? 30 : 26);
    status(pc, 0);
}

bool bios_wait(struct pc *pc) {
    if (!quirk(pc, QUIRK_WAITS))
        return true;
    uint8_t word[2];
    uint32_t at = pc->cpu.seg[SS].base + ((pc->cpu.r[ESP] + 4) & 0xFFFF);
    ram_get(pc, at, word, 2);
    if (get16(word) & FLAG_IF) {
        pc->dev.idle += devices_until_tick(pc);
        return true;
    }
    pc_finish(pc, PC_HALTED, "the firmware waits for a tick with interrupts off");
    return false;
}

static void function(struct pc *pc, uint32_t which) {
    switch (which) {
    case 0x00:
    case 0x0D:
        pc->bios.stuck = false;
        status(pc, 0);
        break;
    case 0x01: {
        uint8_t last;
        ram_get(pc, BDA_STATUS, &last, 1);
        status(pc, last);
        break;
    }
    case 0x02:
    case 0x03:
    case 0x04:
        by_cylinder(pc);
        break;
    case 0x08:
        parameters(pc);
        break;
    case 0x15:
        type(pc);
        break;
    case 0x41:
        extensions(pc);
        break;
    case 0x42:
    case 0x43:
    case 0x44:
        by_lba(pc);
        break;
    case 0x47:
        status(pc, 0);
        break;
    case 0x48:
        extended_parameters(pc);
        break;
    default:
        status(pc, BAD_COMMAND);
        break;
    }
}

void bios_disk(struct pc *pc) {
    struct cpu *c = &pc->cpu;
    uint32_t which = c->r[EAX] >> 8 & 0xFF;
    bool extended = which >= 0x41 && which <= 0x48;
    bool parameters_asked = which == 0x08 || which == 0x15 || which == 0x48 || which == 0x41;
    if (!pc->bios.buffer && !(pc->bios.buffer = malloc(128 * 4096))) {
        pc_finish(pc, PC_NO_MEMORY, "the host has no memory left");
        return;
    }
    if (!bios_wait(pc))
        return;
    if ((c->r[EDX] & 0xFF) != pc->bios.drive || (extended && quirk(pc, QUIRK_EDD_NONE)))
        status(pc, BAD_COMMAND);
    else if (extended && which != 0x41 && quirk(pc, QUIRK_EDD_BX))
        status(pc, 0);
    else
        function(pc, which);
    quirks_after(pc, parameters_asked ? SERVICE_DISK_ASKED : SERVICE_DISK);
}
