/* A few instructions that belong together: jumps, calls, flags on the stack, frames. */
#include "verify/cpu/cpu.h"

static void sequence(void (*use)(const struct form *), const char *name, const u8 *code, u32 n,
                     u32 parts) {
    struct form f = {.name = name, .digit = -1, .parts = (u16)parts, .length = (u8)n};
    for (u32 k = 0; k < n; k++)
        f.code[k] = code[k];
    use(&f);
}

static void jumps(void (*use)(const struct form *)) {
    static const char *const names[16] = {"jo", "jno", "jb", "jae", "je", "jne", "jbe", "ja",
                                          "js", "jns", "jp", "jnp", "jl", "jge", "jle", "jg"};
    for (u32 n = 0; n < 16; n++) {
        /* jcc over an inc eax; and the long form over an inc ecx */
        const u8 code[] = {(u8)(0x70 + n), 1, 0x40, 0x0F, (u8)(0x80 + n), 1, 0, 0, 0, 0x41};
        sequence(use, names[n], code, sizeof code, 0);
    }
    /* cmp eax, edx; jcc over an inc ecx: what is fused must be as what is not */
    for (u32 n = 0; n < 16; n++) {
        static const char *const fused[16] = {
            "cmp jo", "cmp jno", "cmp jb", "cmp jae", "cmp je", "cmp jne", "cmp jbe", "cmp ja",
            "cmp js", "cmp jns", "cmp jp", "cmp jnp", "cmp jl", "cmp jge", "cmp jle", "cmp jg"};
        const u8 code[] = {0x39, 0xD0, (u8)(0x70 + n), 1, 0x41};
        sequence(use, fused[n], code, sizeof code, 0);
        const u8 tested[] = {0x85, 0xD0, (u8)(0x70 + n), 1, 0x41};
        static const char *const test[16] = {"test jo", "test jno", "test jb",  "test jae",
                                             "test je", "test jne", "test jbe", "test ja",
                                             "test js", "test jns", "test jp",  "test jnp",
                                             "test jl", "test jge", "test jle", "test jg"};
        sequence(use, test[n], tested, sizeof tested, 0);
    }
}

#define SEQUENCE(name, parts, ...)                                                                 \
    do {                                                                                           \
        static const u8 code[] = {__VA_ARGS__};                                                    \
        sequence(use, name, code, sizeof code, parts);                                             \
    } while (0)

void sequence_forms(void (*use)(const struct form *f)) {
    jumps(use);
    /* and ecx, 15; inc ecx; loop to an inc eax */
    SEQUENCE("loop", 0, 0x83, 0xE1, 15, 0x41, 0x40, 0xE2, 0xFD);
    SEQUENCE("loope", 0, 0x83, 0xE1, 15, 0x41, 0x48, 0xE1, 0xFD);
    SEQUENCE("loopne", 0, 0x83, 0xE1, 15, 0x41, 0x48, 0xE0, 0xFD);
    SEQUENCE("loop cx", 0, 0x83, 0xE1, 15, 0x41, 0x40, 0x67, 0xE2, 0xFC);
    SEQUENCE("jecxz", 0, 0x83, 0xE1, 1, 0xE3, 1, 0x40);
    SEQUENCE("jcxz", 0, 0x0F, 0xB7, 0xC9, 0x67, 0xE3, 1, 0x40);
    SEQUENCE("jmp", 0, 0xEB, 1, 0x40, 0xE9, 1, 0, 0, 0, 0x41);
    /* call to the next instruction, pop */
    SEQUENCE("call pop", STACK, 0xE8, 0, 0, 0, 0, 0x5A);
    /* push of an address behind, ret; call over a byte, ret with 8 bytes */
    SEQUENCE("call ret", STACK, 0xE8, 2, 0, 0, 0, 0xEB, 1, 0xC3);
    SEQUENCE("call ret 8", STACK, 0xE8, 2, 0, 0, 0, 0xEB, 3, 0xC2, 8, 0);
    /* call $+5; pop edx; add edx, 6; jmp edx over an inc ebx */
    SEQUENCE("jmp r", STACK, 0xE8, 0, 0, 0, 0, 0x5A, 0x83, 0xC2, 7, 0xFF, 0xE2, 0x43);
    SEQUENCE("call r", STACK, 0xE8, 0, 0, 0, 0, 0x5A, 0x83, 0xC2, 7, 0xFF, 0xD2, 0x43, 0x59);
    /* the system flags are the machine's own */
    SEQUENCE("pushf", STACK, 0x9C, 0x58, 0x25, 0xD5, 0x0C, 0, 0, 0xC7, 0x44, 0x24, 0xFC, 0, 0, 0,
             0);
    SEQUENCE("pushf 16", STACK, 0x66, 0x9C, 0x66, 0x58, 0x25, 0xD5, 0x0C, 0, 0, 0xC7, 0x44, 0x24,
             0xFC, 0, 0, 0);
    /* and dword [esp], CD5 or 202; popf */
    SEQUENCE("popf", STACK, 0x81, 0x24, 0x24, 0xD5, 0x0C, 0, 0, 0x9D);
    SEQUENCE("popf 16", STACK, 0x81, 0x24, 0x24, 0xD5, 0x0C, 0, 0, 0x66, 0x9D);
    /* mov ebp, esp; then the frame */
    SEQUENCE("enter 0", STACK, 0x89, 0xE5, 0xC8, 16, 0, 0);
    SEQUENCE("enter 1", STACK, 0x89, 0xE5, 0xC8, 8, 0, 1);
    SEQUENCE("enter 3", STACK, 0x89, 0xE5, 0xC8, 8, 0, 3);
    SEQUENCE("enter 0 16", STACK, 0x89, 0xE5, 0x66, 0xC8, 16, 0, 0);
    SEQUENCE("enter 1 16", STACK, 0x89, 0xE5, 0x66, 0xC8, 8, 0, 1);
    SEQUENCE("enter 3 16", STACK, 0x89, 0xE5, 0x66, 0xC8, 8, 0, 3);
    /* ebp is elsewhere */
    SEQUENCE("enter 16, another ebp", STACK, 0x66, 0xC8, 16, 0, 0);
    SEQUENCE("leave 16", STACK, 0x89, 0xE5, 0x83, 0xEC, 16, 0x66, 0xC9);
    SEQUENCE("leave", STACK, 0x89, 0xE5, 0x83, 0xEC, 16, 0xC9);
    /* call pop edx; mov [edx+5], cl, which is the operand of the mov al behind */
    SEQUENCE("code that changes an operand", STACK, 0xE8, 0, 0, 0, 0, 0x5A, 0x88, 0x4A, 5, 0xB0, 0);
    /* add eax, ebx; mov byte [edx+7], 8A, which makes a mov of a cmp; lahf sees the add's flags */
    SEQUENCE("code that changes flags", STACK, 0xE8, 0, 0, 0, 0, 0x5A, 0x01, 0xD8, 0xC6, 0x42, 7,
             0x8A, 0x39, 0xC0, 0x9F);
    SEQUENCE("lock", STACK, 0xF0, 0x01, 0x04, 0x24);
    SEQUENCE("prefixes", STACK, 0x36, 0x66, 0xF0, 0x0F, 0xC1, 0x04, 0x24);
    SEQUENCE("long nop", 0, 0x66, 0x0F, 0x1F, 0x84, 0, 0, 0, 0, 0);
    SEQUENCE("endbr32", 0, 0xF3, 0x0F, 0x1E, 0xFB);
}
