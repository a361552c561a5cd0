/* The inputs in verify/cases/, on which kernel, model and Linux once differed, or might. */
#include "fuzz_run.h"
#include "harness.h"

#include <dirent.h>
#include <stdlib.h>

enum { CASE_SECONDS = 90 };

static void sides_agree(struct test *t, const void *argument) {
    const char *path = argument;
    struct fuzz_bench bench;
    struct fuzz_input input = {.kind = (enum fuzz_kind)fuzz_kind_of(path)};
    struct problem p;
    char *difference = NULL;
    if (read_file(path, &input.bytes, &p) < 0 || fuzz_open(&bench, &p) < 0) {
        test_fail(t, "%s", p.text);
    }
    int r = fuzz_compare(&bench, &input, &difference, &p);
    fuzz_close(&bench);
    if (r != 0) {
        test_fail(t, "%s", r > 0 ? difference : p.text);
    }
}

static int is_case(const struct dirent *entry) {
    return fuzz_kind_of(entry->d_name) >= 0;
}

void test_cases(struct suite *s) {
    struct dirent **entries = NULL;
    int count = scandir("verify/cases", &entries, is_case, alphasort);
    for (int i = 0; i < count; i++) {
        suite_add_slow(s, xprintf("case-%s-is-the-same-on-all-sides", entries[i]->d_name),
                       CASE_SECONDS, sides_agree, xprintf("verify/cases/%s", entries[i]->d_name));
        free(entries[i]);
    }
    free(entries);
}
