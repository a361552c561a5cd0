/*
 * The i386 processor: state, decoded instructions, flags.
 *
 * Every instruction is decoded once into a `struct insn`; running it is calling its function,
 * which returns the next one. The processor knows segments and which code is decoded how; what
 * memory, descriptors, interrupts and ports are is said by what it is built into (struct bus): the
 * builder of the model with flat programs in ring 0, or a whole PC. Sources: Intel SDM volumes 1
 * to 3.
 */
#ifndef REFMODEL_CPU_CPU_H
#define REFMODEL_CPU_CPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "refmodel/cpu/bytes.h"
#include "refmodel/float80/float80.h"

#if defined(__GNUC__)
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#else
#define LIKELY(x) (x)
#define UNLIKELY(x) (x)
#endif

struct cpu;
struct insn;
struct run_set;

/*
 * Runs an instruction, and perhaps those behind it, and returns the next one to run. After a fault
 * the result means nothing.
 */
typedef struct insn *run_fn(struct cpu *c, struct insn *i);

/*
 * A decoded instruction. The offset of its memory operand in its segment is r[base] + (r[index] <<
 * scale) + disp, modulo 2^16 where `narrow` is set; a missing base or index is register ZERO_REG.
 * Direct jumps use `target` instead.
 */
struct insn {
    run_fn *run;
    union {
        struct insn *target; /* where a direct jump leads, once that is decoded */
        struct {
            uint32_t disp;
            uint8_t base;
            uint8_t index;
            uint8_t scale;
            uint8_t narrow;
        } m;
    } u;
    uint32_t imm; /* immediate, or the address that a direct jump leads to */
    uint32_t eip; /* of the first byte: its offset in the code segment */
    uint8_t dst;  /* register numbers, or what the function says */
    uint8_t src;
    uint8_t len; /* bytes */
    uint8_t aux;
    uint8_t seg;
};

enum { NO_FPU_X87 = 1, NO_FPU_WAIT = 2 };
enum { EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI, ZERO_REG, REGS };
enum { LONGEST_INSN = 15 }; /* bytes */
enum { ES, CS, SS, DS, FS, GS, SEGS };

/* A segment register with what it was loaded with (SDM volume 3, 3.4). */
struct segment {
    uint32_t base;
    uint32_t limit; /* in bytes; the last offset, or where it grows downwards the one below */
    uint16_t selector;
    uint8_t access; /* byte 5 of the descriptor: P DPL S type */
    uint8_t size;   /* SEGMENT_ bits */
};
enum {
    SEGMENT_READ = 1, /* may be read, or written, up to its limit; without it look closer */
    SEGMENT_WRITE = 2,
    SEGMENT_BIG = 4 /* D or B: 32 bits */
};
enum {
    ACCESS_PRESENT = 0x80,
    ACCESS_MEMORY = 0x10, /* S: code or data */
    ACCESS_CODE = 8,
    ACCESS_CONFORMING = 4, /* of code */
    ACCESS_DOWN = 4,       /* of data */
    ACCESS_READ = 2,       /* of code */
    ACCESS_WRITE = 2,      /* of data */
    ACCESS_ACCESSED = 1
};

/* Bits of EFLAGS. */
enum {
    FLAG_CF = 1 << 0,
    FLAG_PF = 1 << 2,
    FLAG_AF = 1 << 4,
    FLAG_ZF = 1 << 6,
    FLAG_SF = 1 << 7,
    FLAG_TF = 1 << 8,
    FLAG_IF = 1 << 9,
    FLAG_DF = 1 << 10,
    FLAG_OF = 1 << 11,
    FLAGS_ARITHMETIC = FLAG_CF | FLAG_PF | FLAG_AF | FLAG_ZF | FLAG_SF | FLAG_OF,
    /* What POPF can change in ring 0 beside those: TF IF DF IOPL NT AC ID. */
    FLAGS_SYSTEM = 0x247700
};

/* Why the processor stopped. */
enum stop {
    RUNNING,
    STOP_SYSCALL,
    STOP_FAULT,
    STOP_HALT,
    STOP_UNSUPPORTED, /* an instruction that the processor does not have */
    STOP_HOST,        /* the host has no memory left */
    STOP_BIOS,        /* a service of the PC */
    STOP_OWNER,       /* what the processor is built into has something to do */
    /* Never seen outside cpu.c: */
    STOP_AGAIN, /* TF may have changed */
    STOP_FLUSH  /* decoded code has to be forgotten */
};

/* Processor exceptions (SDM volume 3, 6.15). */
enum {
    VECTOR_DIVIDE = 0,
    VECTOR_DEBUG = 1,
    VECTOR_BREAKPOINT = 3,
    VECTOR_OVERFLOW = 4,
    VECTOR_BOUND = 5,
    VECTOR_INVALID = 6,
    VECTOR_NO_FPU = 7,
    VECTOR_DOUBLE = 8,
    VECTOR_TSS = 10,
    VECTOR_ABSENT = 11,
    VECTOR_STACK = 12,
    VECTOR_PROTECTION = 13,
    VECTOR_PAGE = 14,
    VECTOR_FLOAT = 16,
    VECTOR_ALIGNMENT = 17
};
enum { DEBUG_STEP = 1 << 14 }; /* "error code" of VECTOR_DEBUG after a step by TF: a bit of DR6 */

/*
 * The arithmetic flags, kept as the words they follow from: ZF when `zero` is 0; SF is bit 31 of
 * `sign` and PF the parity of its low byte; CF is bit 31 of `carry`, OF bit 31 xor bit 30, AF bit
 * 3.
 */
struct flags {
    uint32_t zero;
    uint32_t carry;
    uint32_t sign;
};

/* The x87 unit. */
struct fpu {
    struct float80 st[8]; /* physical registers */
    uint32_t top;
    uint32_t control;
    uint32_t status; /* without TOP */
    uint8_t empty;   /* one bit a physical register */
    uint32_t last_eip;
    uint32_t last_address;
    uint32_t last_opcode;
};

/* The state after FNINIT: all registers are empty, but keep their bytes. */
void fpu_init(struct fpu *f);

/* How memory is accessed. */
enum access {
    TO_READ,
    TO_WRITE,
    TO_MODIFY /* it will be written; nothing is transferred now */
};

/*
 * What the processor is built into. `linear` addresses are those behind segmentation. After a
 * fault (cpu_fault was called) results mean nothing.
 */
struct bus {
    bool precise; /* who handles a fault wants to see exact flags */
    /* An access that is not at hand in rd or wr. False: the fault at `eip` was raised. */
    bool (*access)(struct cpu *c, uint32_t linear, uint8_t *bytes, uint32_t n, enum access how,
                   uint32_t eip);
    /* The bytes of the page that code is fetched from, and its number in physical memory. Null:
       it cannot be fetched; where `raise` is set the fault at `eip` was raised. */
    const uint8_t *(*fetch)(struct cpu *c, uint32_t linear, uint32_t *physical, bool raise,
                            uint32_t eip);
    /* Code was decoded from a physical page, or no longer is: writes to it have to go through
       `access`, which calls code_written. */
    void (*watch)(struct cpu *c, uint32_t physical, bool on);
    /* Loads a segment register other than CS. False: the fault was raised. */
    bool (*load_segment)(struct cpu *c, uint32_t segment, uint32_t selector, uint32_t eip);
    /* Ports, 1, 2 or 4 bytes. */
    uint32_t (*in)(struct cpu *c, uint32_t port, uint32_t n, uint32_t eip);
    void (*out)(struct cpu *c, uint32_t port, uint32_t value, uint32_t n, uint32_t eip);
    /* Instructions that mean something else in each. */
    run_fn *interrupt; /* INT n, INT3, INT1: imm is the vector, aux 1 for INT n */
    run_fn *far;       /* far jumps, calls, returns and IRET */
    run_fn *halt;
    run_fn *set_flag;   /* sets the flags in imm, clears those not in it but in u.m.disp */
    run_fn *push_flags; /* aux 1 for 16 bits */
    run_fn *pop_flags;  /* aux 1 for 16 bits */
    run_fn *cpuid;
    run_fn *clock;      /* RDTSC */
    run_fn *control;    /* 0F 00, 01, 06, 08, 09, 20 to 23, 30, 32: imm is the opcode, dst ModRM */
    run_fn *privileged; /* 63, 0F 02 and 03: likewise */
    run_fn *absent;     /* MMX, FXSAVE and fences; null: undefined opcodes */
    run_fn *escape;     /* 0F 3F and a byte (imm): a service; or null */
};

/* How often instructions of a range of linear addresses ran, and how often those that jump on a
   condition did; by the address of the first byte. */
struct coverage {
    uint32_t low, high;
    uint64_t *runs;
    uint64_t *taken;
};

struct code_cache;
struct code_map;
struct code_page;

struct cpu {
    uint32_t r[REGS];
    struct flags f;
    uint32_t other_flags; /* EFLAGS without the arithmetic flags */
    uint8_t **rd; /* by linear page: what can be read, or written, without further thought */
    uint8_t **wr;
    const struct insn *last; /* the instruction at which the last run was left */
    uint32_t stop;           /* an enum stop */
    uint32_t code_base;      /* of CS; of the map in use, as the limit */
    uint32_t code_limit;
    struct code_page **code; /* by linear page; of the map in use */
    uint32_t stack_mask;     /* FFFF or FFFFFFFF: what of ESP is used */
    struct segment seg[SEGS];
    const struct run_set *set; /* the functions for code that is decoded now */
    uint32_t eip;              /* valid while the processor is stopped */
    uint32_t fault_eip;
    uint32_t vector;
    uint32_t error; /* the error code, where the vector has one */
    const struct bus *bus;
    void *owner;               /* what the bus belongs to */
    struct coverage *coverage; /* null: nobody wants to know. Set before anything is decoded */
    struct code_cache *cache;
    struct code_map *map;
    uint64_t count;       /* instructions executed */
    uint64_t uncounted;   /* steps since the start that were no instructions */
    bool single;          /* code is decoded to be run one instruction at a time */
    bool stepping;        /* whoever runs it wants every instruction alone */
    bool no_trap;         /* the instruction just run is not followed by the trap of TF */
    bool paged;           /* pages may lie elsewhere than their addresses say */
    bool user;            /* CPL 3 */
    uint8_t no_fpu;       /* NO_FPU_ bits: what faults, by CR0.EM, TS and MP */
    bool out_of_memory;   /* of the host */
    uint64_t clock_reads; /* RDTSC executed */
    struct fpu fpu;
};

/* Makes a processor; `bus` and the tables rd and wr stay its owner's. False: no host memory. */
bool cpu_init(struct cpu *c, const struct bus *bus, void *owner, uint8_t **rd, uint8_t **wr);
void cpu_free(struct cpu *c);

/* Runs from c->eip until the processor stops or `limit` instructions are done; sets c->eip. */
enum stop cpu_run(struct cpu *c, uint64_t limit);

uint32_t cpu_eflags(const struct cpu *c);
void cpu_set_eflags(struct cpu *c, uint32_t value);

/* A segment of 4 GiB at 0 with an access byte. */
struct segment segment_flat(uint32_t selector, uint32_t access);
/* Whether a loaded segment can be used as if there were none. */
bool segment_is_flat(const struct segment *s);

/* Chooses how code is decoded: to be called when segments, paging, privilege or TF have changed. */
void cpu_choose_map(struct cpu *c);

/* The decoded instruction at an offset in CS, which is decoded if need be. Never null. */
struct insn *code_at(struct cpu *c, uint32_t eip);
/* Whether that is a step for now, not to be kept: its code cannot be fetched. */
bool code_is_passing(const struct cpu *c, const struct insn *i);

/* Stops with an exception at an address. The first reason to stop stays. */
void cpu_fault(struct cpu *c, uint32_t vector, uint32_t eip);
void cpu_fault_code(struct cpu *c, uint32_t vector, uint32_t error, uint32_t eip);
void cpu_stop(struct cpu *c, enum stop why, uint32_t eip);

/* The slow ways of memory access, by linear address; access.h has the fast ones. */
uint32_t load_slow(struct cpu *c, uint32_t linear, uint32_t n, uint32_t eip);
void store_slow(struct cpu *c, uint32_t linear, uint32_t value, uint32_t n, uint32_t eip);
bool modify_slow(struct cpu *c, uint32_t linear, uint32_t n, uint32_t eip);

/* Whether a segment allows an access that its limit and SEGMENT_ bits do not plainly allow; if
   not, the fault is raised. `need` is SEGMENT_READ or SEGMENT_WRITE. */
bool segment_allows(struct cpu *c, uint32_t segment, uint32_t offset, uint32_t n, uint32_t need,
                    uint32_t eip);

/* Registers by the numbers of the encoding; 8-bit number 4 is AH. */
static inline uint32_t reg8(const struct cpu *c, uint32_t n) {
    return c->r[n & 3] >> ((n & 4) << 1) & 0xFF;
}

static inline void set_reg8(struct cpu *c, uint32_t n, uint32_t v) {
    uint32_t shift = (n & 4) << 1;
    c->r[n & 3] = (c->r[n & 3] & ~(0xFFu << shift)) | (v & 0xFF) << shift;
}

static inline uint32_t reg16(const struct cpu *c, uint32_t n) {
    return c->r[n] & 0xFFFF;
}

static inline void set_reg16(struct cpu *c, uint32_t n, uint32_t v) {
    c->r[n] = (c->r[n] & 0xFFFF0000u) | (v & 0xFFFF);
}

static inline uint32_t reg32(const struct cpu *c, uint32_t n) {
    return c->r[n];
}

static inline void set_reg32(struct cpu *c, uint32_t n, uint32_t v) {
    c->r[n] = v;
}

/* Sign extension without implementation-defined conversions. */
static inline uint32_t extend8(uint32_t v) {
    return ((v & 0xFF) ^ 0x80) - 0x80;
}

static inline uint32_t extend16(uint32_t v) {
    return ((v & 0xFFFF) ^ 0x8000) - 0x8000;
}

/* Single flags. */
static inline uint32_t flag_c(const struct cpu *c) {
    return c->f.carry >> 31;
}

static inline uint32_t flag_z(const struct cpu *c) {
    return c->f.zero == 0;
}

static inline uint32_t flag_s(const struct cpu *c) {
    return c->f.sign >> 31;
}

static inline uint32_t flag_o(const struct cpu *c) {
    return (c->f.carry ^ c->f.carry << 1) >> 31;
}

static inline uint32_t flag_a(const struct cpu *c) {
    return c->f.carry >> 3 & 1;
}

static inline uint32_t flag_p(const struct cpu *c) {
    uint32_t v = c->f.sign ^ c->f.sign >> 4;
    return 0x9669u >> (v & 15) & 1;
}

/* SF differs from OF, as bit 31. */
static inline uint32_t less_bit(const struct cpu *c) {
    return c->f.sign ^ c->f.carry ^ c->f.carry << 1;
}

/* Sets the `carry` word from single flags, each 0 or 1. */
static inline void set_coa(struct cpu *c, uint32_t cf, uint32_t of, uint32_t af) {
    c->f.carry = cf << 31 | (cf ^ of) << 30 | af << 3;
}

static inline void set_carry(struct cpu *c, uint32_t cf) {
    set_coa(c, cf, flag_o(c), flag_a(c));
}

/* Whether condition code n (SDM appendix B, "tttn") holds. */
static inline bool condition(const struct cpu *c, uint32_t n) {
    uint32_t yes;
    switch (n >> 1 & 7) {
    case 0:
        yes = flag_o(c);
        break;
    case 1:
        yes = flag_c(c);
        break;
    case 2:
        yes = flag_z(c);
        break;
    case 3:
        yes = flag_c(c) | flag_z(c);
        break;
    case 4:
        yes = flag_s(c);
        break;
    case 5:
        yes = flag_p(c);
        break;
    case 6:
        yes = less_bit(c) >> 31;
        break;
    default:
        yes = less_bit(c) >> 31 | flag_z(c);
        break;
    }
    return yes != (n & 1);
}

#endif
