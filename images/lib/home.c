/* Where the project is. */
#include "images/lib/home.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "images/lib/texts.h"
#include "refmodel/hex0.h"

char *home_path(const char *name) {
    const char *home = getenv("SEEDBED_HOME");
    char self[PATH_MAX];
    if (!home) {
        ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
        self[n > 0 ? n : 0] = 0;
        for (int up = 0; up < 2; up++) {
            char *slash = strrchr(self, '/');
            if (slash)
                *slash = 0;
        }
        home = self;
    }
    return xprintf("%s/%s", home, name);
}

/* The text that the program carries, or null. */
static const struct text *carried(const char *name) {
    for (const struct text *t = texts; t->name; t++)
        if (strcmp(t->name, name) == 0)
            return t;
    return NULL;
}

int home_read(const char *name, struct buffer *out, struct problem *p) {
    const struct text *t = carried(name);
    char *path = home_path(name);
    int r = 0;
    if (t && !getenv("SEEDBED_HOME") && access(path, R_OK) < 0)
        buffer_append(out, t->bytes, t->size);
    else
        r = read_file(path, out, p);
    free(path);
    return r;
}

int home_compile(const char *name, struct buffer *out, struct problem *p) {
    struct buffer text = {0};
    struct hex0_error e;
    size_t made;
    int r = home_read(name, &text, p);
    if (r == 0 && hex0_compile(text.data, text.len, true, buffer_room(out, hex0_bound(text.len)),
                               &made, &e) < 0)
        r = problem_set(p, "%s:%zu:%zu: %s, correct the text", name, e.line, e.column, e.what);
    if (r == 0)
        out->len += made;
    buffer_free(&text);
    return r;
}

bool home_odd_digit(const struct buffer *text, size_t *line, size_t *column) {
    struct hex0_error e;
    struct buffer bytes = {0};
    size_t made;
    int r = hex0_compile(text->data, text->len, false, buffer_room(&bytes, hex0_bound(text->len)),
                         &made, &e);
    buffer_free(&bytes);
    if (r == 0)
        return false;
    *line = e.line;
    *column = e.column;
    return true;
}

char *home_cache(void) {
    char *build = home_path("build");
    if (access(build, W_OK) == 0)
        return build;
    free(build);
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    char *folder = cache && *cache ? xprintf("%s/seedbed", cache)
                                   : xprintf("%s/.cache/seedbed", home && *home ? home : "/tmp");
    mkdir(folder, 0777);
    return folder;
}
