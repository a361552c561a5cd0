/* Reading: hex2 as boot0's reads it, and link's own language. */
#include <stdlib.h>
#include <string.h>

#include "verify/ladder/link.h"

static const char KINDS[] = "!@~%$&";
static const uint8_t SIZES[] = {1, 2, 3, 4, 2, 4};

static struct slice none(void) {
    return (struct slice){NULL, 0};
}

static int digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void put(struct link *l, uint8_t byte) {
    struct section *s = &l->section[l->current];
    if (l->current == BSS && !l->hex2)
        fail(l, "bytes in bss", none());
    if (s->size == s->room) {
        s->room = 2 * s->room + 4096;
        s->bytes = realloc(s->bytes, s->room);
        if (!s->bytes)
            allocate(SIZE_MAX);
    }
    s->bytes[s->size++] = byte;
}

static bool ends_hex2_name(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '>';
}

static struct slice hex2_name(struct link *l) {
    struct slice name = {l->at, 0};
    while (l->at < l->end && !ends_hex2_name(*l->at))
        l->at++;
    name.length = (size_t)(l->at - name.at);
    return name;
}

void read_hex2(struct link *l, const char *file, const char *text, size_t size) {
    int high = -1;
    l->at = text;
    l->end = text + size;
    l->place = (struct place){file, strlen(file), 1};
    unsigned last = 1; /* the line of the last token */
    while (l->at < l->end) {
        last = l->place.line;
        char c = *l->at++;
        const char *kind = c != 0 ? strchr(KINDS, c) : NULL;
        if (c == ':') {
            define(l, hex2_name(l));
        } else if (kind) {
            struct reference r = {.text = {l->at - 1, 0}};
            r.plus = find(l, hex2_name(l));
            if (l->at < l->end && *l->at == '>') {
                l->at++;
                r.minus = find(l, hex2_name(l));
            }
            r.text.length = (size_t)(l->at - r.text.at);
            refer(l, c, SIZES[kind - KINDS], r);
        } else if (c == '#' || c == ';') {
            while (l->at < l->end && *l->at != '\n')
                l->at++;
        } else if (digit(c) >= 0) {
            if (high < 0) {
                high = digit(c);
            } else {
                put(l, (uint8_t)(high << 4 | digit(c)));
                high = -1;
            }
        }
        l->place.line += c == '\n';
    }
    if (high >= 0) {
        l->place.line = last;
        fail(l, "odd number of hexadecimal digits", none());
    }
}

static bool is_name_byte(char c) {
    return (uint8_t)c > ' ' && strchr("><+-#;:\"!%&$~", c) == NULL;
}

static struct slice name(struct link *l) {
    struct slice word = {l->at, 0};
    while (l->at < l->end && is_name_byte(*l->at))
        l->at++;
    word.length = (size_t)(l->at - word.at);
    return word;
}

/* The token at `start`, for messages: up to the next blank. */
static struct slice token(struct link *l, const char *start) {
    const char *end = start;
    while (end < l->end && (uint8_t)*end > ' ')
        end++;
    return (struct slice){start, (size_t)(end - start)};
}

/* A decimal number, or hexadecimal after 0x, with an optional sign, up to 32 bits. */
static uint32_t number(struct link *l, const char *start) {
    bool negative = l->at < l->end && *l->at == '-';
    l->at += negative;
    int base = 10;
    if (l->end - l->at > 2 && l->at[0] == '0' && l->at[1] == 'x') {
        base = 16;
        l->at += 2;
    }
    uint64_t value = 0;
    const char *first = l->at;
    while (l->at < l->end && digit(*l->at) >= 0 && digit(*l->at) < base && value <= UINT32_MAX)
        value = value * (unsigned)base + (unsigned)digit(*l->at++);
    if (l->at == first || value > UINT32_MAX || (l->at < l->end && is_name_byte(*l->at)))
        fail(l, "bad number", token(l, start));
    return negative ? 0 - (uint32_t)value : (uint32_t)value;
}

static bool fits(uint32_t value, uint32_t size, bool also_unsigned) {
    uint32_t shift = 32 - 8 * size;
    int32_t extended = (int32_t)(value << shift) >> shift;
    return (uint32_t)extended == value || (also_unsigned && value << shift >> shift == value);
}

static void number_token(struct link *l, const char *start, uint32_t size) {
    uint32_t value = number(l, start);
    if (!fits(value, size, true))
        fail(l, "out of range", (struct slice){start, (size_t)(l->at - start)});
    for (uint32_t i = 0; i < size; i++)
        put(l, (uint8_t)(value >> (8 * i)));
}

static struct slice need_name(struct link *l, const char *start) {
    struct slice word = name(l);
    if (word.length == 0)
        fail(l, "no name", token(l, start));
    return word;
}

static void reference(struct link *l, char kind, uint32_t size) {
    const char *start = l->at - 1;
    if (l->at < l->end && ((*l->at >= '0' && *l->at <= '9') || *l->at == '-')) {
        number_token(l, start, size);
        return;
    }
    struct reference r = {.text = {start, 0}};
    r.plus = find(l, need_name(l, start));
    if (l->at < l->end && *l->at == '>' && kind != '&' && kind != '$') {
        l->at++;
        r.minus = find(l, need_name(l, start));
    }
    if (l->at < l->end && (*l->at == '+' || *l->at == '-')) {
        l->at += *l->at == '+';
        r.addend = number(l, start);
    }
    r.text.length = (size_t)(l->at - r.text.at);
    refer(l, kind, size, r);
}

static void string(struct link *l) {
    static const char ESCAPES[] = "n\nt\tr\r0\0\\\\\"\"";
    const char *start = l->at - 1;
    for (;;) {
        if (l->at == l->end || *l->at == '\n')
            fail(l, "no quote at the end", token(l, start));
        char c = *l->at++;
        if (c == '"')
            return;
        if (c == '\\') {
            c = l->at < l->end ? *l->at++ : 0;
            size_t i = 0;
            while (i < sizeof ESCAPES - 1 && ESCAPES[i] != c)
                i += 2;
            if (i < sizeof ESCAPES - 1) {
                c = ESCAPES[i + 1];
            } else if (c == 'x' && l->end - l->at >= 2 && digit(l->at[0]) >= 0 &&
                       digit(l->at[1]) >= 0) {
                c = (char)(16 * digit(l->at[0]) + digit(l->at[1]));
                l->at += 2;
            } else {
                fail(l, "unknown escape", token(l, start));
            }
        }
        put(l, (uint8_t)c);
    }
}

static void blanks(struct link *l) {
    while (l->at < l->end && (*l->at == ' ' || *l->at == '\t' || *l->at == '\r'))
        l->at++;
}

/* .fill N BYTE and .space N */
static void fill(struct link *l, const char *start, uint32_t count, uint8_t byte) {
    struct section *s = &l->section[l->current];
    if (count > 0x7FFFFFFF - s->size)
        fail(l, "out of range", token(l, start));
    if (l->current == BSS) {
        if (byte != 0)
            fail(l, "bytes in bss", none());
        s->size += count;
        return;
    }
    while (count > 0) {
        put(l, byte);
        count--;
    }
}

static void align(struct link *l, const char *start, uint32_t n) {
    struct section *s = &l->section[l->current];
    if (n == 0 || n > 4096 || (n & (n - 1)) != 0)
        fail(l, "bad alignment", token(l, start));
    s->align = n > s->align ? n : s->align;
    fill(l, start, (0 - s->size) & (n - 1), l->current == TEXT ? 0x90 : 0);
}

static void line(struct link *l, const char *start) {
    unsigned n = number(l, start);
    blanks(l);
    struct slice file = token(l, l->at);
    if (file.length == 0)
        fail(l, "no name", token(l, start));
    l->at += file.length;
    l->place = (struct place){file.at, file.length, n - 1};
}

/* .bytes FILE: the bytes of a file */
static void bytes(struct link *l, const char *start) {
    struct slice file = token(l, start);
    if (file.length == 0)
        fail(l, "no name", token(l, start));
    l->at += file.length;
    char *path = allocate(file.length + 1);
    memcpy(path, file.at, file.length);
    size_t size;
    const char *content = load(path, &size);
    for (size_t i = 0; i < size; i++)
        put(l, (uint8_t)content[i]);
}

static bool is_word(struct slice word, const char *text) {
    return word.length == strlen(text) && memcmp(word.at, text, word.length) == 0;
}

static void directive(struct link *l) {
    static const char *const NAMES[] = {".text", ".rodata", ".data", ".bss"};
    const char *start = --l->at;
    struct slice word = token(l, start);
    l->at += word.length;
    for (int i = 0; i < SECTIONS; i++) {
        if (is_word(word, NAMES[i])) {
            l->current = (enum section_number)i;
            return;
        }
    }
    blanks(l);
    const char *operand = l->at;
    if (is_word(word, ".line")) {
        line(l, operand);
    } else if (is_word(word, ".align")) {
        align(l, operand, number(l, operand));
    } else if (is_word(word, ".bytes")) {
        bytes(l, operand);
    } else if (is_word(word, ".space")) {
        fill(l, operand, number(l, operand), 0);
    } else if (is_word(word, ".fill")) {
        uint32_t count = number(l, operand);
        blanks(l);
        uint32_t byte = number(l, l->at);
        if (!fits(byte, 1, true))
            fail(l, "out of range", token(l, operand));
        fill(l, operand, count, (uint8_t)byte);
    } else {
        fail(l, "unknown directive", word);
    }
}

static void digits(struct link *l) {
    const char *start = --l->at;
    while (l->at < l->end && digit(*l->at) >= 0) {
        if (l->end - l->at < 2 || digit(l->at[1]) < 0)
            fail(l, "odd number of hexadecimal digits", token(l, start));
        put(l, (uint8_t)(digit(l->at[0]) << 4 | digit(l->at[1])));
        l->at += 2;
    }
}

void read_module(struct link *l, const char *file, const char *text, size_t size) {
    l->at = text;
    l->end = text + size;
    l->place = (struct place){file, strlen(file), 1};
    l->module++;
    l->outer = NULL;
    l->current = TEXT;
    while (l->at < l->end) {
        char c = *l->at++;
        const char *start = l->at - 1;
        const char *kind = c != 0 ? strchr(KINDS, c) : NULL;
        if (c == '\n')
            l->place.line++;
        else if (c == ' ' || c == '\t' || c == '\r')
            continue;
        else if (c == '#' || c == ';')
            while (l->at < l->end && *l->at != '\n')
                l->at++;
        else if (c == ':')
            define(l, need_name(l, start));
        else if (kind)
            reference(l, c, SIZES[kind - KINDS]);
        else if (c == '"')
            string(l);
        else if (c == '.')
            directive(l);
        else if (digit(c) >= 0)
            digits(l);
        else
            fail(l, "unknown word", token(l, start));
    }
}
