/* Pages out of templates, see template.h. */
#include "verify/report/template.h"

#include <stdlib.h>
#include <string.h>

/* A template that is being filled. */
struct filling {
    const char *folder;
    const char *file;
    struct buffer *out;
    struct problem *p;
};

static int fill(const struct filling *f, const char *text, const char *end,
                const struct node *data);

static void put_escaped(struct buffer *out, const char *text) {
    for (; *text; text++) {
        const char *safe = *text == '<'   ? "&lt;"
                           : *text == '>' ? "&gt;"
                           : *text == '&' ? "&amp;"
                           : *text == '"' ? "&quot;"
                                          : NULL;
        if (safe)
            buffer_append(out, safe, strlen(safe));
        else
            buffer_append(out, text, 1);
    }
}

/* The first node of the name, in `data` or above it. */
static const struct node *look_up(const struct node *data, const char *name) {
    for (; data; data = data->above) {
        const struct node *found = node_find(data, name);
        if (found)
            return found;
    }
    return NULL;
}

/* Where the part of this name ends: its {{/name}}, or null. Parts of one name do not nest. */
static const char *end_of_part(const char *text, const char *end, const char *name) {
    char *mark = xprintf("{{/%s}}", name);
    const char *found = strstr(text, mark);
    free(mark);
    return found && found < end ? found : NULL;
}

/* The part {{#name}} or {{^name}} whose text lies between `text` and `end`. */
static int fill_part(const struct filling *f, char kind, const char *name, const char *text,
                     const char *end, const struct node *data) {
    const struct node *node = look_up(data, name);
    int r = 0;
    if (kind == '^')
        return node ? 0 : fill(f, text, end, data);
    for (; node && r == 0; node = node->next)
        if (strcmp(node->name, name) == 0)
            r = fill(f, text, end, node);
    return r;
}

static int fill_value(const struct filling *f, const char *name, const struct node *data) {
    const struct node *node = look_up(data, name);
    if (!node || !node->text)
        return problem_set(f->p, "%s/%s: {{%s}} is nowhere", f->folder, f->file, name);
    put_escaped(f->out, node->text);
    return 0;
}

/* What stands at a {{; *text moves past it. */
static int fill_mark(const struct filling *f, const char **text, const char *end,
                     const struct node *data) {
    const char *close = strstr(*text, "}}");
    if (!close || close >= end)
        return problem_set(f->p, "%s/%s: a {{ without }}", f->folder, f->file);
    char kind = (*text)[2];
    bool value = !strchr("#^>", kind);
    const char *start = *text + (value ? 2 : 3);
    char *name = xprintf("%.*s", (int)(close - start), start);
    int r;
    *text = close + 2;
    if (value) {
        r = fill_value(f, name, data);
    } else if (kind == '>') {
        r = template_fill(f->folder, name, data, f->out, f->p);
    } else {
        const char *part_end = end_of_part(*text, end, name);
        r = part_end
                ? fill_part(f, kind, name, *text, part_end, data)
                : problem_set(f->p, "%s/%s: {{%c%s}} has no end", f->folder, f->file, kind, name);
        if (part_end)
            *text = strstr(part_end, "}}") + 2;
    }
    free(name);
    return r;
}

static int fill(const struct filling *f, const char *text, const char *end,
                const struct node *data) {
    int r = 0;
    while (text < end && r == 0) {
        const char *mark = strstr(text, "{{");
        if (!mark || mark > end)
            mark = end;
        buffer_append(f->out, text, (size_t)(mark - text));
        text = mark;
        if (text < end)
            r = fill_mark(f, &text, end, data);
    }
    return r;
}

int template_fill(const char *folder, const char *file, const struct node *data, struct buffer *out,
                  struct problem *p) {
    struct buffer text = {0};
    char *path = xprintf("%s/%s", folder, file);
    struct filling f = {folder, file, out, p};
    int r = read_file(path, &text, p);
    buffer_append(&text, "", 1);
    const char *start = (const char *)text.data;
    if (r == 0)
        r = fill(&f, start, start + text.len - 1, data);
    buffer_free(&text);
    free(path);
    return r;
}
