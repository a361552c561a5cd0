/* The parts of a plan: added one by one, checked, written. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "images/lib/outfile.h"
#include "images/script/plan_make.h"

int plan_problem(const struct plan *plan, unsigned line, struct problem *p, const char *format,
                 ...) {
    struct problem inner;
    va_list args;
    va_start(args, format);
    vsnprintf(inner.text, sizeof inner.text, format, args);
    va_end(args);
    int n = snprintf(p->text, sizeof p->text, "%.1000s:%u: ", plan->build, line);
    snprintf(p->text + n, sizeof p->text - (size_t)n, "%.*s", (int)(sizeof p->text - 1) - n,
             inner.text);
    return -1;
}

static struct plan_part *add_part(struct plan *plan, unsigned line) {
    if (plan->count == plan->cap) {
        plan->cap = plan->cap ? 2 * plan->cap : 64;
        plan->parts = xrealloc(plan->parts, plan->cap * sizeof *plan->parts);
    }
    struct plan_part *part = &plan->parts[plan->count++];
    *part = (struct plan_part){.text = plan->text.len, .line = line};
    return part;
}

void plan_add_text(struct plan *plan, unsigned line, const void *text, size_t n) {
    struct plan_part *part = plan->count ? &plan->parts[plan->count - 1] : NULL;
    if (!part || part->source || part->line != line)
        part = add_part(plan, line);
    buffer_append(&plan->text, text, n);
    part->size += n;
    plan->size += n;
}

void plan_add_source(struct plan *plan, unsigned line, const char *source, uint64_t size) {
    struct plan_part *part = add_part(plan, line);
    part->source = xstrdup(source);
    part->size = size;
    plan->size += size;
}

/* Adds a name that is not there yet. */
static int add_name(struct plan *plan, unsigned line, const char *name, enum target_kind kind,
                    struct problem *p) {
    if (plan->targets.count == TARGETS_MAX)
        return plan_problem(plan, line, p,
                            "%s: more than %d files and directories, the kernel has no room, "
                            "leave some out",
                            name, TARGETS_MAX);
    targets_add(&plan->targets, name, kind, line);
    return 0;
}

static void add_src(struct plan *plan, unsigned line, uint64_t size, const char *name) {
    struct buffer text = {0};
    buffer_printf(&text, "src %llu %s\n", (unsigned long long)size, name);
    plan_add_text(plan, line, text.data, text.len);
    buffer_free(&text);
}

static int add_parents(struct plan *plan, unsigned line, const char *name, struct problem *p) {
    char parent[TARGET_LENGTH_MAX + 1];
    size_t n = strlen(name);
    while (n && name[--n] != '/')
        ;
    memcpy(parent, name, n);
    parent[n] = 0;
    return n ? plan_add_directory(plan, line, parent, p) : 0;
}

int plan_add_directory(struct plan *plan, unsigned line, const char *name, struct problem *p) {
    if (strcmp(name, "/") == 0)
        return 0;
    const struct target *old = targets_find(&plan->targets, name);
    if (old && old->kind == TARGET_FILE)
        return plan_problem(plan, line, p, "%s: is a file made at line %u", name, old->line);
    if (old)
        return 0;
    if (add_parents(plan, line, name, p) < 0 || add_name(plan, line, name, TARGET_DIRECTORY, p) < 0)
        return -1;
    add_src(plan, line, 0, name);
    return 0;
}

/* The size of a plain host file. */
static int file_size(const struct plan *plan, unsigned line, const char *path, uint64_t *size,
                     struct problem *p) {
    struct stat st;
    if (stat(path, &st) < 0)
        return plan_problem(plan, line, p, "%s: %s", path, strerror(errno));
    if (!S_ISREG(st.st_mode))
        return plan_problem(plan, line, p, "%s: not a plain file%s", path,
                            S_ISDIR(st.st_mode) ? ", @tree takes folders" : "");
    if (access(path, R_OK) < 0)
        return plan_problem(plan, line, p, "%s: cannot read: %s", path, strerror(errno));
    *size = (uint64_t)st.st_size;
    return 0;
}

int plan_add_file(struct plan *plan, unsigned line, const char *name, char *const *sources,
                  size_t count, struct problem *p) {
    const struct target *old = targets_find(&plan->targets, name);
    if (strcmp(name, "/") == 0)
        return plan_problem(plan, line, p, "/: the root cannot be a file");
    if (old)
        return plan_problem(plan, line, p, "%s: already made at line %u", name, old->line);
    uint64_t total = 0, size;
    for (size_t i = 0; i < count; i++) {
        if (file_size(plan, line, sources[i], &size, p) < 0)
            return -1;
        total += size;
    }
    if (total > UINT32_MAX)
        return plan_problem(plan, line, p, "%s: %llu bytes, the kernel takes less than 4 GiB", name,
                            (unsigned long long)total);
    if (add_parents(plan, line, name, p) < 0 || add_name(plan, line, name, TARGET_FILE, p) < 0)
        return -1;
    add_src(plan, line, total, name);
    size_t first = plan->count;
    for (size_t i = 0; i < count; i++)
        if (file_size(plan, line, sources[i], &size, p) < 0)
            return -1;
        else if (size)
            plan_add_source(plan, line, sources[i], size);
    struct target *made = targets_find(&plan->targets, name);
    made->part = first;
    made->parts = plan->count - first;
    return 0;
}

int plan_note_by_hand(struct plan *plan, unsigned line, const char *name, struct problem *p) {
    if (strcmp(name, "/") == 0 || targets_find(&plan->targets, name))
        return 0;
    return add_name(plan, line, name, TARGET_BY_HAND, p);
}

/* Copies the file of a part, which must still be as long as it was. */
static int write_source(const struct plan *plan, const struct plan_part *part, int fd,
                        const char *name, struct problem *p) {
    int from = open(part->source, O_RDONLY | O_CLOEXEC);
    if (from < 0)
        return plan_problem(plan, part->line, p, "%s: %s", part->source, strerror(errno));
    char more;
    int64_t n = copy_bytes(from, part->source, fd, name, part->size, p);
    if (n >= 0 && ((uint64_t)n != part->size || read(from, &more, 1) > 0))
        n = plan_problem(plan, part->line, p, "%s: changed while it was read, try again",
                         part->source);
    close(from);
    return n < 0 ? -1 : 0;
}

int plan_write(const struct plan *plan, int fd, const char *name, struct problem *p) {
    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_part *part = &plan->parts[i];
        size_t size = (size_t)part->size;
        /* The text of one part goes on with that of the next. */
        while (!part->source && i + 1 < plan->count && !plan->parts[i + 1].source)
            size += (size_t)plan->parts[++i].size;
        int r = part->source ? write_source(plan, part, fd, name, p)
                             : write_all(fd, plan->text.data + part->text, size, name, p);
        if (r < 0)
            return -1;
    }
    return 0;
}

unsigned plan_line_at(const struct plan *plan, uint64_t offset) {
    unsigned line = 0;
    for (size_t i = 0; i < plan->count; i++) {
        line = plan->parts[i].line;
        if (offset < plan->parts[i].size)
            break;
        offset -= plan->parts[i].size;
    }
    return line;
}

int plan_spares(const struct plan *plan, const char *out, struct problem *p) {
    int r = outfile_spares(out, plan->build, p);
    for (size_t i = 0; r == 0 && i < plan->count; i++)
        if (plan->parts[i].source)
            r = outfile_spares(out, plan->parts[i].source, p);
    return r;
}

void plan_free(struct plan *plan) {
    for (size_t i = 0; i < plan->count; i++)
        free(plan->parts[i].source);
    free(plan->parts);
    free(plan->build);
    free(plan->folder);
    buffer_free(&plan->text);
    targets_free(&plan->targets);
    *plan = (struct plan){0};
}
