/* The programs that routes lead to: their texts, their seeds, and where two routes differ. */
#include <stdlib.h>
#include <string.h>

#include "images/lib/home.h"
#include "images/routes/routes.h"
#include "refmodel/hex0.h"

static const struct program programs[PROGRAMS] = {
    [MINI] = {.name = "mini.bin", .sources = {"hex0/mini.hex0", NULL}},
    [STAGE1] = {.name = "stage1.bin", .sources = {"stage1/stage1.hex0", NULL}},
    [FULL] = {.name = "seedbed.bin", .sources = {"hex0/boot.hex0", "hex0/kernel.hex0"}},
};

static size_t route_count(void) {
    size_t n = 0;
    while (ROUTES[n].name)
        n++;
    return n;
}

static int read_program(struct program *program, const char *seeds, struct problem *p) {
    char *seed = xprintf("%s/%s", seeds, program->name);
    int r = read_file(seed, &program->seed, p);
    for (size_t i = 0; r == 0 && i < 2 && program->sources[i]; i++) {
        char *path = home_path(program->sources[i]);
        r = read_file(path, &program->text, p);
        free(path);
    }
    free(seed);
    return r;
}

int routes_open(struct routes *r, struct problem *p) {
    size_t size = route_count() * sizeof *r->made;
    r->made = memset(xrealloc(NULL, size), 0, size);
    memcpy(r->programs, programs, sizeof programs);
    for (size_t i = 0; i < PROGRAMS; i++)
        if (read_program(&r->programs[i], r->seeds, p) < 0)
            return -1;
    return 0;
}

void routes_close(struct routes *r) {
    for (size_t i = 0; i < route_count(); i++)
        buffer_free(&r->made[i]);
    free(r->made);
    for (size_t i = 0; i < PROGRAMS; i++) {
        buffer_free(&r->programs[i].text);
        buffer_free(&r->programs[i].seed);
        free(r->programs[i].difference);
    }
}

struct buffer *route_made(const struct routes *r, const struct route *route) {
    return &r->made[route - ROUTES];
}

/* Lines in the first source of the program, 0 where it has but one. */
static size_t first_lines(const struct program *program) {
    struct problem p;
    struct buffer text = {0};
    size_t lines = 0;
    char *path = home_path(program->sources[0]);
    if (program->sources[1] && read_file(path, &text, &p) == 0)
        for (size_t i = 0; i < text.len; i++)
            lines += text.data[i] == '\n';
    free(path);
    buffer_free(&text);
    return lines;
}

/* Says where `made` first differs, with the source line that the byte comes from. */
static char *describe(const struct program *program, const char *how, const struct buffer *made) {
    const struct buffer *seed = &program->seed;
    size_t both = made->len < seed->len ? made->len : seed->len;
    size_t at = 0;
    while (at < both && made->data[at] == seed->data[at])
        at++;
    if (at == both && made->len == seed->len)
        return NULL;
    size_t line = hex0_line_of(program->text.data, program->text.len, at);
    size_t first = first_lines(program);
    const char *file = first && line > first ? program->sources[1] : program->sources[0];
    line -= first && line > first ? first : 0;
    if (at == both)
        return xprintf("%s, %s: %zu bytes in place of %zu", program->name, how, made->len,
                       seed->len);
    return xprintf("%s:%zu: %s, %s, has %02X in place of %02X at offset %zu (0x%zX)", file, line,
                   program->name, how, made->data[at], seed->data[at], at, at);
}

void program_compare(struct program *program, const char *how, const struct buffer *made) {
    char *difference = describe(program, how, made);
    program->routes++;
    if (!program->difference)
        program->difference = difference;
    else
        free(difference);
}
