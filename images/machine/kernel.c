/* What the host knows of the kernel: read from the source itself. */
#include "images/machine/kernel.h"

#include <stdlib.h>
#include <string.h>

#include "images/lib/home.h"

static const char source[] = "hex0/kernel.hex0";

/* What follows the words in the asm column, where a line's column begins with them; or null. Runs
   of blanks count as one. */
static const char *asm_after(const char *text, const char *words) {
    for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        const char *at = line + strcspn(line, ";#\n");
        const char *want = words;
        if (*at != ';')
            continue;
        at += 1 + strspn(at + 1, " ");
        while (*want && *at == *want) {
            at += *want == ' ' ? strspn(at, " ") : 1;
            want++;
        }
        if (!*want)
            return at;
    }
    return NULL;
}

/* The number that a name stands for: `NAME equ N`. */
static int constant(const char *text, const char *name, uint32_t *value, struct problem *p) {
    char *words = xprintf("%s equ ", name);
    const char *at = asm_after(text, words);
    char *end = NULL;
    free(words);
    long long n = at ? strtoll(at, &end, 0) : 0;
    if (!at || end == at)
        return problem_set(p, "%s: no line `%s equ NUMBER`, add it", source, name);
    *value = (uint32_t)n;
    return 0;
}

/* The address of a label, which stands on its line: `NAME: # ADDRESS`. */
static int label(const char *text, const char *name, uint32_t *value, struct problem *p) {
    char *words = xprintf("%s: # ", name);
    const char *at = asm_after(text, words);
    char *end = NULL;
    free(words);
    *value = at ? (uint32_t)strtoul(at, &end, 16) : 0;
    return at && end != at ? 0 : problem_set(p, "%s: no label `%s:`, add it", source, name);
}

int kernel_load(struct kernel *k, struct problem *p) {
    struct buffer text = {0};
    *k = (struct kernel){0};
    int r = home_read(source, &text, p);
    buffer_append(&text, "", 1);
    const char *t = (const char *)text.data;
    if (r < 0 || home_compile(source, &k->code, p) < 0 || label(t, "start", &k->base, p) < 0 ||
        label(t, "reset", &k->reset, p) < 0 || constant(t, "VARIABLES", &k->variables, p) < 0 ||
        constant(t, "SCRIPT", &k->script, p) < 0 || constant(t, "NEXT", &k->next, p) < 0 ||
        constant(t, "PID", &k->pid, p) < 0)
        r = -1;
    k->script += k->variables;
    k->next += k->variables;
    k->pid += k->variables;
    buffer_free(&text);
    return r;
}

void kernel_free(struct kernel *k) {
    buffer_free(&k->code);
}
