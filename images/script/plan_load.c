/* Reads a build file. */
#include <stdlib.h>
#include <string.h>

#include "images/script/check.h"
#include "images/script/plan_make.h"
#include "images/script/script.h"

/* Where in the build file the reader stands. */
struct reader {
    struct plan *plan;
    const char *text;
    size_t size;
    size_t pos;
    unsigned line; /* number of the line being read */
    struct problem *p;
};

/* The words of an @ line, each a string. */
struct words {
    char **list;
    size_t count;
};

static bool blank(char c) {
    return c == ' ' || c == '\t';
}

/*
 * Reads the word at line[*at] into *word. One that begins with a quote goes on to the next one,
 * and takes a backslash before a quote or a backslash away. Returns what is wrong with it, or null.
 */
static const char *read_word(const char *line, size_t n, size_t *at, struct buffer *word) {
    bool quoted = line[*at] == '"';
    *at += quoted;
    while (*at < n && (quoted ? line[*at] != '"' : !blank(line[*at]))) {
        bool escape = quoted && line[*at] == '\\' && *at + 1 < n &&
                      (line[*at + 1] == '"' || line[*at + 1] == '\\');
        *at += escape;
        buffer_append(word, line + (*at)++, 1);
    }
    buffer_append(word, "", 1);
    if (!quoted)
        return NULL;
    if (*at == n)
        return "a quote is not closed";
    return ++*at < n && !blank(line[*at]) ? "a blank is missing after a closing quote" : NULL;
}

/* Splits an @ line at its blanks. Returns what is wrong with it, or null. */
static const char *split(const char *line, size_t n, struct words *words) {
    const char *wrong = NULL;
    for (size_t at = 0; !wrong;) {
        while (at < n && blank(line[at]))
            at++;
        if (at == n)
            break;
        struct buffer word = {0};
        wrong = read_word(line, n, &at, &word);
        words->list = xrealloc(words->list, (words->count + 1) * sizeof *words->list);
        words->list[words->count++] = (char *)word.data;
    }
    return wrong;
}

static void words_free(struct words *words) {
    for (size_t i = 0; i < words->count; i++)
        free(words->list[i]);
    free(words->list);
}

/* Resolves a name or says what is wrong with it. */
static int resolve(const struct reader *r, const char *name, size_t n,
                   char out[TARGET_LENGTH_MAX + 1]) {
    const char *wrong = target_resolve(name, n, out);
    if (!wrong)
        return 0;
    return plan_problem(r->plan, r->line, r->p, "%.*s: %s", n > 80 ? 80 : (int)n, name, wrong);
}

/* Makes the word a path from where we are. */
static void localize(const struct plan *plan, char **word) {
    if (**word == '/')
        return;
    char *path = xprintf("%s%s", plan->folder, *word);
    free(*word);
    *word = path;
}

static int at_words(struct reader *r, struct words *w) {
    struct plan *plan = r->plan;
    char name[TARGET_LENGTH_MAX + 1];
    const char *command = w->list[0];
    bool file = strcmp(command, "@file") == 0;
    bool tree = strcmp(command, "@tree") == 0;
    if (!file && !tree && strcmp(command, "@dir") != 0)
        return plan_problem(plan, r->line, r->p,
                            "%s: not one of @file, @tree, @dir (a program of that name is ./%s)",
                            command, command);
    if (file ? w->count < 3 : w->count != (tree ? 3u : 2u))
        return plan_problem(plan, r->line, r->p, "%s wants %s", command,
                            file   ? "TARGET SOURCE..."
                            : tree ? "TARGET DIR"
                                   : "TARGET");
    if (resolve(r, w->list[1], strlen(w->list[1]), name) < 0)
        return -1;
    for (size_t i = 2; i < w->count; i++)
        localize(plan, &w->list[i]);
    if (file)
        return plan_add_file(plan, r->line, name, w->list + 2, w->count - 2, r->p);
    if (tree)
        return plan_add_tree(plan, r->line, name, w->list[2], r->p);
    return plan_add_directory(plan, r->line, name, r->p);
}

/* Checks `src N PATH`, whose PATH goes on to the end of the line, and takes the N bytes that
 * follow.
 */
static int src_line(struct reader *r, const char *end, const struct script_word words[3],
                    size_t count) {
    struct plan *plan = r->plan;
    char name[TARGET_LENGTH_MAX + 1];
    uint32_t size;
    if (count < 3)
        return plan_problem(plan, r->line, r->p, "src wants N PATH");
    if (!script_number(&words[1], &size))
        return plan_problem(plan, r->line, r->p, "src: '%.*s' is not a decimal number below 2^32",
                            words[1].length > 80 ? 80 : (int)words[1].length, words[1].text);
    if (resolve(r, words[2].text, (size_t)(end - words[2].text), name) < 0)
        return -1;
    if (size > r->size - r->pos)
        return plan_problem(plan, r->line, r->p, "src: %lu bytes wanted, %zu are left",
                            (unsigned long)size, r->size - r->pos);
    if (plan_check_parent(plan, r->line, name, r->p) < 0 ||
        plan_note_by_hand(plan, r->line, name, r->p) < 0)
        return -1;
    struct target *made = targets_find(&plan->targets, name);
    if (made) {
        made->parts = 0;
        made->at = plan->text.len;
        made->size = size;
    }
    plan_add_text(plan, r->line, r->text + r->pos, size);
    for (const char *end = r->text + r->pos + size; r->text + r->pos < end; r->pos++)
        r->line += r->text[r->pos] == '\n';
    return 0;
}

/* Checks `hex0 IN OUT`. */
static int hex0_line(struct reader *r, const struct script_word words[3], size_t count) {
    char in[TARGET_LENGTH_MAX + 1], out[TARGET_LENGTH_MAX + 1];
    if (count != 3)
        return plan_problem(r->plan, r->line, r->p, "hex0 wants IN OUT");
    if (resolve(r, words[1].text, words[1].length, in) < 0 ||
        resolve(r, words[2].text, words[2].length, out) < 0 ||
        plan_check_hex0(r->plan, r->line, in, r->p) < 0 ||
        plan_check_parent(r->plan, r->line, out, r->p) < 0 ||
        plan_note_by_hand(r->plan, r->line, out, r->p) < 0)
        return -1;
    struct target *made = targets_find(&r->plan->targets, out);
    if (made)
        made->parts = made->size = 0;
    return 0;
}

/* A line for the shell: kept, but what can be seen to be wrong is an error here. */
static int shell_line(struct reader *r, const char *line, size_t n) {
    struct script_word words[3], word;
    size_t at = 0, count = 0, all = 0;
    plan_add_text(r->plan, r->line, line, n);
    plan_add_text(r->plan, r->line, "\n", 1);
    while (script_word(line, n, &at, &word)) {
        if (count < 3)
            words[count] = word;
        count++;
        all += word.length + 1;
    }
    if (count == 0 || words[0].text[0] == '#')
        return 0;
    if (all > SCRIPT_WORDS_MAX)
        return plan_problem(r->plan, r->line, r->p, "the words of the line exceed %d bytes",
                            SCRIPT_WORDS_MAX);
    if (script_word_is(&words[0], "src"))
        return src_line(r, line + n, words, count);
    if (script_word_is(&words[0], "hex0"))
        return hex0_line(r, words, count);
    int result = 0;
    if (!script_word_is(&words[0], "f"))
        result = plan_check_program(r->plan, r->line, words[0].text, words[0].length, r->p);
    r->plan->unknown = true;
    return result;
}

static int next_line(struct reader *r) {
    const char *line = r->text + r->pos;
    const char *newline = memchr(line, '\n', r->size - r->pos);
    size_t n = newline ? (size_t)(newline - line) : r->size - r->pos;
    r->pos += n + (newline != NULL);
    r->line++;
    if (memchr(line, 0, n))
        return plan_problem(r->plan, r->line, r->p, "a NUL, which would end the build here");
    if (n && line[n - 1] == '\r')
        return plan_problem(r->plan, r->line, r->p,
                            "the line ends with a carriage return, which would be part of its "
                            "last word, remove it");
    size_t first = strspn(line, " \t") < n ? strspn(line, " \t") : n;
    if (first == n || line[first] != '@')
        return shell_line(r, line, n);
    struct words words = {NULL, 0};
    const char *wrong = split(line, n, &words);
    int result = wrong ? plan_problem(r->plan, r->line, r->p, "%s", wrong) : at_words(r, &words);
    words_free(&words);
    return result;
}

int plan_load(struct plan *plan, const char *build, struct problem *p) {
    struct buffer text = {0};
    const char *slash = strrchr(build, '/');
    *plan = (struct plan){.build = xstrdup(strcmp(build, "-") == 0 ? "stdin" : build)};
    plan->folder = xprintf("%.*s", slash ? (int)(slash - build) + 1 : 0, build);
    int result = read_file(build, &text, p);
    size_t size = text.len;
    buffer_append(&text, "", 1); /* so that strspn stops */
    struct reader r = {plan, (const char *)text.data, size, 0, 0, p};
    while (result == 0 && r.pos < r.size)
        result = next_line(&r);
    buffer_free(&text);
    return result;
}
