/* Data of the asm column as NASM's manual (3.2.1, 4.11.13 for align) describes it. */
#include "verify/audit/data.h"

#include <stdlib.h>
#include <string.h>

/* Appends the low `unit` bytes of a value, the lowest first. */
static void put(struct buffer *out, uint64_t value, size_t unit) {
    for (size_t i = 0; i < unit; i++) {
        unsigned char byte = (unsigned char)(value >> (8 * i));
        buffer_append(out, &byte, 1);
    }
}

/* Appends the string at *text if it stands alone, padded with zeros to whole units. */
static bool put_string(const char **text, size_t unit, struct buffer *out, struct place *place) {
    if (**text != '\'' && **text != '"' && **text != '`')
        return false;
    const char *p = *text;
    unsigned char *bytes = xrealloc(NULL, strlen(p) + 1);
    size_t length = read_string(&p, bytes, place);
    p = skip_blanks(p);
    bool alone = *p == ',' || !*p;
    if (alone) {
        buffer_append(out, bytes, length);
        put(out, 0, (unit - length % unit) % unit);
        *text = p;
    }
    free(bytes);
    return alone;
}

/* Appends what the list behind db, dw... means. */
static void put_list(const char *text, size_t unit, struct buffer *out, struct place *place) {
    for (;;) {
        text = skip_blanks(text);
        if (!put_string(&text, unit, out, place))
            put(out, (uint64_t)read_number(&text, place), unit);
        text = skip_blanks(text);
        if (place->error || !*text)
            return;
        if (*text++ != ',')
            place->error = "something stands behind the data";
    }
}

/* Appends the filling of `align N, db X`. */
static void put_align(const char *text, struct buffer *out, struct place *place) {
    int64_t boundary = read_number(&text, place);
    const char *filling = strstr(text, "db");
    if (place->error || boundary <= 0 || *text != ',' || !filling) {
        place->error = "an ALIGN that is not of the form `align N, db X`";
        return;
    }
    filling += 2;
    int64_t byte = read_number(&filling, place);
    for (int64_t at = place->here - place->origin; at % boundary != 0; at++)
        put(out, (uint64_t)byte, 1);
}

char *audit_data(const struct source *source, const struct item *item, size_t offset, size_t size) {
    struct place place = item_place(source, item, offset);
    struct buffer want = {0};
    char *difference = NULL;
    const char *list = word_end(item->text);
    if (*item->text == 'a') {
        put_align(list, &want, &place);
    } else {
        char letter = item->text[1];
        size_t unit = letter == 'b' ? 1 : letter == 'w' ? 2 : letter == 'd' ? 4 : 8;
        put_list(list, unit, &want, &place);
    }
    if (place.error) {
        difference = xstrdup(place.error);
    } else if (want.len != size) {
        difference = xprintf("%zu bytes, the text means %zu", size, want.len);
    } else {
        for (size_t i = 0; i < size && !difference; i++) {
            if (want.data[i] != source->image.data[offset + i]) {
                difference = xprintf("byte %zu is %02X, the text means %02X", i + 1,
                                     source->image.data[offset + i], want.data[i]);
            }
        }
    }
    buffer_free(&want);
    return difference;
}
