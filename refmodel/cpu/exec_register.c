/* Instructions on registers and flags alone. */
#include "refmodel/cpu/alu.h"
#include "refmodel/cpu/exec.h"

RUN(run_bswap) {
    uint32_t v = c->r[i->dst];
    c->r[i->dst] = v >> 24 | (v >> 8 & 0xFF00) | (v << 8 & 0xFF0000) | v << 24;
    CHAIN;
}

RUN(run_cbw) {
    set_reg16(c, EAX, extend8(c->r[EAX]));
    CHAIN;
}

RUN(run_cwde) {
    c->r[EAX] = extend16(c->r[EAX]);
    CHAIN;
}

RUN(run_cwd) {
    set_reg16(c, EDX, extend16(c->r[EAX]) >> 16);
    CHAIN;
}

RUN(run_cdq) {
    c->r[EDX] = c->r[EAX] >> 31 ? 0xFFFFFFFFu : 0;
    CHAIN;
}

RUN(run_lahf) {
    set_reg8(c, 4, cpu_eflags(c));
    CHAIN;
}

RUN(run_sahf) {
    uint32_t low = FLAG_CF | FLAG_PF | FLAG_AF | FLAG_ZF | FLAG_SF;
    cpu_set_eflags(c, (cpu_eflags(c) & ~low) | (reg8(c, 4) & low));
    NEXT;
}

RUN(run_nop) {
    (void)c;
    CHAIN;
}

RUN(run_cmc) {
    set_carry(c, !flag_c(c));
    CHAIN;
}

RUN(run_salc) {
    set_reg8(c, EAX, flag_c(c) ? 0xFF : 0);
    CHAIN;
}

RUN(run_clear) {
    c->r[i->dst] = logic(c, 0, 32);
    CHAIN;
}
