/* Memory maps in files, see memory_map.h. */
#include "images/machine/memory_map.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A number up to a blank or the end; *at goes behind it. */
static bool number(const char **at, uint64_t limit, uint64_t *v) {
    char *end;
    while (**at == ' ' || **at == '\t')
        ++*at;
    if (!isdigit((unsigned char)**at))
        return false;
    errno = 0;
    unsigned long long n = strtoull(*at, &end, strncmp(*at, "0x", 2) == 0 ? 16 : 10);
    *at = end;
    *v = n;
    return !errno && n <= limit && (!*end || isspace((unsigned char)*end));
}

/* One line without comment. False: it is not an entry. */
static bool entry(const char *line, struct pc_area *a) {
    uint64_t type;
    if (!number(&line, UINT64_MAX, &a->base) || !number(&line, UINT64_MAX, &a->length) ||
        !number(&line, UINT32_MAX, &type))
        return false;
    a->type = (uint32_t)type;
    return line[strspn(line, " \t\r")] == 0;
}

int memory_map_read(const char *name, struct pc_area map[PC_AREAS], struct problem *p) {
    struct buffer text = {0};
    int count = 0;
    if (read_file(name, &text, p) < 0)
        return -1;
    buffer_append(&text, "", 1);
    unsigned line = 1;
    int r = strlen((char *)text.data) + 1 == text.len
                ? 0
                : problem_set(p, "%s: a NUL byte; a memory map is text", name);
    for (char *at = (char *)text.data, *next; r == 0 && at; at = next, line++) {
        next = strchr(at, '\n');
        if (next)
            *next++ = 0;
        at[strcspn(at, "#")] = 0;
        if (!at[strspn(at, " \t\r")])
            continue;
        if (count == PC_AREAS)
            r = problem_set(p, "%s:%u: more than %d entries", name, line, PC_AREAS);
        else if (!entry(at, &map[count++]))
            r = problem_set(p, "%s:%u: no entry of a memory map; BASE LENGTH TYPE is one", name,
                            line);
    }
    if (r == 0 && !count)
        r = problem_set(p, "%s: a memory map without entries", name);
    buffer_free(&text);
    return r < 0 ? -1 : count;
}
