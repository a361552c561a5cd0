/* Decimal adjustment: DAA DAS AAA AAS AAM AAD (the algorithms are those of SDM volume 2). */
#include "refmodel/cpu/exec.h"

static void set_adjusted(struct cpu *c, uint32_t result, uint32_t cf, uint32_t af) {
    c->f.zero = c->f.sign = extend8(result);
    set_coa(c, cf, 0, af);
}

RUN(run_daa) {
    uint32_t al = reg8(c, EAX), old = al;
    uint32_t cf = flag_c(c), af = (al & 15) > 9 || flag_a(c);
    if (af)
        al += 6;
    uint32_t high = old > 0x99 || cf;
    if (high)
        al += 0x60;
    set_reg8(c, EAX, al);
    set_adjusted(c, al, high, af);
    NEXT;
}

RUN(run_das) {
    uint32_t al = reg8(c, EAX), old = al;
    uint32_t cf = flag_c(c), af = (al & 15) > 9 || flag_a(c);
    uint32_t carry = af && (cf || old < 6);
    if (af)
        al -= 6;
    if (old > 0x99 || cf) {
        al -= 0x60;
        carry = 1;
    }
    set_reg8(c, EAX, al);
    set_adjusted(c, al, carry, af);
    NEXT;
}

RUN(run_aaa) {
    uint32_t af = (c->r[EAX] & 15) > 9 || flag_a(c);
    uint32_t ax = reg16(c, EAX) + (af ? 0x106 : 0);
    set_reg16(c, EAX, ax & 0xFF0F);
    set_adjusted(c, ax & 15, af, af);
    NEXT;
}

RUN(run_aas) {
    uint32_t af = (c->r[EAX] & 15) > 9 || flag_a(c);
    uint32_t ax = reg16(c, EAX) - (af ? 0x106 : 0);
    set_reg16(c, EAX, ax & 0xFF0F);
    set_adjusted(c, ax & 15, af, af);
    NEXT;
}

RUN(run_aam) {
    uint32_t al = reg8(c, EAX);
    if (!i->imm) {
        cpu_fault(c, VECTOR_DIVIDE, i->eip);
        LEAVE(i);
    }
    set_reg16(c, EAX, al / i->imm << 8 | al % i->imm);
    set_adjusted(c, al % i->imm, 0, 0);
    NEXT;
}

RUN(run_aad) {
    uint32_t al = reg8(c, EAX) + reg8(c, 4) * i->imm;
    set_reg16(c, EAX, al & 0xFF);
    set_adjusted(c, al, 0, 0);
    NEXT;
}
