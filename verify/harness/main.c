/* build/verify: runs the tests of Seedbed, from the top folder of the project. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "images/lib/options.h"
#include "verify/harness/harness.h"

static const char help[] =
    "usage: build/verify [--list] [--filter WORD] [--jobs N] [--slowest N]\n"
    "Runs the tests, or those whose name holds WORD, N at a time (one a processor).\n"
    "--list prints their names, --slowest those N that compute the longest.\n";

/* Tests send signals: they are to do what they usually do, also under nohup or in the background.
 */
static void take_signals(void) {
    static const int signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGPIPE};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        signal(signals[i], SIG_DFL);
}

int main(int argc, char **argv) {
    struct suite suite = {0};
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    struct suite_options options = {0};
    uint64_t jobs = processors > 0 ? (uint64_t)processors : 1, slowest = 0;
    bool list = false;
    int i;
    struct option_spec specs[] = {{"--list", OPTION_FLAG, &list, 0},
                                  {"--filter", OPTION_TEXT, &options.filter, 0},
                                  {"--jobs", OPTION_NUMBER, &jobs, 1000},
                                  {"--slowest", OPTION_NUMBER, &slowest, 100000},
                                  {0}};
    int status = options_read(specs, help, argc, argv, &i);
    if (status >= 0)
        return status;
    if (i < argc || jobs == 0)
        return usage_error(argv[0], i < argc ? "no argument is wanted" : "one job at least");
    options.jobs = (unsigned)jobs;
    options.slowest = (unsigned)slowest;
    if (access("CONTRACT.md", R_OK) != 0 || access("build/seedbed", X_OK) != 0) {
        fprintf(stderr, "seedbed: verify: run `make test` in the top folder of the project\n");
        return 1;
    }
    take_signals();
    suite_collect(&suite);
    for (size_t k = 0; list && k < suite.count; k++)
        puts(suite.cases[k].name);
    size_t failures = list ? 0 : suite_run(&suite, &options);
    free(suite.cases);
    return failures > 0;
}
