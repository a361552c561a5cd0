/* Random scripts: a few commands from the shell's grammar, then damage. */
#include <string.h>

#include "verify/fuzz/fuzz_make.h"
#include "verify/fuzz/fuzz_random.h"

/* ELF header, one program header and code at 0x08048054; what makes up a program for the shell. */
enum { ELF_HEADER = 52, CODE = 84, ADDRESS = 0x08048000 };

static void put(uint8_t *at, uint32_t value, unsigned bytes) {
    for (unsigned i = 0; i < bytes; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

static void add_code(struct buffer *elf, uint32_t *state) {
    static const struct {
        const char *bytes;
        size_t size;
    } codes[] = {
#define CODE_OF(text) {text, sizeof text - 1}
        CODE_OF(""),         /* exit */
        CODE_OF("\x0F\x0B"), /* faults: opcode, */
        CODE_OF("\xF7\xF0"), /* division, */
        CODE_OF("\xCC"),     /* breakpoint, */
        CODE_OF("\xCD\x31"), /* a gate that is not there */
        /* the next byte of the script, and one more */
        CODE_OF("\xB8\x03\0\0\0\x31\xDB\xBA\x01\0\0\0\x89\xE1\xCD\x80"
                "\xB8\x03\0\0\0\x31\xDB\xBA\x01\0\0\0\x89\xE1\xCD\x80"),
        /* "Hi" on the console, and nothing after it */
        CODE_OF("\xB8\x04\0\0\0\xBB\x01\0\0\0\xBA\x02\0\0\0\x68Hi\0\0\x89\xE1\xCD\x80\x58"),
#undef CODE_OF
    };
    size_t which = fuzz_one_in(state, 3) ? 0 : fuzz_below(state, sizeof codes / sizeof codes[0]);
    uint8_t leave[] = {0xBB, 0, 0, 0, 0, 0xB8, 1, 0, 0, 0, 0xCD, 0x80};
    leave[1] = (uint8_t)(fuzz_one_in(state, 6) ? fuzz_next(state) : 0);
    buffer_append(elf, codes[which].bytes, codes[which].size);
    buffer_append(elf, leave, sizeof leave);
}

/* A field with a value that no loader should take, or that changes nothing. */
static void spoil_header(struct buffer *elf, uint32_t *state) {
    static const struct {
        uint8_t at, bytes;
        uint32_t value;
    } fields[] = {
        {0, 1, 0},
        {4, 1, 2},
        {5, 1, 2},
        {16, 2, 3},
        {18, 2, 62},
        {24, 4, 0},
        {24, 4, ADDRESS - 1},
        {24, 4, 0xFFFFFFFF},
        {24, 4, ADDRESS + 0x1000},
        {28, 4, 0xFFFFFFF0},
        {28, 4, 4000},
        {42, 2, 31},
        {42, 2, 33},
        {44, 2, 0},
        {44, 2, 0xFFFF},
        {44, 2, 2},
        {52, 4, 0},
        {56, 4, 0xFFFFFFFF},
        {56, 4, 90},
        {60, 4, 0x07FFFFFF},
        {60, 4, 0xFFFFF000},
        {60, 4, 0x1000},
        {68, 4, 0x100000},
        {68, 4, 0xFFFFFFFF},
        {72, 4, 10},
        {72, 4, 0xF0000000},
        {72, 4, 0x07800000},
        {6, 1, 0},
        {20, 4, 0},
        {40, 2, 0},
        {76, 4, 0},
        {80, 4, 3},
    };
    size_t which = fuzz_below(state, sizeof fields / sizeof fields[0]);
    put(elf->data + fields[which].at, fields[which].value, fields[which].bytes);
}

static struct buffer make_program(uint32_t *state) {
    struct buffer elf = {0};
    memset(buffer_room(&elf, CODE), 0, CODE);
    elf.len = CODE;
    add_code(&elf, state);
    uint8_t *h = elf.data, *segment = elf.data + ELF_HEADER;
    memcpy(h, "\177ELF\1\1\1", 7);
    put(h + 16, 2, 2); /* executable */
    put(h + 18, 3, 2); /* i386 */
    put(h + 20, 1, 4);
    put(h + 24, ADDRESS + CODE, 4); /* entry */
    put(h + 28, ELF_HEADER, 4);     /* program headers */
    put(h + 40, ELF_HEADER, 2);
    put(h + 42, 32, 2);
    put(h + 44, 1, 2);
    put(segment, 1, 4);
    put(segment + 8, ADDRESS, 4);
    put(segment + 16, (uint32_t)elf.len, 4);
    put(segment + 20, (uint32_t)elf.len, 4);
    put(segment + 24, 5, 4);
    if (fuzz_one_in(state, 3))
        spoil_header(&elf, state);
    return elf;
}

static const char *a_name(uint32_t *state) {
    static const char *const names[] = {"/a",  "/b",     "b",     "/d/x", "d/../b",  "/d//y",
                                        "./b", "f",      "./f",   "hex0", "src",     "/dev/hda",
                                        "/",   "..",     "/p",    "p",    "/none/x", "/dev/./hda/",
                                        "/d",  "source", "/e820", "/p/q", "#x",      "x#"};
    return FUZZ_PICK(state, names);
}

static void add_spaces(struct buffer *out, uint32_t *state) {
    buffer_printf(out, "%*s", fuzz_one_in(state, 8) ? (int)fuzz_below(state, 5) : 1, "");
}

static void add_src(struct buffer *out, uint32_t *state) {
    static const char digits[] = "0123456789abcdefABCDEF \n#;";
    static const char *const odd[] = {"-1",         "+1",        "0x10", "4294967295",
                                      "4294967296", "1a",        "00",   "99999999999999999999",
                                      "3000000000", "200000000", ""};
    unsigned size = fuzz_one_in(state, 4) ? 0 : fuzz_below(state, 300);
    struct buffer text = {0};
    for (unsigned i = 0; i < size; i++)
        buffer_append(&text, &digits[fuzz_below(state, sizeof digits - 1)], 1);
    if (fuzz_one_in(state, 4)) {
        buffer_free(&text);
        text = make_program(state);
    }
    buffer_printf(out, "src");
    add_spaces(out, state);
    if (fuzz_one_in(state, 30))
        buffer_printf(out, "%s", FUZZ_PICK(state, odd));
    else
        buffer_printf(out, "%s%zu", fuzz_one_in(state, 20) ? "000" : "", text.len);
    add_spaces(out, state);
    buffer_printf(out, "%s\n", a_name(state));
    if (text.len > 0)
        buffer_append(out, text.data, text.len);
    buffer_free(&text);
}

static void add_program(struct buffer *out, uint32_t *state) {
    struct buffer elf = make_program(state);
    buffer_printf(out, "src %zu /p\n", elf.len);
    buffer_append(out, elf.data, elf.len);
    buffer_printf(out, "%s", fuzz_one_in(state, 2) ? "/p" : "p");
    for (unsigned i = fuzz_below(state, 4); i > 0; i--) {
        add_spaces(out, state);
        buffer_printf(out, "%s", a_name(state));
    }
    buffer_printf(out, "\n");
    buffer_free(&elf);
}

static void add_hostile(struct buffer *out, uint32_t *state) {
    static const char *const lines[] = {
        "src", "hex0", "hex0 /a", "src 1", "src 0 /x y", "hex0 /a /b c",  " ", "\t", "f f",
        "f ",  " f",   "\r",      "#\t",   "/a\tb",      "hex0  /a  /b ", "ff"};
    static const unsigned lengths[] = {100,  1020,   1021,   1022,   1023,   1024,  1025,
                                       4096, 131070, 131071, 131072, 131073, 140000};
    unsigned n = FUZZ_PICK(state, lengths);
    if (!fuzz_one_in(state, 4)) {
        buffer_printf(out, "%s\n", FUZZ_PICK(state, lines));
        return;
    }
    buffer_printf(out, "%s",
                  fuzz_one_in(state, 2)   ? "src 0 /"
                  : fuzz_one_in(state, 2) ? "#"
                                          : "/p ");
    memset(buffer_room(out, n), fuzz_one_in(state, 4) ? ' ' : 'n', n);
    out->len += n;
    buffer_printf(out, "\n");
}

static void add_command(struct buffer *out, uint32_t *state) {
    uint32_t kind = fuzz_below(state, 100);
    if (kind < 40) {
        add_src(out, state);
    } else if (kind < 60) {
        buffer_printf(out, "hex0");
        add_spaces(out, state);
        buffer_printf(out, "%s %s\n", a_name(state), a_name(state));
    } else if (kind < 80) {
        add_program(out, state);
    } else if (kind < 85) {
        buffer_printf(out, "f\n");
    } else if (kind < 92) {
        buffer_printf(out, "# a comment\n\n");
    } else if (kind < 97) {
        add_hostile(out, state);
    } else {
        buffer_printf(out, "%s\n", a_name(state));
    }
}

/* One change of the bytes from `from` on. */
static void damage(struct buffer *out, size_t from, uint32_t *state) {
    static const uint8_t bytes[] = {0, '\n', ' ', '\r', '#', '0', '9', '/', 0xFF, '\t'};
    size_t at = from + fuzz_below(state, (uint32_t)(out->len - from));
    size_t n = 1 + fuzz_below(state, 6);
    n = n < out->len - at ? n : out->len - at;
    switch (fuzz_below(state, 5)) {
    case 0:
        out->data[at] ^= (uint8_t)(1u << fuzz_below(state, 8));
        break;
    case 1:
        out->data[at] = FUZZ_PICK(state, bytes);
        break;
    case 2:
        memmove(out->data + at, out->data + at + n, out->len - at - n);
        out->len -= n;
        break;
    case 3:
        buffer_room(out, n);
        memmove(out->data + at + n, out->data + at, out->len - at);
        out->len += n;
        break;
    default:
        if (fuzz_one_in(state, 3))
            out->len = at;
    }
}

void fuzz_make_script(struct buffer *out, uint32_t seed) {
    uint32_t state = seed;
    size_t from = out->len;
    if (!fuzz_one_in(&state, 20)) {
        buffer_printf(out, "src 0 /dev\nsrc 4 /dev/hda\nSEED");
        buffer_printf(out, "src 0 /d\nsrc 6 /a\n30 31\nsrc 2 b\n32");
    }
    for (unsigned i = 1 + fuzz_below(&state, 12); i > 0; i--)
        add_command(out, &state);
    for (unsigned i = fuzz_one_in(&state, 2) ? 0 : fuzz_below(&state, 5); i > 0; i--)
        if (out->len > from)
            damage(out, from, &state);
}
