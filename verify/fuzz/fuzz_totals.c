/* What the fuzzer has counted, see fuzz_totals.h. */
#include "verify/fuzz/fuzz_totals.h"

#include <stdlib.h>
#include <string.h>

static const char *const SIDES[FUZZ_SIDES] = {"the PC", "QEMU", "the model", "Linux"};

/* What a count is called (allocated). */
static char *name_of(int count) {
    static const char *const MADE[MAKERS] = {"calls on all three", "wild calls", "hex0 texts",
                                             "scripts"};
    static const char *const REST[] = {"inputs on which nobody could judge", "differences",
                                       "seconds of `make fuzz`",
                                       "processor seconds of `make fuzz`"};
    if (count < COUNT_CASES)
        return xstrdup(MADE[count]);
    if (count < COUNT_RUNS)
        return xprintf("cases for %s", SIDES[count - COUNT_CASES]);
    if (count < COUNT_DIFFERENCES)
        return xprintf("runs of %s", SIDES[count - COUNT_RUNS]);
    if (count < COUNT_UNJUDGED)
        return xprintf("differences of %s", SIDES[count - COUNT_DIFFERENCES]);
    return xstrdup(REST[count - COUNT_UNJUDGED]);
}

static double per_second(double cases, double seconds) {
    return seconds > 0 ? cases / seconds : 0;
}

void fuzz_totals_print(const struct fuzz_totals *t) {
    double all = 0;
    for (int i = COUNT_MADE; i < COUNT_CASES; i++) {
        char *name = name_of(i);
        printf("%10.0f %s\n", t->n[i], name);
        free(name);
        all += t->n[i];
    }
    printf("%.0f inputs that the model could not follow\n", t->n[COUNT_UNJUDGED]);
    printf("%-10s %10.0f cases, %10.0f runs\n", SIDES[FUZZ_PC], t->n[COUNT_CASES + FUZZ_PC],
           t->n[COUNT_RUNS + FUZZ_PC]);
    for (int side = FUZZ_PC + 1; side < FUZZ_SIDES; side++)
        printf("%-10s %10.0f cases, %10.0f runs, %.0f differences\n", SIDES[side],
               t->n[COUNT_CASES + side], t->n[COUNT_RUNS + side], t->n[COUNT_DIFFERENCES + side]);
    printf("%.0f cases in %.1f s, %.1f a second, %.1f a second of processor time: %.0f "
           "differences\n",
           all, t->n[COUNT_SECONDS], per_second(all, t->n[COUNT_SECONDS]),
           per_second(all, t->n[COUNT_PROCESSOR_SECONDS]), t->n[COUNT_FOUND]);
}

int fuzz_totals_write(const struct fuzz_totals *t, const char *path, struct problem *p) {
    FILE *out = fopen(path, "a");
    if (!out)
        return problem_set(p, "%s: cannot be written", path);
    for (int i = 0; i < COUNTS; i++) {
        char *name = name_of(i);
        fprintf(out, "%.0f\t%s\n", t->n[i], name);
        free(name);
    }
    return fclose(out) == 0 ? 0 : problem_set(p, "%s: cannot be written", path);
}

static int find(const char *name) {
    for (int i = 0; i < COUNTS; i++) {
        char *known = name_of(i);
        bool found = strcmp(name, known) == 0;
        free(known);
        if (found)
            return i;
    }
    return -1;
}

static void add(struct fuzz_totals *t, int count, double n) {
    if (count != COUNT_SECONDS)
        t->n[count] += n;
    else if (n > t->n[count])
        t->n[count] = n;
}

int fuzz_totals_read(struct fuzz_totals *t, const char *path, struct problem *p) {
    struct buffer text = {0};
    unsigned number = 0;
    int r = read_file(path, &text, p);
    buffer_append(&text, "", 1);
    for (char *line = (char *)text.data; r == 0 && *line; number++) {
        size_t n = strcspn(line, "\n");
        char *next = line + n + (line[n] == '\n'), *end;
        line[n] = 0;
        double value = strtod(line, &end);
        int count = *end == '\t' ? find(end + 1) : -1;
        if (count < 0)
            r = problem_set(p, "%s:%u: is no count of the fuzzer", path, number + 1);
        else
            add(t, count, value);
        line = next;
    }
    if (r == 0 && number < COUNTS)
        r = problem_set(p, "%s: %u counts, should be %d", path, number, COUNTS);
    buffer_free(&text);
    return r;
}
