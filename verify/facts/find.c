/* Finding the places of facts.h in files, by regular expressions. */
#include <ctype.h>
#include <glob.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verify/facts/facts.h"
#include "verify/facts/number.h"

enum { GROUPS = 3 };

static void compile(regex_t *r, const char *pattern) {
    if (regcomp(r, pattern, REG_EXTENDED) != 0) {
        fprintf(stderr, "seedbed: facts: bad regular expression: %s\n", pattern);
        exit(1);
    }
}

static bool ends_with(const char *text, const char *end) {
    size_t n = strlen(text);
    size_t m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

/*
 * The name as all files have it: in lower case, and with a * for a part that varies (NAME,
 * AAAAAAAA, %s, %02X), so that lines of text from different sources compare.
 */
static char *canonical(const char *text, size_t n) {
    struct buffer out = {0};
    bool sentence = memchr(text, ' ', n) || memchr(text, ':', n);
    size_t path = text[0] == '/' && n > 1 && text[1] != ':' ? strcspn(text, ":") : 0;
    if (path > 0)
        buffer_printf(&out, "*");
    for (size_t i = path; i < n;) {
        size_t upper = 0;
        while (i + upper < n && isupper((unsigned char)text[i + upper]))
            upper++;
        if (text[i] == '%') {
            i += 2 + strspn(text + i + 1, "0123456789l");
            buffer_printf(&out, "*");
        } else if (upper > 1 && sentence) {
            i += upper;
            buffer_printf(&out, "*");
        } else {
            buffer_printf(&out, "%c", tolower((unsigned char)text[i++]));
        }
    }
    buffer_append(&out, "", 1);
    return (char *)out.data;
}

/* A file that is looked through. */
struct reading {
    const char *file;
    char *text;
    regex_t *wanted;
    bool little_endian;
};

static bool number_in(const struct reading *r, const char *start, const regmatch_t *group,
                      long long *number) {
    return number_read(start + group->rm_so, (size_t)(group->rm_eo - group->rm_so),
                       r->little_endian, number);
}

/* Of two groups one is the number; a group alone is the number if it is one. */
static void add_match(struct matches *m, const struct reading *r, size_t at,
                      const regmatch_t *group, unsigned line) {
    struct match found = {.file = xstrdup(r->file), .line = line};
    const char *start = r->text + at;
    size_t groups = r->wanted->re_nsub;
    size_t number = groups;
    found.counted = number_in(r, start, &group[number], &found.number);
    if (groups == 2 && !found.counted)
        found.counted = number_in(r, start, &group[number = 1], &found.number);
    if (groups == 2 || !found.counted) {
        const regmatch_t *name = &group[groups == 2 ? 3 - number : 1];
        found.name = canonical(start + name->rm_so, (size_t)(name->rm_eo - name->rm_so));
    }
    found.at = at + (size_t)group[number].rm_so;
    found.size = (size_t)(group[number].rm_eo - group[number].rm_so);
    m->all = xrealloc(m->all, (m->count + 1) * sizeof *m->all);
    m->all[m->count++] = found;
}

/* The matches of a line, which ends with a NUL. */
static void find_in_line(struct matches *m, const struct reading *r, size_t at, unsigned line,
                         bool once) {
    regmatch_t group[GROUPS];
    while (regexec(r->wanted, r->text + at, GROUPS, group, 0) == 0 && group[0].rm_eo > 0) {
        add_match(m, r, at, group, line);
        at += (size_t)group[0].rm_eo;
        if (once)
            break;
    }
}

static void find_in_file(struct matches *m, const char *root, const char *file, const char *only,
                         const char *entry) {
    struct buffer content = {0};
    struct problem p;
    regex_t line_wanted, wanted;
    char *path = *file == '/' ? xstrdup(file) : xprintf("%s/%s", root, file);
    if (read_file(path, &content, &p) != 0)
        m->missing = true;
    compile(&line_wanted, only ? only : "^");
    compile(&wanted, entry);
    buffer_append(&content, "", 1);
    struct reading r = {file, (char *)content.data, &wanted, ends_with(file, ".M1")};
    unsigned line = 1;
    for (size_t at = 0; at + 1 < content.len; line++) {
        size_t end = at + strcspn(r.text + at, "\n");
        r.text[end] = '\0';
        if (regexec(&line_wanted, r.text + at, 0, NULL, 0) == 0)
            find_in_line(m, &r, at, line, *entry == '^');
        at = end + 1;
    }
    regfree(&wanted);
    regfree(&line_wanted);
    buffer_free(&content);
    free(path);
}

/* Files of the system are where they are; the others are below the root. */
static void find_in_files(struct matches *m, const char *root, const char *pattern,
                          const char *only, const char *entry) {
    glob_t found;
    bool absolute = *pattern == '/';
    char *path = absolute ? xstrdup(pattern) : xprintf("%s/%s", root, pattern);
    if (glob(path, 0, NULL, &found) == 0) {
        size_t skip = absolute ? 0 : strlen(root) + 1;
        for (size_t i = 0; i < found.gl_pathc; i++)
            find_in_file(m, root, found.gl_pathv[i] + skip, only, entry);
        globfree(&found);
    } else {
        m->missing = true;
    }
    free(path);
}

struct matches facts_find(const char *root, const char *files, const char *only,
                          const char *entry) {
    struct matches m = {0};
    char *list = xstrdup(files);
    char *rest = list;
    for (char *pattern; (pattern = strtok_r(rest, " ", &rest));)
        find_in_files(&m, root, pattern, only, entry);
    free(list);
    return m;
}

void matches_free(struct matches *m) {
    for (size_t i = 0; i < m->count; i++) {
        free(m->all[i].name);
        free(m->all[i].file);
    }
    free(m->all);
    *m = (struct matches){0};
}
