/*
 * A PC in plain C: an i386 processor with real mode, protected mode and paging, memory, and a BIOS
 * in front of one disk. It boots a disk image as a PC does, from the first sector on. One `struct
 * pc` is one machine; any number can exist in one process, and nothing is shared between them. A
 * machine does the same each time: its clock counts instructions.
 *
 * Needs nothing but the C library; any byte order, 32-bit hosts and up.
 */
#ifndef REFMODEL_PC_PC_H
#define REFMODEL_PC_PC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pc;

/* The disk: 512-byte sectors. Both return false on an error; they are called for one transfer of
   the BIOS at a time. */
struct pc_disk {
    uint64_t sectors;
    bool (*read)(void *user, uint64_t lba, uint32_t n, uint8_t *to);
    bool (*write)(void *user, uint64_t lba, uint32_t n, const uint8_t *from);
};

/* An entry of the memory map that the BIOS tells (ACPI specification, 15.1). */
struct pc_area {
    uint64_t base, length; /* bytes */
    uint32_t type;         /* 1 usable, 2 reserved, 3 and 4 of ACPI, ... */
};
enum { PC_AREAS = 128 };

/* How a machine is made. What is zero is as usual. */
struct pc_config {
    uint64_t memory_mib; /* RAM; 0 is 1024 */
    /* Null, or the memory map instead of that: up to PC_AREAS entries in the order in which the
       BIOS tells them. There is RAM below C0000, and in every page of which a part is usable or
       ACPI's; they need not be sorted, and may overlap. Needed only by pc_new. */
    const struct pc_area *map;
    size_t areas;
    const char *bios; /* quirks, comma-separated; null: none. See pc_quirks */
    struct pc_disk disk;
    /* Called with the bytes that go to the screen, as they come. */
    void (*console)(void *user, const char *bytes, size_t n);
    /* Called with one line per system call of a program, with its newline, in strace's form; and
       where in memory the number of the running program stands. */
    void (*trace)(void *user, const char *line, size_t n);
    uint32_t trace_pid;
    void *user;
};

/* Why a machine stands still. */
enum pc_end {
    PC_RUNNING,     /* it does not: the limit of pc_run is reached, or it was interrupted */
    PC_RESET,       /* by a triple fault, port 64h or 92h, int 19h, or a jump to FFFF:0000 */
    PC_HALTED,      /* HLT with interrupts off */
    PC_UNSUPPORTED, /* something that this PC does not have; see pc_message */
    PC_NO_MEMORY    /* the host has no memory left */
};

/* One quirk of real firmware. */
struct pc_quirk {
    const char *name;
    const char *what; /* one line; a quirk that takes a number says N */
    uint32_t number;  /* what N is where it is left out; 0: it takes none */
};

/* All quirks. */
const struct pc_quirk *pc_quirks(size_t *n);

/*
 * Makes a machine. Null: the host has no memory, or `bios` names no quirk; then *bad, of size
 * n, says which.
 */
struct pc *pc_new(const struct pc_config *config, char *bad, size_t n);

/*
 * Counts what runs at linear addresses [low, high): runs[n] how often the instruction at low + n
 * ran, taken[n] how often it jumped if it is a conditional jump. Both stay the caller's, zeros at
 * first. Null arrays: counts no more. To be called between two calls of pc_run.
 */
void pc_count(struct pc *pc, uint32_t low, uint32_t high, uint64_t *runs, uint64_t *taken);

/* Runs for about so many instructions, or to the end. */
enum pc_end pc_run(struct pc *pc, uint64_t instructions);

/* What happened, one line without newline; empty where nothing is to be said. */
const char *pc_message(const struct pc *pc);

/* Instructions executed so far. */
uint64_t pc_instructions(const struct pc *pc);

/* Time that passed in HLT, in instructions, of which a thousand million are a second. */
uint64_t pc_idle(const struct pc *pc);

/* Whether the program that ran last was refused a brk, and has not ended well since. */
bool pc_brk_refused(const struct pc *pc);

/* The processor, for whoever looks on. */
struct pc_registers {
    uint32_t general[8]; /* EAX ECX EDX EBX ESP EBP ESI EDI */
    uint32_t eip, eflags;
    uint32_t code_base;   /* of CS */
    uint16_t selector[6]; /* ES CS SS DS FS GS */
    uint32_t control[5];
    /* What the segment registers stand for, and the tables of descriptors and interrupts. */
    struct pc_range {
        uint32_t base, limit;
    } segment[6], gdt, idt;
    bool v86; /* virtual-8086 mode */
};
void pc_registers(const struct pc *pc, struct pc_registers *r);
/* Sets the general registers, EIP and EFLAGS. */
void pc_set_registers(struct pc *pc, const struct pc_registers *r);
/* Loads a segment register (its place in `selector`) as the mode has it. EIP changes with CS, so
   that the same instruction comes next. False: it cannot be loaded, and all is as before. */
bool pc_set_selector(struct pc *pc, unsigned segment, uint16_t selector);

/* Runs one instruction, or an interrupt that waits and the first of its handler. */
enum pc_end pc_step(struct pc *pc);

/* Copies from and to memory by linear address. False: not all of it is mapped, or it is ROM. */
bool pc_peek(struct pc *pc, uint32_t linear, uint8_t *to, size_t n);
bool pc_poke(struct pc *pc, uint32_t linear, const uint8_t *from, size_t n);

/* Copies n bytes of physical memory; what is no RAM reads as FF. */
void pc_read(struct pc *pc, uint64_t address, uint8_t *to, size_t n);

/*
 * The whole machine, as bytes that any host understands. pc_save may be called between two calls
 * of pc_run, pc_load on a new machine of the same memory and disk size, which then goes on where
 * the other was; what is on the disk is not in it. False: a callback gave that, or the bytes are
 * not of such a machine.
 */
bool pc_save(struct pc *pc, bool (*put)(void *user, const void *bytes, size_t n), void *user);
bool pc_load(struct pc *pc, bool (*get)(void *user, void *bytes, size_t n), void *user);

/*
 * Remembers the machine as it is, between two calls of pc_run, for pc_back to bring it there again,
 * as often as wanted: that takes as long as copying the pages which were written to since. What is
 * on the disk is not in it, nor what pc_count counts, nor a trace; a machine that is marked must
 * not be loaded. False: the host has no memory, and the machine is of no more use.
 */
bool pc_mark(struct pc *pc);
bool pc_back(struct pc *pc);

void pc_free(struct pc *pc);

#endif
