/* Symbols of a source, and the names of registers. */
#include <stdlib.h>
#include <string.h>

#include "images/lib/util.h"
#include "verify/audit/expression.h"

static const struct {
    const char *name;
    unsigned size;
} NAMES[REGISTERS] = {
    {"al", 1},  {"cl", 1},  {"dl", 1},  {"bl", 1},  {"ah", 1},  {"ch", 1},  {"dh", 1},  {"bh", 1},
    {"ax", 2},  {"cx", 2},  {"dx", 2},  {"bx", 2},  {"sp", 2},  {"bp", 2},  {"si", 2},  {"di", 2},
    {"eax", 4}, {"ecx", 4}, {"edx", 4}, {"ebx", 4}, {"esp", 4}, {"ebp", 4}, {"esi", 4}, {"edi", 4},
    {"es", 2},  {"cs", 2},  {"ss", 2},  {"ds", 2},  {"fs", 2},  {"gs", 2},  {"cr0", 4}, {"cr2", 4},
    {"cr3", 4}, {"cr4", 4}, {"dr0", 4}, {"dr3", 4}, {"dr6", 4}, {"dr7", 4},
};

void symbols_add(struct symbols *s, const char *name, const char *text, const char *base,
                 int64_t value) {
    if (s->count == s->room) {
        s->room = s->room > 0 ? s->room * 2 : 64;
        s->list = xrealloc(s->list, s->room * sizeof *s->list);
    }
    s->list[s->count++] = (struct symbol){
        .name = xstrdup(name),
        .text = text ? xstrdup(text) : NULL,
        .base = base ? xstrdup(base) : NULL,
        .value = value,
    };
}

void symbols_free(struct symbols *s) {
    for (size_t i = 0; i < s->count; i++) {
        free(s->list[i].name);
        free(s->list[i].text);
        free(s->list[i].base);
    }
    free(s->list);
    *s = (struct symbols){0};
}

const char *symbols_at(const struct symbols *s, int64_t value) {
    for (size_t i = 0; i < s->count; i++)
        if (!s->list[i].text && s->list[i].value == value)
            return s->list[i].name;
    return NULL;
}

int register_number(const char *name, size_t length) {
    for (int i = 0; i < REGISTERS; i++)
        if (strlen(NAMES[i].name) == length && memcmp(NAMES[i].name, name, length) == 0)
            return i;
    return -1;
}

const char *register_name(int number) {
    return NAMES[number].name;
}

unsigned register_size(int number) {
    return NAMES[number].size;
}

bool has_register(const struct linear *l) {
    for (int i = 0; i < REGISTERS; i++)
        if (l->factor[i] != 0)
            return true;
    return false;
}
