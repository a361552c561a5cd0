/* Random hex0 texts. */
#include "verify/fuzz/fuzz_make.h"
#include "verify/fuzz/fuzz_random.h"

/* Appends one text with an even number of digits outside comments. */
static void add_text(struct buffer *out, uint32_t *state) {
    static const char digits[] = "0123456789abcdefABCDEF";
    static const char odd[] = "gGxX/:@`\t\r\n\n\n  ,.-_\\'\"\x7F\x80\xFF\x01\v\f";
    static const char marks[] = "#;";
    unsigned size = fuzz_below(state, fuzz_one_in(state, 8) ? 20000 : 400);
    bool comment = false, half = false;
    for (unsigned i = 0; i < size; i++) {
        uint32_t kind = fuzz_below(state, 100);
        uint8_t c = (uint8_t)digits[fuzz_below(state, sizeof digits - 1)];
        if (kind < 4)
            c = (uint8_t)marks[fuzz_below(state, 2)];
        else if (kind < 25)
            c = (uint8_t)odd[fuzz_below(state, sizeof odd - 1)];
        else if (kind < 27)
            c = (uint8_t)fuzz_next(state);
        bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        half ^= hex && !comment;
        comment = comment ? c != '\n' : c == '#' || c == ';';
        buffer_append(out, &c, 1);
    }
    if (half)
        buffer_append(out, comment ? "\n7" : "7", comment ? 2 : 1);
}

void fuzz_make_texts(struct buffer *out, uint32_t seed, unsigned count,
                     const struct buffer *calls) {
    uint32_t state = seed;
    struct buffer ops = {0};
    buffer_printf(out, "src 0 /dev\nsrc 0 /bin\nsrc 1 /dev/hda\n\nsrc 0 /t\nsrc %zu /bin/calls\n",
                  calls->len);
    buffer_append(out, calls->data, calls->len);
    for (unsigned i = 1; i <= count; i++) {
        struct buffer text = {0};
        bool in_place = fuzz_one_in(&state, 6);
        add_text(&text, &state);
        buffer_printf(out, "src %zu /t/i%u\n", text.len, i);
        if (text.len > 0)
            buffer_append(out, text.data, text.len);
        buffer_printf(out, "hex0 /t/i%u /t/%c%u\n", i, in_place ? 'i' : 'o', i);
        buffer_printf(&ops, "case %u\nsum /t/%c%u\n", i, in_place ? 'i' : 'o', i);
        buffer_free(&text);
    }
    buffer_printf(out, "src %zu /ops\n", ops.len);
    buffer_append(out, ops.data, ops.len);
    buffer_printf(out, "/bin/calls\n");
    buffer_free(&ops);
}
