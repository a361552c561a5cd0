/* Tests of build/hexaudit: it agrees with the sources, and with nothing else. */
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "images/hexfmt/hexfmt_file.h"
#include "verify/harness/harness.h"

static const char KERNEL[] = "hex0/kernel.hex0";

/* Runs the audit on one file. */
static struct outcome audit(struct test *t, const char *path) {
    const char *const argv[] = {"build/hexaudit", path, NULL};
    return test_command(t, argv);
}

TEST(audit_verifies_every_byte_of_the_sources) {
    static const char *const PATTERNS[] = {"hex0/*.hex0", "stage1/*.hex0", "images/machine/*.hex0",
                                           "buildscripts/boot0/*.hex0"};
    glob_t found = {0};
    for (size_t i = 0; i < sizeof PATTERNS / sizeof PATTERNS[0]; i++)
        glob(PATTERNS[i], i > 0 ? GLOB_APPEND : 0, NULL, &found);
    if (found.gl_pathc < 6)
        test_fail(t, "only %zu sources found", found.gl_pathc);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct outcome o = audit(t, found.gl_pathv[i]);
        if (o.status != 0)
            test_fail(t, "%s", o.output.data);
        expect_text(t, found.gl_pathv[i], strrchr(last_line((char *)o.output.data), ' '), " 0");
    }
}

/* Appends a line of the kernel with one bit of its last byte turned over. */
static void append_spoilt(struct buffer *out, const struct hex_line *line, unsigned bit) {
    for (size_t i = 0; i < line->byte_count; i++) {
        unsigned last = i + 1 == line->byte_count ? 1U << bit : 0;
        buffer_printf(out, "%02X ", line->bytes[i] ^ last);
    }
    buffer_printf(out, "%s %s\n", line->has_asm ? ";" : "", line->text);
}

/* A line of the kernel's last byte is a number, a register field or an opcode: one bit in it that
   is wrong always changes what the line means, so that no byte of the kernel may pass. */
static void finds_a_bit_in_every_line(struct test *t, const void *argument) {
    unsigned bit = *(const unsigned *)argument;
    struct buffer content = test_read(t, KERNEL);
    struct hex_file file = hex_file_parse(KERNEL, (char *)content.data, content.len);
    struct buffer spoilt = {0};
    for (size_t i = 0; i < file.count; i++)
        append_spoilt(&spoilt, &file.lines[i], bit);
    char *path = test_path(t, "spoilt.hex0");
    test_write(t, path, spoilt.data, spoilt.len);
    struct outcome o = audit(t, path);
    size_t lines;
    size_t bytes;
    size_t instructions;
    size_t data;
    size_t unverified;
    char *row = strstr((char *)o.output.data, path);
    while (row && row[strlen(path)] == ':') /* a message, not the table */
        row = strstr(row + 1, path);
    if (o.status != 1 || !row ||
        sscanf(row + strlen(path), "%zu%zu%zu%zu%zu", &lines, &bytes, &instructions, &data,
               &unverified) != 5)
        test_fail(t, "status %d, no row for the file", o.status);
    if (bytes < 3000 || unverified != bytes)
        test_fail(t, "only %zu of %zu bytes are found wrong", unverified, bytes);
}

struct line_case {
    const char *what;
    const char *line;
    int status;
};

/* Each line stands behind the opening below; 1: its bytes mean something else than its text. */
static const struct line_case LINES[] = {
    {"the other direction of xor", "33 C0 ; xor eax, eax", 0},
    {"exchanged operands of xchg", "87 D9 ; xchg ebx, ecx", 0},
    {"a long number for a short one", "81 C0 01 00 00 00 ; add eax, 1", 0},
    {"a far jump", "EA 10 00 00 00 08 00 ; jmp 8:there", 0},
    {"a string move", "F3 A5 ; rep movsd", 0},
    {"a base of two digits", "D5 10 ; aad 16", 0},
    {"a sum in brackets", "8B 44 4D 04 ; mov eax, [ebp + NUMBER - 1 + ecx * 2]", 0},
    {"a string and a number", "61 62 05 ; db 'ab', NUMBER", 0},
    {"an expression of labels", "10 00 ; dw there", 0},
    {"a size of the operand", "66 0F 01 15 05 00 00 00 ; o16 lgdt [NUMBER]", 0},
    {"a size that the text does not name", "66 0F 01 15 05 00 00 00 ; lgdt [NUMBER]", 1},
    {"a size that the bytes do not name", "0F 01 15 05 00 00 00 ; o16 lgdt [NUMBER]", 1},
    {"a register of the other size", "89 C8 ; mov ax, cx", 1},
    {"two registers exchanged", "89 C8 ; mov ecx, eax", 1},
    {"a wrong base register", "8B 46 04 ; mov eax, [edi + 4]", 1},
    {"a wrong factor", "8D 0C 55 00 00 00 00 ; lea ecx, [edx * 4]", 1},
    {"a wrong displacement", "8B 47 08 ; mov eax, [edi + 4]", 1},
    {"a segment that the text does not name", "26 8B 07 ; mov eax, [edi]", 1},
    {"a segment that the bytes do not name", "8B 07 ; mov eax, [es:edi]", 1},
    {"a byte for a word in memory", "FE 07 ; inc word [edi]", 1},
    {"16 bits of memory", "66 FF 07 ; inc dword [edi]", 1},
    {"a 16-bit address", "67 8B 07 ; mov eax, [edi]", 1},
    {"a 16-bit push", "66 6A 01 ; push 1", 1},
    {"a 16-bit pusha", "66 60 ; pushad", 1},
    {"a 16-bit ret", "66 C3 ; ret", 1},
    {"rep for repne", "F3 AE ; repne scasb", 1},
    {"rep that the text does not name", "F3 AB ; stosd", 1},
    {"words for double words", "66 AB ; stosd", 1},
    {"a jump to another label", "EB FE ; jmp there", 1},
    {"a call one byte off", "E8 0D 00 00 00 ; call there", 1},
    {"the opposite condition", "75 FE ; je here", 1},
    {"signed for unsigned", "7C FE ; jb here", 1},
    {"a wrong selector", "EA 10 00 00 00 10 00 ; jmp 8:there", 1},
    {"a base other than the text has", "D5 0A ; aad 16", 1},
    {"a wrong number", "B8 06 00 00 00 ; mov eax, NUMBER", 1},
    {"a wrong interrupt", "CD 81 ; int 0x80", 1},
    {"two instructions in one line", "90 90 ; nop", 1},
    {"half an instruction", "B8 05 00 ; mov eax, NUMBER", 1},
    {"a letter of a string", "61 63 ; db 'ab'", 1},
    {"a short datum", "05 ; dw NUMBER", 1},
    {"padding that is not what the text says", "00 90 00 ; times 3 db 0", 1},
    {"bytes without text", "90 ;", 1},
    {"a name that is not defined", "B8 05 00 00 00 ; mov eax, NOBODY", 1},
};

TEST(audit_tells_right_from_wrong) {
    char *path = test_path(t, "line.hex0");
    for (size_t i = 0; i < sizeof LINES / sizeof LINES[0]; i++) {
        const struct line_case *c = &LINES[i];
        /* The line stands at `here`; `there` is 0x10 whatever its length. */
        char *text =
            xprintf("; bits 32\n; NUMBER equ 5\n; here:\n# prose\n%s\n; there equ 0x10\n", c->line);
        test_write(t, path, text, strlen(text));
        struct outcome o = audit(t, path);
        const char *output = (const char *)o.output.data;
        if (o.status != c->status)
            test_fail(t, "%s: status %d: %s", c->what, o.status, output);
        if (c->status == 1 && !strstr(output, "line.hex0:5: "))
            test_fail(t, "%s: the message does not name the line: %s", c->what, output);
        free(text);
        buffer_free(&o.output);
    }
}

TESTS(audit_tests) {
    static const unsigned BITS[] = {0, 3};
    suite_add(s, "audit-finds-bit-0-wrong-in-every-line", finds_a_bit_in_every_line, &BITS[0]);
    suite_add(s, "audit-finds-bit-3-wrong-in-every-line", finds_a_bit_in_every_line, &BITS[1]);
}
