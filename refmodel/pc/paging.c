/*
 * From linear addresses to bytes: A20, the page tables (SDM volume 3, chapter 4, 32-bit paging)
 * and the fast tables of the processor, which are its TLB. There is a set of these for physical
 * addresses, one for paging as supervisor and one as user. An entry for writing is there only where
 * a write needs nothing else: dirty bit set, no code decoded from the page, no ROM, and the page
 * has been put aside where pc_mark wants that.
 */
#include <stdlib.h>
#include <string.h>

#include "refmodel/cpu/code.h"
#include "refmodel/pc/machine.h"

enum { PTE_P = 1, PTE_W = 2, PTE_U = 4, PTE_A = 0x20, PTE_D = 0x40, PTE_LARGE = 0x80 };
/* Bits of a page fault's error code. */
enum { ERROR_P = 1, ERROR_W = 2, ERROR_U = 4 };
static const uint32_t A20_MASK = ~(1u << 20);

static bool tlb_init(struct tlb *t) {
    t->rd = calloc(PAGES, sizeof *t->rd);
    t->wr = calloc(PAGES, sizeof *t->wr);
    return t->rd && t->wr;
}

bool paging_init(struct pc *pc) {
    for (int n = 0; n < TLBS; n++)
        if (!tlb_init(&pc->tlb[n]))
            return false;
    return true;
}

void paging_free(struct pc *pc) {
    for (int n = 0; n < TLBS; n++) {
        free(pc->tlb[n].rd);
        free(pc->tlb[n].wr);
        free(pc->tlb[n].used);
    }
}

static void tlb_empty(struct tlb *t) {
    for (size_t n = 0; n < t->count; n++)
        t->rd[t->used[n]] = t->wr[t->used[n]] = NULL;
    t->count = 0;
}

static bool paging_on(const struct pc *pc) {
    return pc->cr0 & CR0_PG;
}

static int tlb_now(const struct pc *pc) {
    if (pc->align || breakpoints_set(pc))
        return TLB_NONE;
    return !paging_on(pc) ? TLB_PHYSICAL : pc->cpl == 3 ? TLB_USER : TLB_SYSTEM;
}

void paging_choose(struct pc *pc, bool forget) {
    struct cpu *c = &pc->cpu;
    if (forget)
        for (int n = 0; n < TLBS; n++)
            tlb_empty(&pc->tlb[n]);
    const struct tlb *t = &pc->tlb[tlb_now(pc)];
    c->rd = t->rd;
    c->wr = t->wr;
    c->paged = paging_on(pc);
    c->user = pc->cpl == 3;
    if (forget)
        code_moved(c, !paging_on(pc));
}

void paging_forget_page(struct pc *pc, uint32_t linear) {
    for (int n = TLB_SYSTEM; n <= TLB_USER; n++)
        pc->tlb[n].rd[linear >> PAGE_SHIFT] = pc->tlb[n].wr[linear >> PAGE_SHIFT] = NULL;
    code_moved_page(&pc->cpu, linear >> PAGE_SHIFT);
}

/* Puts a page into a set of fast tables. */
static void tlb_fill(struct pc *pc, int set, uint32_t linear, uint32_t physical, bool writable) {
    struct tlb *t = &pc->tlb[set];
    uint32_t page = linear >> PAGE_SHIFT;
    struct ram_page *r = &pc->ram.page[physical >> PAGE_SHIFT];
    if (!t->rd[page] && !t->wr[page]) {
        if (t->count == t->room) {
            size_t room = t->room ? 2 * t->room : 256;
            uint32_t *used = realloc(t->used, room * sizeof *used);
            if (!used)
                return;
            t->used = used;
            t->room = room;
        }
        t->used[t->count++] = page;
    }
    if (!r->seen[set])
        r->seen[set] = page + 1;
    else if (r->seen[set] != page + 1)
        r->seen[set] = TLB_MANY;
    t->rd[page] = (uint8_t *)ram_read(pc, physical >> PAGE_SHIFT);
    bool at_once = writable && !r->watched && ram_is_open(&pc->ram, physical >> PAGE_SHIFT);
    t->wr[page] = at_once ? ram_write(pc, physical >> PAGE_SHIFT) : NULL;
}

void bus_watch(struct cpu *c, uint32_t physical, bool on) {
    struct pc *pc = pc_of(c);
    struct ram_page *r = &pc->ram.page[physical];
    bool before = r->watched;
    r->watched = on;
    for (int n = 0; on && !before && n < TLBS; n++) {
        struct tlb *t = &pc->tlb[n];
        if (r->seen[n] == TLB_MANY) {
            for (size_t k = 0; k < t->count; k++)
                if (t->wr[t->used[k]] == r->bytes)
                    t->wr[t->used[k]] = NULL;
        } else if (r->seen[n] && t->wr[r->seen[n] - 1] == r->bytes) {
            t->wr[r->seen[n] - 1] = NULL;
        }
    }
}

/* What a look at the page tables gives. */
struct walk {
    uint32_t physical;
    uint32_t entry; /* the last level's, after its bits were set */
    bool writable;  /* for whoever asks */
    uint32_t error; /* code of the page fault where it fails */
};

/* Sets accessed and dirty bits of an entry; `touch` is what is asked for. */
static uint32_t mark(struct pc *pc, uint32_t at, uint32_t entry, uint32_t bits, bool touch) {
    if (touch && (entry & bits) != bits)
        ram_store32(pc, at, entry | bits);
    return touch ? entry | bits : entry;
}

/* Whether the rights of both levels allow an access. */
static bool allowed(const struct pc *pc, uint32_t rights, bool write, bool user) {
    if (user && !(rights & PTE_U))
        return false;
    return !write || rights & PTE_W || (!user && !(pc->cr0 & CR0_WP));
}

static bool walk(struct pc *pc, uint32_t linear, bool write, bool user, bool touch,
                 struct walk *w) {
    uint32_t mask = pc->a20 ? 0xFFFFFFFFu : A20_MASK;
    *w = (struct walk){.physical = linear & mask, .entry = PTE_D, .writable = true};
    if (!paging_on(pc))
        return true;
    w->error = (write ? ERROR_W : 0) | (user ? ERROR_U : 0);
    uint32_t at = ((pc->cr3 & ~(uint32_t)PAGE_MASK) + (linear >> 22) * 4) & mask;
    uint32_t entry = ram_load32(pc, at);
    if (!(entry & PTE_P))
        return false;
    uint32_t rights = entry;
    bool large = entry & PTE_LARGE && pc->cr4 & CR4_PSE;
    uint32_t directory = at, directory_entry = entry;
    if (!large) {
        at = ((entry & ~(uint32_t)PAGE_MASK) + (linear >> 12 & 1023) * 4) & mask;
        entry = ram_load32(pc, at);
        rights &= entry;
        if (!(entry & PTE_P))
            return false;
    }
    if (!allowed(pc, rights, write, user)) {
        w->error |= ERROR_P;
        return false;
    }
    if (!large)
        mark(pc, directory, directory_entry, PTE_A, touch);
    w->entry = mark(pc, at, entry, write ? PTE_A | PTE_D : PTE_A, touch);
    w->writable = allowed(pc, rights, true, user);
    w->physical = (large ? (entry & 0xFFC00000u) | (linear & 0x3FFFFF)
                         : (entry & ~(uint32_t)PAGE_MASK) | (linear & PAGE_MASK)) &
                  mask;
    return true;
}

bool paging_peek(struct pc *pc, uint32_t linear, uint32_t *physical) {
    struct walk w;
    bool there = walk(pc, linear, false, false, false, &w);
    *physical = w.physical;
    return there;
}

static void page_fault(struct pc *pc, uint32_t linear, uint32_t error, uint32_t eip) {
    if (pc->cpu.stop && pc->cpu.stop < STOP_AGAIN)
        return;
    pc->cr2 = linear;
    cpu_fault_code(&pc->cpu, VECTOR_PAGE, error, eip);
}

/* Transfers bytes within one page. */
static void transfer(struct pc *pc, uint32_t physical, uint8_t *bytes, uint32_t n,
                     enum access how) {
    if (how == TO_READ)
        ram_get(pc, physical, bytes, n);
    else if (how == TO_WRITE)
        ram_put(pc, physical, bytes, n);
}

static bool one_page(uint32_t linear, uint32_t n) {
    return (linear & PAGE_MASK) + n <= PAGE_SIZE;
}

/* An access through the fast tables. False: it takes more. */
static bool at_hand(struct tlb *t, uint32_t linear, uint8_t *bytes, uint32_t n, enum access how) {
    uint32_t page = linear >> PAGE_SHIFT;
    uint8_t *p = how == TO_READ ? t->rd[page] : t->wr[page];
    if (!p || !one_page(linear, n))
        return false;
    if (how == TO_READ)
        memcpy(bytes, p + (linear & PAGE_MASK), n);
    else if (how == TO_WRITE)
        memcpy(p + (linear & PAGE_MASK), bytes, n);
    return true;
}

bool system_access(struct pc *pc, uint32_t linear, uint8_t *bytes, uint32_t n, enum access how,
                   bool user, uint32_t eip) {
    struct walk first, second;
    bool write = how != TO_READ;
    int set = !paging_on(pc) ? TLB_PHYSICAL : user ? TLB_USER : TLB_SYSTEM;
    if (at_hand(&pc->tlb[set], linear, bytes, n, how))
        return true;
    if (!walk(pc, linear, write, user, true, &first)) {
        page_fault(pc, linear, first.error, eip);
        return false;
    }
    if (one_page(linear, n)) {
        transfer(pc, first.physical, bytes, n, how);
        tlb_fill(pc, set, linear, first.physical, first.writable && first.entry & PTE_D);
        return pc->cpu.stop != STOP_HOST;
    }
    uint32_t here = PAGE_SIZE - (linear & PAGE_MASK);
    if (!walk(pc, linear + here, write, user, true, &second)) {
        page_fault(pc, linear + here, second.error, eip);
        return false;
    }
    transfer(pc, first.physical, bytes, here, how);
    transfer(pc, second.physical, bytes ? bytes + here : NULL, n - here, how);
    return pc->cpu.stop != STOP_HOST;
}

/* The fast tables for an access of the processor itself. */
static const struct tlb *tables(const struct pc *pc, bool user) {
    return &pc->tlb[!paging_on(pc) ? TLB_PHYSICAL : user ? TLB_USER : TLB_SYSTEM];
}

bool system_read(struct pc *pc, uint32_t linear, uint32_t n, uint32_t *v, bool user, uint32_t eip) {
    const uint8_t *page = tables(pc, user)->rd[linear >> PAGE_SHIFT];
    if (LIKELY(page && n == 4 && one_page(linear, 4))) {
        *v = get32(page + (linear & PAGE_MASK));
        return true;
    }
    uint8_t bytes[4] = {0};
    bool ok = system_access(pc, linear, bytes, n, TO_READ, user, eip);
    *v = get32(bytes);
    return ok;
}

bool system_write(struct pc *pc, uint32_t linear, uint32_t n, uint32_t v, bool user, uint32_t eip) {
    uint8_t *page = tables(pc, user)->wr[linear >> PAGE_SHIFT];
    if (LIKELY(page && n == 4 && one_page(linear, 4))) {
        put32(page + (linear & PAGE_MASK), v);
        return true;
    }
    uint8_t bytes[4];
    put32(bytes, v);
    return system_access(pc, linear, bytes, n, TO_WRITE, user, eip);
}

bool system_load(struct pc *pc, uint32_t linear, uint32_t n, uint32_t *v, uint32_t eip) {
    return system_read(pc, linear, n, v, false, eip);
}

/* Alignment is looked at before pages are, as processors do it; the SDM (volume 3, table 6-2)
 * leaves the order open. */
bool bus_access(struct cpu *c, uint32_t linear, uint8_t *bytes, uint32_t n, enum access how,
                uint32_t eip) {
    struct pc *pc = pc_of(c);
    if (pc->align && n <= 4 && linear & (n - 1)) {
        cpu_fault_code(c, VECTOR_ALIGNMENT, 0, eip);
        return false;
    }
    if (!system_access(pc, linear, bytes, n, how, c->user, eip))
        return false;
    if (how != TO_MODIFY && breakpoints_set(pc))
        breakpoint_data(pc, linear, n, how == TO_WRITE);
    return true;
}

const uint8_t *bus_fetch(struct cpu *c, uint32_t linear, uint32_t *physical, bool raise,
                         uint32_t eip) {
    struct pc *pc = pc_of(c);
    struct walk w;
    /* Whoever only looks changes no accessed bit, but for decoding the bit is due. */
    if (!walk(pc, linear, false, c->user, true, &w)) {
        if (raise)
            page_fault(pc, linear, w.error, eip);
        return NULL;
    }
    *physical = w.physical >> PAGE_SHIFT;
    return ram_read(pc, w.physical >> PAGE_SHIFT);
}
