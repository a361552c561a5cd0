/* Memory and whole files, see slice.h. */
#include "verify/ladder/slice.h"

#include <stdio.h>
#include <stdlib.h>

void *allocate_for(const char *program, size_t size) {
    void *memory = calloc(1, size);
    if (!memory) {
        fprintf(stderr, "%s: not enough memory\n", program);
        exit(1);
    }
    return memory;
}

char *load_for(const char *program, const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    size_t room = 0, got = 0;
    *size = 0;
    if (file)
        do {
            room = 2 * room + 65536;
            text = realloc(text, room);
            got = text ? fread(text + *size, 1, room - *size, file) : 0;
            *size += got;
        } while (got > 0);
    if (!file || ferror(file)) {
        fprintf(stderr, "%s: %s: cannot be read\n", program, path);
        exit(1);
    }
    fclose(file);
    return text;
}
