/* The table of quirks, and those that all services have in common. */
#include "refmodel/pc/quirks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "refmodel/pc/machine.h"

#define QUIRK_ROW(name, text, number, what) {text, what, number},
static const struct pc_quirk rows[QUIRKS] = {QUIRK_LIST(QUIRK_ROW)};

const struct pc_quirk *pc_quirks(size_t *n) {
    *n = QUIRKS;
    return rows;
}

/* One item of the list, n bytes long. */
static bool read_one(struct pc *pc, const char *item, size_t n) {
    for (int q = 0; q < QUIRKS; q++) {
        size_t k = strlen(rows[q].name);
        bool number = rows[q].number && n > k + 1 && item[k] == '=';
        if (n < k || memcmp(item, rows[q].name, k) != 0 || (n != k && !number))
            continue;
        char *end = NULL;
        unsigned long v = number ? strtoul(item + k + 1, &end, 0) : rows[q].number;
        if (number && (end != item + n || v > 0xFFFFFFFFu))
            return false;
        pc->bios.quirk[q] = v ? (uint32_t)v : 1;
        return true;
    }
    return false;
}

bool quirks_read(struct pc *pc, const char *list, char *bad, size_t n) {
    while (list && *list) {
        size_t k = strcspn(list, ",");
        if (!read_one(pc, list, k)) {
            snprintf(bad, n, "%.*s", (int)k, list);
            return false;
        }
        list += k + (list[k] == ',');
    }
    return true;
}

/* The registers that a service's interface does not promise to keep, by service. */
static void trash(struct pc *pc, enum service s) {
    static const uint8_t free_registers[][8] = {
        [SERVICE_VIDEO] = {EAX, EBX, EBP, ESI, EDI, 0xFF},
        [SERVICE_DISK] = {EBX, ECX, EDX, EBP, ESI, EDI, 0xFF},
        [SERVICE_DISK_ASKED] = {EBP, ESI, 0xFF},
        [SERVICE_SYSTEM] = {EBP, ESI, 0xFF},
    };
    for (int n = 0; free_registers[s][n] != 0xFF; n++)
        set_reg16(&pc->cpu, free_registers[s][n], 0x5A5A + 0x0101u * (uint32_t)n);
}

static void use_stack(struct pc *pc, uint32_t n) {
    static const uint8_t dirt = 0xDB;
    uint32_t sp = pc->cpu.r[ESP] & 0xFFFF;
    for (uint32_t k = 1; k <= n; k++)
        ram_put(pc, pc->cpu.seg[SS].base + ((sp - k) & 0xFFFF), &dirt, 1);
}

void quirks_after(struct pc *pc, enum service s) {
    struct cpu *c = &pc->cpu;
    const uint32_t *q = pc->bios.quirk;
    bool answers = s == SERVICE_SYSTEM || s == SERVICE_DISK_ASKED; /* in most registers, and ES */
    if (q[QUIRK_TRASH])
        trash(pc, s);
    if (q[QUIRK_UPPER])
        for (int n = EAX; n <= EDI; n++)
            if (n != ESP && !(answers && n != EBP && n != ESI))
                c->r[n] = (c->r[n] & 0xFFFF) | 0xDEAD0000u;
    if (q[QUIRK_SEGMENTS])
        for (int n = 0; n < SEGS; n++)
            if (n != CS && n != SS && !(answers && n == ES))
                c->seg[n] = segment_real(&c->seg[n], 0xE123);
    if (q[QUIRK_DIRECTION])
        bios_flag(pc, FLAG_DF, true);
    if (q[QUIRK_INTERRUPTS_LEFT])
        bios_flag(pc, FLAG_IF, false);
    if (q[QUIRK_STACK])
        use_stack(pc, q[QUIRK_STACK]);
    if (q[QUIRK_ESP_DIRTY])
        c->r[ESP] = (c->r[ESP] & 0xFFFF) | 0xDEAD0000u;
    if (q[QUIRK_A20_CLOSES] && s != SERVICE_SYSTEM)
        pc_gate_a20(pc, false);
}

/* Pushes and pops a segment register in real mode. */
static void reload(struct segment *s) {
    *s = segment_real(s, s->selector);
}

/* In the ROM, and short: what some firmware has that switches to protected mode. */
static const struct table FIRMWARE_GDT = {.base = 0xFFFE6A40, .limit = 0x37};

void quirks_start(struct pc *pc) {
    if (quirk(pc, QUIRK_GDT))
        pc->gdt = FIRMWARE_GDT;
}

bool quirks_before(struct pc *pc) {
    const struct segment *ss = &pc->cpu.seg[SS];
    if (quirk(pc, QUIRK_RELOADS)) {
        reload(&pc->cpu.seg[DS]);
        reload(&pc->cpu.seg[ES]);
    }
    if (quirk(pc, QUIRK_MASK) && pc->dev.mask[0] != MASK_AT_START) {
        pc_finish(pc, PC_RESET, "the firmware does not find its interrupt mask: reset");
        return false;
    }
    if (quirk(pc, QUIRK_GDT) &&
        (pc->gdt.base != FIRMWARE_GDT.base || pc->gdt.limit != FIRMWARE_GDT.limit)) {
        pc_finish(pc, PC_RESET, "the firmware does not find its GDT: reset");
        return false;
    }
    if (quirk(pc, QUIRK_STACK_16) &&
        (ss->size & SEGMENT_BIG || ss->limit != 0xFFFF || pc->cpu.r[ESP] >> 16)) {
        pc_finish(pc, PC_RESET, "the firmware does not find a 16-bit stack: reset");
        return false;
    }
    return true;
}
