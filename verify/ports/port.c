/*
 * port OUT [MIB]: the model in a program that needs nothing but C. Reads a script from standard
 * input, runs it, writes /dev/hda to OUT and prints the log, how it ended, the number of
 * instructions and a checksum of the trace: all of it must be the same wherever it runs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "refmodel/seedbed.h"

/* FNV-1a. */
static uint32_t mix(uint32_t sum, const char *bytes, size_t n) {
    while (n--)
        sum = (sum ^ (unsigned char)*bytes++) * 16777619u;
    return sum;
}

static void add_to_sum(void *user, const char *line, size_t n) {
    uint32_t *sum = user;
    *sum = mix(*sum, line, n);
}

static unsigned char *read_all(size_t *n) {
    size_t room = 1 << 16;
    unsigned char *bytes = malloc(room);
    *n = 0;
    while (bytes) {
        *n += fread(bytes + *n, 1, room - *n, stdin);
        if (*n < room)
            return bytes;
        unsigned char *more = realloc(bytes, room *= 2);
        if (!more)
            free(bytes);
        bytes = more;
    }
    return NULL;
}

static int write_artifact(const struct seedbed *s, const char *path) {
    size_t n;
    const uint8_t *artifact = seedbed_artifact(s, &n);
    if (!artifact)
        return 0;
    FILE *f = fopen(path, "wb");
    if (!f)
        return 1;
    size_t written = fwrite(artifact, 1, n, f);
    return fclose(f) != 0 || written != n;
}

/* A second machine beside the first must not see it: it ends as a machine of its own would. */
static int second_machine_differs(void) {
    static const char script[] = "src 0 /dev\nsrc 3 /dev/hda\nabc";
    struct seedbed_config config = {.memory_mib = 64};
    struct seedbed *s = seedbed_new(&config);
    size_t n = 0;
    if (!s || seedbed_run(s, (const uint8_t *)script, sizeof script - 1) != SEEDBED_FINISHED)
        return 1;
    const uint8_t *artifact = seedbed_artifact(s, &n);
    int differs = n != 3 || memcmp(artifact, "abc", 3) != 0;
    seedbed_free(s);
    return differs;
}

int main(int argc, char **argv) {
    uint32_t sum = 2166136261u;
    struct seedbed_config config = {.trace = add_to_sum, .user = &sum};
    size_t n, length;
    if (argc < 2 || argc > 3) {
        fputs("usage: port OUT [MIB]\n", stderr);
        return 2;
    }
    config.memory_mib = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0;
    unsigned char *script = read_all(&n);
    struct seedbed *s = seedbed_new(&config);
    if (!script || !s) {
        fputs("seedbed: port: no memory\n", stderr);
        return 1;
    }
    enum seedbed_end end = seedbed_run(s, script, n);
    const char *log = seedbed_log(s, &length);
    fwrite(log, 1, length, stdout);
    printf("end %d, %llu instructions, trace %08lX, %s\n", (int)end,
           (unsigned long long)seedbed_instructions(s), (unsigned long)sum, seedbed_error(s));
    int status = write_artifact(s, argv[1]) || second_machine_differs();
    seedbed_free(s);
    free(script);
    return status;
}
