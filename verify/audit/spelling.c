/* Spellings; the encodings are those of SDM volume 2. */
#include "verify/audit/spelling.h"

#include <stddef.h>
#include <string.h>

/* clang-format off */
static const struct spelling TABLE[] = {
    {"jz",     0,  false, "je",     false, "74, 0F 84: ZF = 1 has two names"},
    {"jnz",    0,  false, "jne",    false, "75, 0F 85: ZF = 0"},
    {"jc",     0,  false, "jb",     false, "72, 0F 82: CF = 1"},
    {"jnae",   0,  false, "jb",     false, "72, 0F 82: CF = 1"},
    {"jnc",    0,  false, "jae",    false, "73, 0F 83: CF = 0"},
    {"jnb",    0,  false, "jae",    false, "73, 0F 83: CF = 0"},
    {"jna",    0,  false, "jbe",    false, "76, 0F 86: CF or ZF = 1"},
    {"jnbe",   0,  false, "ja",     false, "77, 0F 87: CF and ZF = 0"},
    {"jnge",   0,  false, "jl",     false, "7C, 0F 8C: SF <> OF"},
    {"jnl",    0,  false, "jge",    false, "7D, 0F 8D: SF = OF"},
    {"jng",    0,  false, "jle",    false, "7E, 0F 8E: ZF = 1 or SF <> OF"},
    {"jnle",   0,  false, "jg",     false, "7F, 0F 8F: ZF = 0 and SF = OF"},
    {"jpe",    0,  false, "jp",     false, "7A, 0F 8A: PF = 1"},
    {"jpo",    0,  false, "jnp",    false, "7B, 0F 8B: PF = 0"},
    {"setz",   0,  false, "sete",   false, "0F 94: ZF = 1"},
    {"setnz",  0,  false, "setne",  false, "0F 95: ZF = 0"},
    {"setc",   0,  false, "setb",   false, "0F 92: CF = 1"},
    {"setnc",  0,  false, "setae",  false, "0F 93: CF = 0"},
    {"sal",    0,  false, "shl",    false, "one shift to the left under two names"},
    {"pusha",  16, false, "pushaw", false, "60 in 16-bit code: the decoder adds the size"},
    {"pusha",  32, false, "pushal", false, "60 in 32-bit code"},
    {"pushad", 0,  false, "pushal", false, "60 with 32-bit operands; `l` is AT&T's letter for them"},
    {"popa",   16, false, "popaw",  false, "61 in 16-bit code"},
    {"popa",   32, false, "popal",  false, "61 in 32-bit code"},
    {"popad",  0,  false, "popal",  false, "61 with 32-bit operands"},
    {"cbw",    16, false, "cwde",   false, "98 in 16-bit code: the decoder has its name of 32-bit code"},
    {"iret",   32, false, "iretd",  false, "CF in 32-bit code: the decoder adds the size"},
    {"jmp",    0,  true,  "ljmp",   false, "EA: a far jump has a name of its own"},
    {"call",   0,  true,  "lcall",  false, "9A: a far call has a name of its own"},
    {"xlatb",  0,  false, "xlatb",  true,  "D7: [ebx + al] is the only operand there is"},
    {"movsb",  0,  false, "movsb",  true,  "A4: es:[edi] and [esi] are the only operands there are"},
    {"movsw",  0,  false, "movsw",  true,  "A5 with 16-bit operands: likewise"},
    {"movsd",  0,  false, "movsd",  true,  "A5 with 32-bit operands: likewise"},
    {"cmpsb",  0,  false, "cmpsb",  true,  "A6: [esi] and es:[edi] only"},
    {"cmpsw",  0,  false, "cmpsw",  true,  "A7 with 16-bit operands: likewise"},
    {"cmpsd",  0,  false, "cmpsd",  true,  "A7 with 32-bit operands: likewise"},
    {"stosb",  0,  false, "stosb",  true,  "AA: es:[edi] and al only"},
    {"stosw",  0,  false, "stosw",  true,  "AB with 16-bit operands: es:[edi] and ax only"},
    {"stosd",  0,  false, "stosd",  true,  "AB with 32-bit operands: es:[edi] and eax only"},
    {"lodsb",  0,  false, "lodsb",  true,  "AC: al and [esi] only"},
    {"lodsw",  0,  false, "lodsw",  true,  "AD with 16-bit operands: ax and [esi] only"},
    {"lodsd",  0,  false, "lodsd",  true,  "AD with 32-bit operands: eax and [esi] only"},
    {"scasb",  0,  false, "scasb",  true,  "AE: al and es:[edi] only"},
    {"scasw",  0,  false, "scasw",  true,  "AF with 16-bit operands: ax and es:[edi] only"},
    {"scasd",  0,  false, "scasd",  true,  "AF with 32-bit operands: eax and es:[edi] only"},
};
/* clang-format on */

const struct spelling *spelling_of(const char *ours, unsigned bits, bool far) {
    for (size_t i = 0; i < sizeof TABLE / sizeof TABLE[0]; i++) {
        const struct spelling *s = &TABLE[i];
        if (strcmp(s->ours, ours) == 0 && (s->bits == 0 || s->bits == bits) && s->far == far)
            return s;
    }
    return NULL;
}

bool is_symmetric(const char *decoder) {
    return strcmp(decoder, "xchg") == 0 || strcmp(decoder, "test") == 0;
}

bool has_own_size(const char *decoder) {
    static const char *const NAMES[] = {"lea",    "lgdt",   "lidt",  "sgdt",   "sidt",
                                        "fnsave", "frstor", "fldcw", "fnstcw", "invlpg"};
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
        if (strcmp(NAMES[i], decoder) == 0)
            return true;
    return false;
}

bool has_byte_number(const char *decoder) {
    return strcmp(decoder, "aad") == 0 || strcmp(decoder, "aam") == 0;
}
