/* What can be seen to go wrong before a machine is started. */
#include "images/script/check.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "images/lib/home.h"
#include "images/script/plan_make.h"

/* The kernel makes it itself. */
static const char memory_map[] = "/e820";

static bool known(const struct plan *plan, const char *name) {
    return strcmp(name, "/") == 0 || strcmp(name, memory_map) == 0 ||
           targets_find(&plan->targets, name) != NULL;
}

int plan_check_parent(const struct plan *plan, unsigned line, const char *name, struct problem *p) {
    char folder[TARGET_LENGTH_MAX + 1];
    const char *slash = strrchr(name, '/');
    size_t n = (size_t)(slash - name);
    if (plan->unknown || n == 0)
        return 0;
    memcpy(folder, name, n);
    folder[n] = 0;
    if (known(plan, folder))
        return 0;
    return plan_problem(plan, line, p, "%s: there is no folder %s, put `@dir %s` before this line",
                        name, folder, folder);
}

/* Appends the content of the file to *text; false where it is not known. */
static bool content(const struct plan *plan, const struct target *name, struct buffer *text) {
    struct problem p;
    if (name->size)
        buffer_append(text, plan->text.data + name->at, name->size);
    for (size_t i = 0; i < name->parts; i++)
        if (read_file(plan->parts[name->part + i].source, text, &p) < 0)
            return false;
    return name->size || name->parts;
}

static unsigned count_lines(const uint8_t *text, size_t n) {
    unsigned lines = 0;
    for (size_t i = 0; i < n; i++)
        lines += text[i] == '\n';
    return lines;
}

/* The place of line and column of the whole text: in a source, or behind a `src` of the build. */
static char *place(const struct plan *plan, const struct target *name, size_t line, size_t column) {
    struct problem p;
    const char *file = plan->build;
    if (name->size)
        return xprintf("%s:%zu:%zu", file, name->line + line, column);
    for (size_t i = 0; i < name->parts; i++) {
        struct buffer text = {0};
        file = plan->parts[name->part + i].source;
        size_t lines =
            read_file(file, &text, &p) == 0 ? count_lines(text.data, text.len) : SIZE_MAX;
        buffer_free(&text);
        if (line <= lines || i + 1 == name->parts)
            break;
        line -= lines;
    }
    return xprintf("%s:%zu:%zu", file, line, column);
}

char *plan_odd_digit(const struct plan *plan, const char *name) {
    struct buffer text = {0};
    size_t line, column;
    char *where = NULL;
    const struct target *in = targets_find(&plan->targets, name);
    if (in && content(plan, in, &text) && home_odd_digit(&text, &line, &column))
        where = place(plan, in, line, column);
    buffer_free(&text);
    return where;
}

int plan_check_hex0(const struct plan *plan, unsigned line, const char *name, struct problem *p) {
    if (plan->unknown)
        return 0;
    if (!known(plan, name))
        return plan_problem(plan, line, p, "%s: no such file is made before this line", name);
    char *where = plan_odd_digit(plan, name);
    if (!where)
        return 0;
    plan_problem(plan, line, p, "%s: odd digit, at %s", name, where);
    free(where);
    return -1;
}

static unsigned half(const uint8_t *at) {
    return at[0] | (unsigned)at[1] << 8;
}

const char *elf_wrong(const char *path) {
    uint8_t head[52] = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, head, sizeof head);
    if (fd >= 0)
        close(fd);
    if (n < 0)
        return NULL;
    if (memcmp(head, "#!", 2) == 0)
        return "a script for an interpreter, which the builder's shell does not start";
    if (memcmp(head,
               "\x7F"
               "ELF",
               4) != 0)
        return "not an ELF file";
    if (half(head + 18) != 3)
        return "a program for another processor, it must be for i386";
    if (half(head + 16) == 3)
        return "position independent, link it with -no-pie -static";
    return half(head + 16) == 2 ? NULL : "an ELF file that is no program, link it";
}

int plan_check_program(const struct plan *plan, unsigned line, const char *word, size_t n,
                       struct problem *p) {
    char name[TARGET_LENGTH_MAX + 1];
    if (plan->unknown || target_resolve(word, n, name))
        return 0;
    int shown = n > 80 ? 80 : (int)n;
    if (!known(plan, name))
        return plan_problem(plan, line, p,
                            "%.*s: no command of that name, and no such file is made before this "
                            "line",
                            shown, word);
    const struct target *file = targets_find(&plan->targets, name);
    const char *wrong = NULL;
    if (file && file->parts == 1)
        wrong = elf_wrong(plan->parts[file->part].source);
    return wrong ? plan_problem(plan, line, p, "%.*s: %s", shown, word, wrong) : 0;
}

int plan_check_end(const struct plan *plan, struct problem *p) {
    unsigned line = plan->count ? plan->parts[plan->count - 1].line : 1;
    if (plan->unknown || targets_find(&plan->targets, "/dev/hda"))
        return 0;
    return plan_problem(plan, line, p,
                        "the build ends and nothing has made /dev/hda, which is what it is for");
}
