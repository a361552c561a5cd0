/* @tree: a host folder and all that is in it. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "images/script/plan_make.h"

/* A folder on the way from the root of the tree to where we are. */
struct level {
    const struct level *above;
    char *real; /* its path without links */
};

struct tree {
    struct plan *plan;
    unsigned line;
    const char *root; /* path without links */
    struct problem *p;
};

static int wrong(const struct tree *t, const char *path, const char *what) {
    return plan_problem(t->plan, t->line, t->p, "%s: %s", path, what);
}

static int compare(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in a folder, sorted, `.git` left out. */
static int list(const struct tree *t, const char *path, char ***names, size_t *count) {
    DIR *folder = opendir(path);
    struct dirent *entry;
    *names = NULL;
    *count = 0;
    if (!folder)
        return wrong(t, path, strerror(errno));
    while ((entry = readdir(folder))) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, ".git") == 0)
            continue;
        if (*count % 64 == 0)
            *names = xrealloc(*names, (*count + 64) * sizeof **names);
        (*names)[(*count)++] = xstrdup(name);
    }
    closedir(folder);
    if (*count)
        qsort(*names, *count, sizeof **names, compare);
    return 0;
}

static bool inside(const char *root, const char *path) {
    size_t n = strlen(root);
    return strcmp(root, "/") == 0 ||
           (strncmp(path, root, n) == 0 && (path[n] == 0 || path[n] == '/'));
}

/* A link is followed if it stays inside the tree and does not lead back to where we come from. */
static int check_link(const struct tree *t, const struct level *level, const char *path) {
    char *real = realpath(path, NULL);
    if (!real)
        return wrong(t, path,
                     errno == ELOOP ? "a symlink that leads to itself" : "a symlink to nothing");
    int r = 0;
    if (!inside(t->root, real))
        r = wrong(t, path, "a symlink that leads out of the tree, copy what it names");
    for (; r == 0 && level; level = level->above)
        if (strcmp(level->real, real) == 0)
            r = wrong(t, path, "a symlink to a folder that it is in, remove it");
    free(real);
    return r;
}

static int walk(const struct tree *t, const struct level *above, const char *path,
                const char *target);

static int add_entry(const struct tree *t, const struct level *level, char *path,
                     const char *target, const char *name) {
    char resolved[TARGET_LENGTH_MAX + 1];
    struct stat st;
    if (lstat(path, &st) < 0)
        return wrong(t, path, strerror(errno));
    if (S_ISLNK(st.st_mode)) {
        if (check_link(t, level, path) < 0)
            return -1;
        if (stat(path, &st) < 0)
            return wrong(t, path, strerror(errno));
    }
    char *joined = xprintf("%s/%s", strcmp(target, "/") == 0 ? "" : target, name);
    const char *bad = target_resolve(joined, strlen(joined), resolved);
    free(joined);
    if (bad)
        return wrong(t, path, bad);
    if (S_ISDIR(st.st_mode))
        return walk(t, level, path, resolved);
    if (S_ISREG(st.st_mode))
        return plan_add_file(t->plan, t->line, resolved, &path, 1, t->p);
    return wrong(t, path, "neither a plain file nor a folder, remove it");
}

static int walk(const struct tree *t, const struct level *above, const char *path,
                const char *target) {
    char **names;
    size_t count;
    if (plan_add_directory(t->plan, t->line, target, t->p) < 0 || list(t, path, &names, &count) < 0)
        return -1;
    struct level level = {above, realpath(path, NULL)};
    int r = level.real ? 0 : wrong(t, path, strerror(errno));
    for (size_t i = 0; i < count; i++) {
        char *entry = xprintf("%s/%s", path, names[i]);
        if (r == 0)
            r = add_entry(t, &level, entry, target, names[i]);
        free(entry);
        free(names[i]);
    }
    free(names);
    free(level.real);
    return r;
}

int plan_add_tree(struct plan *plan, unsigned line, const char *name, const char *folder,
                  struct problem *p) {
    struct stat st;
    if (stat(folder, &st) < 0)
        return plan_problem(plan, line, p, "%s: %s", folder, strerror(errno));
    if (!S_ISDIR(st.st_mode))
        return plan_problem(plan, line, p, "%s: not a folder, @file takes files", folder);
    char *root = realpath(folder, NULL);
    if (!root)
        return plan_problem(plan, line, p, "%s: %s", folder, strerror(errno));
    struct tree t = {plan, line, root, p};
    size_t n = strlen(folder);
    while (n > 1 && folder[n - 1] == '/')
        n--;
    char *path = xprintf("%.*s", (int)n, folder);
    int r = walk(&t, NULL, path, name);
    free(path);
    free(root);
    return r;
}
