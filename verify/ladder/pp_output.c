/* What pp writes: bytes, references and words of link, one line for a line of a file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verify/ladder/pp.h"

static void put(struct pp *pp, const char *text, size_t length) {
    if (pp->out_size + length > pp->out_room) {
        pp->out_room = 2 * pp->out_room + length + 65536;
        pp->out = realloc(pp->out, pp->out_room);
        if (!pp->out) {
            fputs("pp: not enough memory\n", stderr);
            exit(1);
        }
    }
    memcpy(pp->out + pp->out_size, text, length);
    pp->out_size += length;
}

void put_newline(struct pp *pp) {
    put(pp, "\n", 1);
    pp->after = LINE_START;
}

/* A blank before what follows, unless a line begins. */
static void separate(struct pp *pp) {
    if (pp->after != LINE_START)
        put(pp, " ", 1);
    pp->after = AFTER_WORD;
}

/* The bytes of a statement do not touch those of the one before it. */
void put_statement(struct pp *pp) {
    if (pp->after == AFTER_BYTE)
        pp->after = AFTER_WORD;
}

void put_byte(struct pp *pp, uint32_t byte) {
    static const char DIGITS[] = "0123456789ABCDEF";
    char text[2] = {DIGITS[byte >> 4 & 15], DIGITS[byte & 15]};
    if (pp->after == AFTER_WORD)
        put(pp, " ", 1);
    put(pp, text, 2);
    pp->after = AFTER_BYTE;
}

void put_number(struct pp *pp, uint32_t number, int size) {
    for (int i = 0; i < size; i++)
        put_byte(pp, number >> (8 * i));
}

void put_word(struct pp *pp, const char *word, struct slice more) {
    separate(pp);
    put(pp, word, strlen(word));
    put(pp, more.at, more.length);
}

/* A label's address or distance, as link's references are written: %a>b+4. */
void put_reference(struct pp *pp, char kind, const struct value *v) {
    if (!v->plus.at)
        fail(pp, "only a subtracted label", v->minus);
    separate(pp);
    put(pp, &kind, 1);
    put(pp, v->plus.at, v->plus.length);
    if (v->minus.at) {
        put(pp, ">", 1);
        put(pp, v->minus.at, v->minus.length);
    }
    if (v->number != 0) {
        char text[16];
        int32_t number = (int32_t)v->number;
        int length = snprintf(text, sizeof text, "%+d", number);
        put(pp, text, (size_t)length);
    }
}
