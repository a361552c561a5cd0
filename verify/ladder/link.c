/* link [--hex2] [--base ADDRESS] [--map FILE] OUT IN...: joins modules to a program. */
#include "verify/ladder/link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *allocate(size_t size) {
    return allocate_for("link", size);
}

_Noreturn void fail(struct link *l, const char *what, struct slice word) {
    fprintf(stderr, "link: %.*s:%u: %s", (int)l->place.file_length, l->place.file, l->place.line,
            what);
    if (word.length > 0)
        fprintf(stderr, ": %.*s", (int)word.length, word.at);
    fputc('\n', stderr);
    exit(1);
}

char *load(const char *path, size_t *size) {
    return load_for("link", path, size);
}

static _Noreturn void usage(void) {
    fputs("usage: link [--hex2 | --symbols] [--base ADDRESS] [--map FILE] OUT IN..., with ADDRESS "
          "as in "
          "0x08048000\n",
          stderr);
    exit(1);
}

/* 0x and up to 8 hexadecimal digits */
static uint32_t base_address(const char *word) {
    char *end;
    size_t length = word ? strlen(word) : 0;
    if (length < 3 || length > 10 || memcmp(word, "0x", 2) != 0 ||
        strspn(word + 2, "0123456789abcdefABCDEF") != length - 2)
        usage();
    return (uint32_t)strtoul(word + 2, &end, 16);
}

int main(int argc, char **argv) {
    struct link *l = allocate(sizeof *l);
    const char *map = NULL;
    l->base = 0x08048000;
    l->last_reference = &l->references;
    int i = 1;
    for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++)
        if (strcmp(argv[i], "--hex2") == 0)
            l->hex2 = true;
        else if (strcmp(argv[i], "--symbols") == 0)
            l->symbols = true;
        else if (strcmp(argv[i], "--base") == 0)
            l->base = base_address(argv[++i]);
        else if (strcmp(argv[i], "--map") == 0 && i + 1 < argc)
            map = argv[++i];
        else
            usage();
    if (argc - i < 2 || (l->hex2 && (argc - i > 2 || l->symbols)))
        usage();
    const char *out = argv[i];
    for (i++; i < argc; i++) {
        size_t size;
        const char *text = load(argv[i], &size);
        (l->hex2 ? read_hex2 : read_module)(l, argv[i], text, size);
    }
    lay_out(l);
    resolve(l);
    if (!write_program(l, out)) {
        fprintf(stderr, "link: %s: cannot be written\n", out);
        return 1;
    }
    if (map && !write_map(l, map)) {
        fprintf(stderr, "link: %s: cannot be written\n", map);
        return 1;
    }
    return 0;
}
