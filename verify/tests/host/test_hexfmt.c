/* `seedbed hexfmt` on a sample, and the check on the real sources, with errors planted in them. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "verify/harness/harness.h"

static const char *const SOURCES[] = {"hex0/boot.hex0", "hex0/kernel.hex0", "hex0/mini.hex0",
                                      "stage1/stage1.hex0"};
enum { SOURCE_COUNT = sizeof SOURCES / sizeof SOURCES[0] };

/* What a person types, and what hexfmt makes of it; the bytes are those of the Intel manual. */
static const char TYPED[] = "# A sample.\n"
                            "   # prose with ; and '\n"
                            " ; bits 32\n"
                            "; org 0x8040\n"
                            "\n"
                            "; O_CREAT equ 0x40   # why\n"
                            " ; strlen:\n"
                            "FF FF FF ;     xor     ecx, ecx\n"
                            "; .next: # 0000  each byte\n"
                            ";     cmp     byte [esi+ecx], '#'  #  two blanks; kept\n"
                            ";     je      .done\n"
                            ";     inc     ecx\n"
                            ";     jmp     .next\n"
                            "; .done: # what 0000 is not\n"
                            ";     ret\n"
                            "; text: db \"# not; prose\", 0 # prose\n"
                            "; # more prose\n"
                            "; times 20 dw 0x1234\n"
                            "; align 8, db 0\n"
                            "; end:\n";
static const char FORMATTED[] =
    "# A sample.\n"
    "   # prose with ; and '\n"
    "                  ; bits 32\n"
    "                  ; org 0x8040\n"
    "\n"
    "                  ; O_CREAT equ 0x40                  # why\n"
    "                  ; strlen:                           # 8040\n"
    "31 C9             ;     xor     ecx, ecx\n"
    "                  ; .next:                            # 8042  each byte\n"
    "80 3C 0E 23       ;     cmp     byte [esi+ecx], '#'   #  two blanks; kept\n"
    "74 03             ;     je      .done\n"
    "41                ;     inc     ecx\n"
    "EB F7             ;     jmp     .next\n"
    "                  ; .done:                            # what 0000 is not\n"
    "C3                ;     ret\n"
    "23 20 6E 6F 74 3B ; text: db \"# not; prose\", 0        # prose\n"
    "20 70 72 6F 73 65 ;                                   # more prose\n"
    "00                ;\n"
    "34 12 34 12 34 12 ; times 20 dw 0x1234\n"
    "34 12 34 12 34 12 34 12 34 12 34 12 34 12 34 12 ;\n"
    "34 12 34 12 34 12 34 12 34 12 34 12 34 12 34 12 ;\n"
    "34 12                                           ;\n"
    "00 00 00 00 00 00 ; align 8, db 0\n"
    "00                ;\n"
    "                  ; end:                              # 8088\n";

TEST(hexfmt_fills_bytes_and_addresses_and_keeps_prose) {
    char *path = test_path(t, "sample.hex0");
    test_write(t, path, TYPED, strlen(TYPED));
    for (int round = 0; round < 2; round++) { /* the second round finds nothing to do */
        test_run(t, 0, "build/seedbed", "hexfmt", path, NULL);
        struct buffer got = test_read(t, path);
        buffer_append(&got, "", 1);
        expect_text(t, "formatted", (const char *)got.data, FORMATTED);
        buffer_free(&got);
    }
    test_run(t, 0, "build/seedbed", "hexfmt", "--check", path, NULL);
}

TEST(hexfmt_has_nothing_to_do_on_the_sources) {
    char *path = test_path(t, "copy.hex0");
    for (size_t i = 0; i < SOURCE_COUNT; i++) {
        struct buffer before = test_read(t, SOURCES[i]);
        test_write(t, path, before.data, before.len);
        test_run(t, 0, "build/seedbed", "hexfmt", path, NULL);
        struct buffer after = test_read(t, path);
        expect_same(t, SOURCES[i], before.data, before.len, after.data, after.len);
    }
}

TEST(check_hex_passes_on_the_sources) {
    test_needs(t, "nasm", NULL);
    test_run(t, 0, "sh", "-c",
             "build/seedbed hexfmt --check hex0/*.hex0 stage1/*.hex0 images/machine/*.hex0 "
             "buildscripts/boot0/*.hex0",
             NULL);
}

/* A source in which errors are planted line by line. */
struct plant {
    struct buffer text;   /* the source with the errors */
    struct buffer places; /* `seedbed: FILE:LINE:` of each, one a line */
    size_t count;
};

static bool has_bytes(const char *line) {
    return isxdigit((unsigned char)line[0]) && isxdigit((unsigned char)line[1]);
}

/* The NASM text of a line, or null if it has none. */
static char *asm_text(char *line) {
    char *mark = line + strcspn(line, "#;");
    char *text = *mark == ';' ? mark + 1 + strspn(mark + 1, " ") : NULL;
    return text && *text && *text != '#' ? text : NULL;
}

/* Makes another digit of the first byte. */
static bool plant_byte(char *line) {
    bool plants = has_bytes(line);
    if (plants)
        line[1] = line[1] == '7' ? '8' : '7';
    return plants;
}

/* Makes another instruction of a comment: xor and or, inc and dec have the same length. */
static bool plant_comment(char *line) {
    static const char *const PAIRS[][2] = {
        {"xor ", "and "}, {"inc ", "dec "}, {"add ", "sub "}, {"stosb", "lodsb"}};
    char *text = asm_text(line);
    for (size_t i = 0; text && has_bytes(line) && i < sizeof PAIRS / sizeof PAIRS[0]; i++) {
        for (size_t k = 0; k < 2; k++) {
            size_t length = strlen(PAIRS[i][k]);
            if (strncmp(text, PAIRS[i][k], length) == 0 && !strchr(text, '[') &&
                !strpbrk(text, "0123456789")) {
                memcpy(text, PAIRS[i][1 - k], length);
                return true;
            }
        }
    }
    return false;
}

/* Makes another address of an address remark. */
static bool plant_label(char *line) {
    char *text = asm_text(line);
    size_t name = text ? strcspn(text, ": ") : 0;
    char *prose = text ? strchr(text, '#') : NULL;
    if (!prose || text[name] != ':' || strspn(prose, "# 0123456789ABCDEF") < 6)
        return false;
    prose[5] = prose[5] == '7' ? '8' : '7';
    return true;
}

/* Plants an error on every line that takes one. */
static struct plant plant_all(struct test *t, const char *source, const char *path,
                              bool (*plant)(char *line)) {
    struct plant result = {.text = test_read(t, source)};
    buffer_append(&result.text, "", 1);
    result.text.len--;
    size_t number = 1;
    for (char *line = (char *)result.text.data; *line; number++) {
        char *end = line + strcspn(line, "\n");
        char newline = *end;
        *end = '\0';
        if (plant(line)) {
            buffer_printf(&result.places, "seedbed: %s:%zu:\n", path, number);
            result.count++;
        }
        *end = newline;
        line = end + (newline ? 1 : 0);
    }
    return result;
}

/* The `seedbed: FILE:LINE:` of every line of the check's output. */
static struct buffer reported_places(const char *output) {
    struct buffer places = {0};
    while (*output) {
        size_t length = strcspn(output, "\n");
        size_t place = strcspn(output, ":") + 1; /* after seedbed: FILE: LINE: */
        place += strcspn(output + place, ":") + 1;
        place += strcspn(output + place, ":") + 1;
        buffer_printf(&places, "%.*s\n", (int)(place < length ? place : length), output);
        output += length + (output[length] == '\n');
    }
    return places;
}

/* The check reports exactly the lines that have been spoilt, and changes nothing. */
static void planted_found(struct test *t, const void *argument) {
    bool (*const *plant)(char *) = argument;
    char *path = test_path(t, "spoilt.hex0");
    size_t count = 0;
    for (size_t i = 0; i < SOURCE_COUNT; i++) {
        struct plant spoilt = plant_all(t, SOURCES[i], path, *plant);
        count += spoilt.count;
        test_write(t, path, spoilt.text.data, spoilt.text.len);
        struct buffer output =
            test_run(t, spoilt.count > 0 ? 1 : 0, "build/seedbed", "hexfmt", "--check", path, NULL);
        struct buffer places = reported_places((const char *)output.data);
        buffer_append(&places, "", 1);
        buffer_append(&spoilt.places, "", 1);
        expect_text(t, SOURCES[i], (const char *)places.data, (const char *)spoilt.places.data);
        struct buffer left = test_read(t, path);
        expect_same(t, "the checked file", left.data, left.len, spoilt.text.data, spoilt.text.len);
    }
    if (count < 20)
        test_fail(t, "only %zu places to plant an error", count);
}

struct misstep {
    const char *line;
    const char *message; /* what follows FILE */
};

static const struct misstep MISSTEPS[] = {
    {"90\n", ":2: bytes stand without asm"},
    {"90 # nop\n", ":2: bytes stand without asm"},
    {"90 ;\n", ":2: bytes stand without asm"},
    {"90 ; # nop\n", ":2: bytes stand without asm"},
    {"90 90 ; nop\n", ":2: byte 90 too many"},
    {" ; nop\n", ":2: 0 bytes, the asm makes 1"},
    {"9 ; nop\n", ":2: odd number of hex digits"},
    {"90 nop\n", ":2: the byte column holds something"},
    {"90 ; nop nop\n", ":2: error: "},
    {"B0 34 ; mov al, 0x1234\n", ":2: warning: "},
    {"00 ; db 0\n01 ; ; db 1\n", ":3: "}, /* the second byte is explained by nothing */
    {" ; org 6\n90 ; nop\n00 00 ; align 4\n", ": an align asks"},
    {"00 ; resb 1\n90 ; nop\n", ":2: error: "},
};

TEST(check_hex_finds_bytes_without_asm_and_bad_asm) {
    char *path = test_path(t, "bad.hex0");
    for (size_t i = 0; i < sizeof MISSTEPS / sizeof MISSTEPS[0]; i++) {
        const struct misstep *m = &MISSTEPS[i];
        char *text = xprintf("# a comment\n%s", m->line);
        test_write(t, path, text, strlen(text));
        struct buffer output = test_run(t, 1, "build/seedbed", "hexfmt", "--check", path, NULL);
        char *want = xprintf("seedbed: %s%s", path, m->message);
        if (strncmp((const char *)output.data, want, strlen(want)) != 0) {
            test_fail(t, "`%s` gives `%s`, should give `%s`", m->line, (const char *)output.data,
                      want);
        }
    }
}

TESTS(hexfmt_tests) {
    static bool (*const BYTE)(char *) = plant_byte;
    static bool (*const COMMENT)(char *) = plant_comment;
    static bool (*const LABEL)(char *) = plant_label;
    suite_add(s, "check-hex-finds-every-wrong-byte", planted_found, &BYTE);
    suite_add(s, "check-hex-finds-every-wrong-comment", planted_found, &COMMENT);
    suite_add(s, "check-hex-finds-every-wrong-label", planted_found, &LABEL);
}
