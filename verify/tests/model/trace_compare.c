/* Comparing traces, see trace.h. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "verify/tests/model/trace.h"

enum { FILES = 512, SKIP = 4 };

/* Two processes side by side. */
struct pair {
    const struct trace_process *a; /* of Linux */
    const struct trace_process *b; /* of the model */
    size_t next_a;
    size_t next_b;
    bool findings_a[FILES]; /* descriptors that are /dev/hda */
    bool findings_b[FILES];
};

struct comparison {
    const struct trace *linux_trace;
    const struct trace *model;
    const struct trace_rule *rules;
    size_t compared;
};

static const char *const CONTRACT_CALLS[] = {
    "exit(",   "fork(",  "read(",  "write(",  "open(",  "close(", "waitpid(", "unlink(",
    "execve(", "chdir(", "lseek(", "access(", "mkdir(", "brk(",   "wait4(",   "getcwd("};

static bool begins(const char *text, const char *with) {
    return strncmp(text, with, strlen(with)) == 0;
}

static bool in_contract(const char *text) {
    for (size_t i = 0; i < sizeof CONTRACT_CALLS / sizeof CONTRACT_CALLS[0]; i++)
        if (begins(text, CONTRACT_CALLS[i]))
            return true;
    return false;
}

static const struct trace_call *next_call(const struct trace_process *p, size_t *at) {
    while (*at < p->count) {
        const struct trace_call *c = &p->calls[(*at)++];
        if (in_contract(c->text))
            return c;
    }
    return NULL;
}

static const struct trace_process *find_process(const struct trace *t, long pid) {
    for (size_t i = 0; i < t->count; i++)
        if (t->processes[i].pid == pid)
            return &t->processes[i];
    return NULL;
}

/* Copies with each address (0x...) as "0x", and without what strace adds to one. */
static char *without_addresses(const char *text) {
    struct buffer out = {0};
    while (*text) {
        if (begins(text, "0x")) {
            buffer_append(&out, "0x", 2);
            text += 2;
            text += strspn(text, "0123456789abcdef");
            const char *end = begins(text, " /* ") ? strstr(text, "*/") : NULL;
            text = end ? end + 2 : text;
        } else {
            buffer_append(&out, text++, 1);
        }
    }
    buffer_append(&out, "", 1);
    return (char *)out.data;
}

/* The part of a call's text that has to be the same on both sides. */
static char *essence(const struct trace_call *c, bool on_findings) {
    if (begins(c->text, "brk("))
        return xstrdup("brk(");
    if (on_findings)
        return xprintf("%.*s of the findings", (int)strcspn(c->text, "("), c->text);
    char *text = without_addresses(c->text);
    if (begins(text, "execve(")) { /* path and argv; the model shows envp in another way */
        char *end = strstr(text, "]");
        char *more = strstr(text, ", ...");
        if (more && (!end || more < end))
            end = more;
        if (end)
            *end = '\0';
    } else if (begins(text, "waitpid(") || begins(text, "wait4(")) {
        char *comma = strchr(text, ','); /* the number is compared elsewhere */
        memmove(strchr(text, '(') + 1, comma, strlen(comma) + 1);
        if (begins(text, "wait4(")) { /* nor are the resources used */
            char *end = strstr(text, ", {ru_");
            end = end ? end : strrchr(text, (char)44);
            *end = '\0';
        }
    }
    return text;
}

/* Results: errors by name, addresses not at all. Numbers of processes are translated before. */
static bool same_result(const struct trace_call *a, const struct trace_call *b, bool is_pid,
                        bool on_findings) {
    bool failed = begins(a->result, "-1 ");
    if (failed || begins(b->result, "-1 ")) {
        size_t n = strcspn(a->result + 3, " ");
        return failed && begins(b->result, "-1 ") && n == strcspn(b->result + 3, " ") &&
               memcmp(a->result + 3, b->result + 3, n) == 0;
    }
    if (is_pid || on_findings || begins(a->text, "brk("))
        return true;
    return strcmp(a->result, b->result) == 0;
}

static const struct trace_rule *find_rule(const struct comparison *c, const struct trace_call *a,
                                          const struct trace_call *b) {
    for (const struct trace_rule *r = c->rules; r && r->call; r++)
        if (begins(a->text, r->call) && begins(b->text, r->call) &&
            begins(a->result, r->linux_result) && begins(b->result, r->model_result))
            return r;
    return NULL;
}

static bool opens_findings(const struct trace_call *c) {
    return begins(c->text, "open(\"/dev/hda\"");
}

/* Keeps track of which descriptors are the file of the findings. */
static void note_file(bool findings[FILES], const struct trace_call *c) {
    long fd = strtol(c->result, NULL, 10);
    if (begins(c->text, "open(") && fd >= 0 && fd < FILES)
        findings[fd] = opens_findings(c);
}

/* Whether a call has to do with that file: its descriptor may be another on each side. */
static bool on_findings(const bool findings[FILES], const struct trace_call *c) {
    const char *number = begins(c->text, "write(")   ? c->text + 6
                         : begins(c->text, "close(") ? c->text + 6
                                                     : "-1";
    long fd = strtol(number, NULL, 10);
    return opens_findings(c) || (fd >= 0 && fd < FILES && findings[fd]);
}

static char *describe(const struct trace_call *a, const struct trace_call *b) {
    static const struct trace_call none = {"nothing", "nothing"};
    a = a ? a : &none;
    b = b ? b : &none;
    return xprintf("on Linux `%.200s) = %.60s`, on the model `%.200s) = %.60s`", a->text, a->result,
                   b->text, b->result);
}

static char *compare_processes(struct comparison *c, struct pair *p);

/* A fork on both sides: the children have to agree as well. */
static char *compare_children(struct comparison *c, const struct pair *parent,
                              const struct trace_call *a, const struct trace_call *b) {
    struct pair *child = xrealloc(NULL, sizeof *child);
    *child = *parent;
    child->a = find_process(c->linux_trace, strtol(a->result, NULL, 10));
    child->b = find_process(c->model, strtol(b->result, NULL, 10));
    child->next_a = child->next_b = 0;
    char *wrong = NULL;
    if (child->a && child->b)
        wrong = compare_processes(c, child);
    else if (!begins(a->result, "-1 "))
        wrong = xprintf("a child is missing: %s", describe(a, b));
    free(child);
    return wrong;
}

/* Whether two calls agree. */
static bool agree(const struct pair *p, const struct trace_call *a, const struct trace_call *b) {
    bool findings_a = on_findings(p->findings_a, a);
    bool findings_b = on_findings(p->findings_b, b);
    bool is_pid = begins(b->text, "fork(") || begins(b->text, "wait");
    char *x = essence(a, findings_a);
    char *y = essence(b, findings_b);
    bool same = strcmp(x, y) == 0 && same_result(a, b, is_pid, findings_a);
    free(x);
    free(y);
    return same;
}

/* Looks for calls that agree a little further on, on either side. */
static bool meet_again(struct pair *p, const struct trace_call **a, const struct trace_call **b) {
    for (size_t skip = 1; skip <= SKIP; skip++) {
        for (size_t on_linux = 0; on_linux < 2; on_linux++) {
            size_t next_a = p->next_a;
            size_t next_b = p->next_b;
            const struct trace_call *x = *a;
            const struct trace_call *y = *b;
            for (size_t n = 0; n < skip; n++) {
                x = on_linux ? next_call(p->a, &next_a) : x;
                y = on_linux ? y : next_call(p->b, &next_b);
            }
            if (x && y && agree(p, x, y)) {
                *a = x;
                *b = y;
                p->next_a = next_a;
                p->next_b = next_b;
                return true;
            }
        }
    }
    return false;
}

static char *compare_processes(struct comparison *c, struct pair *p) {
    bool apart = false; /* the calls before have differed, as they may */
    for (;;) {
        const struct trace_call *a = next_call(p->a, &p->next_a);
        const struct trace_call *b = next_call(p->b, &p->next_b);
        if (!a && !b)
            return NULL;
        bool same = a && b && agree(p, a, b);
        const struct trace_rule *rule = !same && a && b ? find_rule(c, a, b) : NULL;
        if (rule && rule->ends)
            return NULL;
        if (rule) {
            apart = true;
            note_file(p->findings_a, a);
            note_file(p->findings_b, b);
            continue;
        }
        if (!same && !(apart && meet_again(p, &a, &b)))
            return describe(a, b);
        apart = false;
        c->compared++;
        note_file(p->findings_a, a);
        note_file(p->findings_b, b);
        char *wrong = begins(b->text, "fork(") ? compare_children(c, p, a, b) : NULL;
        if (wrong)
            return wrong;
    }
}

char *trace_compare(const struct trace *linux_trace, const struct trace *model,
                    const struct trace_rule *rules, size_t *compared) {
    struct comparison c = {linux_trace, model, rules, 0};
    if (linux_trace->count == 0 || model->count == 0)
        return xstrdup("there is no trace");
    struct pair *first = xrealloc(NULL, sizeof *first);
    *first = (struct pair){.a = &linux_trace->processes[0], .b = &model->processes[0]};
    char *wrong = compare_processes(&c, first);
    free(first);
    *compared = c.compared;
    return wrong;
}
