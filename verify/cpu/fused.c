/*
 * What simple compilers put one behind the other, with any registers: a processor that makes one
 * step of such a sequence must do what its instructions do one by one. Also sequences that look
 * alike and are not.
 */
#include "verify/cpu/cpu.h"

enum { VARIANTS = 40, SHOWN = 2 /* digits of a variant's number */ };

/* A sequence that is being written. */
struct text {
    struct form form;
    u32 random;
};

static void add(struct text *t, u32 byte) {
    t->form.code[t->form.length++] = (u8)byte;
}

static u32 any_register(struct text *t) {
    return next_random(&t->random) >> 7 & 7;
}

static u32 any_but_esp(struct text *t) {
    u32 r;
    do
        r = any_register(t);
    while (r == ESP);
    return r;
}

/* The same register, but now and then another. */
static u32 mostly(struct text *t, u32 r) {
    return next_random(&t->random) >> 9 & 3 ? r : any_register(t);
}

/* An opcode with the operand [base+disp]. */
static void with_memory(struct text *t, u32 opcode, u32 reg, u32 base, u32 disp) {
    add(t, opcode);
    add(t, 0x40 | reg << 3 | base);
    if (base == ESP)
        add(t, 0x24);
    add(t, disp);
}

static void with_register(struct text *t, u32 opcode, u32 reg, u32 rm) {
    add(t, opcode);
    add(t, 0xC0 | reg << 3 | rm);
}

static void mov_ebp_esp(struct text *t) {
    with_register(t, 0x89, ESP, EBP);
}

static void set(struct text *t, u32 reg, u32 v) {
    add(t, 0xB8 + reg);
    for (u32 n = 0; n < 4; n++, v >>= 8)
        add(t, v);
}

/* lea q,[ebp-8] or [esp-8]; mov r,[q+4]; r is no ESP where a POP comes behind */
static void lea_load(struct text *t, int pop_behind) {
    u32 q = any_register(t);
    u32 base = next_random(&t->random) & 0x100 ? EBP : ESP;
    with_memory(t, 0x8D, q, base, 0xF8);
    with_memory(t, 0x8B, pop_behind ? any_but_esp(t) : any_register(t), q, 4);
}

static void address_of_local(struct text *t) {
    mov_ebp_esp(t);
    lea_load(t, 0);
}

static void address_of_global(struct text *t) {
    u32 q = any_register(t);
    set(t, q, (u32)&before);
    with_memory(t, 0x8B, any_register(t), q, 8);
}

static void push_local(struct text *t) {
    mov_ebp_esp(t);
    add(t, 0x50 + any_register(t));
    lea_load(t, 0);
}

static void push_local_pop(struct text *t) {
    mov_ebp_esp(t);
    add(t, 0x50 + any_register(t));
    lea_load(t, 1);
    add(t, 0x58 + any_register(t));
}

/* push s; mov r,imm; pop t; add or sub x,y, or another operation */
static void push_number_pop(struct text *t) {
    add(t, 0x50 + any_register(t));
    set(t, any_but_esp(t), next_random(&t->random));
    add(t, 0x58 + any_register(t));
    switch (next_random(&t->random) >> 8 & 3) {
    case 0:
        with_register(t, 0x01, any_register(t), any_register(t));
        break;
    case 1:
        with_register(t, 0x29, any_register(t), any_register(t));
        break;
    case 2:
        with_register(t, 0x31, any_register(t), any_register(t));
        break;
    default:
        break;
    }
}

/* push ebp, which is an address; pop q; mov [q+8],s; jmp over an inc ecx, or not */
static void pop_store(struct text *t) {
    mov_ebp_esp(t);
    add(t, 0x55);
    u32 q = any_register(t);
    add(t, 0x58 + q);
    with_memory(t, 0x89, any_register(t), mostly(t, q) == q ? q : EBP, 8);
    if (next_random(&t->random) & 0x100) {
        add(t, 0xEB);
        add(t, 1);
    }
    add(t, 0x41);
}

/* pop a or not; cmp a,b; setcc q; movzx r,q; test r,r; je or jne over an inc ecx */
static void condition(struct text *t) {
    u32 q = any_register(t), r = mostly(t, q), a = any_register(t);
    if (next_random(&t->random) & 0x100) { /* push s; pop a before it */
        add(t, 0x50 + any_register(t));
        add(t, 0x58 + a);
    }
    with_register(t, next_random(&t->random) & 0x100 ? 0x39 : 0x3B, any_register(t), mostly(t, a));
    add(t, 0x0F);
    with_register(t, 0x90 + (next_random(&t->random) >> 8 & 15), 0, q);
    add(t, 0x0F);
    with_register(t, 0xB6, r, mostly(t, q));
    with_register(t, 0x85, mostly(t, r), mostly(t, r));
    add(t, 0x74 + (next_random(&t->random) >> 8 & 1));
    add(t, 1);
    add(t, 0x41);
}

/*
 * A binary operation: the left operand in r and pushed, the right one in r, the left one popped to
 * q, both combined. What is stored to must be an address.
 */
enum operand { NUMBER, ZERO, LOCAL, GLOBAL, OPERANDS, POINTER = OPERANDS, HELD, LEFTS };

/* The same register, but now and then another that holds no address of the stack. */
static u32 mostly_free(struct text *t, u32 r) {
    u32 other = mostly(t, r);
    return other == ESP || other == EBP ? r : other;
}

static void operand(struct text *t, enum operand kind, u32 r) {
    u32 base = next_random(&t->random) & 0x100 ? EBP : ESP;
    switch (kind) {
    case NUMBER:
        set(t, r, next_random(&t->random));
        break;
    case ZERO:
        with_register(t, next_random(&t->random) & 0x100 ? 0x31 : 0x29, r, r);
        t->form.undefined = AF;
        break;
    case LOCAL: /* now and then that which was pushed */
        with_memory(t, 0x8D, r, base, next_random(&t->random) & 0x100 ? 0xF8 : 4);
        with_memory(t, 0x8B, mostly_free(t, r), r, 4);
        break;
    case GLOBAL:
        set(t, r, (u32)&before);
        with_memory(t, 0x8B, mostly_free(t, r), r, 8);
        break;
    case POINTER:
        with_memory(t, 0x8D, r, base, 0xF0);
        break;
    default:
        break;
    }
}

static void combine(struct text *t, u32 q, u32 r, u32 end) {
    switch (end) {
    case 0:
        with_register(t, 0x01, mostly(t, q), mostly(t, r));
        break;
    case 1:
        with_register(t, 0x29, mostly(t, r), q);
        with_register(t, 0x89, mostly(t, q), mostly(t, r));
        break;
    case 2:
        with_memory(t, 0x89, mostly(t, r), q, 4);
        break;
    case 3:
        with_memory(t, 0x88, mostly(t, r), q, 7);
        break;
    default:
        break;
    }
}

static void binary(struct text *t, enum operand left) {
    u32 r, q, end = next_random(&t->random) % 5;
    int stores = end == 2 || end == 3;
    do
        r = any_but_esp(t);
    while (r == EBP);
    q = mostly(t, r) == r ? (r + 1) & 3 : any_but_esp(t);
    if (stores && left != HELD)
        left = POINTER;
    mov_ebp_esp(t);
    operand(t, left, r);
    add(t, 0x50 + (stores ? left == HELD ? EBP : r : mostly(t, r)));
    if (next_random(&t->random) & 0x700)
        operand(t, next_random(&t->random) >> 8 & 3, r);
    else
        add(t, 0x40 + r); /* inc r: two sequences */
    add(t, 0x58 + q);
    combine(t, q, r, end);
}

static void binary_number(struct text *t) {
    binary(t, NUMBER);
}

static void binary_zero(struct text *t) {
    binary(t, ZERO);
}

static void binary_local(struct text *t) {
    binary(t, LOCAL);
}

static void binary_global(struct text *t) {
    binary(t, GLOBAL);
}

static void binary_pointer(struct text *t) {
    binary(t, POINTER);
}

static void binary_held(struct text *t) {
    binary(t, HELD);
}

/* Pushes in a row, then pops in a row. */
static void row(struct text *t) {
    u32 n = 2 + (next_random(&t->random) >> 8 & 3);
    for (u32 k = 0; k < n; k++)
        add(t, 0x50 + any_register(t));
    for (u32 k = 0; k < n; k++)
        add(t, 0x58 + (k + 1 < n ? any_but_esp(t) : any_register(t)));
}

/* [q], or without it [esp+ecx*n-8] */
static void table_operand(struct text *t, u32 opcode, u32 reg, int q, u32 scale) {
    add(t, opcode);
    if (q >= 0) {
        add(t, 0x40 | reg << 3 | (u32)q);
        if (q == ESP)
            add(t, 0x24);
        add(t, 0);
        return;
    }
    add(t, 0x44 | reg << 3);
    add(t, scale << 6 | ECX << 3 | ESP);
    add(t, 0xF8);
}

/* Two of AND, OR, XOR and ADD with a register or a number, of bytes or doublewords. */
static void changes(struct text *t, int q, u32 scale) {
    static const u8 digits[] = {4, 1, 6, 4, 1, 6, 4, 0};
    u32 wide = next_random(&t->random) >> 8 & 1;
    for (int n = 0; n < 2; n++) {
        u32 digit = digits[next_random(&t->random) >> 8 & 7];
        if (next_random(&t->random) & 0x100) {
            table_operand(t, digit << 3 | wide, any_register(t), q, scale);
        } else {
            table_operand(t, wide ? 0x83 : 0x80, digit, q, scale);
            add(t, next_random(&t->random) >> 8);
        }
    }
}

/* and ecx, 7; inc ecx; lea q,[esp+ecx*n-8] or not; changes; loop */
static void table(struct text *t) {
    u32 scale = next_random(&t->random) >> 8 & 3;
    int q = -1;
    scale = scale == 3 ? 0 : scale;
    if (next_random(&t->random) & 0x300)
        do
            q = (int)any_but_esp(t);
        while (q == ECX);
    add(t, 0x83);
    add(t, 0xE1);
    add(t, 7);
    add(t, 0x41);
    u32 head = t->form.length;
    if (q >= 0)
        table_operand(t, 0x8D, (u32)q, -1, scale);
    changes(t, q, scale);
    add(t, 0xE2);
    add(t, head - t->form.length - 1);
}

static void variants(void (*use)(const struct form *), const char *name, u32 length,
                     void (*write)(struct text *), u32 parts) {
    char numbered[32];
    for (u32 n = 0; n < VARIANTS; n++) {
        struct text t = {.form = {.name = numbered, .digit = -1, .parts = (u16)parts},
                         .random = length * 0x9E3779B1u + n * 0x85EBCA6Bu + 1};
        for (u32 k = 0; k < length; k++)
            numbered[k] = name[k];
        numbered[length] = ' ';
        numbered[length + 1] = (char)('0' + n / 10);
        numbered[length + 2] = (char)('0' + n % 10);
        numbered[length + 1 + SHOWN] = 0;
        write(&t);
        use(&t.form);
    }
}

#define VARIANTS_OF(name, write, parts) variants(use, name, sizeof name - 1, write, parts)

void fused_forms(void (*use)(const struct form *f)) {
    VARIANTS_OF("local", address_of_local, STACK);
    VARIANTS_OF("global", address_of_global, STACK);
    VARIANTS_OF("push, local", push_local, STACK);
    VARIANTS_OF("push, local, pop", push_local_pop, STACK);
    VARIANTS_OF("push, number, pop", push_number_pop, STACK);
    VARIANTS_OF("pop, store", pop_store, STACK);
    VARIANTS_OF("condition", condition, STACK);
    VARIANTS_OF("row", row, STACK);
    VARIANTS_OF("table", table, STACK);
    VARIANTS_OF("number and", binary_number, STACK);
    VARIANTS_OF("zero and", binary_zero, STACK);
    VARIANTS_OF("local and", binary_local, STACK);
    VARIANTS_OF("global and", binary_global, STACK);
    VARIANTS_OF("pointer and", binary_pointer, STACK);
    VARIANTS_OF("register and", binary_held, STACK);
}
