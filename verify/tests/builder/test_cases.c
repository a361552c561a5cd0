/* The inputs in verify/cases/found/, on which kernel, model and Linux once differed, or might. */
#include <dirent.h>
#include <stdlib.h>

#include "verify/fuzz/fuzz_make.h"
#include "verify/harness/harness.h"

enum { CASE_SECONDS = 90 };

static void sides_agree(struct test *t, const void *argument) {
    const char *path = argument;
    struct fuzz_bench bench;
    struct fuzz_input input = {.kind = (enum fuzz_kind)fuzz_kind_of(path)};
    struct problem p;
    char *difference = NULL;
    if (input.kind == FUZZ_CALLS)
        test_needs_own_root(t);
    if (read_file(path, &input.bytes, &p) < 0 || fuzz_open(&bench, &p) < 0)
        test_fail(t, "%s", p.text);
    int r = fuzz_compare(&bench, &input, &difference, &p);
    fuzz_close(&bench);
    if (r != 0)
        test_fail(t, "%s", r > 0 ? difference : p.text);
}

enum { SEED = 5, CASES = 50, LINES = 60, TEXTS = 100 };

/* A batch of each kind as `make fuzz` generates them, always the same one. */
static void batch_agrees(struct test *t, const void *argument) {
    enum fuzz_kind kind = *(const enum fuzz_kind *)argument;
    struct fuzz_bench bench;
    struct fuzz_input input = {.kind = kind};
    struct problem p;
    char *difference = NULL;
    if (kind == FUZZ_CALLS)
        test_needs_own_root(t);
    if (fuzz_open(&bench, &p) < 0)
        test_fail(t, "%s", p.text);
    for (unsigned i = 1; kind != FUZZ_SCRIPT && i <= CASES; i++)
        fuzz_make_case(&input.bytes, SEED * CASES + i, i, LINES, kind == FUZZ_WILD);
    if (kind == FUZZ_SCRIPT)
        fuzz_make_texts(&input.bytes, SEED, TEXTS, &bench.calls);
    int r = fuzz_compare(&bench, &input, &difference, &p);
    fuzz_close(&bench);
    if (r != 0)
        test_fail(t, "%s", r > 0 ? difference : p.text);
}

static int is_case(const struct dirent *entry) {
    return fuzz_kind_of(entry->d_name) >= 0;
}

TESTS(cases_tests) {
    static const enum fuzz_kind CALLS = FUZZ_CALLS, WILD = FUZZ_WILD, TEXT = FUZZ_SCRIPT;
    suite_add_slow(s, "fuzz-a-batch-of-calls-is-the-same-on-all-sides", CASE_SECONDS, batch_agrees,
                   &CALLS);
    suite_add_slow(s, "fuzz-a-batch-of-wild-calls-is-the-same-on-kernel-and-model", CASE_SECONDS,
                   batch_agrees, &WILD);
    suite_add_slow(s, "fuzz-a-batch-of-texts-is-the-same-on-kernel-and-model", CASE_SECONDS,
                   batch_agrees, &TEXT);
    struct dirent **entries = NULL;
    int count = scandir("verify/cases/found", &entries, is_case, alphasort);
    for (int i = 0; i < count; i++) {
        suite_add_slow(s, xprintf("case-%s-is-the-same-on-all-sides", entries[i]->d_name),
                       CASE_SECONDS, sides_agree,
                       xprintf("verify/cases/found/%s", entries[i]->d_name));
        free(entries[i]);
    }
    free(entries);
}
