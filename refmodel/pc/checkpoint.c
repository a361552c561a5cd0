/*
 * The whole machine in a stream of bytes, the same on any host. One list of its state serves both
 * directions. Numbers are little-endian; of memory there are the pages that exist and hold
 * anything, each behind its number.
 */
#include <stdlib.h>
#include <string.h>

#include "refmodel/cpu/code.h"
#include "refmodel/pc/machine.h"

struct archive {
    bool save;
    bool failed;
    bool (*put)(void *user, const void *bytes, size_t n);
    bool (*get)(void *user, void *bytes, size_t n);
    void *user;
};

static const char MAGIC[8] = "PCSTATE4";
enum { NO_PAGE_LEFT = 0xFFFFFFFF };

static void bytes_(struct archive *a, void *bytes, size_t n) {
    if (!a->failed && !(a->save ? a->put(a->user, bytes, n) : a->get(a->user, bytes, n)))
        a->failed = true;
}

static uint64_t number(struct archive *a, uint64_t v, size_t n) {
    uint8_t b[8];
    for (size_t k = 0; k < n; k++)
        b[k] = (uint8_t)(v >> 8 * k);
    bytes_(a, b, n);
    v = 0;
    for (size_t k = n; k-- > 0;)
        v = v << 8 | b[k];
    return v;
}

#define U8(x) (x) = (uint8_t)number(a, (x), 1)
#define U16(x) (x) = (uint16_t)number(a, (x), 2)
#define U32(x) (x) = (uint32_t)number(a, (x), 4)
#define U64(x) (x) = number(a, (x), 8)
#define FLAG(x) (x) = number(a, (x), 1) != 0

static void segment(struct archive *a, struct segment *s) {
    U32(s->base);
    U32(s->limit);
    U16(s->selector);
    U8(s->access);
    U8(s->size);
}

static void fpu(struct archive *a, struct fpu *f) {
    for (int n = 0; n < 8; n++) {
        U64(f->st[n].significand);
        U16(f->st[n].top);
    }
    U32(f->top);
    U32(f->control);
    U32(f->status);
    U8(f->empty);
    U32(f->last_eip);
    U32(f->last_address);
    U32(f->last_opcode);
}

static void processor(struct archive *a, struct pc *pc) {
    struct cpu *c = &pc->cpu;
    for (int n = 0; n < REGS; n++)
        U32(c->r[n]);
    uint32_t flags = cpu_eflags(c);
    U32(flags);
    U32(c->eip);
    U64(c->count);
    U64(c->clock_reads);
    for (int n = 0; n < SEGS; n++)
        segment(a, &c->seg[n]);
    fpu(a, &c->fpu);
    U32(pc->cr0);
    U32(pc->cr2);
    U32(pc->cr3);
    U32(pc->cr4);
    for (int n = 0; n < 8; n++)
        U32(pc->dr[n]);
    U32(pc->debug);
    FLAG(pc->v86);
    FLAG(pc->resume);
    U32(pc->gdt.base);
    U32(pc->gdt.limit);
    U32(pc->idt.base);
    U32(pc->idt.limit);
    segment(a, &pc->ldt);
    segment(a, &pc->task);
    U32(pc->cpl);
    FLAG(pc->a20);
    FLAG(pc->shadow);
    if (!a->save && !a->failed)
        cpu_set_eflags(c, flags);
}

static void devices(struct archive *a, struct pc *pc) {
    struct devices *d = &pc->dev;
    for (int n = 0; n < 2; n++) {
        U8(d->mask[n]);
        U8(d->request[n]);
        U8(d->service[n]);
        U8(d->icw[n]);
        U8(d->vector[n]);
        FLAG(d->init4[n]);
        FLAG(d->read_service[n]);
    }
    U64(d->next_tick);
    U64(d->idle);
    U32(d->reload);
    U8(d->latch_state);
    U8(d->access_state);
    U8(d->write_low);
    U32(d->latched);
    U8(d->rtc_index);
    U8(d->port61);
    U32(pc->bios.drive);
    for (int n = 0; n < QUIRKS; n++)
        U32(pc->bios.quirk[n]);
    U32(pc->bios.failed);
    FLAG(pc->bios.stuck);
    U32(pc->bios.skipped);
    U32(pc->bios.column);
    U32(pc->bios.row);
    FLAG(pc->trace.pending);
    U32(pc->trace.selector);
    U32(pc->trace.number);
    for (int n = 0; n < 5; n++)
        U32(pc->trace.argument[n]);
    FLAG(pc->trace.brk_refused);
}

/* pc_mark and pc_back keep this part of the machine in memory. */
static bool keep(void *user, const void *bytes, size_t n) {
    struct ram_mark *k = user;
    uint8_t *state = realloc(k->state, k->size + n);
    if (!state)
        return false;
    memcpy(state + k->size, bytes, n);
    k->state = state;
    k->size += n;
    return true;
}

static bool take(void *user, void *bytes, size_t n) {
    struct ram_mark *k = user;
    memcpy(bytes, k->state + k->at, n);
    k->at += n;
    return true;
}

static bool is_empty(const uint8_t *page) {
    return page[0] == 0 && memcmp(page, page + 1, PAGE_SIZE - 1) == 0;
}

static void save_memory(struct archive *a, struct pc *pc) {
    for (uint32_t n = 0; n < PAGES && !a->failed; n++) {
        uint8_t *page = pc->ram.page[n].bytes;
        if (!page || (is_empty(page) && !quirk(pc, QUIRK_RAM_DIRTY)))
            continue;
        number(a, n, 4);
        bytes_(a, page, PAGE_SIZE);
    }
    number(a, NO_PAGE_LEFT, 4);
}

static void load_memory(struct archive *a, struct pc *pc) {
    uint8_t bytes[PAGE_SIZE] = {0};
    for (uint32_t n = 0; n < PAGES; n++)
        if (pc->ram.page[n].bytes)
            memset(pc->ram.page[n].bytes, 0, PAGE_SIZE);
    for (;;) {
        uint32_t n = (uint32_t)number(a, 0, 4);
        if (a->failed || n == (uint32_t)NO_PAGE_LEFT)
            return;
        bytes_(a, bytes, PAGE_SIZE);
        uint8_t *page = n < PAGES ? ram_bytes(pc, n) : NULL;
        if (!page) {
            a->failed = true;
            return;
        }
        memcpy(page, bytes, PAGE_SIZE);
    }
}

/* What must be the same on both sides. */
static void frame(struct archive *a, const struct pc *pc) {
    char magic[sizeof MAGIC];
    memcpy(magic, MAGIC, sizeof MAGIC);
    bytes_(a, magic, sizeof magic);
    uint64_t low = number(a, pc->ram.low_end, 8), high = number(a, pc->ram.high, 8);
    uint64_t sectors = number(a, pc->config.disk.sectors, 8);
    uint64_t areas = number(a, pc->ram.areas, 8);
    bool same = areas == pc->ram.areas;
    for (size_t n = 0; same && n < pc->ram.areas; n++) {
        const struct pc_area *r = &pc->ram.area[n];
        same = number(a, r->base, 8) == r->base && same;
        same = number(a, r->length, 8) == r->length && same;
        same = number(a, r->type, 4) == r->type && same;
    }
    if (!same || memcmp(magic, MAGIC, sizeof MAGIC) != 0 || low != pc->ram.low_end ||
        high != pc->ram.high || sectors != pc->config.disk.sectors)
        a->failed = true;
}

bool pc_save(struct pc *pc, bool (*put)(void *user, const void *bytes, size_t n), void *user) {
    struct archive a = {.save = true, .put = put, .user = user};
    frame(&a, pc);
    processor(&a, pc);
    devices(&a, pc);
    save_memory(&a, pc);
    return !a.failed;
}

/* After all state but memory was read. */
static void go_on(struct pc *pc) {
    paging_choose(pc, true);
    control_changed(pc);
    cpu_choose_map(&pc->cpu);
}

bool pc_mark(struct pc *pc) {
    struct archive a = {.save = true, .put = keep};
    if (!ram_mark(pc))
        return false;
    a.user = pc->ram.mark;
    processor(&a, pc);
    devices(&a, pc);
    paging_choose(pc, true); /* so that every first write is seen */
    return !a.failed;
}

bool pc_back(struct pc *pc) {
    struct ram_mark *k = pc->ram.mark;
    struct archive a = {.get = take, .user = k};
    k->at = 0;
    pc->end = PC_RUNNING;
    pc->message[0] = 0;
    pc->cpu.stop = RUNNING;
    code_trim(&pc->cpu);
    ram_back(pc);
    processor(&a, pc);
    devices(&a, pc);
    go_on(pc);
    return !pc->cpu.out_of_memory;
}

bool pc_load(struct pc *pc, bool (*get)(void *user, void *bytes, size_t n), void *user) {
    struct archive a = {.get = get, .user = user};
    frame(&a, pc);
    if (a.failed)
        return false;
    code_flush(&pc->cpu);
    /* it was saved while it ran; what this one found on the disk at its start is over */
    pc->end = PC_RUNNING;
    pc->message[0] = 0;
    pc->cpu.stop = RUNNING;
    processor(&a, pc);
    devices(&a, pc);
    load_memory(&a, pc);
    go_on(pc);
    return !a.failed;
}
