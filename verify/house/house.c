/*
 * build/house [FOLDER]: whether the tree of C sources and make rules keeps the rules of the house:
 *
 *   - Arrows run downwards. The table below says which folders a folder may include, and a folder's
 *     rules.mk must name none that it may not.
 *   - refmodel/ includes headers of C11 alone, and has no main().
 *   - An include guard is the header's path in capitals.
 *   - No file has more than 500 lines, no function more than 60.
 *   - A pointer is tested as it is, not against NULL.
 *
 * A line `seedbed: FILE:LINE: what` for each break of a rule; exit status 1 if there are any.
 */
#define _XOPEN_SOURCE 700 /* nftw */
#include <ctype.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "images/lib/util.h"

enum { MOST_LINES = 500, MOST_IN_FUNCTION = 60 };

/* From the ground up. A name that ends with `/` means all that is below it. */
static const struct floor {
    const char *folder;
    const char *below; /* folders it may use besides itself, with blanks between them */
} FLOORS[] = {
    {"refmodel/float80", ""},
    {"refmodel/cpu", "refmodel/float80"},
    {"refmodel/strace", "refmodel/cpu"},
    {"refmodel/pc", "refmodel/cpu refmodel/strace"},
    {"refmodel/builder", "refmodel/cpu refmodel/strace refmodel"},
    {"refmodel", "refmodel/"},
    {"images/lib", "refmodel"},
    {"images/script", "images/lib refmodel"},
    {"images/hexfmt", "images/lib"},
    {"images/machine", "images/lib images/script refmodel refmodel/pc"},
    {"images/session", "images/lib images/script images/machine refmodel"},
    {"images/routes", "images/lib images/machine refmodel"},
    {"images", "images/ refmodel refmodel/pc"},
    {"buildscripts/", ""},
    {"verify/guest/", "verify/guest"},
    {"verify/harness", "verify/guest images/ refmodel/"},
    {"verify/tests/", "verify/ images/ refmodel/"},
    {"verify/warm", "images/ refmodel/"},
    {"verify/mutants", "verify/guest verify/warm verify/fuzz images/ refmodel/"},
    {"verify/", "verify/guest verify/harness verify/matrix verify/warm images/ refmodel/"},
};

static const char *const C11[] = {
    "assert.h",   "complex.h",  "ctype.h",  "errno.h",       "fenv.h",    "float.h",
    "inttypes.h", "iso646.h",   "limits.h", "locale.h",      "math.h",    "setjmp.h",
    "signal.h",   "stdalign.h", "stdarg.h", "stdatomic.h",   "stdbool.h", "stddef.h",
    "stdint.h",   "stdio.h",    "stdlib.h", "stdnoreturn.h", "string.h",  "tgmath.h",
    "threads.h",  "time.h",     "uchar.h",  "wchar.h",       "wctype.h",  NULL,
};

static const char *root; /* nftw takes no argument */
static unsigned breaks;

static void report(const char *file, unsigned line, const char *format, const char *what) {
    printf("seedbed: %s:%u: ", file, line);
    printf(format, what);
    putchar('\n');
    breaks++;
}

/* Whether the folder of n characters is `pattern`, or below it where that ends with `/`. */
static bool is_in(const char *folder, size_t n, const char *pattern, size_t length) {
    bool all = length && pattern[length - 1] == '/';
    length -= all;
    if (n < length || strncmp(folder, pattern, length) != 0)
        return false;
    return n == length || (all && folder[length] == '/');
}

/* The length of the path's folder. */
static size_t folder_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) : 0;
}

static const struct floor *floor_of(const char *path) {
    for (size_t i = 0; i < sizeof FLOORS / sizeof FLOORS[0]; i++)
        if (is_in(path, folder_of(path), FLOORS[i].folder, strlen(FLOORS[i].folder)))
            return &FLOORS[i];
    return NULL;
}

/* Whether a file of that floor may use the other file. */
static bool may_use(const struct floor *floor, const char *file, const char *other) {
    size_t n = folder_of(other);
    if (n == folder_of(file) && strncmp(file, other, n) == 0)
        return true;
    for (const char *word = floor->below; *word; word += strspn(word, " ")) {
        size_t length = strcspn(word, " ");
        if (is_in(other, n, word, length))
            return true;
        word += length;
    }
    return false;
}

static void check_include(const struct floor *floor, const char *file, unsigned line,
                          const char *text) {
    char name[256];
    if (sscanf(text, " # include \"%255[^\"]\"", name) == 1) {
        if (!may_use(floor, file, name))
            report(file, line, "includes %s, which is not below it", name);
    } else if (strncmp(file, "refmodel/", 9) == 0 &&
               sscanf(text, " # include <%255[^>]>", name) == 1) {
        for (size_t i = 0; C11[i]; i++)
            if (strcmp(C11[i], name) == 0)
                return;
        report(file, line, "includes <%s>, which is no header of C11", name);
    }
}

/* A rule may name files of its own folder, and of those below. */
static void check_rule(const struct floor *floor, const char *file, unsigned line,
                       const char *text) {
    static const char *const TOPS[] = {"refmodel/", "images/", "verify/"};
    for (size_t i = 0; i < sizeof TOPS / sizeof TOPS[0] && text[strspn(text, " \t")] != '#'; i++) {
        const char *at = strstr(text, TOPS[i]);
        bool whole = at && (at == text || !(isalnum((unsigned char)at[-1]) || at[-1] == '/'));
        if (!whole || strncmp(file, TOPS[i], strlen(TOPS[i])) == 0)
            continue;
        bool below = false;
        for (const char *word = floor->below; *word && !below; word += strspn(word, " ")) {
            below = strncmp(word, TOPS[i], strlen(TOPS[i]) - 1) == 0;
            word += strcspn(word, " ");
        }
        if (!below)
            report(file, line, "names %s, which is not below it", TOPS[i]);
    }
}

/* The guard of the header: its path in capitals. */
static void check_guard(const char *file, const struct buffer *text) {
    char *want = xprintf("#ifndef %s\n", file);
    for (char *c = want + strlen("#ifndef "); *c != '\n'; c++)
        *c = isalnum((unsigned char)*c) ? (char)toupper((unsigned char)*c) : '_';
    const char *guard = strstr((const char *)text->data, "#ifndef ");
    if (!guard || strncmp(guard, want, strlen(want)) != 0)
        report(file, 1, "its guard should begin with `%s`", strtok(want, "\n"));
    free(want);
}

/* What a walk over the lines of a C file knows. */
struct lines {
    const char *file;
    const struct floor *floor;
    unsigned line;
    unsigned opened; /* the last line that starts with a letter */
};

/* A function begins on the last line before its `}` that starts with a letter; a line of only `}`
   that starts with it ends one. */
static void check_function(struct lines *l, const char *text) {
    if (isalpha((unsigned char)text[0]))
        l->opened = l->line;
    if (strcmp(text, "}") == 0 && l->line - l->opened + 1 > MOST_IN_FUNCTION)
        report(l->file, l->opened, "a function of more than %s lines", "60");
}

/* Whether the line holds a condition that compares with NULL; a value may. */
static bool tests_null(const char *text) {
    static const char *const AFTER[] = {" &&", " ||", " ?", ") {", NULL};
    const char *at = strstr(text, "= NULL");
    bool compares = at && at > text && (at[-1] == '!' || at[-1] == '=');
    if (!compares)
        return false;
    for (size_t i = 0; AFTER[i]; i++)
        if (strncmp(at + strlen("= NULL"), AFTER[i], strlen(AFTER[i])) == 0)
            return true;
    return strstr(text, "if (") || strstr(text, "while (");
}

static void check_c(struct lines *l, const char *text) {
    check_include(l->floor, l->file, l->line, text);
    check_function(l, text);
    if (strncmp(l->file, "refmodel/", 9) == 0 && strncmp(text, "int main(", 9) == 0)
        report(l->file, l->line, "%s in a library", "main()");
    if (tests_null(text))
        report(l->file, l->line, "tests a pointer by comparing it with %s", "NULL");
}

static void check_file(const char *file, const struct buffer *content) {
    const char *dot = strrchr(file, '.');
    struct lines l = {.file = file, .floor = floor_of(file)};
    bool rules = strcmp(dot, ".mk") == 0;
    if (!l.floor) {
        report(file, 1, "%s", "its folder is not in the table of floors");
        return;
    }
    for (const char *text = (const char *)content->data; *text; text += *text == '\n') {
        size_t n = strcspn(text, "\n");
        char *line = xprintf("%.*s", (int)n, text);
        l.line++;
        if (rules)
            check_rule(l.floor, file, l.line, line);
        else
            check_c(&l, line);
        text += n;
        free(line);
    }
    if (strcmp(dot, ".h") == 0)
        check_guard(file, content);
    if (!rules && l.line > MOST_LINES)
        report(file, l.line, "more than %s lines", "500");
}

/*
 * C of the ladder and programs that its compiler is tried on are no host programs: a library has
 * the guards and the includes that its standard gives it.
 */
static bool is_of_the_ladder(const char *file) {
    static const char *const folders[] = {"buildscripts/libc/", "buildscripts/boot4/",
                                          "verify/tests/cc/programs/"};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        if (strncmp(file, folders[i], strlen(folders[i])) == 0)
            return true;
    return false;
}

static int visit(const char *path, const struct stat *status, int type, struct FTW *ftw) {
    struct problem p;
    struct buffer content = {0};
    const char *dot = strrchr(path + ftw->base, '.');
    (void)status;
    if (type != FTW_F || !dot ||
        (strcmp(dot, ".c") != 0 && strcmp(dot, ".h") != 0 && strcmp(dot, ".mk") != 0))
        return 0;
    if (is_of_the_ladder(path + strlen(root) + 1))
        return 0;
    if (read_file(path, &content, &p) < 0) {
        problem_report(&p);
        breaks++;
    } else {
        buffer_append(&content, "", 1);
        check_file(path + strlen(root) + 1, &content);
    }
    buffer_free(&content);
    return 0;
}

int main(int argc, char **argv) {
    static const char *const TOPS[] = {"refmodel", "images", "buildscripts", "verify"};
    root = argc > 1 ? argv[1] : ".";
    for (size_t i = 0; i < sizeof TOPS / sizeof TOPS[0]; i++) {
        char *path = xprintf("%s/%s", root, TOPS[i]);
        if (nftw(path, visit, 16, FTW_PHYS) != 0 && errno != ENOENT) {
            fprintf(stderr, "seedbed: %s: %s\n", path, strerror(errno));
            breaks++;
        }
        free(path);
    }
    return breaks > 0;
}
