/*
 * Binary operations, and arguments, as compilers make them that keep the left operand on the stack
 * while they work out the right one in the same register (exec_fused.c says what one step means):
 *
 *     left     mov r,number | xor r,r | lea r,[b+d] | lea r,[b+d]; mov r,[r+e]
 *              | mov r,address; mov r,[r+e] | nothing: it is in a register
 *              push r
 *     right    one of these that ends in a number or a load
 *              pop t
 *     end      add r,t | sub t,r; mov r,t | mov [t+d],r, or its low byte | nothing
 *
 * or no more than left and push, or no more than pop and end.
 */
#include "refmodel/cpu/alu.h"
#include "refmodel/cpu/exec_fused.h"

enum operand_kind { NUMBER, ZERO, LOCAL, GLOBAL, RIGHTS, ADDRESS = RIGHTS, HELD, LEFTS };
enum end_kind { NOTHING, SUM, DIFFERENCE, STORE, STORE_BYTE, ENDS };

/* The steps of each; what runs the first of them alone; and what is at step k. */
enum { NUMBER_STEPS = 1, ZERO_STEPS = 1, ADDRESS_STEPS = 1, LOCAL_STEPS = 2, GLOBAL_STEPS = 2 };
enum { HELD_STEPS = 0 };
#define NUMBER_ALONE move_flat.mov[SIZE32][FORM_RI]
#define GLOBAL_ALONE NUMBER_ALONE
#define ZERO_ALONE run_clear
#define ADDRESS_ALONE move_flat.lea_plain
#define LOCAL_ALONE ADDRESS_ALONE
#define HELD_ALONE stack_flat.run[PUSH_REG][SIZE32]

#define NUMBER_AT(k) NULL
#define ZERO_AT(k) NULL
#define ADDRESS_AT(k) NULL
#define HELD_AT(k) NULL
#define LOCAL_AT(k) readable_in(c, DS, plain_operand(c, i + (k)) + i[(k) + 1].u.m.disp, 4)
#define GLOBAL_AT(k) readable_in(c, DS, i[k].imm + i[(k) + 1].u.m.disp, 4)

#define NUMBER_VALUE(p, k) i[k].imm
#define ZERO_VALUE(p, k) 0
#define ADDRESS_VALUE(p, k) plain_operand(c, i + (k))
#define HELD_VALUE(p, k) c->r[i[k].dst] /* step k is the push */
#define LOCAL_VALUE(p, k) get32(p)
#define GLOBAL_VALUE(p, k) get32(p)

enum { NUMBER_LOADS, ZERO_LOADS = 0, ADDRESS_LOADS = 0, HELD_LOADS = 0 };
enum { LOCAL_LOADS = 1, GLOBAL_LOADS = 1 };
/* XOR leaves flags, which stay unless the end has others. */
enum { ZERO_FLAGS = 1, NUMBER_FLAGS = 0, ADDRESS_FLAGS = 0, HELD_FLAGS = 0 };
enum { LOCAL_FLAGS = 0, GLOBAL_FLAGS = 0 };

/* The ends: their steps, what they write to from step k on, what they do with a and b, which leave
   r with the result and t with the other operand. */
enum { NOTHING_STEPS = 0, SUM_STEPS = 1, DIFFERENCE_STEPS = 2, STORE_STEPS = 1 };
enum { STORE_BYTE_STEPS = 1 };
enum { NOTHING_FLAGS = 0, SUM_FLAGS = 1, DIFFERENCE_FLAGS = 1, STORE_FLAGS = 0 };
enum { STORE_BYTE_FLAGS = 0, NOTHING_STORES = 0, SUM_STORES = 0, DIFFERENCE_STORES = 0 };
enum { STORE_STORES = 4, STORE_BYTE_STORES = 1 };
#define NOTHING_DO(to, a, b) (b)
#define SUM_DO(to, a, b) sum(c, a, b, 0, 32)
#define DIFFERENCE_DO(to, a, b) (a = difference(c, a, b, 0, 32))
#define STORE_DO(to, a, b) (put32(to, b), b)
#define STORE_BYTE_DO(to, a, b) (put8(to, b), b)

#define BINARY(left, right, end)                                                                   \
    static RUN(left##_##right##_##end) {                                                           \
        enum { PUSH = left##_STEPS, VALUE = PUSH + 1, POP = VALUE + right##_STEPS };               \
        uint8_t *top = writable_in(c, SS, c->r[ESP] - 4, 4), *to = NULL;                           \
        if (UNLIKELY(!top))                                                                        \
            return left##_ALONE(c, i);                                                             \
        const uint8_t *p = left##_AT(0);                                                           \
        if (UNLIKELY(left##_LOADS > 0 && !p))                                                      \
            return left##_ALONE(c, i);                                                             \
        const uint8_t *q = right##_AT(VALUE);                                                      \
        if (UNLIKELY(right##_LOADS > 0 && !q))                                                     \
            return left##_ALONE(c, i);                                                             \
        uint32_t a = left##_VALUE(p, 0);                                                           \
        if (end##_STORES > 0)                                                                      \
            to = writable_in(c, DS, a + i[POP + 1].u.m.disp, end##_STORES > 1 ? 4 : 1);            \
        if (UNLIKELY(end##_STORES > 0 && !to))                                                     \
            return left##_ALONE(c, i);                                                             \
        put32(top, a);                                                                             \
        uint32_t b = right##_VALUE(q, VALUE);                                                      \
        if (left##_FLAGS + right##_FLAGS > 0 && end##_FLAGS == 0)                                  \
            logic(c, 0, 32);                                                                       \
        b = end##_DO(to, a, b);                                                                    \
        c->r[i[VALUE].dst] = b;                                                                    \
        c->r[i[POP].dst] = a;                                                                      \
        CHAIN_BEHIND(POP + 1 + end##_STEPS);                                                       \
    }

#define BINARIES_OF(left, right)                                                                   \
    BINARY(left, right, NOTHING)                                                                   \
    BINARY(left, right, SUM)                                                                       \
    BINARY(left, right, DIFFERENCE) BINARY(left, right, STORE) BINARY(left, right, STORE_BYTE)

/* Left and push alone. */
#define ARGUMENT(left)                                                                             \
    static RUN(push_##left) {                                                                      \
        uint8_t *top = writable_in(c, SS, c->r[ESP] - 4, 4);                                       \
        if (UNLIKELY(!top))                                                                        \
            return left##_ALONE(c, i);                                                             \
        const uint8_t *p = left##_AT(0);                                                           \
        if (UNLIKELY(left##_LOADS > 0 && !p))                                                      \
            return left##_ALONE(c, i);                                                             \
        uint32_t a = left##_VALUE(p, 0);                                                           \
        put32(top, a);                                                                             \
        if (left##_FLAGS > 0)                                                                      \
            logic(c, 0, 32);                                                                       \
        c->r[i[0].dst] = a;                                                                        \
        c->r[ESP] -= 4;                                                                            \
        CHAIN_BEHIND(left##_STEPS + 1);                                                            \
    }

/* Pop and end alone; `go` is how it goes on behind them. */
#define POPPED(name, end, go)                                                                      \
    static RUN(name) {                                                                             \
        const uint8_t *top = readable_in(c, SS, c->r[ESP], 4);                                     \
        uint8_t *to = NULL;                                                                        \
        if (UNLIKELY(!top))                                                                        \
            return stack_flat.run[POP_REG][SIZE32](c, i);                                          \
        uint32_t a = get32(top);                                                                   \
        if (end##_STORES > 0)                                                                      \
            to = writable_in(c, DS, a + i[1].u.m.disp, end##_STORES > 1 ? 4 : 1);                  \
        if (UNLIKELY(end##_STORES > 0 && !to))                                                     \
            return stack_flat.run[POP_REG][SIZE32](c, i);                                          \
        uint32_t r = end##_STORES > 0 ? i[1].src : i[end##_STEPS].dst;                             \
        uint32_t b = end##_DO(to, a, c->r[r]);                                                     \
        if (end##_STORES == 0)                                                                     \
            c->r[r] = b;                                                                           \
        c->r[i[0].dst] = a;                                                                        \
        c->r[ESP] += 4;                                                                            \
        i += 1 + end##_STEPS;                                                                      \
        go;                                                                                        \
    }

#define LEFT_OF(left)                                                                              \
    BINARIES_OF(left, NUMBER)                                                                      \
    BINARIES_OF(left, ZERO) BINARIES_OF(left, LOCAL) BINARIES_OF(left, GLOBAL)

LEFT_OF(NUMBER)
LEFT_OF(ZERO)
LEFT_OF(LOCAL)
LEFT_OF(GLOBAL)
LEFT_OF(ADDRESS)
LEFT_OF(HELD)
ARGUMENT(NUMBER)
ARGUMENT(ZERO)
ARGUMENT(LOCAL)
ARGUMENT(GLOBAL)
ARGUMENT(ADDRESS)
POPPED(pop_SUM, SUM, RUN_STEP)
POPPED(pop_DIFFERENCE, DIFFERENCE, RUN_STEP)
POPPED(pop_STORE, STORE, RUN_STEP)
POPPED(pop_STORE_BYTE, STORE_BYTE, RUN_STEP)
POPPED(pop_STORE_jmp, STORE, FOLLOW)

#define ENDS_ROW(left, right)                                                                      \
    {                                                                                              \
        [NOTHING] = left##_##right##_NOTHING, [SUM] = left##_##right##_SUM,                        \
        [DIFFERENCE] = left##_##right##_DIFFERENCE, [STORE] = left##_##right##_STORE,              \
        [STORE_BYTE] = left##_##right##_STORE_BYTE                                                 \
    }
#define ROWS(left)                                                                                 \
    [left] = {[NUMBER] = ENDS_ROW(left, NUMBER),                                                   \
              [ZERO] = ENDS_ROW(left, ZERO),                                                       \
              [LOCAL] = ENDS_ROW(left, LOCAL),                                                     \
              [GLOBAL] = ENDS_ROW(left, GLOBAL)}

static run_fn *const BINARIES[LEFTS][RIGHTS][ENDS] = {ROWS(NUMBER), ROWS(ZERO),    ROWS(LOCAL),
                                                      ROWS(GLOBAL), ROWS(ADDRESS), ROWS(HELD)};
static run_fn *const PUSHES[LEFTS] = {[NUMBER] = push_NUMBER,
                                      [ZERO] = push_ZERO,
                                      [LOCAL] = push_LOCAL,
                                      [GLOBAL] = push_GLOBAL,
                                      [ADDRESS] = push_ADDRESS};
static run_fn *const POPS[ENDS] = {[SUM] = pop_SUM,
                                   [DIFFERENCE] = pop_DIFFERENCE,
                                   [STORE] = pop_STORE,
                                   [STORE_BYTE] = pop_STORE_BYTE};

/* Whether the k-th of n steps is run by a function. */
static bool is(const struct insn *first, uint32_t n, uint32_t k, run_fn *run) {
    return k < n && first[k].run == run;
}

static bool is_alu(const struct insn *first, uint32_t n, uint32_t k, int op) {
    return is(first, n, k, alu_flat.run[op][SIZE32][FORM_RR]) ||
           is(first, n, k, alu_flat.quiet[op][SIZE32][FORM_RR]);
}

/* What begins at step k, and how many steps it has; HELD where it is no operand. */
static enum operand_kind operand_kind(const struct insn *first, uint32_t n, uint32_t k,
                                      uint32_t *steps) {
    bool number = is(first, n, k, move_flat.mov[SIZE32][FORM_RI]);
    bool address = is(first, n, k, move_flat.lea_plain);
    *steps = 1;
    if (is(first, n, k, run_clear))
        return ZERO;
    if (!number && !address) {
        *steps = 0;
        return HELD;
    }
    const struct insn *load = &first[k + 1];
    if (is(first, n, k + 1, move_flat.plain[SIZE32][FORM_RM]) && load->dst == first[k].dst &&
        load->u.m.base == first[k].dst) {
        *steps = 2;
        return number ? GLOBAL : LOCAL;
    }
    return number ? NUMBER : ADDRESS;
}

/* What comes behind a pop at step k. */
static enum end_kind end_kind(const struct insn *first, uint32_t n, uint32_t k, uint32_t *steps) {
    const struct insn *i = &first[k + 1];
    uint32_t t = first[k].dst;
    *steps = 1;
    if (t == ESP)
        return NOTHING;
    if (is_alu(first, n, k + 1, ALU_ADD) && i->src == t && i->dst != t && i->dst != ESP)
        return SUM;
    if (is(first, n, k + 1, move_flat.plain[SIZE32][FORM_MR]) && i->u.m.base == t && i->src != t &&
        i->src != ESP)
        return STORE;
    if (is(first, n, k + 1, move_flat.plain[SIZE8][FORM_MR]) && i->u.m.base == t && i->src < 4 &&
        i->src != t)
        return STORE_BYTE;
    *steps = 2;
    if (is_alu(first, n, k + 1, ALU_SUB) && i->dst == t && i->src != t && i->src != ESP &&
        is(first, n, k + 2, move_flat.mov[SIZE32][FORM_RR]) && i[1].dst == i->src && i[1].src == t)
        return DIFFERENCE;
    *steps = 0;
    return NOTHING;
}

/* The register that an end takes its right operand from. */
static uint32_t right_register(const struct insn *pop, enum end_kind end) {
    return end == SUM ? pop[1].dst : pop[1].src;
}

/* The steps from a push at step k on, with what is right of it; 0: they are something else. */
static uint32_t fuse_right(struct insn *first, uint32_t n, uint32_t k, enum operand_kind left) {
    uint32_t steps, end_steps, r = first[k + 1 < n ? k + 1 : k].dst;
    enum operand_kind right = operand_kind(first, n, k + 1, &steps);
    uint32_t pop = k + 1 + steps;
    if (right >= RIGHTS || !is(first, n, pop, stack_flat.run[POP_REG][SIZE32]))
        return 0;
    uint32_t t = first[pop].dst;
    if (r == ESP || t == ESP || (left != HELD && r != first[k].dst))
        return 0;
    if (right == LOCAL &&
        (first[k + 1].u.m.base == ESP || (left != HELD && first[k + 1].u.m.base == r)))
        return 0;
    enum end_kind end = end_kind(first, n, pop, &end_steps);
    if (end != NOTHING && right_register(&first[pop], end) != r) {
        end = NOTHING;
        end_steps = 0;
    }
    first->run = BINARIES[left][right][end];
    return pop + 1 + end_steps;
}

uint32_t fuse_binary(struct insn *first, uint32_t n) {
    uint32_t steps;
    if (is(first, n, 0, stack_flat.run[POP_REG][SIZE32])) {
        enum end_kind end = end_kind(first, n, 0, &steps);
        if (end == NOTHING)
            return 0;
        first->run = POPS[end];
        if (end == STORE && is(first, n, 2, flow_flat.jmp)) {
            first->run = pop_STORE_jmp;
            steps++;
        }
        return 1 + steps;
    }
    enum operand_kind left = operand_kind(first, n, 0, &steps);
    if (!is(first, n, steps, stack_flat.run[PUSH_REG][SIZE32]))
        return 0;
    if (left != HELD && (first->dst != first[steps].dst || first->dst == ESP))
        return 0;
    uint32_t all = fuse_right(first, n, steps, left);
    if (all || left == HELD)
        return all;
    first->run = PUSHES[left];
    return steps + 1;
}
