/*
 * The chain's programs: their size, their asm columns, what they make of each other's sources, and
 * their errors.
 */
#include <asm/unistd_32.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "verify/tests/ladder/ladder.h"

TEST(boot0_hex0_has_at_most_181_bytes) {
    boot0_build(t);
    struct buffer hex0 = test_read(t, test_path(t, "hex0"));
    if (hex0.len > 181)
        test_fail(t, "hex0 has %zu bytes, at most 181 are allowed", hex0.len);
}

/* Appends the asm column of a source: what stands between `;` and `#`, quotes respected. */
static void add_asm(struct buffer *out, const struct buffer *source) {
    const char *p = (const char *)source->data;
    const char *end = p + source->len;
    while (p < end) {
        const char *newline = memchr(p, '\n', (size_t)(end - p));
        const char *stop = newline ? newline : end;
        while (p < stop && *p != ';' && *p != '#')
            p++;
        if (p < stop && *p == ';') {
            char quote = 0;
            for (p++; p < stop && (quote != 0 || *p != '#'); p++) {
                if (quote != 0 ? *p == quote : *p == '"' || *p == '\'')
                    quote = quote != 0 ? 0 : *p;
                buffer_append(out, p, 1);
            }
        }
        buffer_append(out, "\n", 1);
        p = stop + 1;
    }
}

/* Fails unless NASM makes of the asm column of `source`, then `more`, what `binary` holds. */
static void compare_asm(struct test *t, const char *source, const char *more, const char *binary) {
    struct buffer text = test_read(t, source);
    struct buffer assembly = {0};
    add_asm(&assembly, &text);
    buffer_append(&assembly, more, strlen(more));
    char *in = test_path(t, "column.asm");
    char *out = test_path(t, "column.bin");
    test_write(t, in, assembly.data, assembly.len);
    test_run(t, 0, "nasm", "-f", "bin", "-o", out, in, NULL);
    struct buffer got = test_read(t, binary);
    struct buffer want = test_read(t, out);
    expect_same(t, source, got.data, got.len, want.data, want.len);
}

TEST(boot0_asm_columns_assemble_to_the_programs) {
    boot0_build(t);
    compare_asm(t, BOOT0 "hex0.hex0", "", test_path(t, "hex0"));
    compare_asm(t, BOOT0 "hex1.hex0", "", test_path(t, "hex1"));
    compare_asm(t, BOOT0 "hex2.hex1", "", test_path(t, "hex2"));
    compare_asm(t, BOOT0 "catm.hex2", "", test_path(t, "catm"));
    compare_asm(t, BOOT0 "M0.hex2", "", test_path(t, "M0"));
    /* the header alone has no program, whose labels it wants */
    struct buffer header = test_read(t, BOOT0 "elf.hex2");
    buffer_printf(&header, "\n:start :elf_end\n");
    test_write(t, test_path(t, "elf.hex2"), header.data, header.len);
    struct outcome made = boot0_run(t, "hex2", test_path(t, "elf.hex2"), test_path(t, "elf"), NULL);
    if (made.status != 0)
        test_fail(t, "elf.hex2: %s", (const char *)made.output.data);
    compare_asm(t, BOOT0 "elf.hex2", "start:\nelf_end:\n", test_path(t, "elf"));
}

enum { SLOT = 32 };

/* NASM's spelling of an instruction of defs.M1, with a number for each operand that follows it. */
static char *nasm_spelling(const char *name, size_t length) {
    struct buffer text = {0};
    for (size_t i = 0; i < length; i++) {
        if (strncmp(name + i, "DWORD", 5) == 0) {
            buffer_printf(&text, "0x12345678");
            i += 4;
        } else if (strncmp(name + i, "BYTE", 4) == 0) {
            buffer_printf(&text, "0x12");
            i += 3;
        } else {
            buffer_append(&text, name[i] == '_' ? " " : name + i, 1);
        }
    }
    bool jump = !memchr(name, '_', length) && (name[0] == 'j' || strncmp(name, "call", 4) == 0);
    buffer_printf(&text, "%s", jump ? " near $" : "");
    buffer_append(&text, "", 1);
    return (char *)text.data;
}

struct definition {
    const char *name;
    size_t name_length;
    uint8_t bytes[16];
    size_t size;
};

/* Reads the next DEFINE at *p; false at the end. */
static bool next_definition(struct test *t, const char **p, struct definition *d) {
    const char *at = strstr(*p, "\nDEFINE ");
    if (!at)
        return false;
    d->name = at + 8;
    d->name_length = strcspn(d->name, " ");
    const char *digits = d->name + d->name_length + 1;
    size_t count = strspn(digits, "0123456789ABCDEF");
    if (count == 0 || count % 2 != 0 || count / 2 > sizeof d->bytes)
        test_fail(t, "defs.M1: %.*s has no bytes", (int)d->name_length, d->name);
    for (size_t i = 0; i < count / 2; i++) {
        char pair[3] = {digits[2 * i], digits[2 * i + 1], 0};
        d->bytes[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    d->size = count / 2;
    *p = digits;
    return true;
}

static bool is_instruction(const struct definition *d) {
    return d->name[0] >= 'a' && d->name[0] <= 'z';
}

/* Every instruction of a file, in a slot of its own, through NASM; what is left must be operands.
 */
static void compare_instructions(struct test *t, const char *file) {
    struct buffer defs = test_read(t, file);
    buffer_append(&defs, "", 1);
    struct buffer assembly = {0};
    buffer_printf(&assembly, "bits 32\n");
    struct definition d;
    size_t count = 0;
    for (const char *p = (const char *)defs.data; next_definition(t, &p, &d);) {
        if (is_instruction(&d)) {
            buffer_printf(&assembly, "%s\ntimes %zu - ($ - $$) db 0xF4\n",
                          nasm_spelling(d.name, d.name_length), ++count * SLOT);
        }
    }
    test_write(t, test_path(t, "defs.asm"), assembly.data, assembly.len);
    char *out = test_path(t, "defs.bin");
    test_run(t, 0, "nasm", "-f", "bin", "-o", out, test_path(t, "defs.asm"), NULL);
    struct buffer want = test_read(t, out);
    const uint8_t *slot = want.data;
    for (const char *p = (const char *)defs.data; next_definition(t, &p, &d);) {
        if (!is_instruction(&d))
            continue;
        char *name = xprintf("%.*s", (int)d.name_length, d.name);
        size_t size = SLOT;
        while (size > 0 && slot[size - 1] == 0xF4)
            size--;
        bool jump = !memchr(d.name, '_', d.name_length) &&
                    (d.name[0] == 'j' || strncmp(d.name, "call ", 5) == 0);
        size_t operands = jump ? 4 : 0;
        for (const char *q = name; *q; q++)
            operands += strncmp(q, "DWORD", 5) == 0 ? 4 : strncmp(q, "BYTE", 4) == 0;
        expect_same(t, name, d.bytes, d.size, slot, size - operands);
        slot += SLOT;
    }
    if (count < 50)
        test_fail(t, "defs.M1: only %zu instructions found", count);
}

TEST(instructions_of_M1_are_what_nasm_makes_of_their_names) {
    compare_instructions(t, BOOT0 "defs.M1");
    compare_instructions(t, BOOT1 "defs.M1");
}

/* The constants of defs.M1 against the system's headers. */
TEST(boot0_constants_of_M1_are_those_of_the_system) {
    static const struct {
        const char *name;
        uint32_t value;
    } CONSTANTS[] = {
        {"SYS_EXIT", __NR_exit},
        {"SYS_FORK", __NR_fork},
        {"SYS_READ", __NR_read},
        {"SYS_WRITE", __NR_write},
        {"SYS_OPEN", __NR_open},
        {"SYS_CLOSE", __NR_close},
        {"SYS_WAITPID", __NR_waitpid},
        {"SYS_UNLINK", __NR_unlink},
        {"SYS_EXECVE", __NR_execve},
        {"SYS_CHDIR", __NR_chdir},
        {"SYS_LSEEK", __NR_lseek},
        {"SYS_ACCESS", __NR_access},
        {"SYS_MKDIR", __NR_mkdir},
        {"SYS_BRK", __NR_brk},
        {"SYS_WAIT4", __NR_wait4},
        {"SYS_GETCWD", __NR_getcwd},
        {"STDOUT", STDOUT_FILENO},
        {"STDERR", STDERR_FILENO},
        {"SEEK_END", SEEK_END},
        {"O_CREATE", O_WRONLY | O_CREAT | O_TRUNC},
        {"MODE_755", 0755},
        {"O_APPEND", O_WRONLY | O_CREAT | O_APPEND},
        {"BUFFER_SIZE", 65536},
        {"PATH_SIZE", 4096},
        {"CANNOT_RUN", 126},
        {"CANNOT_RUN_BYTE", 126},
    };
    enum { COUNT = sizeof CONSTANTS / sizeof CONSTANTS[0] };
    struct buffer defs = test_read(t, BOOT0 "defs.M1");
    buffer_append(&defs, "", 1);
    struct definition d;
    size_t found = 0;
    for (const char *p = (const char *)defs.data; next_definition(t, &p, &d);) {
        if (is_instruction(&d))
            continue;
        char *name = xprintf("%.*s", (int)d.name_length, d.name);
        size_t i = 0;
        while (i < COUNT && strcmp(CONSTANTS[i].name, name) != 0)
            i++;
        if (i == COUNT)
            test_fail(t, "defs.M1: this test does not know %s", name);
        uint32_t v = CONSTANTS[i].value;
        uint8_t want[4] = {(uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16), (uint8_t)(v >> 24)};
        expect_same(t, name, d.bytes, d.size, want, d.size == 1 ? 1 : 4);
        found++;
    }
    if (found != COUNT)
        test_fail(t, "defs.M1: %zu constants, %d are expected", found, COUNT);
}

/* Fails unless `program`, run on `in`, makes the program `want` of the test's folder again. */
static void makes(struct test *t, const char *program, const char *in, const char *want) {
    char *out = test_path(t, "again");
    struct outcome outcome = boot0_run(t, program, in, out, NULL);
    if (outcome.status != 0)
        test_fail(t, "%s %s: %s", program, in, (const char *)outcome.output.data);
    struct buffer got = test_read(t, out);
    struct buffer old = test_read(t, test_path(t, want));
    expect_same(t, xprintf("%s by %s", want, program), got.data, got.len, old.data, old.len);
}

TEST(boot0_makes_itself_again) {
    boot0_build(t);
    makes(t, "hex0", BOOT0 "hex0.hex0", "hex0");
    makes(t, "hex1", BOOT0 "hex0.hex0", "hex0");
    makes(t, "hex1", BOOT0 "hex1.hex0", "hex1");
    makes(t, "hex2", BOOT0 "hex0.hex0", "hex0");
    makes(t, "hex2", BOOT0 "hex1.hex0", "hex1");
    makes(t, "hex2", BOOT0 "hex2.hex1", "hex2");
    static const char *const QUOTED[] = {"catm", "M0"};
    for (size_t i = 0; i < 2; i++) {
        char *text = test_path(t, "again.hex2");
        struct outcome outcome =
            boot0_run(t, "M0", xprintf(BOOT0 "%s.hex2", QUOTED[i]), text, NULL);
        if (outcome.status != 0)
            test_fail(t, "M0 %s.hex2: %s", QUOTED[i], (const char *)outcome.output.data);
        makes(t, "hex2", text, QUOTED[i]);
    }
}
