/*
 * Sequences of instructions that simple compilers make all the time, as one step. The slots of the
 * instructions stay as they are, for jumps into the middle and for the count; only the first one
 * runs differently. A sequence runs as one where all its operands are at hand. Where one is not,
 * nothing has happened yet, and the first instruction runs alone; so no fault, no change of code
 * and no first touch is ever seen from in here.
 */
#include "refmodel/cpu/exec_fused.h"

#include "refmodel/cpu/alu.h"

#define CHAIN_BEHIND(n) return i[n].run(c, i + (n))
/* The plain function of a direct jump finds the place it leads to, the first time. */
#define FOLLOW                                                                                     \
    do {                                                                                           \
        if (UNLIKELY(!i->u.target))                                                                \
            return i->run(c, i);                                                                   \
        LEAVE(i->u.target);                                                                        \
    } while (0)

/* lea q,[b+d] or mov q,address; mov r,[q+e] */
#define ADDRESS_LOAD(name, address, alone)                                                         \
    static RUN(name) {                                                                             \
        uint32_t at = address;                                                                     \
        const uint8_t *p = readable_in(c, DS, at + i[1].u.m.disp, 4);                              \
        if (UNLIKELY(!p))                                                                          \
            return alone(c, i);                                                                    \
        c->r[i[0].dst] = at;                                                                       \
        c->r[i[1].dst] = get32(p);                                                                 \
        CHAIN_BEHIND(2);                                                                           \
    }

ADDRESS_LOAD(lea_load, plain_operand(c, i), move_flat.lea_plain)
ADDRESS_LOAD(set_load, i->imm, move_flat.mov[SIZE32][FORM_RI])

static bool address_load_fits(const struct insn *i) {
    return i[1].u.m.base == i[0].dst;
}

/* push s; lea q,[b+d]; mov r,[q+e] */
static RUN(push_lea_load) {
    uint32_t at = plain_operand(c, i + 1);
    uint8_t *to = writable_in(c, SS, c->r[ESP] - 4, 4);
    const uint8_t *p = readable_in(c, DS, at + i[2].u.m.disp, 4);
    if (UNLIKELY(!to || !p))
        return stack_flat.run[PUSH_REG][SIZE32](c, i);
    put32(to, c->r[i[0].dst]);
    c->r[ESP] -= 4;
    c->r[i[1].dst] = at;
    c->r[i[2].dst] = get32(p);
    CHAIN_BEHIND(3);
}

static bool push_lea_load_fits(const struct insn *i) {
    return i[1].u.m.base != ESP && i[2].u.m.base == i[1].dst;
}

/* push s; lea q,[b+d]; mov r,[q+e]; pop t */
static RUN(push_lea_load_pop) {
    uint32_t at = plain_operand(c, i + 1);
    uint32_t pushed = c->r[i[0].dst];
    uint8_t *to = writable_in(c, SS, c->r[ESP] - 4, 4);
    const uint8_t *p = readable_in(c, DS, at + i[2].u.m.disp, 4);
    if (UNLIKELY(!to || !p))
        return stack_flat.run[PUSH_REG][SIZE32](c, i);
    put32(to, pushed);
    c->r[i[1].dst] = at;
    c->r[i[2].dst] = get32(p);
    c->r[i[3].dst] = pushed;
    CHAIN_BEHIND(4);
}

static bool push_lea_load_pop_fits(const struct insn *i) {
    return push_lea_load_fits(i) && i[1].dst != ESP && i[2].dst != ESP;
}

/* push s; mov r,imm; pop t; and what comes behind, of k instructions in all */
#define PUSH_SET_POP(name, k, body)                                                                \
    static RUN(name) {                                                                             \
        uint32_t pushed = c->r[i[0].dst];                                                          \
        uint8_t *to = writable_in(c, SS, c->r[ESP] - 4, 4);                                        \
        if (UNLIKELY(!to))                                                                         \
            return stack_flat.run[PUSH_REG][SIZE32](c, i);                                         \
        put32(to, pushed);                                                                         \
        c->r[i[1].dst] = i[1].imm;                                                                 \
        c->r[i[2].dst] = pushed;                                                                   \
        body;                                                                                      \
        CHAIN_BEHIND(k);                                                                           \
    }

PUSH_SET_POP(push_set_pop, 3, )
PUSH_SET_POP(push_set_pop_add, 4, c->r[i[3].dst] = sum(c, c->r[i[3].dst], c->r[i[3].src], 0, 32))
PUSH_SET_POP(push_set_pop_sub, 4,
             c->r[i[3].dst] = difference(c, c->r[i[3].dst], c->r[i[3].src], 0, 32))

static bool push_set_pop_fits(const struct insn *i) {
    return i[1].dst != ESP;
}

/* pop q; mov [q+d],s; and where the code goes on */
#define POP_STORE(name, end)                                                                       \
    static RUN(name) {                                                                             \
        const uint8_t *p = readable_in(c, SS, c->r[ESP], 4);                                       \
        if (UNLIKELY(!p))                                                                          \
            return stack_flat.run[POP_REG][SIZE32](c, i);                                          \
        uint32_t popped = get32(p);                                                                \
        uint8_t *to = writable_in(c, DS, popped + i[1].u.m.disp, 4);                               \
        if (UNLIKELY(!to))                                                                         \
            return stack_flat.run[POP_REG][SIZE32](c, i);                                          \
        put32(to, c->r[i[1].src]);                                                                 \
        c->r[ESP] += 4;                                                                            \
        c->r[i[0].dst] = popped;                                                                   \
        end;                                                                                       \
    }

POP_STORE(pop_store, CHAIN_BEHIND(2))
POP_STORE(pop_store_jmp, i += 2; FOLLOW)

static bool pop_store_fits(const struct insn *i) {
    return i[0].dst != ESP && i[1].u.m.base == i[0].dst && i[1].src != i[0].dst && i[1].src != ESP;
}

/* cmp a,b; setcc q; movzx r,q; test r,r; je or jne, which `jumps` */
#define CONDITION_JUMP(name, jumps)                                                                \
    static RUN(name) {                                                                             \
        difference(c, c->r[i[0].dst], c->r[i[0].src], 0, 32);                                      \
        uint32_t v = condition(c, i[1].aux);                                                       \
        set_reg8(c, i[1].dst, v);                                                                  \
        c->r[i[2].dst] = v;                                                                        \
        logic(c, v, 32);                                                                           \
        i += 4;                                                                                    \
        if (!(jumps))                                                                              \
            CHAIN;                                                                                 \
        FOLLOW;                                                                                    \
    }

CONDITION_JUMP(condition_je, v == 0)
CONDITION_JUMP(condition_jne, v != 0)

static bool condition_jump_fits(const struct insn *i) {
    return i[2].src == i[1].dst && i[3].dst == i[2].dst && i[3].src == i[2].dst;
}

enum { MOST_PARTS = 5, JE = 4, JNE = 5 };
#define PUSH &stack_flat.run[PUSH_REG][SIZE32]
#define POP &stack_flat.run[POP_REG][SIZE32]
#define LOAD &move_flat.plain[SIZE32][FORM_RM]
#define STORE &move_flat.plain[SIZE32][FORM_MR]
#define SET32 &move_flat.mov[SIZE32][FORM_RI]
#define COMPARE &alu_flat.run[ALU_CMP][SIZE32][FORM_RR]
#define TEST &alu_flat.run[ALU_TEST][SIZE32][FORM_RR]
#define SETCC &bit_flat.set[FORM_R]
#define EXTEND &move_flat.extend[0][SIZE8][SIZE32][FORM_RR]

/* The longer of two that begin alike comes first. */
static const struct sequence {
    run_fn *run;
    bool (*fits)(const struct insn *first);
    run_fn *const *part[MOST_PARTS];
} sequences[] = {
    {push_lea_load_pop, push_lea_load_pop_fits, {PUSH, &move_flat.lea_plain, LOAD, POP}},
    {push_lea_load, push_lea_load_fits, {PUSH, &move_flat.lea_plain, LOAD}},
    {push_set_pop_add,
     push_set_pop_fits,
     {PUSH, SET32, POP, &alu_flat.run[ALU_ADD][SIZE32][FORM_RR]}},
    {push_set_pop_sub,
     push_set_pop_fits,
     {PUSH, SET32, POP, &alu_flat.run[ALU_SUB][SIZE32][FORM_RR]}},
    {push_set_pop, push_set_pop_fits, {PUSH, SET32, POP}},
    {lea_load, address_load_fits, {&move_flat.lea_plain, LOAD}},
    {set_load, address_load_fits, {SET32, LOAD}},
    {pop_store_jmp, pop_store_fits, {POP, STORE, &flow_flat.jmp}},
    {pop_store, pop_store_fits, {POP, STORE}},
    {condition_je, condition_jump_fits, {COMPARE, SETCC, EXTEND, TEST, &flow_flat.jcc[JE]}},
    {condition_jne, condition_jump_fits, {COMPARE, SETCC, EXTEND, TEST, &flow_flat.jcc[JNE]}}};

/* The number of steps that the sequence makes one of at the first of n; 0 if it is not there. */
static uint32_t length(const struct sequence *s, const struct insn *first, uint32_t n) {
    uint32_t k = 0;
    while (k < MOST_PARTS && s->part[k]) {
        if (k == n || first[k].run != *s->part[k])
            return 0;
        k++;
    }
    return s->fits(first) ? k : 0;
}

void fuse(struct insn *first, uint32_t n) {
    while (n) {
        uint32_t taken = 1;
        for (size_t k = 0; k < sizeof sequences / sizeof sequences[0]; k++) {
            uint32_t found = length(&sequences[k], first, n);
            if (found) {
                first->run = sequences[k].run;
                taken = found;
                break;
            }
        }
        first += taken;
        n -= taken;
    }
}
