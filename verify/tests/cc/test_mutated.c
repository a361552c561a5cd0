/* Programs with random damage: the compiler compiles them or says what is wrong, in its own words.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verify/tests/cc/compile.h"

enum { MUTATED = 150, MUTATED_SECONDS = 240 };

static const char *const words[] = {
    "{",      "}",      "(",   ")",    "[",       "]",      ";",    ",",    "*",
    "&",      "struct", "int", "0",    "-1",      ":",      "?",    ".",    "->",
    "=",      "\\",     "\"",  "'",    "#",       "##",     "\n",   "case", "enum",
    "sizeof", "return", "'a'", "char", "typedef", "static", "void", "...",  "1.5e",
    "({",     "})",     "&&a", "goto", "goto *",
};

/* Takes bytes out, doubles some, or puts a word in. */
static void damage(struct buffer *b, uint32_t *state) {
    struct buffer out = {0};
    size_t at = test_random(state) % b->len;
    size_t n = 1 + test_random(state) % 12;
    n = n < b->len - at ? n : b->len - at;
    buffer_append(&out, b->data, at);
    switch (test_random(state) % 3) {
    case 0:
        buffer_append(&out, b->data + at + n, b->len - at - n);
        break;
    case 1:
        buffer_append(&out, b->data + at, n);
        buffer_append(&out, b->data + at, b->len - at);
        break;
    default: {
        const char *word = words[test_random(state) % (sizeof words / sizeof words[0])];
        buffer_append(&out, word, strlen(word));
        buffer_append(&out, b->data + at, b->len - at);
    }
    }
    buffer_free(b);
    *b = out;
}

/* Whether each line is FILE:LINE:COLUMN: text, or cc: text. */
static bool in_its_own_words(const char *text) {
    for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        unsigned number, column;
        if (strncmp(line, "cc: ", 4) == 0)
            continue;
        const char *colon = line + strcspn(line, ":\n");
        if (*colon != ':' || sscanf(colon, ":%u:%u: ", &number, &column) != 2)
            return false;
    }
    return true;
}

TEST_WITHIN(MUTATED_SECONDS, cc_answers_damaged_programs_in_its_own_words) {
    static const char *const sources[] = {"language",   "preprocessor", "initializers",
                                          "floating",   "gnu",          "callee",
                                          "statements", "labels",       "alignment"};
    enum { SOURCES = sizeof sources / sizeof sources[0] };
    const char *many = getenv("CC_MUTATED"); /* so many, for a long run */
    int count = many ? atoi(many) : MUTATED;
    uint32_t state = many ? (uint32_t)count : 20201125;
    int compiled = 0;
    const char *path = test_path(t, "damaged.c");
    for (int i = 0; i < count; i++) {
        struct buffer b =
            test_read(t, xprintf("verify/tests/cc/programs/%s.c", sources[i % SOURCES]));
        for (int k = 1 + test_random(&state) % 3; k > 0; k--)
            damage(&b, &state);
        test_write(t, path, b.data, b.len);
        struct outcome o = cc_try(t, path, test_path(t, "damaged.link"), NULL);
        if (o.status > 1 || !in_its_own_words((const char *)o.output.data) ||
            (o.status == 1 && o.output.len == 0)) {
            test_write(t, "build/cc-damaged.c", b.data, b.len);
            test_fail(t, "program %d, kept as build/cc-damaged.c: status %d, %s", i, o.status,
                      (const char *)o.output.data);
        }
        compiled += o.status == 0;
        buffer_free(&o.output);
        buffer_free(&b);
    }
    if (compiled == count)
        test_fail(t, "no damage was noticed");
}
