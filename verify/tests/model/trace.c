/* Reading traces. */
#include "verify/tests/model/trace.h"

#include <stdlib.h>
#include <string.h>

static struct trace_process *process_of(struct trace *t, long pid) {
    for (size_t i = 0; i < t->count; i++)
        if (t->processes[i].pid == pid)
            return &t->processes[i];
    if (t->count == t->room) {
        t->room = t->room > 0 ? t->room * 2 : 8;
        t->processes = xrealloc(t->processes, t->room * sizeof *t->processes);
    }
    t->processes[t->count] = (struct trace_process){.pid = pid};
    return &t->processes[t->count++];
}

/* The last place where `word` stands, or null. */
static char *find_last(char *text, const char *word) {
    char *found = NULL;
    for (char *at = strstr(text, word); at; at = strstr(at + 1, word))
        found = at;
    return found;
}

/* Takes over `text`, a whole call. */
static void add_call(struct trace_process *p, char *text) {
    char *equals = find_last(text, " = ");
    if (!equals) {
        free(text);
        return;
    }
    char *result = xstrdup(equals + 3);
    while (equals > text && equals[-1] == ' ')
        equals--;
    equals -= equals > text && equals[-1] == ')';
    while (equals > text && equals[-1] == ' ')
        equals--;
    *equals = '\0';
    if (p->count == p->room) {
        p->room = p->room > 0 ? p->room * 2 : 64;
        p->calls = xrealloc(p->calls, p->room * sizeof *p->calls);
    }
    p->calls[p->count++] = (struct trace_call){text, result};
}

/* "CALL(... <unfinished ...>" is kept until "<... CALL resumed>REST" comes. */
static void add_text(struct trace_process *p, const char *text, size_t n) {
    static const char UNFINISHED[] = "<unfinished ...>";
    static const char RESUMED[] = " resumed>";
    char *line = xprintf("%.*s", (int)n, text);
    char *cut = find_last(line, UNFINISHED);
    if (strncmp(line, "<... ", 5) == 0) {
        const char *rest = strstr(line, RESUMED);
        rest = rest ? rest + strlen(RESUMED) : "";
        rest += strspn(rest, " ");
        const char *head = p->unfinished ? p->unfinished : "";
        bool comma = *head && head[strlen(head) - 1] == ',';
        char *whole = xprintf("%s%s%s", head, comma ? " " : "", rest);
        free(p->unfinished);
        p->unfinished = NULL;
        free(line);
        add_call(p, whole);
    } else if (cut && !cut[strlen(UNFINISHED)]) {
        while (cut > line && cut[-1] == ' ')
            cut--;
        *cut = '\0';
        p->unfinished = line;
    } else if (strncmp(line, "---", 3) == 0 || strncmp(line, "+++", 3) == 0) {
        free(line);
    } else {
        add_call(p, line);
    }
}

struct trace trace_read(const char *text, const char *program) {
    struct trace t = {0};
    char *start = xprintf("execve(\"%s\"", program ? program : "");
    bool begun = !program;
    while (*text) {
        size_t n = strcspn(text, "\n");
        char *rest;
        long pid = strtol(text + (*text == '['), &rest, 10);
        while (*rest == ']' || *rest == ' ')
            rest++;
        if (begun) {
            add_text(process_of(&t, pid), rest, n - (size_t)(rest - text));
        } else if (strncmp(rest, start, strlen(start)) == 0) {
            begun = true;
            process_of(&t, pid);
        }
        text += n + (text[n] == '\n');
    }
    free(start);
    return t;
}

void trace_free(struct trace *t) {
    for (size_t i = 0; i < t->count; i++) {
        struct trace_process *p = &t->processes[i];
        for (size_t k = 0; k < p->count; k++) {
            free(p->calls[k].text);
            free(p->calls[k].result);
        }
        free(p->calls);
        free(p->unfinished);
    }
    free(t->processes);
    *t = (struct trace){0};
}
