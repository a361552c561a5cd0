/* Labels and references. */
#include <stdlib.h>
#include <string.h>

#include "verify/ladder/link.h"

/* Whether the name belongs to the module, as ..name does. */
static bool is_of_module(struct slice name) {
    return name.length > 1 && name.at[0] == '.' && name.at[1] == '.';
}

/* Whether the name belongs to the last label that is not such a name, as .name does. */
static bool is_inner(struct slice name) {
    return name.length > 0 && name.at[0] == '.' && !is_of_module(name);
}

/* The label of a name as it is written. An inner name is its outer label's with it at the end. */
struct label *find(struct link *l, struct slice name) {
    uint32_t module = 0;
    if (!l->hex2 && is_of_module(name)) {
        module = l->module;
    } else if (!l->hex2 && is_inner(name) && l->outer) {
        struct slice outer = l->outer->name;
        char *full = allocate(outer.length + name.length);
        memcpy(full, outer.at, outer.length);
        memcpy(full + outer.length, name.at, name.length);
        name = (struct slice){full, outer.length + name.length};
        module = l->outer->module;
    }
    uint32_t hash = module;
    for (size_t i = 0; i < name.length; i++)
        hash = 31 * hash + (uint8_t)name.at[i];
    struct label **place = &l->bucket[hash % 65536];
    for (struct label *label = *place; label != NULL; label = label->next)
        if (label->module == module && label->name.length == name.length &&
            memcmp(label->name.at, name.at, name.length) == 0)
            return label;
    struct label *label = allocate(sizeof *label);
    label->name = name;
    label->module = module;
    label->next = *place;
    *place = label;
    return label;
}

void define(struct link *l, struct slice name) {
    struct label *label = find(l, name);
    if (label->defined)
        fail(l, "duplicate label", label->name);
    label->defined = true;
    label->section = l->current;
    label->offset = l->section[l->current].size;
    label->number = l->label_count;
    label->inner = !l->hex2 && is_inner(name);
    if (!label->inner)
        l->outer = label;
    if (l->label_count == l->label_room) {
        l->label_room = 2 * l->label_room + 256;
        l->labels = realloc(l->labels, l->label_room * sizeof *l->labels);
        if (!l->labels)
            allocate(SIZE_MAX);
    }
    l->labels[l->label_count++] = label;
}

/* Notes the reference `r`, whose names are read, and makes room for its bytes. */
void refer(struct link *l, char kind, uint32_t size, struct reference r) {
    struct reference *reference = allocate(sizeof *reference);
    *reference = r;
    reference->kind = kind;
    reference->section = l->current;
    reference->offset = l->section[l->current].size;
    reference->place = l->place;
    *l->last_reference = reference;
    l->last_reference = &reference->next;
    for (uint32_t i = 0; i < size; i++)
        put(l, 0);
}
