/*
 * A freestanding i386 program that tries out the processor it runs on. For each form of an
 * instruction it makes code with many encodings of its operands, runs it with many values, and
 * prints one line with a checksum of all results. The same file runs on Linux, on the model and in
 * an emulator; the lines must be the same. What the manuals leave undefined is masked out.
 *
 *   cpu [ROUNDS [NAME]]    encodings of each form (16); only the form NAME, with every result
 */
#ifndef VERIFY_CPU_CPU_H
#define VERIFY_CPU_CPU_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef int s32;
typedef unsigned long long u64;

enum { EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI };
enum { CF = 1, PF = 4, AF = 16, ZF = 64, SF = 128, DF = 1024, OF = 2048 };
enum { ARITHMETIC = CF | PF | AF | ZF | SF | OF };

/* What surrounds an instruction. */
struct state {
    u32 r[8];
    u32 flags;
};

/* Operands lie near the middle; the window is filled before every instruction. */
enum { SCRATCH_BYTES = 512, MIDDLE = 256, WINDOW = 248, WINDOW_BYTES = 40 };

/* What is special about the values of a form. */
enum special {
    PLAIN,
    SHIFT_ONE,  /* by 1 */
    SHIFT_IMM,  /* the last byte of the code is the count */
    SHIFT_CL,   /* CL is */
    DOUBLE_IMM, /* SHLD and SHRD: counts above the size are undefined */
    DOUBLE_CL,
    DIVIDE, /* must not fault */
    DIVIDE_SIGNED,
    BIT_STRING, /* a memory operand is reached by the register operand too */
    STRING,     /* ESI and EDI are addresses, ECX is small */
    TRANSLATE,  /* EBX and AL are an address */
    EXCHANGE,   /* CMPXCHG: sometimes equal */
    EXCHANGE8,
    BOUNDS,      /* BOUND: within them */
    NO_OVERFLOW, /* INTO: not taken */
    FLOAT        /* x87 */
};

/* Parts of an encoding. */
enum {
    MODRM = 1,          /* with a random or a given register field */
    HALF = 2,           /* 66 first */
    BYTE = 4,           /* byte operands */
    MEMORY = 8,         /* only memory */
    REGISTER = 16,      /* only a register */
    STACK = 32,         /* ESP must be an address */
    ADDRESS = 64,       /* LEA: any address */
    IN_OPCODE = 128,    /* the register is in the last opcode byte */
    SHORT_ADDRESS = 256 /* 67 first; only with ADDRESS */
};

struct form {
    const char *name;
    u8 code[40];
    u8 length;
    signed char digit; /* the register field of ModRM, or -1: any */
    u8 immediate;      /* bytes behind */
    u16 parts;
    u16 undefined; /* flags */
    u8 special;
    u8 avoid; /* registers (one bit each) that the operand must not use */
};

/* io.c */
u32 next_random(u32 *state);
void print(const char *text);
void print_number(u32 v);
void print_hex(u32 v);
int same(const char *a, const char *b);
_Noreturn void leave(int status);
extern u32 arguments; /* address of argc on the first stack */

/* stub.c: the code around the instruction, in memory that can be written and run. */
extern struct state before, after;
extern u8 *scratch; /* of SCRATCH_BYTES */
/* x87: the control word and eight registers that are loaded, and what FNSAVE gave. */
extern u16 float_control;
extern u8 float_in[8][10];
extern u8 float_out[108];
/*
 * Puts scratch into a page of its own, across two pages or beside code, and the stub into one page
 * or across two, as n says.
 */
void place(u32 n);
void make_stub(const u8 *code, u32 length, int is_float, u32 float_registers);
void run_stub(void);

/* encode.c: one encoding of a form. */
struct encoding {
    u8 code[48];
    u32 length;
    int memory; /* it has a memory operand */
    int base;   /* registers, or -1 */
    int index;
    int scale;
    u32 disp;
    int reg; /* the register operands, or -1 */
    int rm;
};
void encode(const struct form *f, u32 *random, struct encoding *e);

/* values.c: values before the instruction, and which flags count after it. */
void choose_values(const struct form *f, const struct encoding *e, u32 *random);
u32 defined_flags(const struct form *f, const struct encoding *e);

/* forms.c, sequences.c, fused.c, forms_float.c: calls `use` with every form. */
void integer_forms(void (*use)(const struct form *f));
void sequence_forms(void (*use)(const struct form *f));
void fused_forms(void (*use)(const struct form *f));
void float_forms(void (*use)(const struct form *f));

/* float.c: values for x87 forms, and what counts of float_out. */
void choose_floats(u32 *random);
void mask_float_state(const struct form *f);

#endif
