/* The PC from inside: its state, and what its parts ask of each other. */
#ifndef REFMODEL_PC_MACHINE_H
#define REFMODEL_PC_MACHINE_H

#include "refmodel/cpu/cpu.h"
#include "refmodel/pc/pc.h"
#include "refmodel/pc/quirks.h"
#include "refmodel/strace/strace.h"

/* Bits of CR0 and CR4. */
enum {
    CR0_PE = 1,
    CR0_MP = 2,
    CR0_EM = 4,
    CR0_TS = 8,
    CR0_NE = 0x20,
    CR0_WP = 0x10000,
    CR0_AM = 0x40000,
    CR4_TSD = 4,
    CR4_DE = 8,
    CR4_PSE = 0x10,
    CR4_PGE = 0x80,
    CR4_PCE = 0x100
};
static const uint32_t CR0_PG = 0x80000000u, CR3_KNOWN = 0xFFFFF018u;

/* Bits of DR6 and DR7. */
enum {
    DR6_ACCESS = 1 << 13,
    DR6_TASK = 1 << 15,
    DR7_ENABLED = 0xFF,
    DR7_LOCAL = 0x155, /* what a task switch clears */
    DR7_GUARD = 1 << 13
};

enum {
    FLAG_IOPL = 3 << 12,
    FLAG_NT = 1 << 14,
    FLAG_RF = 1 << 16,
    FLAG_VM = 1 << 17,
    FLAG_AC = 1 << 18
};

/* How linear addresses become pages: the fast tables of the processor, one set for each way. That
   of TLB_NONE stays empty: somebody wants to see every access. */
enum { TLB_PHYSICAL, TLB_SYSTEM, TLB_USER, TLB_NONE, TLBS };
struct tlb {
    uint8_t **rd;
    uint8_t **wr;
    uint32_t *used; /* linear pages that have an entry */
    size_t count;
    size_t room;
};

/* A page of physical memory. */
struct ram_page {
    uint8_t *bytes;      /* null: not there yet, or no memory */
    uint32_t seen[TLBS]; /* 1 + the linear page that leads here; 0: none; TLB_MANY: several may */
    uint8_t watched;     /* code was decoded from it */
    uint8_t touched;     /* put aside since the mark, or made since then */
};
enum { RAM_CHUNK = 16 }; /* pages that are made together */
struct ram_chunk {
    uint8_t *bytes;
    uint32_t first; /* its page */
};
static const uint32_t TLB_MANY = 0xFFFFFFFFu;

/* Memory as it was when pc_mark was called: a page is put aside before the first write to it. */
struct ram_mark {
    uint8_t **page;    /* PAGES of them; null: not put aside yet */
    uint32_t *touched; /* those to put back */
    size_t count;
    size_t room;
    size_t chunks;  /* of memory at the mark */
    uint8_t *state; /* the rest of the machine, as checkpoint.c has it */
    size_t size;
    size_t at; /* how far it has been read */
};

struct ram {
    struct ram_page *page; /* PAGES of them */
    struct ram_chunk *chunk;
    size_t chunks;
    size_t chunk_room;
    struct ram_mark *mark;         /* null: nothing is remembered */
    uint64_t low_end;              /* of RAM below 4 GiB; with a map, of what begins at 1 MiB */
    uint64_t high;                 /* bytes of RAM above 4 GiB, which nothing here can reach */
    struct pc_area area[PC_AREAS]; /* the map, where there is one */
    size_t areas;
    uint8_t nothing[PAGE_SIZE]; /* what is read where there is no memory */
};

/* A table of descriptors. */
struct table {
    uint32_t base;
    uint32_t limit;
};

enum { MASK_AT_START = 0xB8 }; /* not masked: timer, keyboard, second controller, floppy disk */

/* The 8259 pair, the 8254's first counter, the RTC's index, port 92h; time in instructions. */
struct devices {
    uint8_t mask[2], request[2], service[2], icw[2], vector[2];
    bool init4[2], read_service[2];
    uint64_t next_tick; /* of IRQ 0 */
    uint64_t idle;      /* time passed in HLT */
    uint32_t reload;    /* of counter 0 */
    uint8_t latch_state, access_state, write_low;
    uint32_t latched;
    uint8_t rtc_index;
    uint8_t port61;
};

struct pc {
    struct cpu cpu;
    struct ram ram;
    struct tlb tlb[TLBS];
    uint32_t cr0, cr2, cr3, cr4;
    uint32_t dr[8];
    uint32_t debug; /* bits of DR6 whose trap is due before the next instruction */
    struct table gdt, idt;
    struct segment ldt, task;
    uint32_t cpl;
    bool v86;    /* virtual-8086 mode: EFLAGS.VM */
    bool resume; /* EFLAGS.RF, where breakpoints are set */
    bool align;  /* alignment is checked now */
    bool a20;
    bool shadow; /* the instruction behind STI or a load of SS: no interrupts yet */
    struct devices dev;
    struct bios {
        uint32_t drive;         /* the number of the disk */
        uint32_t quirk[QUIRKS]; /* 0: off, else its number, or 1 */
        uint32_t failed;        /* transfers that a quirk let fail in a row */
        bool stuck;             /* a transfer has failed, and there was no reset since */
        uint32_t skipped;       /* transfers that a quirk left out in a row */
        uint8_t *buffer;        /* of a transfer */
        uint32_t column, row;
    } bios;
    struct trace {
        struct strace strace;
        bool pending;      /* a call has not returned yet */
        uint32_t selector; /* of the code that handles it */
        uint32_t number;
        uint32_t argument[5];
        bool brk_refused; /* to the program that runs */
    } trace;
    struct coverage coverage;
    struct pc_config config;
    enum pc_end end;
    char message[256];
};

/* Ends the run; the first reason stays. */
#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
void pc_finish(struct pc *pc, enum pc_end end, const char *format, ...);

static inline struct pc *pc_of(const struct cpu *c) {
    return c->owner;
}

/* Whether segment registers hold selectors of descriptors, not paragraphs. */
static inline bool uses_descriptors(const struct pc *pc) {
    return pc->cr0 & CR0_PE && !pc->v86;
}

/* EFLAGS as it is saved. */
static inline uint32_t flags_now(const struct pc *pc) {
    return cpu_eflags(&pc->cpu) | (pc->v86 ? (uint32_t)FLAG_VM : 0) |
           (pc->resume ? (uint32_t)FLAG_RF : 0);
}

/* ram.c */
bool ram_init(struct ram *m, const struct pc_config *config);
void ram_free(struct ram *m);
/* The bytes of a physical page, to be read; those of no memory are FF. */
const uint8_t *ram_read(struct pc *pc, uint32_t page);
/* To be written; null where nothing can be written. */
uint8_t *ram_write(struct pc *pc, uint32_t page);
/* The same for ROM as well: null only where there is no memory. */
uint8_t *ram_bytes(struct pc *pc, uint32_t page);
/* Physical addresses of the processor, A20 included. */
uint32_t ram_load32(struct pc *pc, uint32_t address);
void ram_store32(struct pc *pc, uint32_t address, uint32_t v);
/* Copies from and to memory as devices and the BIOS do; decoded code is forgotten. */
void ram_get(struct pc *pc, uint32_t address, void *to, uint32_t n);
void ram_put(struct pc *pc, uint32_t address, const void *from, uint32_t n);
/* Whether writing to the page needs nothing else: nothing is remembered, or it was put aside or not
   there. */
static inline bool ram_is_open(const struct ram *m, uint32_t page) {
    return !m->mark || m->page[page].touched;
}
/* Begins to put pages aside; puts all of them back. False: no host memory. */
bool ram_mark(struct pc *pc);
void ram_back(struct pc *pc);

/* paging.c */
bool paging_init(struct pc *pc);
void paging_free(struct pc *pc);
/* Chooses the tables after CR0, CR3, CR4 or CPL have changed; `forget` empties them first. */
void paging_choose(struct pc *pc, bool forget);
void paging_forget_page(struct pc *pc, uint32_t linear);
/* Accesses of the processor itself to descriptors, stacks of other privilege: n bytes. False: the
   page fault was raised. */
bool system_access(struct pc *pc, uint32_t linear, uint8_t *bytes, uint32_t n, enum access how,
                   bool user, uint32_t eip);
/* The same for numbers of up to 4 bytes. */
bool system_read(struct pc *pc, uint32_t linear, uint32_t n, uint32_t *v, bool user, uint32_t eip);
bool system_write(struct pc *pc, uint32_t linear, uint32_t n, uint32_t v, bool user, uint32_t eip);
bool system_load(struct pc *pc, uint32_t linear, uint32_t n, uint32_t *v, uint32_t eip);
/* Without side effects, for whoever looks on: false where nothing is mapped. */
bool paging_peek(struct pc *pc, uint32_t linear, uint32_t *physical);
bool bus_access(struct cpu *c, uint32_t linear, uint8_t *bytes, uint32_t n, enum access how,
                uint32_t eip);
const uint8_t *bus_fetch(struct cpu *c, uint32_t linear, uint32_t *physical, bool raise,
                         uint32_t eip);
void bus_watch(struct cpu *c, uint32_t physical, bool on);

/* segment.c: SDM volume 3, chapters 3 and 5 */
struct descriptor {
    uint32_t low, high;
    uint32_t linear; /* where it lies */
};
static inline uint32_t descriptor_type(const struct descriptor *d) {
    return d->high >> 8 & 15;
}
static inline uint32_t descriptor_dpl(const struct descriptor *d) {
    return d->high >> 13 & 3;
}
static inline bool descriptor_present(const struct descriptor *d) {
    return d->high >> 15 & 1;
}
static inline bool descriptor_memory(const struct descriptor *d) {
    return d->high >> 12 & 1;
}
/* False: the fault `vector` with the selector as its code (+ external) was raised. */
bool descriptor_load(struct pc *pc, uint32_t selector, struct descriptor *d, uint32_t vector,
                     uint32_t external, uint32_t eip);
enum { SELECTOR_LOCAL = 4 };
struct segment segment_from(uint32_t selector, const struct descriptor *d);
bool segment_mark_accessed(struct pc *pc, struct descriptor *d, uint32_t eip);
struct segment segment_real(const struct segment *old, uint32_t selector);
bool bus_load_segment(struct cpu *c, uint32_t segment, uint32_t selector, uint32_t eip);
/* Checks a code segment for a jump, call or interrupt, and makes it; `vector` is what a bad one
   raises. */
bool segment_code(struct pc *pc, uint32_t selector, struct descriptor *d, struct segment *cs,
                  uint32_t vector, uint32_t external, uint32_t eip);
/* Loads DS, ES, FS or GS. */
bool segment_data(struct pc *pc, uint32_t segment, uint32_t selector, uint32_t vector,
                  uint32_t external, uint32_t eip);
/* A stack segment for a privilege. */
bool segment_stack(struct pc *pc, uint32_t selector, uint32_t cpl, uint32_t vector,
                   struct segment *ss, uint32_t external, uint32_t eip);
/* Loads all segment registers as in virtual-8086 mode, in the order of their numbers. */
void segment_load_v86(struct pc *pc, const uint32_t selector[SEGS]);
void pc_set_cpl(struct pc *pc, uint32_t cpl);
/* Null selectors in segments that the outer privilege must not see. */
void segment_hide(struct pc *pc);

/* A stack on which something is pushed before it becomes the stack. */
struct stack {
    struct segment ss;
    uint32_t esp;
    bool user;
};
bool stack_push(struct pc *pc, struct stack *s, uint32_t v, uint32_t n, uint32_t external,
                uint32_t eip);
bool stack_pop(struct pc *pc, struct stack *s, uint32_t *v, uint32_t n, uint32_t eip);
void stack_use(struct pc *pc, const struct stack *s);
struct stack stack_now(const struct pc *pc);
/* The stack that the TSS gives to a privilege. */
bool stack_inner(struct pc *pc, uint32_t cpl, struct stack *s, uint32_t external, uint32_t eip);

/* task.c: SDM volume 3, chapter 8 */
enum task_way { TASK_JUMP, TASK_CALL, TASK_RETURN };
struct task_entry {
    uint32_t selector; /* of a TSS */
    enum task_way way;
    uint32_t next;     /* where the old task goes on */
    uint32_t eip;      /* of the instruction, for faults */
    uint32_t external; /* as in error codes */
    bool resume;       /* RF is saved set */
    bool has_code;     /* an error code is pushed */
    uint32_t code;
};
/* False: a fault was raised, in the old task or already in the new one. */
bool task_switch(struct pc *pc, const struct task_entry *entry);
/* What a task gate leads to. */
static inline uint32_t task_gate_selector(const struct descriptor *gate) {
    return gate->low >> 16;
}

/* far.c, interrupt.c, control.c: instructions of the bus */
run_fn pc_far, pc_interrupt, pc_halt, pc_set_flag, pc_push_flags, pc_pop_flags, pc_cpuid, pc_clock,
    pc_control, pc_privileged, pc_escape;
bool iret(struct pc *pc, struct insn *i);

/* breakpoint.c: the debug registers (SDM volume 3, 17.2) */
static inline bool breakpoints_set(const struct pc *pc) {
    return pc->dr[7] & DR7_ENABLED;
}
/* False: the instruction that comes next is a breakpoint, and its fault has been raised. */
bool breakpoint_fetch(struct pc *pc);
void breakpoint_data(struct pc *pc, uint32_t linear, uint32_t n, bool write);
void breakpoint_port(struct pc *pc, uint32_t port, uint32_t n);

/* How an interrupt comes about. */
enum source { BY_PROCESSOR, BY_PROGRAM, BY_DEVICE };
/* Enters the handler. False: another fault was raised, and nothing has changed. */
bool interrupt_enter(struct pc *pc, uint32_t vector, enum source source, bool has_code,
                     uint32_t code, uint32_t eip, uint32_t fault_eip);
/* The exception that cpu_run stopped with; also what comes of it. */
void interrupt_exception(struct pc *pc);
void control_reset(struct pc *pc);
/* Whether the flags are not for virtual-8086 mode at this IOPL; then the fault was raised. */
bool flags_guarded(struct pc *pc, const struct insn *i);
/* Derived state after CR0, flags or CPL have changed. */
void control_changed(struct pc *pc);

/* trace.c: where somebody listens to the calls of programs. */
void watch_init(struct pc *pc);
void watch_call(struct pc *pc);   /* INT 80h has been executed */
void watch_return(struct pc *pc); /* IRET has */

/* devices.c */
void devices_reset(struct pc *pc);
uint32_t bus_in(struct cpu *c, uint32_t port, uint32_t n, uint32_t eip);
void bus_out(struct cpu *c, uint32_t port, uint32_t value, uint32_t n, uint32_t eip);
/* Time, in instructions of which a thousand million are a second. */
uint64_t devices_now(const struct pc *pc);
/* Looks at the clock; whether an interrupt waits that the mask lets through. */
bool devices_pending(struct pc *pc);
/* Takes the interrupt: its vector. */
uint32_t devices_acknowledge(struct pc *pc);
/* How many instructions may run before somebody has to look again. */
uint64_t devices_until_tick(const struct pc *pc);

/* bios.c: the services, behind stubs in F000. */
void bios_init(struct pc *pc);
void bios_boot(struct pc *pc);
void bios_call(struct pc *pc, uint32_t which);
/* Of a service: a flag that its IRET will restore. */
void bios_flag(struct pc *pc, uint32_t flag, bool on);
void bios_disk(struct pc *pc);   /* int 13h, bios_disk.c */
void bios_system(struct pc *pc); /* int 15h, bios_memory.c */
void bios_print(struct pc *pc, uint32_t c);
uint32_t bios_ticks(const struct pc *pc);
static inline bool quirk(const struct pc *pc, enum quirk q) {
    return pc->bios.quirk[q];
}
/* What a service leaves in the registers that its interface does not promise to keep. */
enum service { SERVICE_VIDEO, SERVICE_DISK, SERVICE_DISK_ASKED, SERVICE_SYSTEM };
void quirks_after(struct pc *pc, enum service s);
/* What the firmware has set up before the boot sector. */
void quirks_start(struct pc *pc);
/* Before a service: false where the firmware resets instead. */
bool quirks_before(struct pc *pc);
/* Waits for a tick where services do; false where that is for ever. */
bool bios_wait(struct pc *pc);
void pc_gate_a20(struct pc *pc, bool open);
/* An address of the BIOS, with A20 as it is. */
uint32_t bios_address(const struct pc *pc, uint32_t segment, uint32_t offset);

#endif
