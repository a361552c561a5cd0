/* The PC: its making, and the loop that runs it. */
#include "refmodel/pc/pc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "refmodel/cpu/code.h"
#include "refmodel/pc/machine.h"

static const struct bus bus = {.precise = true,
                               .access = bus_access,
                               .fetch = bus_fetch,
                               .watch = bus_watch,
                               .load_segment = bus_load_segment,
                               .in = bus_in,
                               .out = bus_out,
                               .interrupt = pc_interrupt,
                               .far = pc_far,
                               .halt = pc_halt,
                               .set_flag = pc_set_flag,
                               .push_flags = pc_push_flags,
                               .pop_flags = pc_pop_flags,
                               .cpuid = pc_cpuid,
                               .clock = pc_clock,
                               .control = pc_control,
                               .privileged = pc_privileged,
                               .escape = pc_escape};

void pc_finish(struct pc *pc, enum pc_end end, const char *format, ...) {
    if (pc->end != PC_RUNNING)
        return;
    pc->end = end;
    va_list list;
    va_start(list, format);
    vsnprintf(pc->message, sizeof pc->message, format, list);
    va_end(list);
    cpu_stop(&pc->cpu, STOP_OWNER, pc->cpu.eip);
}

struct pc *pc_new(const struct pc_config *config, char *bad, size_t n) {
    struct pc *pc = calloc(1, sizeof *pc);
    if (n)
        *bad = 0;
    if (!pc)
        return NULL;
    pc->config = *config;
    pc->a20 = true;
    if (!quirks_read(pc, config->bios, bad, n) || !ram_init(&pc->ram, config) || !paging_init(pc) ||
        !cpu_init(&pc->cpu, &bus, pc, pc->tlb[TLB_PHYSICAL].rd, pc->tlb[TLB_PHYSICAL].wr)) {
        pc_free(pc);
        return NULL;
    }
    watch_init(pc);
    control_reset(pc);
    bios_init(pc);
    devices_reset(pc);
    bios_boot(pc);
    return pc;
}

void pc_free(struct pc *pc) {
    if (!pc)
        return;
    cpu_free(&pc->cpu);
    paging_free(pc);
    ram_free(&pc->ram);
    strace_free(&pc->trace.strace);
    free(pc->bios.buffer);
    free(pc);
}

/* HLT waits for the timer, if that may interrupt. */
static void halt(struct pc *pc) {
    const struct cpu *c = &pc->cpu;
    if (!(c->other_flags & FLAG_IF)) {
        pc_finish(pc, PC_HALTED, "%s", "");
        return;
    }
    if (pc->dev.mask[0] & 1) {
        pc_finish(pc, PC_HALTED, "halted with nothing that could interrupt");
        return;
    }
    if (!devices_pending(pc))
        pc->dev.idle += devices_until_tick(pc);
}

static void unsupported(struct pc *pc) {
    const struct cpu *c = &pc->cpu;
    uint8_t bytes[8];
    char hex[3 * sizeof bytes + 1] = "";
    for (uint32_t n = 0; n < sizeof bytes; n++) {
        uint32_t physical;
        if (!paging_peek(pc, c->seg[CS].base + c->fault_eip + n, &physical))
            break;
        ram_get(pc, physical, &bytes[n], 1);
        snprintf(hex + 3 * n, 4, " %02X", bytes[n]);
    }
    pc_finish(pc, PC_UNSUPPORTED,
              "this PC does not have the instruction at %04X:%08lX (bytes%s), or what it asks for",
              c->seg[CS].selector, (unsigned long)c->fault_eip, hex);
}

static void stopped(struct pc *pc, enum stop why) {
    switch (why) {
    case STOP_FAULT:
        /* With NE = 0 an error of the FPU would be interrupt 13 of the second 8259. */
        if (pc->cpu.vector == VECTOR_FLOAT && !(pc->cr0 & CR0_NE))
            pc->cpu.stop = STOP_UNSUPPORTED;
        else
            interrupt_exception(pc);
        if (pc->cpu.stop == STOP_UNSUPPORTED)
            unsupported(pc);
        break;
    case STOP_HALT:
        halt(pc);
        break;
    case STOP_UNSUPPORTED:
        unsupported(pc);
        break;
    case STOP_HOST:
        pc_finish(pc, PC_NO_MEMORY, "the host has no memory left");
        break;
    default:
        break;
    }
}

/* Lets a debug trap or an interrupt in, if one waits and may come now. */
static void interrupt(struct pc *pc) {
    struct cpu *c = &pc->cpu;
    if (pc->debug) {
        c->stop = RUNNING;
        cpu_fault_code(c, VECTOR_DEBUG, pc->debug, c->eip);
        pc->debug = 0;
        interrupt_exception(pc);
        return;
    }
    if (!(c->other_flags & FLAG_IF) || pc->shadow || !devices_pending(pc))
        return;
    c->stop = RUNNING;
    uint32_t vector = devices_acknowledge(pc);
    if (!interrupt_enter(pc, vector, BY_DEVICE, false, 0, c->eip, c->eip) && c->stop == STOP_FAULT)
        interrupt_exception(pc);
}

/* Runs up to `left` instructions, but no further than to where somebody has to look. */
static enum stop run_some(struct pc *pc, uint64_t left) {
    struct cpu *c = &pc->cpu;
    /* With IF clear the clock means nothing; setting it stops the processor. */
    uint64_t tick = c->other_flags & FLAG_IF ? devices_until_tick(pc) : left;
    bool watched = breakpoints_set(pc), stepping = c->stepping;
    if (watched && !breakpoint_fetch(pc))
        return STOP_FAULT;
    c->stepping = stepping || watched;
    enum stop why = cpu_run(c, pc->shadow || watched ? 1 : left < tick ? left : tick);
    c->stepping = stepping;
    return why;
}

enum pc_end pc_run(struct pc *pc, uint64_t instructions) {
    struct cpu *c = &pc->cpu;
    uint64_t end = c->count + instructions;
    while (pc->end == PC_RUNNING && c->count < end) {
        interrupt(pc);
        if (pc->end != PC_RUNNING)
            break;
        bool shadow = pc->shadow;
        enum stop why = run_some(pc, end - c->count);
        if (shadow)
            pc->shadow = false;
        stopped(pc, why);
    }
    return pc->end;
}

const char *pc_message(const struct pc *pc) {
    return pc->message;
}

uint64_t pc_instructions(const struct pc *pc) {
    return pc->cpu.count;
}

uint64_t pc_idle(const struct pc *pc) {
    return pc->dev.idle;
}

void pc_count(struct pc *pc, uint32_t low, uint32_t high, uint64_t *runs, uint64_t *taken) {
    pc->coverage = (struct coverage){low, high, runs, taken};
    pc->cpu.coverage = runs ? &pc->coverage : NULL;
    code_flush(&pc->cpu);
}
