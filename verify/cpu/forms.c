/* Integer instructions. Opcodes and what they leave undefined are those of SDM volume 2. */
#include "verify/cpu/cpu.h"

enum { AVOID_EAX = 1 << EAX, AVOID_ECX = 1 << ECX, AVOID_EDX = 1 << EDX, AVOID_AH = 1 << ESP };

typedef void use_form(const struct form *f);

/* The name with a suffix for the operand size. */
static const char *named(char *buffer, const char *name, const char *suffix) {
    char *p = buffer;
    while (*name)
        *p++ = *name++;
    while (*suffix)
        *p++ = *suffix++;
    *p = 0;
    return buffer;
}

/*
 * One opcode in its sizes: the opcode itself is for bytes unless `parts` has no BYTE, the next one
 * for words and doublewords.
 */
static void sizes(use_form *use, struct form f, u32 immediate_like_size) {
    char name[40];
    const char *base = f.name;
    u32 last = f.length - 1u;
    u32 parts = f.parts & ~(u32)BYTE;
    if (f.parts & BYTE) {
        struct form b = f;
        b.name = named(name, base, " 8");
        if (immediate_like_size)
            b.immediate = 1;
        use(&b);
        f.code[last]++;
    }
    f.parts = (u16)(parts | HALF);
    f.name = named(name, base, " 16");
    if (immediate_like_size)
        f.immediate = 2;
    use(&f);
    f.parts = (u16)parts;
    f.name = named(name, base, " 32");
    if (immediate_like_size)
        f.immediate = 4;
    use(&f);
}

static struct form one(const char *name, u32 opcode, u32 parts, int digit, u32 undefined) {
    struct form f = {.name = name,
                     .digit = (signed char)digit,
                     .parts = (u16)parts,
                     .undefined = (u16)undefined};
    if (opcode > 0xFF)
        f.code[f.length++] = (u8)(opcode >> 8);
    f.code[f.length++] = (u8)opcode;
    return f;
}

static void arithmetic(use_form *use) {
    static const char *const names[8] = {"add", "or", "adc", "sbb", "and", "sub", "xor", "cmp"};
    char name[40];
    for (u32 op = 0; op < 8; op++) {
        u32 undefined = op == 1 || op == 4 || op == 6 ? AF : 0;
        sizes(use, one(named(name, names[op], " rm,r"), op << 3, MODRM | BYTE, -1, undefined), 0);
        sizes(use, one(named(name, names[op], " r,rm"), op << 3 | 2, MODRM | BYTE, -1, undefined),
              0);
        sizes(use, one(named(name, names[op], " a,i"), op << 3 | 4, BYTE, -1, undefined), 1);
        sizes(use, one(named(name, names[op], " rm,i"), 0x80, MODRM | BYTE, (int)op, undefined), 1);
        struct form f = one(named(name, names[op], " rm,i8"), 0x83, MODRM, (int)op, undefined);
        f.immediate = 1;
        sizes(use, f, 0);
    }
    sizes(use, one("test rm,r", 0x84, MODRM | BYTE, -1, AF), 0);
    sizes(use, one("test a,i", 0xA8, BYTE, -1, AF), 1);
    sizes(use, one("test rm,i", 0xF6, MODRM | BYTE, 0, AF), 1);
}

static void unary(use_form *use) {
    static const char *const names[2] = {"inc", "dec"};
    for (u32 op = 0; op < 2; op++) {
        char name[40];
        sizes(use, one(named(name, names[op], " rm"), 0xFE, MODRM | BYTE, (int)op, 0), 0);
        sizes(use, one(named(name, names[op], " r"), 0x40 + 8 * op, IN_OPCODE, -1, 0), 0);
    }
    sizes(use, one("not rm", 0xF6, MODRM | BYTE, 2, 0), 0);
    sizes(use, one("neg rm", 0xF6, MODRM | BYTE, 3, 0), 0);
    sizes(use, one("mul rm", 0xF6, MODRM | BYTE, 4, SF | ZF | AF | PF), 0);
    sizes(use, one("imul rm", 0xF6, MODRM | BYTE, 5, SF | ZF | AF | PF), 0);
    sizes(use, one("imul r,rm", 0x0FAF, MODRM, -1, SF | ZF | AF | PF), 0);
    sizes(use, one("imul r,rm,i", 0x69, MODRM, -1, SF | ZF | AF | PF), 1);
    struct form f = one("imul r,rm,i8", 0x6B, MODRM, -1, SF | ZF | AF | PF);
    f.immediate = 1;
    sizes(use, f, 0);
    f = one("div rm", 0xF6, MODRM | BYTE, 6, ARITHMETIC);
    f.special = DIVIDE;
    f.avoid = AVOID_EAX | AVOID_EDX | AVOID_AH;
    sizes(use, f, 0);
    f.name = "idiv rm";
    f.digit = 7;
    f.special = DIVIDE_SIGNED;
    sizes(use, f, 0);
}

static void shifts(use_form *use) {
    static const char *const names[8] = {"rol", "ror", "rcl", "rcr", "shl", "shr", "sal", "sar"};
    char name[40];
    for (u32 op = 0; op < 8; op++) {
        u32 undefined = op < 4 ? 0 : AF;
        struct form f =
            one(named(name, names[op], " rm,1"), 0xD0, MODRM | BYTE, (int)op, undefined);
        f.special = SHIFT_ONE;
        sizes(use, f, 0);
        f = one(named(name, names[op], " rm,cl"), 0xD2, MODRM | BYTE, (int)op, undefined);
        f.special = SHIFT_CL;
        sizes(use, f, 0);
        f = one(named(name, names[op], " rm,i"), 0xC0, MODRM | BYTE, (int)op, undefined);
        f.special = SHIFT_IMM;
        f.immediate = 1;
        sizes(use, f, 0);
    }
    for (u32 op = 0; op < 2; op++) {
        struct form f =
            one(named(name, op ? "shrd" : "shld", " i"), 0x0FA4 + 8 * op, MODRM, -1, AF);
        f.special = DOUBLE_IMM;
        f.immediate = 1;
        sizes(use, f, 0);
        f = one(named(name, op ? "shrd" : "shld", " cl"), 0x0FA5 + 8 * op, MODRM, -1, AF);
        f.special = DOUBLE_CL;
        f.avoid = AVOID_ECX;
        sizes(use, f, 0);
    }
}

static void bits(use_form *use) {
    static const char *const names[4] = {"bt", "bts", "btr", "btc"};
    char name[40];
    for (u32 op = 0; op < 4; op++) {
        struct form f =
            one(named(name, names[op], " rm,r"), 0x0FA3 + 8 * op, MODRM, -1, OF | SF | AF | PF);
        f.special = BIT_STRING;
        sizes(use, f, 0);
        f = one(named(name, names[op], " rm,i"), 0x0FBA, MODRM, 4 + (int)op, OF | SF | AF | PF);
        f.immediate = 1;
        sizes(use, f, 0);
    }
    sizes(use, one("bsf", 0x0FBC, MODRM, -1, CF | OF | SF | AF | PF), 0);
    sizes(use, one("bsr", 0x0FBD, MODRM, -1, CF | OF | SF | AF | PF), 0);
    static const char *const conditions[16] = {"o", "no", "b", "ae", "e", "ne", "be", "a",
                                               "s", "ns", "p", "np", "l", "ge", "le", "g"};
    for (u32 n = 0; n < 16; n++) {
        struct form f = one(named(name, "set", conditions[n]), 0x0F90 + n, MODRM | BYTE, 0, 0);
        use(&f);
        sizes(use, one(named(name, "cmov", conditions[n]), 0x0F40 + n, MODRM, -1, 0), 0);
    }
}

static void moves(use_form *use) {
    sizes(use, one("mov rm,r", 0x88, MODRM | BYTE, -1, 0), 0);
    sizes(use, one("mov r,rm", 0x8A, MODRM | BYTE, -1, 0), 0);
    sizes(use, one("mov rm,i", 0xC6, MODRM | BYTE, 0, 0), 1);
    struct form f = one("mov r8,i", 0xB0, IN_OPCODE | BYTE, -1, 0);
    f.immediate = 1;
    use(&f);
    sizes(use, one("mov r,i", 0xB8, IN_OPCODE, -1, 0), 1);
    sizes(use, one("lea", 0x8D, MODRM | MEMORY | ADDRESS, -1, 0), 0);
    sizes(use, one("lea short", 0x8D, MODRM | MEMORY | ADDRESS | SHORT_ADDRESS, -1, 0), 0);
    sizes(use, one("xchg rm,r", 0x86, MODRM | BYTE, -1, 0), 0);
    sizes(use, one("xchg a,r", 0x90, IN_OPCODE, -1, 0), 0);
    f = one("bswap", 0x0FC8, IN_OPCODE, -1, 0);
    use(&f);
    sizes(use, one("cbw cwde", 0x98, 0, -1, 0), 0);
    sizes(use, one("cwd cdq", 0x99, 0, -1, 0), 0);
    sizes(use, one("xadd", 0x0FC0, MODRM | BYTE, -1, 0), 0);
    f = one("cmpxchg", 0x0FB0, MODRM | BYTE, -1, 0);
    f.special = EXCHANGE;
    f.avoid = AVOID_EAX;
    sizes(use, f, 0);
    f = one("cmpxchg8b", 0x0FC7, MODRM | MEMORY, 1, 0);
    f.special = EXCHANGE8;
    f.avoid = AVOID_EAX | AVOID_EDX;
    use(&f);
    f = one("xlat", 0xD7, 0, -1, 0);
    f.special = TRANSLATE;
    use(&f);
    f = one("bound", 0x62, MODRM | MEMORY, -1, 0);
    f.special = BOUNDS;
    sizes(use, f, 0);
}

/* movzx and movsx of bytes are 0F B6 and BE, of words one higher: not what sizes() does. */
static void extensions(use_form *use) {
    struct form f = one("movzx r16,rm8", 0x0FB6, MODRM | HALF, -1, 0);
    for (u32 sign = 0; sign < 2; sign++) {
        f = one(sign ? "movsx r16,rm8" : "movzx r16,rm8", 0x0FB6 + 8 * sign, MODRM | HALF, -1, 0);
        use(&f);
        f = one(sign ? "movsx r32,rm8" : "movzx r32,rm8", 0x0FB6 + 8 * sign, MODRM, -1, 0);
        use(&f);
        f = one(sign ? "movsx r16,rm16" : "movzx r16,rm16", 0x0FB7 + 8 * sign, MODRM | HALF, -1, 0);
        use(&f);
        f = one(sign ? "movsx r32,rm16" : "movzx r32,rm16", 0x0FB7 + 8 * sign, MODRM, -1, 0);
        use(&f);
    }
}

static void plain(use_form *use) {
    static const struct {
        const char *name;
        u8 opcode;
        u16 undefined;
    } forms[] = {{"daa", 0x27, OF},
                 {"das", 0x2F, OF},
                 {"aaa", 0x37, OF | SF | ZF | PF},
                 {"aas", 0x3F, OF | SF | ZF | PF},
                 {"lahf", 0x9F, 0},
                 {"sahf", 0x9E, 0},
                 {"cmc", 0xF5, 0},
                 {"clc", 0xF8, 0},
                 {"stc", 0xF9, 0},
                 {"cld", 0xFC, 0},
                 {"std", 0xFD, 0},
                 {"salc", 0xD6, 0},
                 {"nop", 0x90, 0}};
    for (u32 n = 0; n < sizeof forms / sizeof forms[0]; n++) {
        struct form f = one(forms[n].name, forms[n].opcode, 0, -1, forms[n].undefined);
        use(&f);
    }
    struct form f = one("aam", 0xD4, 0, -1, OF | AF | CF);
    f.code[f.length++] = 10;
    use(&f);
    f.name = "aam 7";
    f.code[1] = 7;
    use(&f);
    f = one("aad", 0xD5, 0, -1, OF | AF | CF);
    f.immediate = 1;
    use(&f);
    f = one("into", 0xCE, 0, -1, 0);
    f.special = NO_OVERFLOW;
    use(&f);
}

static void strings(use_form *use) {
    static const struct {
        const char *name;
        u8 opcode;
    } forms[] = {{"movs", 0xA4}, {"cmps", 0xA6}, {"stos", 0xAA}, {"lods", 0xAC}, {"scas", 0xAE}};
    static const struct {
        const char *name;
        u8 prefix;
    } prefixes[] = {{"", 0}, {"rep ", 0xF3}, {"repne ", 0xF2}};
    for (u32 n = 0; n < sizeof forms / sizeof forms[0]; n++)
        for (u32 p = 0; p < 3; p++) {
            char name[40];
            struct form f =
                one(named(name, prefixes[p].name, forms[n].name), forms[n].opcode, BYTE, -1, 0);
            f.special = STRING;
            if (p) {
                f.code[0] = prefixes[p].prefix;
                f.code[1] = forms[n].opcode;
                f.length = 2;
            }
            sizes(use, f, 0);
        }
}

static void stack(use_form *use) {
    sizes(use, one("push r", 0x50, IN_OPCODE | STACK, -1, 0), 0);
    sizes(use, one("pop r", 0x58, IN_OPCODE | STACK, -1, 0), 0);
    sizes(use, one("push rm", 0xFF, MODRM | STACK, 6, 0), 0);
    sizes(use, one("pop rm", 0x8F, MODRM | STACK, 0, 0), 0);
    sizes(use, one("push i", 0x68, STACK, -1, 0), 1);
    struct form f = one("push i8", 0x6A, STACK, -1, 0);
    f.immediate = 1;
    sizes(use, f, 0);
    sizes(use, one("pusha", 0x60, STACK, -1, 0), 0);
    sizes(use, one("popa", 0x61, STACK, -1, 0), 0);
}

void integer_forms(use_form *use) {
    arithmetic(use);
    unary(use);
    shifts(use);
    bits(use);
    moves(use);
    extensions(use);
    plain(use);
    strings(use);
    stack(use);
}
