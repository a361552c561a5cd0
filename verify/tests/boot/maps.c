/* Memory maps that tests make, see maps.h. */
#include "verify/tests/boot/maps.h"

#include <stdlib.h>

/* Writes a line for each entry, of its base, length and type. */
static char *write_map(struct test *t, const char *name, const char *line,
                       const struct pc_area *map) {
    struct buffer text = {0};
    char *path = test_path(t, name);
    for (const struct pc_area *a = map; a->type != 0; a++)
        buffer_printf(&text, line, (unsigned long long)a->base, (unsigned long long)a->length,
                      a->type);
    test_write(t, path, text.data, text.len);
    buffer_free(&text);
    return path;
}

void map_as_table(struct test *t, const struct pc_area *map) {
    free(write_map(t, "table.inc", "dq 0x%llX, 0x%llX\ndd %u\n", map));
}

char *map_as_file(struct test *t, const struct pc_area *map) {
    return write_map(t, "machine.map", " 0x%llx\t%llu %u # an entry\n\n", map);
}
