/* Where the project is. */
#include "images/lib/home.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

int home_compile(const char *name, struct buffer *out, struct problem *p) {
    struct buffer text = {0};
    struct hex0_error e;
    size_t made;
    char *path = home_path(name);
    int r = read_file(path, &text, p);
    if (r == 0 && hex0_compile(text.data, text.len, true, buffer_room(out, hex0_bound(text.len)),
                               &made, &e) < 0)
        r = problem_set(p, "%s:%zu:%zu: %s, correct the text", path, e.line, e.column, e.what);
    if (r == 0)
        out->len += made;
    buffer_free(&text);
    free(path);
    return r;
}
