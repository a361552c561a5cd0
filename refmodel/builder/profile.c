/* Instructions, calls and time of each program. */
#include "refmodel/builder/profile.h"

#include <stdlib.h>
#include <string.h>

#include "refmodel/builder/machine.h"

double seconds_since(const struct timespec *then) {
    struct timespec now;
    if (timespec_get(&now, TIME_UTC) != TIME_UTC)
        return 0;
    return difftime(now.tv_sec, then->tv_sec) + (double)(now.tv_nsec - then->tv_nsec) / 1e9;
}

/* Books what has run since the last switch. */
static void book(struct seedbed *s) {
    struct profile *p = &s->profile;
    if (!p->count)
        return;
    p->program[p->current].instructions += s->cpu.count - p->since;
    p->since = s->cpu.count;
    if (!s->config.profile)
        return;
    p->program[p->current].seconds += seconds_since(&p->since_at);
    timespec_get(&p->since_at, TIME_UTC);
}

void profile_switch(struct seedbed *s, size_t program) {
    book(s);
    s->profile.current = program;
}

static bool add_program(struct profile *p, const char *path) {
    if (p->count == p->room) {
        size_t room = p->room ? p->room * 2 : 16;
        struct seedbed_program *program = realloc(p->program, room * sizeof *program);
        if (!program)
            return false;
        p->program = program;
        p->room = room;
    }
    size_t n = strlen(path) + 1;
    char *copy = malloc(n);
    if (!copy)
        return false;
    p->program[p->count++] = (struct seedbed_program){.path = memcpy(copy, path, n)};
    return true;
}

size_t profile_program(struct seedbed *s, const char *path) {
    struct profile *p = &s->profile;
    size_t n = 0;
    while (n < p->count && strcmp(p->program[n].path, path) != 0)
        n++;
    if (n == p->count) {
        if (n == 0)
            timespec_get(&p->since_at, TIME_UTC);
        if (!add_program(p, path)) {
            s->memory.exhausted = true;
            return 0;
        }
    }
    p->program[n].runs++;
    return n;
}

static int by_instructions(const void *a, const void *b) {
    const struct seedbed_program *x = a, *y = b;
    return (x->instructions < y->instructions) - (x->instructions > y->instructions);
}

const struct seedbed_program *seedbed_profile(struct seedbed *s, size_t *n) {
    book(s);
    *n = s->profile.count;
    if (*n)
        qsort(s->profile.program, *n, sizeof *s->profile.program, by_instructions);
    return s->profile.program;
}

void profile_free(struct seedbed *s) {
    for (size_t n = 0; n < s->profile.count; n++)
        free((char *)s->profile.program[n].path);
    free(s->profile.program);
}
