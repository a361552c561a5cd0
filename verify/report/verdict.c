/* The top of the report: what all that was run comes to. */
#include <stdlib.h>
#include <string.h>

#include "verify/report/report.h"

/* How many nodes called `name` below have the text; null: any. */
static unsigned count_below(const struct node *above, const char *name, const char *text) {
    unsigned n = 0;
    for (const struct node *c = above->first; c; c = c->next) {
        n += strcmp(c->name, name) == 0 && (!text || (c->text && strcmp(c->text, text) == 0));
        n += count_below(c, name, text);
    }
    return n;
}

/* The number of the fuzzer's row `what`, 0 where it has none. */
static unsigned long long fuzz_count(const struct node *fuzz, const char *what) {
    for (const struct node *c = fuzz->first; c; c = c->next) {
        const struct node *label = strcmp(c->name, "count") == 0 ? node_find(c, "what") : NULL;
        if (label && strcmp(label->text, what) == 0)
            return strtoull(node_find(c, "n")->text, NULL, 10);
    }
    return 0;
}

/* The last line of the tests' log that adds them up (allocated), or "". */
static char *test_totals(void) {
    return first_line_of(
        "grep -E '^[0-9]+ passed, [0-9]+ failed' build/test.log 2>/dev/null | tail -n 1");
}

static void add_reason(struct node *page, const char *class, const char *format, unsigned n,
                       const char *target) {
    struct node *reason = node_add(page, "reason");
    node_put(reason, "class", "%s", class);
    node_put(reason, "text", format, n);
    node_put(reason, "target", "%s", target);
}

/* One part: what is bad in it, or that it was not run. Returns what is bad. */
static unsigned judge(struct node *page, const char *part, unsigned bad, const char *format,
                      const char *target, unsigned *missing) {
    const struct node *n = node_find(page, part);
    if (n && node_find(n, "missing")) {
        add_reason(page, "off", "not run", 0, target);
        ++*missing;
    } else if (bad) {
        add_reason(page, "bad", format, bad, target);
    }
    return bad;
}

void add_verdict(struct node *page) {
    char *tests = test_totals();
    const char *failed = strstr(tests, "passed, ");
    unsigned wrong = failed ? (unsigned)strtoul(failed + strlen("passed, "), NULL, 10) : 0;
    unsigned missing = 0;
    const struct node *machines = node_find(page, "machines"), *fuzz = node_find(page, "fuzz");
    unsigned squares = count_below(machines, "square", NULL);
    unsigned unrun = count_below(machines, "verdict", "not run");
    node_put(page, "cells", "%u of %u", squares - unrun, squares);
    node_put(page, "tests", "%s", *tests ? tests : "not run (.ci/run)");
    if (wrong)
        add_reason(page, "bad", "%u tests failed", wrong, ".ci/run");
    wrong += judge(page, "routes", count_below(node_find(page, "routes"), "class", "bad"),
                   "%u routes lead elsewhere", "make routes", &missing);
    wrong += judge(page, "audit", 0, "", "make audit", &missing);
    wrong += judge(page, "loop", count_below(node_find(page, "loop"), "text", "OTHER"),
                   "%u products of the loop differ between machines", "make loop", &missing);
    wrong += judge(page, "ddc", 0, "", "make ddc", &missing);
    wrong += judge(page, "machines", count_below(machines, "class", "bad"),
                   "%u machines made something else", "make matrix", &missing);
    wrong += judge(page, "fuzz", (unsigned)fuzz_count(fuzz, "differences"),
                   "%u differences on generated input", "make fuzz", &missing);
    node_put(page, "verdict_class", "%s", wrong ? "bad" : missing || !*tests ? "off" : "ok");
    node_put(page, "verdict", "%s",
             wrong                ? "There are differences"
             : missing || !*tests ? "What was run is all the same; not all was run"
                                  : "All the same");
    free(tests);
}
