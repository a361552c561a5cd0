/* The words of pp: data, sections, and what begins with %. */
#include <stdlib.h>
#include <string.h>

#include "verify/ladder/pp.h"

static void put_item(struct pp *pp, int size) {
    static const char DISTANCE[] = "?!@?%", ADDRESS[] = "??$?&";
    struct value v = expression(pp);
    uint32_t n = v.number;
    if (v.base != NO_REGISTER || v.index != NO_REGISTER)
        fail(pp, "not a number", none());
    if (is_number(&v)) {
        if ((size == 1 && (int32_t)n != (int8_t)n && n > 255) ||
            (size == 2 && (int32_t)n != (int16_t)n && n > 65535))
            fail(pp, "out of range", none());
        put_number(pp, n, size);
    } else if (v.minus.at) {
        put_reference(pp, DISTANCE[size], &v);
    } else if (size == 1) {
        fail(pp, "not a number", v.plus);
    } else {
        put_reference(pp, ADDRESS[size], &v);
    }
}

static void data(struct pp *pp, int size) {
    do {
        skip_blanks(pp);
        if (*pp->at == '"' && size == 1) {
            char bytes[LINE_LIMIT];
            size_t length = quoted(pp, bytes);
            for (size_t i = 0; i < length; i++)
                put_byte(pp, (uint8_t)bytes[i]);
        } else {
            put_item(pp, size);
        }
    } while (accept(pp, ','));
    end_of_line(pp);
}

static void db(struct pp *pp) {
    data(pp, 1);
}

static void dw(struct pp *pp) {
    data(pp, 2);
}

static void dd(struct pp *pp) {
    data(pp, 4);
}

static void put_directive(struct pp *pp, const char *word, uint32_t number) {
    char digits[16];
    int i = 15;
    do {
        digits[--i] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    put_word(pp, word, (struct slice){digits + i, (size_t)(15 - i)});
}

static void align(struct pp *pp) {
    uint32_t n = number(pp);
    end_of_line(pp);
    put_directive(pp, ".align ", n);
}

static void space(struct pp *pp) {
    uint32_t n = number(pp);
    end_of_line(pp);
    put_directive(pp, ".space ", n);
}

/* fill NUMBER, BYTE */
static void fill(struct pp *pp) {
    uint32_t n = number(pp);
    need(pp, ',');
    uint32_t byte = number(pp);
    end_of_line(pp);
    put_directive(pp, ".fill ", n);
    put_directive(pp, "", byte & 255);
}

static void section(struct pp *pp) {
    static const char *const NAMES[] = {"text", "rodata", "data", "bss"};
    struct slice word = name(pp);
    for (size_t i = 0; i < 4; i++) {
        if (same(word, (struct slice){NAMES[i], strlen(NAMES[i])})) {
            end_of_line(pp);
            put_word(pp, ".", word);
            return;
        }
    }
    fail(pp, "unknown section", word);
}

static void elif (struct pp *pp) {
    other_branch(pp, true);
}

static void otherwise(struct pp *pp) {
    end_of_line(pp);
    other_branch(pp, false);
}

/* A word up to a blank: the name of a file. */
static struct slice word_of_line(struct pp *pp) {
    skip_blanks(pp);
    struct slice word = {pp->at, strcspn(pp->at, " \t\r")};
    if (word.length == 0)
        fail_at(pp, "no name");
    pp->at += word.length;
    end_of_line(pp);
    return word;
}

/* bytes FILE */
static void bytes(struct pp *pp) {
    put_word(pp, ".bytes ", word_of_line(pp));
}

/* %set NAME = EXPRESSION */
static void set(struct pp *pp) {
    struct slice word = need_name(pp);
    need(pp, '=');
    uint32_t value = number(pp);
    end_of_line(pp);
    struct symbol *symbol = find(pp, word);
    if (!symbol || symbol->kind != VARIABLE)
        symbol = define(pp, word, VARIABLE);
    symbol->value = value;
}

/* %prefix NAME : BYTE */
static void prefix(struct pp *pp) {
    struct slice word = need_name(pp);
    need(pp, ':');
    uint32_t value = number(pp);
    end_of_line(pp);
    define(pp, word, PREFIX)->value = value;
}

/* %registers SIZE NAME... in the order of their numbers */
static void registers(struct pp *pp) {
    static const uint8_t CLASS[] = {
        [1] = CLASS_BYTE, [2] = CLASS_WORD, [4] = CLASS_DWORD, [10] = CLASS_FLOAT};
    uint32_t size = number(pp);
    if (size != 1 && size != 2 && size != 4 && size != 10)
        fail(pp, "bad number", none());
    need(pp, ':');
    for (uint32_t i = 0; i < 8; i++)
        define(pp, need_name(pp), REGISTER)->value = 8u * CLASS[size] + i;
    end_of_line(pp);
}

/* %line NUMBER FILE: where the next line comes from */
static void line(struct pp *pp) {
    struct source *s = pp->source;
    if (s->macro)
        fail(pp, "%line in a macro", none());
    uint32_t n = number(pp);
    struct slice word = word_of_line(pp);
    char *copy = allocate(word.length + 1);
    memcpy(copy, word.at, word.length);
    s->file = copy;
    s->line = n - 1;
    put_directive(pp, ".line ", n);
    put_word(pp, "", word);
}

static void error(struct pp *pp) {
    skip_blanks(pp);
    fail_at(pp, "%error");
}

void add_directives(struct pp *pp) {
    static const struct {
        const char *name;
        directive *run;
    } WORDS[] = {{"db", db},
                 {"dw", dw},
                 {"dd", dd},
                 {"align", align},
                 {"space", space},
                 {"fill", fill},
                 {"bytes", bytes},
                 {"section", section},
                 {"%if", begin_if},
                 {"%elif", elif},
                 {"%else", otherwise},
                 {"%end", end_block},
                 {"%macro", define_macro},
                 {"%set", set},
                 {"%enum", enumeration},
                 {"%struct", structure},
                 {"%insn", define_instruction},
                 {"%prefix", prefix},
                 {"%registers", registers},
                 {"%line", line},
                 {"%error", error}};
    static const struct {
        const char *name;
        uint32_t bytes;
    } SIZES[] = {{"byte", 1}, {"word", 2}, {"dword", 4}, {"qword", 8}, {"tword", 10}, {"short", 0}};
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        struct slice name = {WORDS[i].name, strlen(WORDS[i].name)};
        define(pp, name, DIRECTIVE)->run = WORDS[i].run;
    }
    for (size_t i = 0; i < sizeof SIZES / sizeof SIZES[0]; i++) {
        struct slice name = {SIZES[i].name, strlen(SIZES[i].name)};
        define(pp, name, SIZE)->value = SIZES[i].bytes;
    }
}
