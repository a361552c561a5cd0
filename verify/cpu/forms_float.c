/* x87 instructions; `undefined` has a bit for each of C0 to C3. */
#include "verify/cpu/cpu.h"

enum { U0 = 1, U1 = 2, U2 = 4, U3 = 8 };

typedef void use_form(const struct form *f);

static void memory_form(use_form *use, const char *name, u32 opcode, int digit, u32 undefined) {
    struct form f = {.name = name,
                     .code = {(u8)opcode},
                     .length = 1,
                     .digit = (signed char)digit,
                     .parts = MODRM | MEMORY,
                     .undefined = (u16)undefined,
                     .special = FLOAT};
    use(&f);
}

static void register_form(use_form *use, const char *name, u32 opcode, u32 modrm, int with_register,
                          u32 undefined) {
    struct form f = {.name = name,
                     .code = {(u8)opcode, (u8)modrm},
                     .length = 2,
                     .digit = -1,
                     .parts = with_register ? IN_OPCODE : 0,
                     .undefined = (u16)undefined,
                     .special = FLOAT};
    use(&f);
}

static void add_name(char *to, const char *a, const char *b) {
    while (*a)
        *to++ = *a++;
    while (*b)
        *to++ = *b++;
    *to = 0;
}

static void arithmetic(use_form *use) {
    static const char *const names[8] = {"fadd", "fmul",  "fcom", "fcomp",
                                         "fsub", "fsubr", "fdiv", "fdivr"};
    static const char *const formats[4] = {" m32", " m32int", " m64", " m16int"};
    char name[24];
    for (u32 op = 0; op < 8; op++) {
        u32 undefined = op == 2 || op == 3 ? 0 : U0 | U2 | U3;
        for (u32 n = 0; n < 4; n++) {
            add_name(name, names[op], formats[n]);
            memory_form(use, name, 0xD8 + 2 * n, (int)op, undefined);
        }
        add_name(name, names[op], " st,st(i)");
        register_form(use, name, 0xD8, 0xC0 + 8 * op, 1, undefined);
        if (op == 2 || op == 3)
            continue;
        add_name(name, names[op], " st(i),st");
        register_form(use, name, 0xDC, 0xC0 + 8 * op, 1, undefined);
        add_name(name, names[op], " pop");
        register_form(use, name, 0xDE, 0xC0 + 8 * op, 1, undefined);
    }
}

static void transfers(use_form *use) {
    static const struct {
        const char *name;
        u8 opcode, digit;
    } forms[] = {{"fld m32", 0xD9, 0},    {"fst m32", 0xD9, 2},    {"fstp m32", 0xD9, 3},
                 {"fld m64", 0xDD, 0},    {"fst m64", 0xDD, 2},    {"fstp m64", 0xDD, 3},
                 {"fld m80", 0xDB, 5},    {"fstp m80", 0xDB, 7},   {"fild m16", 0xDF, 0},
                 {"fist m16", 0xDF, 2},   {"fistp m16", 0xDF, 3},  {"fild m32", 0xDB, 0},
                 {"fist m32", 0xDB, 2},   {"fistp m32", 0xDB, 3},  {"fild m64", 0xDF, 5},
                 {"fistp m64", 0xDF, 7},  {"fbstp", 0xDF, 6},      {"fisttp m16", 0xDF, 1},
                 {"fisttp m32", 0xDB, 1}, {"fisttp m64", 0xDD, 1}, {"fnstcw", 0xD9, 7},
                 {"fldcw", 0xD9, 5},      {"fnstsw m16", 0xDD, 7}};
    for (u32 n = 0; n < sizeof forms / sizeof forms[0]; n++)
        memory_form(use, forms[n].name, forms[n].opcode, forms[n].digit,
                    same(forms[n].name, "fldcw") ? 0 : U0 | U2 | U3);
}

static void registers(use_form *use) {
    static const struct {
        const char *name;
        u8 opcode, modrm, with_register, undefined;
    } forms[] = {{"fld st(i)", 0xD9, 0xC0, 1, U0 | U2 | U3},
                 {"fxch", 0xD9, 0xC8, 1, U0 | U2 | U3},
                 {"fst st(i)", 0xDD, 0xD0, 1, U0 | U2 | U3},
                 {"fstp st(i)", 0xDD, 0xD8, 1, U0 | U2 | U3},
                 {"ffree", 0xDD, 0xC0, 1, 15},
                 {"fucom", 0xDD, 0xE0, 1, 0},
                 {"fucomp", 0xDD, 0xE8, 1, 0},
                 {"fucompp", 0xDA, 0xE9, 0, 0},
                 {"fcompp", 0xDE, 0xD9, 0, 0},
                 {"fcomi", 0xDB, 0xF0, 1, U0 | U2 | U3},
                 {"fucomi", 0xDB, 0xE8, 1, U0 | U2 | U3},
                 {"fcomip", 0xDF, 0xF0, 1, U0 | U2 | U3},
                 {"fucomip", 0xDF, 0xE8, 1, U0 | U2 | U3},
                 {"fcmovb", 0xDA, 0xC0, 1, U0 | U2 | U3},
                 {"fcmove", 0xDA, 0xC8, 1, U0 | U2 | U3},
                 {"fcmovbe", 0xDA, 0xD0, 1, U0 | U2 | U3},
                 {"fcmovu", 0xDA, 0xD8, 1, U0 | U2 | U3},
                 {"fcmovnb", 0xDB, 0xC0, 1, U0 | U2 | U3},
                 {"fcmovne", 0xDB, 0xC8, 1, U0 | U2 | U3},
                 {"fcmovnbe", 0xDB, 0xD0, 1, U0 | U2 | U3},
                 {"fcmovnu", 0xDB, 0xD8, 1, U0 | U2 | U3},
                 {"fchs", 0xD9, 0xE0, 0, U0 | U2 | U3},
                 {"fabs", 0xD9, 0xE1, 0, U0 | U2 | U3},
                 {"ftst", 0xD9, 0xE4, 0, 0},
                 {"fxam", 0xD9, 0xE5, 0, 0},
                 {"fld1", 0xD9, 0xE8, 0, U0 | U2 | U3},
                 {"fldl2t", 0xD9, 0xE9, 0, U0 | U2 | U3},
                 {"fldl2e", 0xD9, 0xEA, 0, U0 | U2 | U3},
                 {"fldpi", 0xD9, 0xEB, 0, U0 | U2 | U3},
                 {"fldlg2", 0xD9, 0xEC, 0, U0 | U2 | U3},
                 {"fldln2", 0xD9, 0xED, 0, U0 | U2 | U3},
                 {"fldz", 0xD9, 0xEE, 0, U0 | U2 | U3},
                 {"fxtract", 0xD9, 0xF4, 0, U0 | U2 | U3},
                 {"fdecstp", 0xD9, 0xF6, 0, U0 | U2 | U3},
                 {"fincstp", 0xD9, 0xF7, 0, U0 | U2 | U3},
                 {"fsqrt", 0xD9, 0xFA, 0, U0 | U2 | U3},
                 {"frndint", 0xD9, 0xFC, 0, U0 | U2 | U3},
                 {"fscale", 0xD9, 0xFD, 0, U0 | U2 | U3},
                 {"fnstsw ax", 0xDF, 0xE0, 0, 15},
                 {"fnclex", 0xDB, 0xE2, 0, 15},
                 {"fnop", 0xD9, 0xD0, 0, 15}};
    for (u32 n = 0; n < sizeof forms / sizeof forms[0]; n++)
        register_form(use, forms[n].name, forms[n].opcode, forms[n].modrm, forms[n].with_register,
                      forms[n].undefined);
}

/* The remainder, until C2 says that it is complete: fprem; fnstsw ax; sahf; jp back. */
static void remainders(use_form *use) {
    for (u32 n = 0; n < 2; n++) {
        struct form f = {.name = n ? "fprem1" : "fprem",
                         .code = {0xD9, n ? 0xF5 : 0xF8, 0xDF, 0xE0, 0x9E, 0x7A, 0xF9},
                         .length = 7,
                         .digit = -1,
                         .special = FLOAT};
        use(&f);
    }
}

void float_forms(use_form *use) {
    arithmetic(use);
    transfers(use);
    registers(use);
    remainders(use);
}
