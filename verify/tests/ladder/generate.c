/* Random sources for the assemblers of the chain and of mescc-tools. */
#include "verify/tests/ladder/generate.h"

#include <stdlib.h>
#include <string.h>

#include "verify/harness/harness.h"

enum { MAX_ITEMS = 60, MAX_LABELS = 12, NAME_SIZE = 24 };

struct item {
    char kind; /* 'b' bytes, ':' a label, or the mark of a reference */
    size_t size;
    size_t at; /* offset in the output */
    size_t label;
};

static uint32_t below(uint32_t *state, uint32_t limit) {
    return test_random(state) % limit;
}

static char pick(uint32_t *state, const char *set) {
    return set[below(state, (uint32_t)strlen(set))];
}

static void add(struct buffer *text, char c) {
    buffer_append(text, &c, 1);
}

/*
 * A comment with its newline. Anything may stand in it, but mescc-tools takes the byte 0xFF for the
 * end of the file and a carriage return for the end of the comment.
 */
static void add_comment(struct buffer *text, uint32_t *state) {
    add(text, pick(state, "#;"));
    for (uint32_t left = below(state, 20); left > 0; left--) {
        char c = (char)(1 + below(state, 254));
        if (c != '\n' && c != '\r')
            add(text, c);
    }
    add(text, '\n');
}

/* What may end a name: a blank, perhaps with more behind it. */
static void add_blanks(struct buffer *text, uint32_t *state) {
    do {
        add(text, pick(state, "  \t\n"));
        if (below(state, 8) == 0)
            add_comment(text, state);
    } while (below(state, 3) == 0);
}

/* What hex2 skips between digits. */
static void add_junk(struct buffer *text, uint32_t *state) {
    while (below(state, 3) == 0)
        if (below(state, 10) == 0)
            add_comment(text, state);
        else
            add(text, pick(state, "  \t\n\r_-|.,'\"?*+/=[]{}()\\ghixyzGXZ<^>\200\376"));
}

static void add_digit(struct buffer *text, uint32_t *state) {
    add(text, pick(state, "0123456789abcdefABCDEF"));
}

/* Names with every character that can be in one; the number makes them different. */
static void make_names(char names[][NAME_SIZE], size_t count, uint32_t *state) {
    for (size_t i = 0; i < count; i++) {
        size_t length = 0;
        for (uint32_t left = 1 + below(state, 10); left > 0; left--) {
            char c = (char)('!' + below(state, '~' - '!' + 1));
            if (c != '>')
                names[i][length++] = c;
        }
        snprintf(names[i] + length, NAME_SIZE - length, "_%zu", i);
    }
}

/* Chooses what stands where. */
static size_t lay_out(struct item *items, size_t labels, bool small, uint32_t *state) {
    size_t count = labels + below(state, (uint32_t)(MAX_ITEMS - labels));
    size_t next_label = 0;
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        struct item *item = &items[i];
        *item = (struct item){.kind = 'b', .at = at};
        if (next_label < labels && (count - i <= labels - next_label || below(state, 4) == 0)) {
            item->kind = ':';
            item->label = next_label++;
        } else if (labels > 0 && below(state, 2) == 0) {
            item->kind = pick(state, small ? "!@~%&$" : "!@~%&");
            item->size = strchr("%&", item->kind) ? 4 : item->kind == '~' ? 3 : 2;
            item->size = item->kind == '!' ? 1 : item->size;
        } else {
            item->size = 1 + (below(state, 6) == 0 ? below(state, 200) : below(state, 8));
        }
        at += item->size;
    }
    return count;
}

/* Writes a reference whose value fits. */
static void add_reference(struct buffer *text, const struct item *item, char names[][NAME_SIZE],
                          const size_t *where, size_t labels, uint32_t *state) {
    size_t a = below(state, (uint32_t)labels);
    size_t b = below(state, (uint32_t)labels);
    bool two = below(state, 4) == 0;
    if (item->kind == '!') {
        long from = (long)(two ? where[b] : item->at + 1);
        long distance = (long)where[a] - from;
        if (distance < -128 || distance > 127) {
            two = true;
            b = a;
        }
    }
    add(text, item->kind);
    buffer_printf(text, "%s", names[a]);
    if (two)
        buffer_printf(text, ">%s", names[b]);
    add_blanks(text, state);
}

struct generated_hex2 generate_hex2(uint32_t *state) {
    static const uint32_t BASES[] = {0x08048000, 0x7C00, 0x100000, 0x100};
    struct generated_hex2 made = {.base = BASES[below(state, 4)]};
    struct item items[MAX_ITEMS];
    char names[MAX_LABELS][NAME_SIZE];
    size_t where[MAX_LABELS] = {0};
    size_t labels = below(state, MAX_LABELS);
    make_names(names, labels, state);
    bool small = made.base == 0x100 || (made.base == 0x7C00 && below(state, 2) == 0);
    size_t count = lay_out(items, labels, small, state);
    if (made.base == 0x7C00 && count > 0 && items[count - 1].at + 256 > 0x400)
        made.base = 0x100; /* $ reaches up to 0x7FFF */
    for (size_t i = 0; i < count; i++)
        if (items[i].kind == ':')
            where[items[i].label] = items[i].at;
    for (size_t i = 0; i < count; i++) {
        if (items[i].kind == 'b') {
            for (size_t left = 2 * items[i].size; left > 0; left--) {
                add_digit(&made.text, state);
                add_junk(&made.text, state);
            }
        } else if (items[i].kind == ':') {
            buffer_printf(&made.text, ":%s", names[items[i].label]);
            add_blanks(&made.text, state);
        } else {
            add_reference(&made.text, &items[i], names, where, labels, state);
        }
    }
    made.broken = below(state, 16) == 0;
    if (made.broken)
        buffer_printf(&made.text, "\n%cnot_there\n", pick(state, "!@~%&$"));
    return made;
}

/* A number in one of the forms that M1 knows. */
static void add_number(struct buffer *text, uint32_t *state) {
    uint32_t value = test_random(state) >> below(state, 32);
    switch (below(state, 7)) {
    case 0:
        buffer_printf(text, "%u", value >> 1);
        break;
    case 1:
        buffer_printf(text, "-%u", value >> 1);
        break;
    case 2:
        buffer_printf(text, "0x%x", value);
        break;
    case 3:
        buffer_printf(text, "0x%X", value);
        break;
    case 4:
        buffer_printf(text, "0%o", value);
        break;
    case 5:
        buffer_printf(text, "0x-%X", value >> 1);
        break;
    default:
        buffer_printf(text, "0b%u%u%u", value & 1, value >> 1 & 1, value >> 2 & 1);
        break;
    }
}

/* Bytes as digits, in quotes. */
static void add_raw(struct buffer *text, uint32_t *state) {
    add(text, '\'');
    for (uint32_t left = below(state, 6); left > 0; left--) {
        add_digit(text, state);
        add_digit(text, state);
        if (below(state, 3) == 0)
            add(text, pick(state, " \n\t"));
    }
    add(text, '\'');
}

static void add_string(struct buffer *text, uint32_t *state) {
    add(text, '"');
    for (uint32_t left = below(state, 12); left > 0; left--) {
        char c = (char)(1 + below(state, 126));
        if (c != '"')
            add(text, c);
    }
    add(text, '"');
}

/* A definition; names of macros have their number, so that none is the name of another token. */
static void add_definition(struct buffer *text, size_t macro, uint32_t *state) {
    buffer_printf(text, "DEFINE%cm%zu,[x]%c", pick(state, " \t"), macro, pick(state, " \t"));
    for (uint32_t left = 1 + below(state, 4); left > 0; left--)
        buffer_printf(text, "%02X", below(state, 256));
}

struct buffer generate_m1(uint32_t *state) {
    struct buffer text = {0};
    size_t macros = below(state, 6);
    size_t labels = 1 + below(state, 6);
    size_t next_label = 0;
    size_t next_macro = 0;
    uint32_t count = 1 + below(state, 50);
    for (uint32_t i = 0; i < count || next_label < labels || next_macro < macros; i++) {
        uint32_t what = below(state, 10);
        if (what == 0 && next_macro < macros) {
            add_definition(&text, next_macro++, state);
        } else if (what == 0 && macros > 0) {
            add_definition(&text, below(state, (uint32_t)macros), state);
        } else if (what == 1 && next_label < labels) {
            buffer_printf(&text, ":label#%zu;", next_label++);
        } else if (what == 2 && macros > 0) {
            buffer_printf(&text, "m%u,[x]", below(state, (uint32_t)macros));
        } else if (what <= 4) {
            add(&text, pick(state, "!@~%"));
            add_number(&text, state);
        } else if (what == 5) {
            buffer_printf(&text, "%clabel#%u;", pick(state, "!@%&"),
                          below(state, (uint32_t)labels));
        } else if (what == 6) {
            add_raw(&text, state);
        } else if (what == 7) {
            add_string(&text, state);
        } else if (what == 8) {
            buffer_printf(&text, "<%u", 1 + below(state, 9));
        } else {
            buffer_printf(&text, below(state, 2) == 0 ? "<" : "^");
        }
        if (what == 6 || what == 7 ? below(state, 2) == 0 : true)
            add_blanks(&text, state);
    }
    return text;
}
