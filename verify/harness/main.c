/* build/verify: runs the tests of Seedbed, from the top folder of the project. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "verify/harness/harness.h"

static void usage(FILE *out) {
    fprintf(out, "usage: build/verify [--list] [--filter WORD] [--jobs N] [--slowest N]\n"
                 "Runs the tests, or those whose name holds WORD, N at a time (one a processor).\n"
                 "--list prints their names, --slowest the times of the N slowest.\n");
}

/* The number at argv[*i + 1], above 0; 0 where there is none. */
static unsigned number_after(char **argv, int *i) {
    int n = argv[*i + 1] ? atoi(argv[*i + 1]) : 0;
    *i += 1;
    return n > 0 ? (unsigned)n : 0;
}

/* Returns whether the arguments are right. */
static bool parse(int argc, char **argv, struct suite_options *options, bool *list) {
    for (int i = 1; i < argc; i++) {
        bool good = true;
        if (strcmp(argv[i], "--list") == 0)
            *list = true;
        else if (strcmp(argv[i], "--filter") == 0)
            good = (options->filter = argv[++i]);
        else if (strcmp(argv[i], "--jobs") == 0)
            good = (options->jobs = number_after(argv, &i));
        else if (strcmp(argv[i], "--slowest") == 0)
            good = (options->slowest = number_after(argv, &i));
        else
            good = false;
        if (!good)
            return false;
    }
    return true;
}

int main(int argc, char **argv) {
    struct suite suite = {0};
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    struct suite_options options = {.jobs = processors > 0 ? (unsigned)processors : 1};
    bool list = false;
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        usage(stdout);
        return 0;
    }
    if (!parse(argc, argv, &options, &list)) {
        usage(stderr);
        return 2;
    }
    if (access("CONTRACT.md", R_OK) != 0 || access("build/seedbed", X_OK) != 0) {
        fprintf(stderr, "seedbed: verify: run `make test` in the top folder of the project\n");
        return 1;
    }
    suite_collect(&suite);
    for (size_t i = 0; list && i < suite.count; i++)
        puts(suite.cases[i].name);
    size_t failures = list ? 0 : suite_run(&suite, &options);
    free(suite.cases);
    return failures > 0;
}
