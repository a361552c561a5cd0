/*
 * The BIOS: stubs in F000 that call it, what it leaves in low memory, and the services but those of
 * int 13h and int 15h.
 *
 *     F000:E000 + 8 n   0F 3F n, CF: the handler of int n
 *     F000:FFF0         0F 3F FF: reset
 *     0040:0000         BIOS data area
 */
#include <string.h>

#define SEGMENTED
#include "refmodel/cpu/exec.h"
#include "refmodel/pc/machine.h"

enum { ROM = 0xF0000, STUBS = 0xE000, STUB_SIZE = 8, ENTRY = 0xFFF0, VECTORS = 256 };
enum { BDA = 0x400, EBDA_SEGMENT = 0x9FC0, BASE_KIB = 639, RESET_CALL = 0xFF, BOOT = 0x7C00 };
enum { EQUIPMENT = 0x0027 }; /* a floppy drive, an FPU, a colour screen */

static void put(struct pc *pc, uint32_t address, uint32_t v, uint32_t n) {
    uint8_t bytes[4];
    put32(bytes, v);
    uint8_t *page = (uint8_t *)ram_read(pc, address >> PAGE_SHIFT); /* ROM as well */
    memcpy(page + (address & PAGE_MASK), bytes, n);
}

void bios_init(struct pc *pc) {
    for (uint32_t n = 0; n < VECTORS; n++) {
        uint32_t at = STUBS + STUB_SIZE * n;
        put(pc, 4 * n, at | (uint32_t)ROM >> 4 << 16, 4);
        put(pc, ROM + at, 0xCF003F0F | n << 16, 4);
    }
    /* The timer's handler also calls int 1Ch. */
    put(pc, ROM + STUBS + STUB_SIZE * 8 + 3, 0x00CF1CCD, 3);
    put(pc, ROM + ENTRY, 0x003F0F | RESET_CALL << 16, 3);
    for (uint32_t n = 0x60; n < 0x68; n++)
        put(pc, 4 * n, 0, 4);
    put(pc, BDA + 0x0E, EBDA_SEGMENT, 2);
    put(pc, BDA + 0x10, EQUIPMENT, 2);
    put(pc, BDA + 0x13, BASE_KIB, 2);
    put(pc, BDA + 0x49, 3, 1);
    put(pc, BDA + 0x4A, 80, 2);
    put(pc, BDA + 0x60, 0x0607, 2);
    put(pc, BDA + 0x63, 0x3D4, 2);
    put(pc, BDA + 0x75, 1, 1);
    put(pc, BDA + 0x84, 24, 1);
    pc->bios.drive = quirk(pc, QUIRK_DRIVE) ? pc->bios.quirk[QUIRK_DRIVE] & 0xFF : 0x80;
}

/* A BPB in place of what lies behind the jump, as some firmware writes it. */
static void overwrite_bpb(struct pc *pc) {
    uint8_t bpb[59];
    for (size_t n = 0; n < sizeof bpb; n++)
        bpb[n] = (uint8_t)(0xF6 + n);
    ram_put(pc, BOOT + 3, bpb, sizeof bpb);
}

void bios_boot(struct pc *pc) {
    struct cpu *c = &pc->cpu;
    uint8_t sector[512];
    const struct pc_disk *d = &pc->config.disk;
    if (!d->sectors || !d->read(pc->config.user, 0, 1, sector)) {
        pc_finish(pc, PC_HALTED, "no boot sector can be read");
        return;
    }
    if (get16(sector + 510) != 0xAA55) {
        pc_finish(pc, PC_HALTED, "the disk's first sector does not end with 55 AA");
        return;
    }
    ram_put(pc, BOOT, sector, sizeof sector);
    if (quirk(pc, QUIRK_BPB))
        overwrite_bpb(pc);
    quirks_start(pc);
    bool high = quirk(pc, QUIRK_START_07C0);
    c->seg[CS] = segment_real(&c->seg[CS], high ? BOOT >> 4 : 0);
    c->eip = high ? 0 : BOOT;
    c->r[ESP] = 0x6F00 | (quirk(pc, QUIRK_UPPER) ? 0xDEAD0000u : 0);
    c->r[EDX] = quirk(pc, QUIRK_DRIVE_WRONG) ? 0 : pc->bios.drive;
    c->r[EAX] = 0xAA55;
    cpu_set_eflags(c, quirk(pc, QUIRK_INTERRUPTS_OFF) ? 0 : FLAG_IF);
    pc_gate_a20(pc, !quirk(pc, QUIRK_A20_CLOSED) && !quirk(pc, QUIRK_A20_STUCK) &&
                        !quirk(pc, QUIRK_A20_KEYBOARD));
}

uint32_t bios_address(const struct pc *pc, uint32_t segment, uint32_t offset) {
    uint32_t at = segment * 16 + offset;
    return pc->a20 ? at : at & ~(1u << 20);
}

void pc_gate_a20(struct pc *pc, bool open) {
    if (open == pc->a20)
        return;
    pc->a20 = open;
    paging_choose(pc, true);
}

/* The stack is that of INT: IP, CS, FLAGS. */
void bios_flag(struct pc *pc, uint32_t flag, bool on) {
    const struct segment *ss = &pc->cpu.seg[SS];
    uint32_t mask = ss->size & SEGMENT_BIG ? 0xFFFFFFFFu : 0xFFFF;
    uint32_t at = ss->base + ((pc->cpu.r[ESP] + 4) & mask), physical;
    uint8_t word[2];
    if (!paging_peek(pc, at, &physical))
        return;
    ram_get(pc, physical, word, 2);
    uint32_t v = get16(word);
    put16(word, on ? v | flag : v & ~flag);
    ram_put(pc, physical, word, 2);
}

void bios_print(struct pc *pc, uint32_t c) {
    char byte = (char)c;
    if (c == '\n')
        pc->bios.row += pc->bios.row < 24;
    else
        pc->bios.column = c == '\r' ? 0 : (pc->bios.column + 1) % 80;
    if (pc->config.console)
        pc->config.console(pc->config.user, &byte, 1);
}

/* int 10h */
static void video(struct pc *pc) {
    struct cpu *c = &pc->cpu;
    switch (c->r[EAX] >> 8 & 0xFF) {
    case 0x03:
        set_reg16(c, ECX, 0x0607);
        set_reg16(c, EDX, pc->bios.row << 8 | pc->bios.column);
        set_reg16(c, EAX, 0);
        return;
    case 0x0E:
        if (!quirk(pc, QUIRK_GREY) || reg16(c, EBX) == 0x0007)
            bios_print(pc, c->r[EAX] & 0xFF);
        break;
    case 0x0F:
        set_reg16(c, EAX, 80 << 8 | 3);
        set_reg8(c, 7, 0);
        return;
    case 0x13:
        for (uint32_t n = 0; n < reg16(c, ECX); n++) {
            uint8_t byte;
            ram_get(pc, bios_address(pc, c->seg[ES].selector, reg16(c, EBP) + n), &byte, 1);
            bios_print(pc, byte);
        }
        break;
    default: /* modes, cursor, scrolling: there is no picture */
        break;
    }
    quirks_after(pc, SERVICE_VIDEO);
}

static void keyboard(struct pc *pc) {
    switch (pc->cpu.r[EAX] >> 8 & 0xEF) {
    case 0x00:
        pc_finish(pc, PC_HALTED, "the program waits for a key, and there is no keyboard");
        break;
    case 0x01:
        bios_flag(pc, FLAG_ZF, true);
        break;
    default:
        set_reg8(&pc->cpu, EAX, 0);
        break;
    }
}

uint32_t bios_ticks(const struct pc *pc) {
    return (uint32_t)(devices_now(pc) / 54925400u);
}

static uint32_t bcd(uint32_t v) {
    return v / 10 << 4 | v % 10;
}

/* int 1Ah: the machine is started on 1 January 2000 at midnight. */
static void time_of_day(struct pc *pc) {
    struct cpu *c = &pc->cpu;
    uint32_t seconds = (uint32_t)(devices_now(pc) / 1000000000u) % 86400u;
    switch (c->r[EAX] >> 8 & 0xFF) {
    case 0x00:
        set_reg16(c, ECX, bios_ticks(pc) >> 16);
        set_reg16(c, EDX, bios_ticks(pc));
        set_reg8(c, EAX, 0);
        break;
    case 0x02:
        set_reg16(c, ECX, bcd(seconds / 3600) << 8 | bcd(seconds / 60 % 60));
        set_reg16(c, EDX, bcd(seconds % 60) << 8);
        bios_flag(pc, FLAG_CF, false);
        break;
    case 0x04:
        set_reg16(c, ECX, 0x2000);
        set_reg16(c, EDX, 0x0101);
        bios_flag(pc, FLAG_CF, false);
        break;
    default:
        bios_flag(pc, FLAG_CF, true);
        break;
    }
}

/* Exceptions of real mode that nobody has taken over, which would come again and again. */
static void unhandled(struct pc *pc, uint32_t vector) {
    uint32_t frame[3], at = pc->cpu.seg[SS].base + (pc->cpu.r[ESP] & 0xFFFF);
    uint8_t bytes[6];
    ram_get(pc, at, bytes, 6);
    for (int n = 0; n < 3; n++)
        frame[n] = get16(bytes + 2 * n);
    pc_finish(pc, PC_HALTED, "exception %02X at %04X:%04X, which nobody handles", (unsigned)vector,
              (unsigned)frame[1], (unsigned)frame[0]);
}

static void hardware(struct pc *pc, uint32_t vector) {
    bool slave = vector >= 0x70;
    uint32_t line = vector & 7;
    if (!(pc->dev.service[slave] >> line & 1) && vector < 0x70 && vector != 8) {
        if (vector >= 10 || vector == 6)
            unhandled(pc, vector);
        return;
    }
    if (vector == 8) {
        uint8_t ticks[4];
        ram_get(pc, BDA + 0x6C, ticks, 4);
        put32(ticks, get32(ticks) + 1);
        ram_put(pc, BDA + 0x6C, ticks, 4);
    }
    for (int n = 0; n <= slave; n++)
        pc->dev.service[n] &= (uint8_t)(pc->dev.service[n] - 1); /* end of interrupt */
}

void bios_call(struct pc *pc, uint32_t which) {
    struct cpu *c = &pc->cpu;
    bool service = which == 0x10 || which == 0x13 || which == 0x15;
    if (service && !quirks_before(pc))
        return;
    switch (which) {
    case 0x00:
    case 0x06:
    case 0x07:
        unhandled(pc, which);
        break;
    case 0x10:
        video(pc);
        break;
    case 0x11:
        set_reg16(c, EAX, EQUIPMENT);
        break;
    case 0x12:
        set_reg16(c, EAX, BASE_KIB);
        break;
    case 0x13:
        bios_disk(pc);
        break;
    case 0x14:
    case 0x17:
        set_reg8(c, 4, 0x80); /* no such port: time-out */
        break;
    case 0x15:
        bios_system(pc);
        break;
    case 0x16:
        keyboard(pc);
        break;
    case 0x18:
        pc_finish(pc, PC_HALTED, "int 18h: no more disks to start from");
        break;
    case 0x19:
        pc_finish(pc, PC_RESET, "int 19h");
        break;
    case RESET_CALL:
        pc_finish(pc, PC_RESET, "a jump to the reset vector");
        break;
    case 0x1A:
        time_of_day(pc);
        break;
    default:
        if ((which >= 8 && which < 16) || (which >= 0x70 && which < 0x78))
            hardware(pc, which);
        break;
    }
}

/* 0F 3F n in the ROM. */
RUN(pc_escape) {
    struct pc *pc = pc_of(c);
    uint32_t linear = c->code_base + i->eip;
    if (pc->cr0 & CR0_PE || linear < ROM || linear >= ROM + 0x10000) {
        cpu_fault(c, VECTOR_INVALID, i->eip);
        LEAVE(i);
    }
    c->eip = i->eip;
    bios_call(pc, i->imm);
    if (pc->end != PC_RUNNING)
        cpu_stop(c, STOP_OWNER, i->eip);
    cpu_choose_map(c);
    LEAVE(code_at(c, i->eip + i->len));
}
