/* Random sources for pp and link. */
#include "verify/tests/ladder/generate_boot1.h"

#include <string.h>

#include "verify/harness/harness.h"

static uint32_t below(uint32_t *state, uint32_t limit) {
    return test_random(state) % limit;
}

#define PICK(state, table) (table)[below(state, sizeof(table) / sizeof((table)[0]))]

static const char *const REGISTERS[] = {"eax", "ecx", "edx", "ebx", "esp", "ebp",
                                        "esi", "edi", "ax",  "cx",  "dx",  "bx",
                                        "al",  "cl",  "dh",  "bh",  "st0", "st3"};
static const char *const LABELS[] = {"start", "here", ".in", "..own", "here.in", "table", ".2nd"};
static const char *const NUMBERS[] = {"0",    "1",     "2",   "4",      "8",          "127",
                                      "128",  "255",   "256", "0x7FFF", "0xFFFFFFFF", "2147483648",
                                      "0o17", "0b101", "'a'", "'\\n'",  "'abcd'",     "3",
                                      "ONE",  "MANY",  "p.b", "p.SIZE", "counter",    "E2"};

static void expression(struct buffer *text, uint32_t *state, int depth);

static void operand_of_expression(struct buffer *text, uint32_t *state, int depth) {
    switch (below(state, depth > 0 ? 12 : 6)) {
    case 6:
        buffer_printf(text, "(");
        expression(text, state, depth - 1);
        buffer_printf(text, ")");
        break;
    case 7:
        buffer_printf(text, "%c", "-~!"[below(state, 3)]);
        operand_of_expression(text, state, depth - 1);
        break;
    case 8:
        buffer_printf(text, "defined %s", below(state, 2) ? "ONE" : "nothing");
        break;
    case 9:
        buffer_printf(text, "(\"%s\" %s \"a\\x62\")", below(state, 2) ? "ab" : "a",
                      below(state, 2) ? "==" : "!=");
        break;
    default:
        buffer_printf(text, "%s", PICK(state, NUMBERS));
    }
}

static void expression(struct buffer *text, uint32_t *state, int depth) {
    static const char *const OPERATORS[] = {"+",  "-",  "*",  "/", "%", "&",  "|",  "^",  "<<",
                                            ">>", "==", "!=", "<", ">", "<=", ">=", "&&", "||"};
    operand_of_expression(text, state, depth);
    while (below(state, 3) == 0) {
        buffer_printf(text, below(state, 2) ? " %s " : "%s", PICK(state, OPERATORS));
        operand_of_expression(text, state, depth);
    }
}

static void address(struct buffer *text, uint32_t *state) {
    static const char *const SCALES[] = {"1", "2", "3", "4", "5", "8", "9", "7"};
    uint32_t parts = 1 + below(state, 3);
    buffer_printf(text, "[");
    for (uint32_t i = 0; i < parts; i++) {
        buffer_printf(text, "%s", i == 0 ? "" : " + ");
        switch (below(state, 7)) {
        case 0:
            buffer_printf(text, "%s", PICK(state, LABELS));
            break;
        case 1:
            buffer_printf(text, "%s*%s", REGISTERS[below(state, 8)],
                          SCALES[below(state, below(state, 5) ? 6 : 8)]);
            break;
        case 2:
            buffer_printf(text, "%s", PICK(state, NUMBERS));
            break;
        case 3:
            buffer_printf(text, "table - %s", PICK(state, LABELS));
            break;
        default:
            buffer_printf(text, "%s", REGISTERS[below(state, below(state, 30) ? 8 : 18)]);
        }
    }
    buffer_printf(text, "]");
}

static void operand(struct buffer *text, uint32_t *state) {
    static const char *const SIZES[] = {"", "byte ", "word ", "dword ", "qword ", "tword "};
    switch (below(state, 6)) {
    case 0:
        buffer_printf(text, "%s", SIZES[below(state, below(state, 9) ? 4 : 6)]);
        address(text, state);
        break;
    case 1:
        expression(text, state, 2);
        break;
    case 2:
        buffer_printf(text, "%s%s", below(state, 4) ? "" : "short ", PICK(state, LABELS));
        break;
    default:
        buffer_printf(text, "%s", REGISTERS[below(state, below(state, 4) ? 8 : 18)]);
    }
}

/* An instruction that may or may not be there with such operands. */
static void any_instruction(struct buffer *text, uint32_t *state) {
    static const char *const NAMES[] = {"mov",   "add",   "cmp",  "test", "lea",   "push", "pop",
                                        "imul",  "shl",   "sar",  "xchg", "jmp",   "je",   "call",
                                        "ret",   "movzx", "setb", "shrd", "bt",    "fld",  "fadd",
                                        "fistp", "in",    "loop", "int",  "enter", "inc",  "rep"};
    uint32_t count = below(state, 4);
    buffer_printf(text, "\t%s", PICK(state, NAMES));
    for (uint32_t i = 0; i < count; i++) {
        buffer_printf(text, i == 0 ? " " : ", ");
        operand(text, state);
    }
    buffer_printf(text, "\n");
}

/* An instruction that there is. */
static void instruction(struct buffer *text, uint32_t *state) {
    static const char *const NAMES[] = {"mov", "add", "or",  "adc", "sbb",
                                        "and", "sub", "xor", "cmp"};
    static const char *const ONE[] = {"not", "neg", "mul", "div", "inc", "dec", "push", "pop"};
    const char *reg = REGISTERS[below(state, 8)];
    switch (below(state, 8)) {
    case 0:
        buffer_printf(text, "\t%s %s, %s\n", PICK(state, NAMES), reg, REGISTERS[below(state, 8)]);
        break;
    case 1:
        buffer_printf(text, "\t%s %s, ", PICK(state, NAMES), reg);
        address(text, state);
        buffer_printf(text, "\n");
        break;
    case 2:
        buffer_printf(text, "\t%s dword ", PICK(state, NAMES));
        address(text, state);
        buffer_printf(text, ", ");
        expression(text, state, 2);
        buffer_printf(text, "\n");
        break;
    case 3:
        buffer_printf(text, "\t%s %s, ", PICK(state, NAMES), reg);
        expression(text, state, 3);
        buffer_printf(text, "\t# comment; \"\n");
        break;
    case 4:
        buffer_printf(text, "\t%s %s\n", PICK(state, ONE), reg);
        break;
    case 5:
        buffer_printf(text, "\t%s %s\n", below(state, 2) ? "jne" : "call", PICK(state, LABELS));
        break;
    case 6:
        buffer_printf(text, "\trep %s\n", below(state, 2) ? "movsb" : "stosd");
        break;
    default:
        buffer_printf(text, "\tmov %s, %s + %s\n", reg, PICK(state, LABELS), PICK(state, NUMBERS));
    }
}

static void line(struct buffer *text, uint32_t *state, int *fresh);

/* Lines between %if and %end. */
static void block(struct buffer *text, uint32_t *state, int *fresh) {
    buffer_printf(text, "%%if ");
    expression(text, state, 2);
    buffer_printf(text, "\n");
    line(text, state, fresh);
    if (below(state, 2)) {
        buffer_printf(text, "%%elif ");
        expression(text, state, 2);
        buffer_printf(text, "\n");
        line(text, state, fresh);
    }
    if (below(state, 2)) {
        buffer_printf(text, " %%else\n");
        line(text, state, fresh);
    }
    buffer_printf(text, "%%end\n");
}

static void definition(struct buffer *text, uint32_t *state, int *fresh) {
    int n = ++*fresh;
    switch (below(state, 5)) {
    case 0:
        buffer_printf(text, "N%d = ", n);
        expression(text, state, 3);
        buffer_printf(text, "\n");
        break;
    case 1:
        buffer_printf(text, "%%set counter = counter + ");
        expression(text, state, 2);
        buffer_printf(text, "\n");
        break;
    case 2:
        buffer_printf(text, "%%enum %s\n\tA%d\n\n\tB%d = 7 # more\n\tC%d\n%%end\n\tdd C%d\n",
                      below(state, 2) ? "" : "MANY, 3", n, n, n, n);
        break;
    case 3:
        buffer_printf(text, "%%struct s%d%s\n\tx 4\n\ty %s\n\tz 1\n%%end\n\tdb s%d.z\n", n,
                      below(state, 2) ? "" : ", -1", PICK(state, NUMBERS), n);
        break;
    default:
        buffer_printf(text, "%%macro m%d a, *b\n\tmov {a}, {b}\n.x{}:\tjmp short .x{}\n%%end\n", n);
        buffer_printf(text, "\tm%d eax, ", n);
        operand(text, state);
        buffer_printf(text, "\n");
    }
}

static void data(struct buffer *text, uint32_t *state) {
    switch (below(state, 6)) {
    case 0:
        buffer_printf(text, "\tdb \"te\\x41xt\\n\", 10, ONE, 'a'\n");
        break;
    case 1:
        buffer_printf(text, "\tdd ");
        expression(text, state, 2);
        buffer_printf(text, ", %s, table - %s + 1\n", PICK(state, LABELS), PICK(state, LABELS));
        break;
    case 2:
        buffer_printf(text, "\tdw %s, here - start\n", PICK(state, NUMBERS));
        break;
    case 3:
        buffer_printf(text, "\t%s %s\n", below(state, 2) ? "align" : "space", PICK(state, NUMBERS));
        break;
    case 4:
        buffer_printf(text, "section %s\n", below(state, 2) ? "data" : "text");
        break;
    default:
        buffer_printf(text, "\tfill 3, %s\n", PICK(state, NUMBERS));
    }
}

static void line(struct buffer *text, uint32_t *state, int *fresh) {
    switch (below(state, 16)) {
    case 0:
        block(text, state, fresh);
        break;
    case 1:
    case 2:
        definition(text, state, fresh);
        break;
    case 3:
    case 4:
        data(text, state);
        break;
    case 5:
        buffer_printf(text, "%s:\n", PICK(state, LABELS));
        break;
    case 6:
        buffer_printf(text, "\ttwice mov, %s, [ebx+4]\n", REGISTERS[below(state, 8)]);
        break;
    case 7:
        buffer_printf(text, "\tcount_down %u\n", below(state, 5));
        break;
    case 8:
        if (below(state, 12) == 0)
            any_instruction(text, state);
        break;
    default:
        instruction(text, state);
    }
}

struct buffer generate_pp(uint32_t *state) {
    struct buffer text = {0};
    int fresh = 0;
    buffer_printf(&text, "ONE = 1\nMANY = 1000 * 3\n%%set counter = 5\n%%enum\n\tE1\n\tE2\n%%end\n"
                         "%%struct p\n\ta 4\n\tb 2\n%%end\n"
                         "%%macro twice name, to, from\n\t{name} {to}, {from}\n.l{}: {name} {to}, "
                         "{from}\n\tloop .l{}\n%%end\n"
                         "%%macro count_down n\n%%if {n} > 0\n\tdb \"{n}\", {n}\n"
                         "\tcount_down {n} - 1\n%%end\n%%end\n");
    for (uint32_t lines = 1 + below(state, 14); lines > 0; lines--)
        line(&text, state, &fresh);
    return text;
}

static void link_reference(struct buffer *text, uint32_t *state, int modules) {
    static const char KINDS[] = "%%%%%%%%%%%%%%&&&&&&&!@~$";
    static const char *const LOCAL[] = {".in", "..own", ".2nd", "..own.in"};
    char kind = KINDS[below(state, sizeof KINDS - 1)];
    buffer_printf(text, "%c", kind);
    for (int second = 0; second < 2; second++) {
        if (below(state, 3) == 0)
            buffer_printf(text, "%s", PICK(state, LOCAL));
        else
            buffer_printf(text, "m%u_%u%s", below(state, (uint32_t)modules), below(state, 3),
                          below(state, 8) ? "" : ".in");
        if (second || kind == '&' || kind == '$' || below(state, 4))
            break;
        buffer_printf(text, ">");
    }
    if (below(state, 4) == 0)
        buffer_printf(text, "%c%s", below(state, 2) ? '+' : '-', below(state, 2) ? "12" : "0x7f");
}

static void link_token(struct buffer *text, uint32_t *state, int modules) {
    static const char *const WORDS[] = {
        ".text",     ".rodata",  ".data",        ".align 4",
        ".align 16", ".space 5", ".fill 3 0x41", "\"a\\n\\x42\\\"c\"",
        "%-5",       "!255",     "@0x1234",      "~-1",
        "9090",      "ABcd",     "# text\n",     "; text: %%\n"};
    static const char *const WRONG[] = {"9",        "%",       ".what",  "!256",     "\"open",
                                        ".align 3", "&",       "zz",     "%nowhere", ":m0_0",
                                        "@70000",   ".bss 90", "\"\\q\""};
    if (below(state, 3) == 0)
        link_reference(text, state, modules);
    else if (below(state, 100) == 0)
        buffer_printf(text, "%s", PICK(state, WRONG));
    else
        buffer_printf(text, "%s", PICK(state, WORDS));
    buffer_printf(text, "%s", below(state, 4) ? " " : below(state, 2) ? "\n" : "\t");
}

struct buffer generate_link(uint32_t *state, int number, int modules) {
    struct buffer text = {0};
    buffer_printf(&text, number == 0 ? ":start 90\n" : "");
    for (int label = 0; label < 3; label++) {
        buffer_printf(&text, "%s :m%d_%d\n", label == 2 ? ".data" : "", number, label);
        for (uint32_t tokens = below(state, 12); tokens > 0; tokens--)
            link_token(&text, state, modules);
        buffer_printf(&text, " :.in 90 :.2nd %s ", below(state, 2) ? "\"x\"" : "!1");
    }
    buffer_printf(&text, "\n:..own 11 :.in :.2nd .line 7 other.pp\n");
    if (below(state, 2))
        buffer_printf(&text, ".bss :b%d .space %u .align 8 :c%d\n", number, below(state, 9000),
                      number);
    return text;
}

void mutate(struct buffer *text, uint32_t *state) {
    static const char BYTES[] = "%{}[]()\"'\\:=,;#.@?-+*/~!&|<>09azAZ \n\t\r\0\377";
    for (uint32_t left = 1 + below(state, 4); left > 0 && text->len > 8; left--) {
        size_t at = below(state, (uint32_t)text->len);
        size_t size = 1 + below(state, 40);
        size = size < text->len - at ? size : text->len - at;
        switch (below(state, 4)) {
        case 0:
            text->data[at] = (uint8_t)BYTES[below(state, sizeof BYTES - 1)];
            break;
        case 1:
            memmove(text->data + at, text->data + at + size, text->len - at - size);
            text->len -= size;
            break;
        case 2:
            buffer_room(text, size);
            memmove(text->data + at + size, text->data + at, text->len - at);
            text->len += size;
            break;
        default:
            text->data[at] = (uint8_t)test_random(state);
        }
    }
}
