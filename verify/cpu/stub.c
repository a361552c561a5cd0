/*
 * The stub: loads registers and flags, runs the instruction, stores them. It is written anew for
 * each encoding, so that code that changes is tried out on the way.
 */
#include "verify/cpu/cpu.h"

struct state before, after;
u8 *scratch;
u16 float_control;
u8 float_in[8][10];
u8 float_out[108] __attribute__((aligned(4)));

static u32 own_stack;
/*
 * The stub lies in the middle of a page, or so that the code to be tried out, which begins LEAD
 * bytes behind its start, reaches into the next one.
 */
enum { PAGE = 4096, STUB = PAGE + 2048, PLACES = 3, LEAD = 62 };
static u8 pages[3 * PAGE] __attribute__((aligned(PAGE)));
static u8 *stub;
static u32 used;

static void byte(u32 v) {
    stub[used++] = (u8)v;
}

static void address(const void *p) {
    u32 v = (u32)p;
    for (int n = 0; n < 4; n++, v >>= 8)
        byte(v);
}

/* An opcode byte, ModRM for an absolute address and that address. */
static void with_address(u32 opcode, u32 reg, const void *p) {
    byte(opcode);
    byte(reg << 3 | 5);
    address(p);
}

void place(u32 n) {
    static const u32 places[PLACES] = {1024, PAGE - MIDDLE - 8, STUB - 1024};
    scratch = pages + places[n % PLACES];
    stub = pages + (n & 1 ? 2 * PAGE - LEAD - (n >> 1 & 15) : STUB);
}

void make_stub(const u8 *code, u32 length, int is_float, u32 float_registers) {
    used = 0;
    byte(0x60); /* pusha */
    with_address(0x89, ESP, &own_stack);
    if (is_float) {
        byte(0xDB); /* fninit */
        byte(0xE3);
        with_address(0xD9, 5, &float_control); /* fldcw */
        for (u32 n = 0; n < float_registers; n++)
            with_address(0xDB, 5, float_in[n]); /* fld tbyte */
        byte(0xDB);                             /* fnclex */
        byte(0xE2);
    }
    with_address(0xFF, 6, &before.flags); /* push */
    byte(0x9D);                           /* popf */
    for (u32 n = 0; n < 8; n++)
        with_address(0x8B, n, &before.r[n]);
    for (u32 n = 0; n < length; n++)
        byte(code[n]);
    for (u32 n = 0; n < 8; n++)
        with_address(0x89, n, &after.r[n]);
    with_address(0x8B, ESP, &own_stack);
    byte(0x9C); /* pushf */
    with_address(0x8F, 0, &after.flags);
    byte(0xFC); /* cld */
    if (is_float)
        with_address(0xDD, 6, float_out); /* fnsave */
    byte(0x61);
    byte(0xC3);
}

void run_stub(void) {
    __asm__ volatile("call *%0" : : "r"(stub) : "memory", "cc");
}
