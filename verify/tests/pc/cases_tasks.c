/*
 * Hardware task switches and their faults: generated cases of jumps, calls, interrupts, exceptions
 * and returns between tasks give the same on the PC, in QEMU and in Bochs: vector, error code, all
 * task state segments, tables with their busy and accessed bits, and memory.
 */
#include "verify/tests/pc/cases.h"

enum { GATES = 32, SELECTORS = 64, PAGES = 16, TASKS = 8, TASK_SIZE = 128 };
enum {
    GDT_AT = 0x1600,
    IDT_AT = GDT_AT + 8 * SELECTORS,
    PAGES_AT = IDT_AT + 8 * GATES,
    TASKS_AT = PAGES_AT + 4 * PAGES,
    CASES_AT = 0x1E00
};
_Static_assert(TASKS_AT + TASK_SIZE * TASKS <= CASES_AT, "the tables have room");
enum {
    WINDOW = 0x40000,
    CODE = 0x60000,
    TSS = 0x22000,
    DIR = 0x23000,
    OTHER = 0x29000,
    STACK = 0x28F00,
    STACK3 = 0x50F00
};
enum { FIRST_TASK = 8, FIRST_GATE = 16, FIRST_LDT = 24, FIRST_SEGMENT = 28, LAST = 40 };
enum { RING_0, RING_3, NARROW };

static bool seldom(struct maker *m) {
    return below(m, 10) == 0;
}

static uint32_t task_selector(struct maker *m) {
    uint32_t v = 8 * (FIRST_TASK + below(m, TASKS));
    if (seldom(m))
        v = 8 * (below(m, 4) ? FIRST_GATE + below(m, FIRST_SEGMENT - FIRST_GATE)
                             : 2 * below(m, 2)) |
            (m->strict && below(m, 2) ? 4 : 0);
    return v | (seldom(m) ? below(m, 4) : 0);
}

/* What a task returns to. Not itself: QEMU loads registers before it has saved them. */
static uint32_t link_selector(struct maker *m, uint32_t n) {
    uint32_t v;
    do
        v = task_selector(m);
    while (!m->strict && v >> 3 == FIRST_TASK + n);
    return v;
}

static void make_gate(struct maker *m, uint8_t *p) {
    put(p, test_random(&m->state), 2);
    put(p + 2, task_selector(m), 2);
    put(p + 4, ((seldom(m) ? 0 : 0x80) | (below(m, 3) ? 0x60 : 0) | 5) << 8, 4);
}

/* A segment that tasks load: code or data of either ring, near enough to right. */
static void make_segment(struct maker *m, uint8_t *p) {
    uint32_t access = 0x10 | below(m, 16) | (below(m, 2) ? 0x60 : 0) | (seldom(m) ? 0 : 0x80);
    bool code = access & 8;
    put_descriptor(p, code ? CODE : WINDOW, 0xFFFF, access | (m->strict ? 0 : 1), 0x40);
}

static void make_descriptors(struct maker *m) {
    static const uint64_t fixed[8] = {0,
                                      0x00CF9B000000FFFF,
                                      0x00CF93000000FFFF,
                                      0x00CFFB000000FFFF,
                                      0x00CFF3000000FFFF,
                                      0x000093020000FFFF,
                                      0x00009B060000FFFF,
                                      0x00CF9F000000FFFF};
    uint8_t *gdt = m->image + GDT_AT;
    put_descriptors(gdt, fixed, 8);
    for (uint32_t n = 0; n < TASKS; n++) {
        bool good = n < 3, narrow = n == 3 || n == 4;
        uint32_t access = (narrow ? 1 : 9) | (good || !seldom(m) ? 0x80 : 0) |
                          (below(m, 2) ? 0x60 : 0) | (!good && seldom(m) ? 2 : 0);
        uint32_t least = narrow ? 43 : 103;
        put_descriptor(gdt + 8 * (FIRST_TASK + n), TSS + TASK_SIZE * n,
                       !good && seldom(m) ? least - 1 : least + below(m, 4), access, 0);
    }
    for (int n = FIRST_GATE; n < FIRST_LDT; n++)
        make_gate(m, gdt + 8 * n);
    for (int n = FIRST_LDT; n < FIRST_SEGMENT; n++)
        put_descriptor(gdt + 8 * n, 0x20000, 0x1FF, (seldom(m) ? 0 : 0x80) | (seldom(m) ? 14 : 2),
                       0);
    for (int n = FIRST_SEGMENT; n < LAST; n++)
        make_segment(m, gdt + 8 * n);
    for (int n = 0; n < GATES; n++)
        make_gate(m, m->image + IDT_AT + 8 * n);
}

/* Any of the segments that may be wrong; those of code begin at CODE. */
static uint32_t segment_selector(struct maker *m) {
    return 8 * (FIRST_SEGMENT + below(m, LAST - FIRST_SEGMENT)) | below(m, 8);
}

/*
 * The same for CS, of CPL 0. QEMU wants the DPL to be that also for conforming code; the SDM
 * (volume 3, table 8-1) and Bochs do not.
 */
static uint32_t code_selector(struct maker *m) {
    enum { CODE_CONFORMING = 0x1C };
    for (;;) {
        uint32_t v = segment_selector(m) & ~3u, access = m->image[GDT_AT + (v & ~7u) + 5];
        if (m->strict || (access & CODE_CONFORMING) != CODE_CONFORMING || (access & 0x60) == 0)
            return v;
    }
}

/* A data segment for a privilege. */
static uint32_t data_selector(struct maker *m, uint32_t cpl) {
    uint32_t some[] = {cpl ? 0x23 : 0x10, 0x23, 0, 0x08};
    return some[below(m, cpl ? 3 : 4)];
}

/*
 * Selectors of data, `count` from `p` on and so many bytes apart. At most one of them may be wrong:
 * which of DS, ES, FS and GS comes first is not said (SDM volume 3, table 8-1, has no order among
 * them), QEMU begins with ES, Bochs with DS, and it shows in the error code and in accessed bits.
 */
static void put_data_selectors(struct maker *m, uint8_t *p, unsigned count, unsigned apart,
                               uint32_t cpl) {
    uint32_t odd = below(m, 2) ? below(m, count) : count;
    for (uint32_t k = 0; k < count; k++)
        put(p + k * apart, k == odd ? segment_selector(m) : data_selector(m, cpl), 2);
}

/* Where the stack of a task is: its own, or in a page that may be missing or read-only. */
static uint32_t stack_pointer(struct maker *m, uint32_t cpl, uint32_t n) {
    static const uint32_t edges[] = {0x1000, 0x1002, 0x1004, 0x1010};
    if (below(m, 3) == 0)
        return WINDOW + 0x1000 * below(m, 15) + edges[below(m, 4)];
    return (cpl ? STACK3 : STACK) - 0x80 * n;
}

static uint32_t task_flags(struct maker *m) {
    return 2 | (below(m, 2) ? 0x3000 : 0) | (below(m, 3) ? 0 : 0x4000) | (seldom(m) ? 0x100 : 0) |
           (below(m, 4) ? 0 : 0x400);
}

static void make_wide_task(struct maker *m, uint8_t *p, uint32_t n) {
    uint32_t mode = n < 3 ? n : below(m, 3), cpl = mode == RING_3 ? 3 : 0;
    const uint32_t code[] = {8, 0x1B, 0x30};
    bool narrow = mode == NARROW, wrong = n >= 3;
    put(p, link_selector(m, n), 2);
    put(p + 4, STACK, 4);
    put(p + 8, 16, 2);
    put(p + 28, below(m, 3) ? DIR : OTHER, 4);
    put(p + 32, (narrow ? 0 : CODE) + END - (n < 3 ? 0 : 2 * below(m, 2)), 4);
    put(p + 36, n < 3 ? 2 | (below(m, 2) ? 0x3000 : 0) : task_flags(m), 4);
    for (int k = 0; k < 8; k++)
        put(p + 40 + 4 * k, test_random(&m->state), 4);
    put(p + 56, stack_pointer(m, cpl, n), 4);
    put_data_selectors(m, p + 72, 6, 4, cpl);
    uint32_t cs = wrong && narrow && seldom(m) ? code_selector(m) : code[mode];
    put(p + 76, cs, 2);
    /* No others with CS: which is looked at first is not said. */
    wrong = wrong && cs == code[mode];
    for (int k = 0; k < 6; k++)
        if (cs != code[mode] && k != 1 && k != 2)
            put(p + 72 + 4 * k, 0, 2);
    put(p + 80,
        wrong && seldom(m) ? (below(m, 2) ? segment_selector(m) : data_selector(m, cpl))
        : cpl              ? 0x23
                           : 0x10,
        2);
    put(p + 96, below(m, 2) ? 0 : 8 * (FIRST_LDT + below(m, 4)), 2);
    if (wrong && seldom(m))
        put(p + 96, 8 * below(m, LAST) | (seldom(m) ? 4 : 0), 2);
    put(p + 100, m->strict && seldom(m), 2);
    put(p + 102, 104, 2);
    if (n < 3) /* what a case begins in works */
        for (int k = 0; k < 6; k++)
            if (k != 1 && k != 2)
                put(p + 72 + 4 * k, 0x23, 2);
}

static void make_narrow_task(struct maker *m, uint8_t *p, uint32_t n) {
    put(p, link_selector(m, n), 2);
    put(p + 2, STACK & 0xFFFF, 2);
    put(p + 4, 0x28, 2);
    put(p + 14, END, 2);
    put(p + 16, task_flags(m), 2);
    for (int k = 0; k < 8; k++)
        put(p + 18 + 2 * k, test_random(&m->state), 2);
    put(p + 26, (STACK - 0x80 * n) & 0xFFFF, 2);
    put_data_selectors(m, p + 34, 4, 2, 0);
    put(p + 36, 0x30, 2);
    put(p + 38, 0x28, 2);
    put(p + 42, below(m, 2) ? 0 : 8 * (FIRST_LDT + below(m, 4)), 2);
}

static void natural(struct maker *m, uint32_t v) {
    bytes(m, v, m->mode == NARROW ? 2 : 4);
}

static void far_transfer(struct maker *m) {
    byte(m, below(m, 2) ? 0xEA : 0x9A);
    natural(m, test_random(&m->state));
    uint32_t selector = below(m, 2) ? task_selector(m) : 8 * (FIRST_GATE + below(m, 8));
    bytes(m, selector | (seldom(m) ? below(m, 4) : 0), 2);
}

static void interrupt(struct maker *m) {
    byte(m, 0xCD);
    byte(m, 64 + below(m, GATES));
}

/* pushf; or NT; popf; iret */
static void task_return(struct maker *m) {
    byte(m, 0x9C);
    byte(m, 0x58); /* pop eax; or ah, 40h; push eax; popf; iret */
    bytes(m, 0x40CC80, 3);
    byte(m, 0x50);
    byte(m, 0x9D);
    byte(m, 0xCF);
}

static void fault(struct maker *m) {
    switch (below(m, 6)) {
    case 0: /* fnop: no FPU after a switch */
        bytes(m, 0xD0D9, 2);
        break;
    case 1: /* ud2 */
        bytes(m, 0x0B0F, 2);
        break;
    case 2: /* push eax: perhaps there is no stack */
        byte(m, 0x50);
        break;
    case 3: /* mov [window], eax */
        byte(m, 0xA3);
        natural(m, m->mode == NARROW ? 0x10 : WINDOW + 0x1000 * below(m, 16));
        break;
    case 4: /* div ecx by nothing */
        bytes(m, 0xC931, 2);
        bytes(m, 0xF1F7, 2);
        break;
    default: /* mov gs, selector */
        byte(m, 0xB8);
        natural(m, 8 * below(m, LAST));
        bytes(m, 0xE88E, 2);
        break;
    }
}

/* clts, str, sldt; ltr of no TSS, or a case might begin again for ever; lldt */
static void task_register(struct maker *m) {
    static const uint8_t modrm[] = {0xC8, 0xC0, 0xD8, 0xD0};
    uint32_t which = below(m, 4);
    uint32_t selector = 8 * (FIRST_GATE + below(m, FIRST_SEGMENT - FIRST_GATE));
    if (seldom(m)) {
        bytes(m, 0x060F, 2);
        return;
    }
    if (which >= 2) {
        byte(m, 0xB8);
        natural(m, which == 3 && seldom(m) ? 0 : selector);
    }
    bytes(m, 0x000F, 2);
    byte(m, modrm[which]);
}

static void make_case(struct maker *m, uint8_t *at) {
    static void (*const kinds[])(struct maker *) = {far_transfer, far_transfer, interrupt,
                                                    task_return,  fault,        task_register};
    begin_code(m, at);
    m->mode = below(m, 3);
    for (unsigned k = 1 + below(m, 4); k > 0; k--) /* with room for the end */
        if (!append_code(m, kinds[below(m, 6)], END - 2))
            break;
    for (unsigned n = m->n; n < END - 2; n++) /* the task entries stand just before the end */
        at[n] = 0x90;
    end_code(m, END - 2);
    at[MODE_AT] = (uint8_t)m->mode;
}

static void make_tables(struct maker *m) {
    make_descriptors(m);
    for (uint32_t n = 0; n < TASKS; n++) {
        bool narrow = n == 3 || n == 4;
        (narrow ? make_narrow_task : make_wide_task)(m, m->image + TASKS_AT + TASK_SIZE * n, n);
    }
    for (uint32_t n = 0; n < PAGES; n++)
        put(m->image + PAGES_AT + 4 * n, (WINDOW + 0x1000 * n) | (below(m, 3) ? 3 : below(m, 8)),
            4);
}

/* Strict: the T bit, accessed bits. */
const struct case_kind TASK_SWITCHES = {.name = "tasks",
                                        .source = "verify/tests/pc/tasks.asm",
                                        .tables_at = GDT_AT,
                                        .cases_at = CASES_AT,
                                        .make_tables = make_tables,
                                        .make_case = make_case};
