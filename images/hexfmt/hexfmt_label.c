/* Labels of NASM text; the grammar is in the NASM manual, sections 3.1 and 3.9. */
#include "images/hexfmt/hexfmt_label.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "images/lib/util.h"

static size_t name_length(const char *text) {
    size_t length = 0;
    if (isalpha((unsigned char)*text) || (*text != '\0' && strchr("_.?@", *text)))
        while (isalnum((unsigned char)text[length]) ||
               (text[length] != '\0' && strchr("_.?@$#~", text[length]) != NULL))
            length++;
    return length;
}

static const char *skip_blanks(const char *text) {
    return text + strspn(text, " \t");
}

static bool is_word(const char *text, size_t length, const char *word) {
    return strlen(word) == length && strncasecmp(text, word, length) == 0;
}

/* Is this what may follow a label that has no colon? */
static bool is_definition(const char *text) {
    static const char *const WORDS[] = {"equ",  "db",   "dw",   "dd",   "dq",    "times",
                                        "resb", "resw", "resd", "resq", "incbin"};
    size_t length = name_length(text);
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (is_word(text, length, WORDS[i]))
            return true;
    return false;
}

static void set_base(struct hex_scope *scope, const char *name, size_t length) {
    free(scope->base);
    scope->base = xprintf("%.*s", (int)length, name);
}

char *hex_label_name(const char *text, struct hex_scope *scope) {
    text = skip_blanks(text);
    size_t length = name_length(text);
    const char *rest = skip_blanks(text + length);
    if (length == 0)
        return NULL;
    if (is_word(text, length, "struc")) {
        set_base(scope, rest, name_length(rest));
        return NULL;
    }
    bool colon = *rest == ':';
    if (!colon && !is_definition(rest))
        return NULL;
    rest = skip_blanks(rest + colon);
    if (text[0] != '.')
        set_base(scope, text, length);
    if (!colon || is_word(rest, name_length(rest), "equ"))
        return NULL;
    bool local = text[0] == '.' && text[1] != '.' && scope->base != NULL;
    return xprintf("%s%.*s", local ? scope->base : "", (int)length, text);
}

size_t hex_address_remark(const char *prose, unsigned long *value) {
    size_t start = strspn(prose, " \t");
    size_t digits = strspn(prose + start, "0123456789ABCDEFabcdef");
    const char *rest = prose + start + digits;
    if (digits < 4 || digits > 8 || (*rest != '\0' && strncmp(rest, "  ", 2) != 0))
        return 0;
    *value = strtoul(prose + start, NULL, 16);
    return start + digits;
}
