/* Shrinks an input, see fuzz_shrink.h: takes away ever smaller pieces (ddmin). */
#include "verify/fuzz/fuzz_shrink.h"

#include <stdlib.h>
#include <string.h>

#include "images/lib/util.h"

enum { SHRINK_SECONDS = 600 }; /* an input that hangs a machine takes long to try */

/* Where the pieces of an input start; one more place than pieces. */
struct pieces {
    size_t *start;
    size_t count;
};

static struct pieces split(const struct fuzz_input *input) {
    struct pieces s = {xrealloc(NULL, (input->bytes.len + 2) * sizeof *s.start), 0};
    s.start[0] = 0;
    for (size_t i = 1; i <= input->bytes.len; i++)
        if (input->kind == FUZZ_SCRIPT || input->bytes.data[i - 1] == '\n' || i == input->bytes.len)
            s.start[++s.count] = i;
    return s;
}

/* The input without `n` pieces from number `first` on. */
static struct fuzz_input without(const struct fuzz_input *input, const struct pieces *s,
                                 size_t first, size_t n) {
    struct fuzz_input less = {.kind = input->kind};
    buffer_append(&less.bytes, input->bytes.data, s->start[first]);
    buffer_append(&less.bytes, input->bytes.data + s->start[first + n],
                  input->bytes.len - s->start[first + n]);
    return less;
}

/* Whether it is the same side's end, log or file that differs: a smaller input must not show
 * something else. */
static bool same_kind(const char *a, const char *b) {
    size_t n = strcspn(a, ":");
    return strncmp(a, b, n + 1) == 0;
}

int fuzz_shrink(struct fuzz_bench *b, struct fuzz_input *input, unsigned tries, char **difference,
                struct problem *p) {
    struct pieces s = split(input);
    size_t size = (s.count + 1) / 2, first = 0;
    int r = 0;
    double end = now() + SHRINK_SECONDS;
    while (tries-- > 0 && s.count > 1 && r >= 0 && now() < end) {
        size_t n = size < s.count - first ? size : s.count - first;
        char *found = NULL;
        struct fuzz_input less = without(input, &s, first, n);
        r = less.bytes.len > 0 ? fuzz_compare(b, &less, &found, p) : 0;
        if (r > 0 && same_kind(*difference, found)) {
            buffer_free(&input->bytes);
            *input = less;
            free(*difference);
            *difference = found;
            free(s.start);
            s = split(input);
        } else {
            buffer_free(&less.bytes);
            free(found);
            r = r > 0 ? 0 : r;
            first += n;
        }
        if (first >= s.count) {
            if (size == 1 && r <= 0)
                break;
            first = 0;
            size = size > 1 ? size / 2 : 1;
        }
    }
    free(s.start);
    return r < 0 ? -1 : 0;
}
