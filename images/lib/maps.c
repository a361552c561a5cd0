/* Names of addresses, from the maps that boot1's link and nm write. */
#include "images/lib/maps.h"

#include <stdlib.h>
#include <string.h>

/* Adds a symbol; a line that is none, as nm has for undefined ones, is skipped. */
static void add_line(struct map *s, char *line) {
    char *end;
    unsigned long address = strtoul(line, &end, 16);
    if (end == line || end[0] != ' ' || !end[1] || end[2] != ' ' || !end[3])
        return;
    if ((s->count & (s->count - 1)) == 0)
        s->symbol = xrealloc(s->symbol, (s->count ? 2 * s->count : 1) * sizeof *s->symbol);
    s->symbol[s->count++] =
        (struct map_symbol){.address = (uint32_t)address, .name = xstrdup(end + 3)};
}

static int by_address(const void *a, const void *b) {
    const struct map_symbol *x = a, *y = b;
    return (x->address > y->address) - (x->address < y->address);
}

static int load_map(struct map *s, const char *path, struct problem *p) {
    struct buffer text = {0};
    if (read_file(path, &text, p) != 0)
        return -1;
    buffer_append(&text, "", 1);
    for (char *line = strtok((char *)text.data, "\n"); line; line = strtok(NULL, "\n"))
        add_line(s, line);
    buffer_free(&text);
    if (!s->count)
        return problem_set(p, "%s: no line `ADDRESS LETTER NAME`, as link --map and nm write it",
                           path);
    qsort(s->symbol, s->count, sizeof *s->symbol, by_address);
    return 0;
}

int maps_load(struct maps *maps, const char *list, struct problem *p) {
    char *copy = xstrdup(list);
    int result = 0;
    for (char *item = strtok(copy, ","), *rest; result == 0 && item; item = rest) {
        rest = item + strlen(item) + 1;
        rest = rest < copy + strlen(list) ? rest : NULL;
        char *file = strchr(item, '=');
        if (!file || file == item) {
            result = problem_set(p, "%s: a map is given as PROGRAM=FILE", item);
            break;
        }
        *file++ = '\0';
        maps->map = xrealloc(maps->map, (maps->count + 1) * sizeof *maps->map);
        struct map *s = &maps->map[maps->count++];
        *s = (struct map){.program = xstrdup(item)};
        result = load_map(s, file, p);
        if (rest)
            rest = strtok(rest, ",");
    }
    free(copy);
    return result;
}

struct map *maps_of(const struct maps *maps, const char *program) {
    for (size_t i = 0; i < maps->count; i++)
        if (strcmp(maps->map[i].program, program) == 0)
            return &maps->map[i];
    return NULL;
}

struct map_symbol *map_at(const struct map *s, uint32_t address) {
    size_t low = 0, high = s->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->symbol[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? &s->symbol[low - 1] : NULL;
}

void maps_free(struct maps *maps) {
    for (size_t i = 0; i < maps->count; i++) {
        for (size_t n = 0; n < maps->map[i].count; n++)
            free(maps->map[i].symbol[n].name);
        free(maps->map[i].symbol);
        free(maps->map[i].program);
    }
    free(maps->map);
    *maps = (struct maps){0};
}
