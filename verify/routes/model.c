/*
 * The reference model alone, with nothing but libc: what the routes build with other compilers and
 * for other processors.
 */
#include <stdio.h>
#include <stdlib.h>

#include "refmodel/seedbed.h"

static int fail(const char *name, const char *why) {
    fprintf(stderr, "seedbed: %s: %s\n", name, why);
    return 1;
}

/* Reads a whole file; *n is its length. Null: it cannot be read. */
static unsigned char *read_all(const char *name, size_t *n) {
    FILE *in = fopen(name, "rb");
    if (!in)
        return NULL;
    size_t room = 1 << 16;
    unsigned char *bytes = malloc(room);
    *n = 0;
    while (bytes) {
        size_t got = fread(bytes + *n, 1, room - *n, in);
        *n += got;
        if (got == 0)
            break;
        if (*n == room) {
            room *= 2;
            bytes = realloc(bytes, room);
        }
    }
    fclose(in);
    return bytes;
}

int main(int argc, char **argv) {
    struct seedbed_config config = {.max_seconds = 60};
    size_t n;
    if (argc != 3 && argc != 4) {
        fprintf(stderr, "usage: %s SCRIPT ARTIFACT [MIB]\n", argv[0]);
        return 2;
    }
    if (argc == 4)
        config.memory_mib = (uint32_t)strtoul(argv[3], NULL, 10);
    unsigned char *script = read_all(argv[1], &n);
    if (!script)
        return fail(argv[1], "cannot be read");
    struct seedbed *s = seedbed_new(&config);
    if (!s)
        return fail(argv[1], "no memory for a machine, free some");
    if (seedbed_run(s, script, n) != SEEDBED_FINISHED)
        return fail(argv[1], seedbed_error(s));
    const unsigned char *artifact = seedbed_artifact(s, &n);
    FILE *out = fopen(argv[2], "wb");
    if (!out || fwrite(artifact, 1, n, out) != n || fclose(out) != 0)
        return fail(argv[2], "cannot be written");
    seedbed_free(s);
    free(script);
    return 0;
}
