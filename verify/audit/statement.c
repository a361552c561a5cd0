/* Instructions as NASM's manual (3.1) describes them: prefix, mnemonic, operands. */
#include "verify/audit/statement.h"

#include <stdio.h>
#include <string.h>

static struct operand fail(struct place *place, const char *why) {
    if (!place->error)
        place->error = why;
    return (struct operand){0};
}

/* Moves *text behind the word if it stands there. */
static bool take_word(const char **text, const char *word) {
    const char *p = skip_blanks(*text);
    size_t length = strlen(word);
    if (strncmp(p, word, length) != 0 || word_end(p) != p + length)
        return false;
    *text = skip_blanks(p + length);
    return true;
}

/* The size that a keyword before an operand or in brackets gives, or 0. */
static unsigned take_size(const char **text) {
    static const struct {
        const char *word;
        unsigned size;
    } SIZES[] = {{"byte", 1}, {"word", 2}, {"dword", 4}, {"qword", 8}, {"tword", 10}};
    /* These choose between encodings that mean the same; the decoded target tells the rest. */
    while (take_word(text, "strict") || take_word(text, "short") || take_word(text, "near")) {
    }
    for (size_t i = 0; i < sizeof SIZES / sizeof SIZES[0]; i++)
        if (take_word(text, SIZES[i].word))
            return SIZES[i].size;
    return 0;
}

/* The register at *text if a colon follows it: a segment. */
static int take_segment(const char **text) {
    const char *end = word_end(*text);
    int number = register_number(*text, (size_t)(end - *text));
    if (number < 0 || *skip_blanks(end) != ':')
        return -1;
    *text = skip_blanks(skip_blanks(end) + 1);
    return number;
}

static struct operand read_memory(const char **text, struct place *place) {
    struct operand o = {.kind = OPERAND_MEMORY, .segment = -1};
    *text = skip_blanks(*text + 1);
    o.segment = take_segment(text);
    o.value = read_expression(text, place);
    *text = skip_blanks(*text);
    if (**text != ']')
        return fail(place, "a bracket is not closed");
    ++*text;
    return o;
}

static struct operand read_operand(const char **text, struct place *place) {
    unsigned size = take_size(text);
    *text = skip_blanks(*text);
    struct operand o;
    if (**text == '[') {
        o = read_memory(text, place);
    } else {
        const char *end = word_end(*text);
        int number = register_number(*text, (size_t)(end - *text));
        if (number >= 0) {
            o = (struct operand){.kind = OPERAND_REGISTER, .reg = number};
            *text = end;
        } else {
            o = (struct operand){.kind = OPERAND_NUMBER};
            o.value.value = read_number(text, place);
        }
    }
    o.size = size;
    *text = skip_blanks(*text);
    return o;
}

static unsigned char take_prefix(const char **text) {
    if (take_word(text, "lock"))
        return 0xF0;
    if (take_word(text, "repne") || take_word(text, "repnz"))
        return 0xF2;
    return take_word(text, "rep") || take_word(text, "repe") || take_word(text, "repz") ? 0xF3 : 0;
}

struct statement read_statement(const char *text, struct place *place) {
    struct statement s = {0};
    text = skip_blanks(text);
    s.prefix = take_prefix(&text);
    s.segment = take_word(&text, "ss") ? 0x36 : 0;
    s.operand_size = take_word(&text, "o16") ? 16 : take_word(&text, "o32") ? 32 : 0;
    const char *end = word_end(text);
    snprintf(s.mnemonic, sizeof s.mnemonic, "%.*s", (int)(end - text), text);
    text = skip_blanks(end);
    while (*text && !place->error) {
        if (s.count == OPERANDS_MAX) {
            fail(place, "too many operands");
            break;
        }
        s.operands[s.count++] = read_operand(&text, place);
        if (!*text)
            break;
        bool colon = *text == ':' && s.count == 1;
        if (*text != ',' && !colon) {
            fail(place, "something stands behind an operand");
            break;
        }
        s.far = s.far || colon;
        if (!*skip_blanks(++text))
            fail(place, "an operand is missing");
    }
    if (s.far) { /* a size before SELECTOR:OFFSET is that of the offset */
        s.operands[1].size = s.operands[0].size;
        s.operands[0].size = 0;
    }
    return s;
}
