/*
 * What a program may poll: the interrupt controllers (8259), the timer (8254), the clock
 * (MC146818), the keyboard controller (8042) without a keyboard, ports 61h and 92h. Time is counted
 * in instructions, a thousand million a second.
 */
#include <string.h>

#include "refmodel/pc/machine.h"

enum { SECOND = 1000000000, TIMER_HZ = 1193182, FULL_COUNT = 65536 };

void devices_reset(struct pc *pc) {
    struct devices *d = &pc->dev;
    memset(d, 0, sizeof *d);
    d->vector[0] = 0x08;
    d->vector[1] = 0x70;
    d->mask[0] = MASK_AT_START;
    d->mask[1] = 0x8E;
    d->reload = pc->bios.quirk[QUIRK_PIC] ? TIMER_HZ / pc->bios.quirk[QUIRK_PIC] : FULL_COUNT;
    if (!d->reload)
        d->reload = 1;
    d->next_tick = devices_now(pc) + (uint64_t)d->reload * SECOND / TIMER_HZ;
}

uint64_t devices_now(const struct pc *pc) {
    return pc->cpu.count + pc->dev.idle;
}

static uint64_t period(const struct pc *pc) {
    return (uint64_t)pc->dev.reload * SECOND / TIMER_HZ;
}

uint64_t devices_until_tick(const struct pc *pc) {
    uint64_t now = devices_now(pc);
    return pc->dev.next_tick > now ? pc->dev.next_tick - now : 1;
}

bool devices_pending(struct pc *pc) {
    struct devices *d = &pc->dev;
    uint64_t now = devices_now(pc);
    if (now >= d->next_tick) {
        d->request[0] |= 1;
        d->next_tick += (now - d->next_tick) / period(pc) * period(pc) + period(pc);
    }
    uint32_t ready = d->request[0] & ~(uint32_t)d->mask[0];
    uint32_t lowest = ready & (0u - ready);
    return lowest && (!d->service[0] || lowest < (d->service[0] & (0u - d->service[0])));
}

/* Only the timer asks for anything, so the second controller never does. */
uint32_t devices_acknowledge(struct pc *pc) {
    struct devices *d = &pc->dev;
    uint32_t ready = d->request[0] & ~(uint32_t)d->mask[0], line = 0;
    while (line < 7 && !(ready >> line & 1))
        line++;
    d->request[0] &= (uint8_t) ~(1u << line);
    d->service[0] |= (uint8_t)(1u << line);
    return d->vector[0] + line;
}

static void pic_command(struct devices *d, int n, uint32_t v) {
    if (v & 0x10) {
        d->icw[n] = 1;
        d->init4[n] = v & 1;
        d->mask[n] = d->request[n] = d->service[n] = 0;
    } else if (v & 8) {
        if (v & 2)
            d->read_service[n] = v & 1;
    } else if ((v >> 5) == 1) {
        d->service[n] &= (uint8_t)(d->service[n] - 1);
    } else if ((v >> 5) == 3) {
        d->service[n] &= (uint8_t) ~(1u << (v & 7));
    }
}

static void pic_data(struct devices *d, int n, uint32_t v) {
    if (d->icw[n] == 1) {
        d->vector[n] = v & 0xF8;
        d->icw[n] = 2;
    } else if (d->icw[n] == 2) {
        d->icw[n] = d->init4[n] ? 3 : 0;
    } else if (d->icw[n] == 3) {
        d->icw[n] = 0;
    } else {
        d->mask[n] = (uint8_t)v;
    }
}

/* The count of a channel, which falls with the time. */
static uint32_t timer_count(const struct pc *pc, uint32_t reload) {
    uint64_t ticks = devices_now(pc) / 1000 * TIMER_HZ / (SECOND / 1000);
    return reload - (uint32_t)(ticks % reload);
}

static uint32_t timer_read(struct pc *pc) {
    struct devices *d = &pc->dev;
    uint32_t v = d->latch_state ? d->latched : timer_count(pc, d->reload);
    bool high = d->access_state & 1;
    d->access_state ^= 1;
    if (high)
        d->latch_state = 0;
    return high ? v >> 8 & 0xFF : v & 0xFF;
}

static void timer_write(struct pc *pc, uint32_t v) {
    struct devices *d = &pc->dev;
    d->access_state ^= 1;
    if (d->access_state & 1) {
        d->write_low = (uint8_t)v;
        return;
    }
    d->reload = v << 8 | d->write_low;
    if (!d->reload)
        d->reload = FULL_COUNT;
    d->next_tick = devices_now(pc) + period(pc);
}

static uint32_t rtc_read(const struct pc *pc) {
    uint32_t seconds = (uint32_t)(devices_now(pc) / SECOND) % 86400u;
    uint64_t kib = (pc->ram.low_end - (1 << 20)) >> 10;
    switch (pc->dev.rtc_index & 0x7F) {
    case 0x00:
        return seconds % 60 / 10 << 4 | seconds % 10;
    case 0x02:
        return seconds / 60 % 60 / 10 << 4 | seconds / 60 % 10;
    case 0x04:
        return seconds / 3600 / 10 << 4 | seconds / 3600 % 10;
    case 0x07:
    case 0x08:
        return 1;
    case 0x0A:
        return 0x26;
    case 0x0B:
        return 0x02;
    case 0x0D:
        return 0x80;
    case 0x17:
    case 0x30:
        return kib > 0xFFFF ? 0xFF : kib & 0xFF;
    case 0x18:
    case 0x31:
        return kib > 0xFFFF ? 0xFF : kib >> 8 & 0xFF;
    case 0x32:
        return 0x20;
    default:
        return 0;
    }
}

static uint32_t read_port(struct pc *pc, uint32_t port) {
    struct devices *d = &pc->dev;
    int n = port >= 0xA0 && port <= 0xA1;
    switch (port) {
    case 0x20:
    case 0xA0:
        return d->read_service[n] ? d->service[n] : d->request[n];
    case 0x21:
    case 0xA1:
        return d->mask[n];
    case 0x40:
    case 0x41:
    case 0x42:
        return timer_read(pc);
    case 0x60:
        return 0;
    case 0x61: /* the refresh bit and the output of the timer change with every look */
        d->port61 ^= 0x30;
        return d->port61;
    case 0x64: /* self-test done; nothing to read, ready for a command */
        return 0x14;
    case 0x71:
        return rtc_read(pc);
    case 0x92:
        return pc->a20 ? 2 : 0;
    default:
        return 0xFF;
    }
}

static void open_gate(struct pc *pc, bool open) {
    if (!quirk(pc, QUIRK_A20_STUCK))
        pc_gate_a20(pc, open);
}

static void reset(struct pc *pc, uint32_t port) {
    pc_finish(pc, PC_RESET, "a reset through port %02Xh", (unsigned)port);
    cpu_stop(&pc->cpu, STOP_OWNER, 0);
}

static void keyboard_command(struct pc *pc, uint32_t v) {
    pc->dev.icw[1] = pc->dev.icw[1];
    if (v == 0xFE)
        reset(pc, 0x64);
    pc->dev.port61 = (uint8_t)((pc->dev.port61 & ~1u) | (v == 0xD1)); /* next byte: output port */
    if (v == 0xDD || v == 0xDF)
        open_gate(pc, v == 0xDF);
}

static void write_port(struct pc *pc, uint32_t port, uint32_t v) {
    struct devices *d = &pc->dev;
    int n = port >= 0xA0 && port <= 0xA1;
    switch (port) {
    case 0x20:
    case 0xA0:
        pic_command(d, n, v);
        break;
    case 0x21:
    case 0xA1:
        pic_data(d, n, v);
        break;
    case 0x40:
        timer_write(pc, v);
        break;
    case 0x43:
        d->access_state = 0;
        d->latch_state = !(v >> 4 & 3);
        d->latched = timer_count(pc, d->reload);
        break;
    case 0x60:
        if (d->port61 & 1)
            open_gate(pc, v & 2);
        d->port61 &= 0xFE;
        break;
    case 0x64:
        keyboard_command(pc, v);
        break;
    case 0x70:
        d->rtc_index = (uint8_t)v;
        break;
    case 0x92:
        open_gate(pc, v & 2);
        if (v & 1)
            reset(pc, port);
        break;
    case 0xCF9:
        if (v & 4)
            reset(pc, port);
        break;
    default:
        break;
    }
    if (port == 0x20 || port == 0x21)
        cpu_stop(&pc->cpu, STOP_OWNER, 0);
}

/* Ports are for privileges up to IOPL; the TSS may allow some to others (SDM volume 1, 18.5). */
static bool allowed(struct pc *pc, uint32_t port, uint32_t n, uint32_t eip) {
    uint32_t map, bits;
    if (breakpoints_set(pc))
        breakpoint_port(pc, port, n);
    if (!(pc->cr0 & CR0_PE) || (!pc->v86 && pc->cpl <= (pc->cpu.other_flags >> 12 & 3)))
        return true;
    bool ok = pc->task.access & 8 && pc->task.limit >= 103 &&
              system_load(pc, pc->task.base + 102, 2, &map, eip) &&
              map + port / 8 + 1 <= pc->task.limit &&
              system_load(pc, pc->task.base + map + port / 8, 2, &bits, eip) &&
              !(bits >> (port & 7) & ((1u << n) - 1));
    if (!ok)
        cpu_fault_code(&pc->cpu, VECTOR_PROTECTION, 0, eip);
    return ok;
}

uint32_t bus_in(struct cpu *c, uint32_t port, uint32_t n, uint32_t eip) {
    uint32_t v = 0;
    if (!allowed(pc_of(c), port, n, eip))
        return 0;
    for (uint32_t k = 0; k < n; k++)
        v |= read_port(pc_of(c), port + k) << 8 * k;
    return v;
}

void bus_out(struct cpu *c, uint32_t port, uint32_t value, uint32_t n, uint32_t eip) {
    if (!allowed(pc_of(c), port, n, eip))
        return;
    for (uint32_t k = 0; k < n; k++)
        write_port(pc_of(c), port + k, value >> 8 * k & 0xFF);
}
