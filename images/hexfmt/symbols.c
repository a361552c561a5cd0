/* ELF and DWARF of a hex0 source, by hand: no linker knows that its addresses are numbers. */
#include "images/hexfmt/symbols.h"

#include <string.h>

enum { EHDR = 52, SHDR = 40, SYM = 16, EM_386 = 3, ET_EXEC = 2 };
enum { PROGBITS = 1, SYMTAB = 2, STRTAB = 3, ALLOC = 2, EXECINSTR = 4 };
enum { NONE, TEXT, SYMBOLS, STRINGS, ABBREV, INFO, LINE, NAMES, SECTIONS };

static void put8(struct buffer *b, uint32_t v) {
    buffer_append(b, &(uint8_t){(uint8_t)v}, 1);
}

static void put16(struct buffer *b, uint32_t v) {
    put8(b, v);
    put8(b, v >> 8);
}

static void put32(struct buffer *b, uint32_t v) {
    put16(b, v);
    put16(b, v >> 16);
}

static void set32(struct buffer *b, size_t at, uint32_t v) {
    for (int k = 0; k < 4; k++)
        b->data[at + (size_t)k] = (uint8_t)(v >> 8 * k);
}

static void put_string(struct buffer *b, const char *text) {
    buffer_append(b, text, strlen(text) + 1);
}

/* The variable-length numbers of DWARF (7.6). */
static void put_unsigned(struct buffer *b, uint32_t v) {
    for (; v >= 0x80; v >>= 7)
        put8(b, v | 0x80);
    put8(b, v);
}

static void put_signed(struct buffer *b, int32_t v) {
    bool more = true;
    while (more) {
        uint32_t low = (uint32_t)v & 0x7F;
        v = (v - (int32_t)low) / 128;
        more = !((v == 0 && !(low & 0x40)) || (v == -1 && low & 0x40));
        put8(b, low | (more ? 0x80 : 0));
    }
}

static uint32_t origin(const struct listing *l) {
    for (size_t i = 0; i < l->count; i++)
        if (l->lines[i].size)
            return l->lines[i].address;
    return 0;
}

/* Symbols of all labels; the first is the null symbol. */
static void add_symbols(const struct listing *l, struct buffer *symbols, struct buffer *strings) {
    enum { GLOBAL_NOTYPE = 0x10 };
    put8(strings, 0);
    for (int k = 0; k < SYM; k++)
        put8(symbols, 0);
    for (size_t i = 0; i < l->count; i++) {
        if (!l->lines[i].label)
            continue;
        put32(symbols, (uint32_t)strings->len);
        put32(symbols, l->lines[i].address);
        put32(symbols, 0);
        put8(symbols, GLOBAL_NOTYPE);
        put8(symbols, 0);
        put16(symbols, TEXT);
        put_string(strings, l->lines[i].label);
    }
}

/* One entry: a compilation unit (DWARF 2, 3.1). */
static void add_unit(const struct listing *l, const char *folder, uint32_t size,
                     struct buffer *abbrev, struct buffer *info) {
    static const uint8_t UNIT[] = {1,    0x11, 0, /* DW_TAG_compile_unit, no children */
                                   0x10, 0x06,    /* stmt_list, data4 */
                                   0x11, 0x01,    /* low_pc, addr */
                                   0x12, 0x01,    /* high_pc, addr */
                                   0x03, 0x08,    /* name, string */
                                   0x1B, 0x08,    /* comp_dir, string */
                                   0x13, 0x05,    /* language, data2 */
                                   0,    0,    0};
    enum { DW_LANG_MIPS_ASSEMBLER = 0x8001 };
    buffer_append(abbrev, UNIT, sizeof UNIT);
    put32(info, 0);
    put16(info, 2);
    put32(info, 0);
    put8(info, 4);
    put8(info, 1);
    put32(info, 0);
    put32(info, origin(l));
    put32(info, origin(l) + size);
    put_string(info, l->path);
    put_string(info, folder);
    put16(info, DW_LANG_MIPS_ASSEMBLER);
    set32(info, 0, (uint32_t)info->len - 4);
}

/* The line number program (DWARF 2, 6.2): a row for each instruction, by standard opcodes. */
static void add_lines(const struct listing *l, uint32_t size, struct buffer *b) {
    enum { COPY = 1, ADVANCE_PC = 2, ADVANCE_LINE = 3, OPCODES = 10 };
    static const uint8_t LENGTHS[OPCODES - 1] = {0, 1, 1, 1, 1, 0, 0, 0, 1};
    uint32_t address = origin(l);
    unsigned line = 1;
    put32(b, 0);
    put16(b, 2);
    size_t header = b->len;
    put32(b, 0);
    put8(b, 1); /* bytes of the shortest instruction */
    put8(b, 1); /* is_stmt */
    put8(b, 0); /* line_base and line_range of special opcodes, which are not used */
    put8(b, 1);
    put8(b, OPCODES);
    buffer_append(b, LENGTHS, sizeof LENGTHS);
    put8(b, 0); /* no folders */
    put_string(b, l->path);
    buffer_append(b, (uint8_t[]){0, 0, 0, 0}, 4); /* folder, time, size; end of the files */
    set32(b, header, (uint32_t)(b->len - header - 4));
    put8(b, 0); /* DW_LNE_set_address */
    put8(b, 5);
    put8(b, 2);
    put32(b, address);
    for (size_t i = 0; i < l->count; i++) {
        const struct line *row = &l->lines[i];
        if (!row->instruction)
            continue;
        put8(b, ADVANCE_LINE);
        put_signed(b, (int32_t)row->number - (int32_t)line);
        put8(b, ADVANCE_PC);
        put_unsigned(b, row->address - address);
        put8(b, COPY);
        line = row->number;
        address = row->address;
    }
    put8(b, ADVANCE_PC);
    put_unsigned(b, origin(l) + size - address);
    put8(b, 0); /* DW_LNE_end_sequence */
    put8(b, 1);
    put8(b, 1);
    set32(b, 0, (uint32_t)b->len - 4);
}

struct section {
    const char *name;
    uint32_t type, flags, link, info, entry;
    struct buffer bytes;
};

/* The ELF header: section headers at `sections`. */
static void add_header(struct buffer *out, uint32_t entry, uint32_t sections) {
    static const uint8_t IDENT[16] = {0x7F, 'E', 'L', 'F', 1, 1, 1};
    buffer_append(out, IDENT, sizeof IDENT);
    put16(out, ET_EXEC);
    put16(out, EM_386);
    put32(out, 1);
    put32(out, entry);
    put32(out, 0);
    put32(out, sections);
    put32(out, 0);
    put16(out, EHDR);
    put16(out, 0);
    put16(out, 0);
    put16(out, SHDR);
    put16(out, SECTIONS);
    put16(out, NAMES);
}

static void add_sections(struct buffer *out, struct section *s, uint32_t entry) {
    uint32_t at = EHDR, names[SECTIONS];
    for (int n = 0; n < SECTIONS; n++) {
        names[n] = (uint32_t)s[NAMES].bytes.len;
        put_string(&s[NAMES].bytes, s[n].name);
    }
    uint32_t end = at;
    for (int n = 1; n < SECTIONS; n++)
        end += (uint32_t)s[n].bytes.len;
    add_header(out, entry, end);
    for (int n = 1; n < SECTIONS; n++)
        buffer_append(out, s[n].bytes.data, s[n].bytes.len);
    for (int n = 0; n < SECTIONS; n++) {
        put32(out, names[n]);
        put32(out, s[n].type);
        put32(out, s[n].flags);
        put32(out, n == TEXT ? entry : 0);
        put32(out, n ? at : 0);
        put32(out, (uint32_t)s[n].bytes.len);
        put32(out, s[n].link);
        put32(out, s[n].info);
        put32(out, 1);
        put32(out, s[n].entry);
        at += (uint32_t)s[n].bytes.len;
    }
}

void symbols_write(const struct listing *l, const struct buffer *code, const char *folder,
                   struct buffer *out) {
    struct section s[SECTIONS] = {
        [NONE] = {.name = ""},
        [TEXT] = {.name = ".text", .type = PROGBITS, .flags = ALLOC | EXECINSTR},
        [SYMBOLS] = {.name = ".symtab", .type = SYMTAB, .link = STRINGS, .info = 1, .entry = SYM},
        [STRINGS] = {.name = ".strtab", .type = STRTAB},
        [ABBREV] = {.name = ".debug_abbrev", .type = PROGBITS},
        [INFO] = {.name = ".debug_info", .type = PROGBITS},
        [LINE] = {.name = ".debug_line", .type = PROGBITS},
        [NAMES] = {.name = ".shstrtab", .type = STRTAB},
    };
    uint32_t size = (uint32_t)code->len;
    buffer_append(&s[TEXT].bytes, code->data, code->len);
    add_symbols(l, &s[SYMBOLS].bytes, &s[STRINGS].bytes);
    add_unit(l, folder, size, &s[ABBREV].bytes, &s[INFO].bytes);
    add_lines(l, size, &s[LINE].bytes);
    add_sections(out, s, origin(l));
    for (int n = 0; n < SECTIONS; n++)
        buffer_free(&s[n].bytes);
}
