/*
 * The i386 processor: state, decoded instructions, flags, memory access.
 *
 * Programs run in ring 0 in one flat segment, so that an address is an offset. Every instruction
 * is decoded once into a `struct insn`; running it is calling its function, which returns the
 * next one. Sources: Intel SDM volumes 1 and 2.
 */
#ifndef REFMODEL_CPU_H
#define REFMODEL_CPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "refmodel/float80/float80.h"
#include "refmodel/cpu/memory.h"

#if defined(__GNUC__)
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#else
#define LIKELY(x) (x)
#define UNLIKELY(x) (x)
#endif

struct cpu;
struct insn;

/*
 * Runs an instruction, and perhaps those behind it, and returns the next one to run. After a fault
 * the result means nothing.
 */
typedef struct insn *run_fn(struct cpu *c, struct insn *i);

/*
 * A decoded instruction. The address of its memory operand is r[base] + (r[index] << scale) +
 * disp; a missing base or index is register ZERO_REG. Direct jumps use `target` instead.
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
        } m;
    } u;
    uint32_t imm; /* immediate, or the address that a direct jump leads to */
    uint32_t eip; /* of the first byte */
    uint8_t dst;  /* register numbers, or what the function says */
    uint8_t src;
    uint8_t len; /* bytes */
    uint8_t aux;
    uint8_t seg;
};

enum { EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI, ZERO_REG, ADDRESS_REG, REGS };
enum { LONGEST_INSN = 15 }; /* bytes */
enum { ES, CS, SS, DS, FS, GS, SEGS };
enum { CODE_SELECTOR = 0x08, DATA_SELECTOR = 0x10 };

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
    STOP_HALT,        /* HLT with interrupts off */
    STOP_UNSUPPORTED, /* an instruction that the model does not have */
    STOP_HOST,        /* the host has no memory left */
    STOP_FLUSH        /* decoded code has to be forgotten; never seen outside cpu.c */
};

/* Processor exceptions (SDM volume 3, 6.15). */
enum {
    VECTOR_DIVIDE = 0,
    VECTOR_DEBUG = 1,
    VECTOR_BREAKPOINT = 3,
    VECTOR_OVERFLOW = 4,
    VECTOR_BOUND = 5,
    VECTOR_INVALID = 6,
    VECTOR_PROTECTION = 13,
    VECTOR_PAGE = 14, /* an access or a jump past the end of RAM or to page 0 */
    VECTOR_FLOAT = 16
};

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

struct code_cache;

/* A page of guest memory from which code was decoded. */
struct code_page {
    struct insn *at[PAGE_SIZE];  /* the instruction that begins at each byte, or null */
    uint8_t byte[PAGE_SIZE / 8]; /* one bit a byte: it is part of an instruction */
    uint32_t page;
    bool crossed; /* an instruction of the page before ends here */
    struct code_page *next;
};

struct cpu {
    uint32_t r[REGS];
    struct flags f;
    uint32_t other_flags; /* EFLAGS without the arithmetic flags */
    uint8_t **rd;         /* memory.rd and memory.wr, near at hand */
    uint8_t **wr;
    const struct insn *last; /* the instruction at which the last run was left */
    uint32_t stop;           /* an enum stop */
    uint32_t eip;            /* valid while the processor is stopped */
    uint32_t fault_eip;
    uint32_t vector;
    struct memory *mem;
    struct code_cache *cache;
    struct code_page **code; /* by page number */
    uint64_t count;          /* instructions executed */
    uint64_t uncounted;      /* steps since the start that were no instructions */
    bool single;             /* code is decoded to be run one instruction at a time */
    uint64_t clock_reads;    /* RDTSC executed */
    uint32_t null_segments;  /* one bit a segment register that holds a null selector */
    uint16_t selector[SEGS];
    struct fpu fpu;
};

/* Makes a processor on a memory. False: no host memory. */
bool cpu_init(struct cpu *c, struct memory *m);
void cpu_free(struct cpu *c);

/* The state in which a program starts: registers 0, flags clear, FPU initialised. */
void cpu_reset(struct cpu *c, uint32_t eip, uint32_t esp);

/* Runs from c->eip until the processor stops or `limit` instructions are done; sets c->eip. */
enum stop cpu_run(struct cpu *c, uint64_t limit);

uint32_t cpu_eflags(const struct cpu *c);
void cpu_set_eflags(struct cpu *c, uint32_t value);

/* The decoded instruction at an address, which is decoded if need be. Never null. */
struct insn *code_at(struct cpu *c, uint32_t eip);

/* Forgets all decoded code. Only while the processor is stopped. */
void code_flush(struct cpu *c);

/* Stops with an exception at an address. The first reason to stop stays. */
void cpu_fault(struct cpu *c, uint32_t vector, uint32_t eip);
void cpu_stop(struct cpu *c, enum stop why, uint32_t eip);

/* Loads a segment register as MOV does. False: the fault was raised. */
bool cpu_load_segment(struct cpu *c, const struct insn *i, uint32_t segment, uint32_t value);

/* The slow ways of memory access; the inline functions below come first. */
uint32_t load_slow(struct cpu *c, uint32_t address, uint32_t n, uint32_t eip);
void store_slow(struct cpu *c, uint32_t address, uint32_t value, uint32_t n, uint32_t eip);

/*
 * Whether [address, address + n) lies in RAM; if not, the fault is raised. For operands longer
 * than 4 bytes.
 */
bool range_ok(struct cpu *c, const struct insn *i, uint32_t address, uint32_t n);

/*
 * Where an operand lies in a page that can be read (or written) at once; null where it takes more:
 * a first touch, two pages, decoded code, or a fault.
 */
static inline const uint8_t *readable(const struct cpu *c, uint32_t a, uint32_t n) {
    const uint8_t *p = c->rd[a >> PAGE_SHIFT];
    return LIKELY(p != NULL && (a & PAGE_MASK) <= PAGE_SIZE - n) ? p + (a & PAGE_MASK) : NULL;
}

static inline uint8_t *writable(const struct cpu *c, uint32_t a, uint32_t n) {
    uint8_t *p = c->wr[a >> PAGE_SHIFT];
    return LIKELY(p != NULL && (a & PAGE_MASK) <= PAGE_SIZE - n) ? p + (a & PAGE_MASK) : NULL;
}

static inline uint32_t load8(struct cpu *c, const struct insn *i, uint32_t a) {
    const uint8_t *p = c->rd[a >> PAGE_SHIFT];
    if (LIKELY(p != NULL))
        return p[a & PAGE_MASK];
    return load_slow(c, a, 1, i->eip);
}

static inline uint32_t load16(struct cpu *c, const struct insn *i, uint32_t a) {
    const uint8_t *p = c->rd[a >> PAGE_SHIFT];
    if (LIKELY(p != NULL && (a & PAGE_MASK) <= PAGE_SIZE - 2))
        return get16(p + (a & PAGE_MASK));
    return load_slow(c, a, 2, i->eip);
}

static inline uint32_t load32(struct cpu *c, const struct insn *i, uint32_t a) {
    const uint8_t *p = c->rd[a >> PAGE_SHIFT];
    if (LIKELY(p != NULL && (a & PAGE_MASK) <= PAGE_SIZE - 4))
        return get32(p + (a & PAGE_MASK));
    return load_slow(c, a, 4, i->eip);
}

static inline void store8(struct cpu *c, const struct insn *i, uint32_t a, uint32_t v) {
    uint8_t *p = c->wr[a >> PAGE_SHIFT];
    if (LIKELY(p != NULL))
        p[a & PAGE_MASK] = (uint8_t)v;
    else
        store_slow(c, a, v, 1, i->eip);
}

static inline void store16(struct cpu *c, const struct insn *i, uint32_t a, uint32_t v) {
    uint8_t *p = c->wr[a >> PAGE_SHIFT];
    if (LIKELY(p != NULL && (a & PAGE_MASK) <= PAGE_SIZE - 2))
        put16(p + (a & PAGE_MASK), v);
    else
        store_slow(c, a, v, 2, i->eip);
}

static inline void store32(struct cpu *c, const struct insn *i, uint32_t a, uint32_t v) {
    uint8_t *p = c->wr[a >> PAGE_SHIFT];
    if (LIKELY(p != NULL && (a & PAGE_MASK) <= PAGE_SIZE - 4))
        put32(p + (a & PAGE_MASK), v);
    else
        store_slow(c, a, v, 4, i->eip);
}

/* The address of the memory operand, and access to it. */
static inline uint32_t operand(const struct cpu *c, const struct insn *i) {
    return c->r[i->u.m.base] + (c->r[i->u.m.index] << i->u.m.scale) + i->u.m.disp;
}

/* The same for an operand without an index. */
static inline uint32_t plain_operand(const struct cpu *c, const struct insn *i) {
    return c->r[i->u.m.base] + i->u.m.disp;
}

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

/* The stack. */
static inline void push32(struct cpu *c, const struct insn *i, uint32_t v) {
    store32(c, i, c->r[ESP] - 4, v);
    c->r[ESP] -= 4;
}

static inline void push16(struct cpu *c, const struct insn *i, uint32_t v) {
    store16(c, i, c->r[ESP] - 2, v);
    c->r[ESP] -= 2;
}

static inline uint32_t pop32(struct cpu *c, const struct insn *i) {
    uint32_t v = load32(c, i, c->r[ESP]);
    c->r[ESP] += 4;
    return v;
}

static inline uint32_t pop16(struct cpu *c, const struct insn *i) {
    uint32_t v = load16(c, i, c->r[ESP]);
    c->r[ESP] += 2;
    return v;
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

/* Continues at an address that is only known now. */
static inline struct insn *jump_to(struct cpu *c, uint32_t eip) {
    const struct code_page *p = c->code[eip >> PAGE_SHIFT];
    if (LIKELY(p && p->at[eip & PAGE_MASK]))
        return p->at[eip & PAGE_MASK];
    return code_at(c, eip);
}

#endif
