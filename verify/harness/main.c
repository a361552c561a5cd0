/* build/verify: runs the tests of Seedbed, from the top folder of the project. */
#include "verify/harness/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void test_hexfmt(struct suite *s);
void test_compiler(struct suite *s);
void test_oracle(struct suite *s);
void test_oracle_faults(struct suite *s);
void test_oracle_takeover(struct suite *s);
void test_shell(struct suite *s);
void test_limits(struct suite *s);
void test_chain(struct suite *s);
void test_disk(struct suite *s);
void test_programs(struct suite *s);
void test_bios(struct suite *s);
void test_handover(struct suite *s);
void test_pack(struct suite *s);
void test_tools(struct suite *s);
void test_model_cpu(struct suite *s);
void test_model(struct suite *s);
void test_model_trace(struct suite *s);
void test_model_ports(struct suite *s);
void test_boot0(struct suite *s);
void test_boot0_errors(struct suite *s);
void test_boot0_mescc(struct suite *s);
void test_pipelines(struct suite *s);
void test_boot0_kaem(struct suite *s);
void test_cases(struct suite *s);
void test_e820(struct suite *s);
void test_faulty_disk(struct suite *s);
void test_audit(struct suite *s);
void test_spoken(struct suite *s);
void test_routes(struct suite *s);
void test_matrix(struct suite *s);
void test_report(struct suite *s);
void test_endings(struct suite *s);

/* clang-format off */
static void (*const FILES[])(struct suite *) = {
    test_hexfmt,
    test_compiler,
    test_oracle,
    test_oracle_faults,
    test_oracle_takeover,
    test_shell,
    test_limits,
    test_chain,
    test_disk,
    test_programs,
    test_bios,
    test_handover,
    test_pack,
    test_tools,
    test_model_cpu,
    test_model,
    test_model_trace,
    test_model_ports,
    test_boot0,
    test_boot0_errors,
    test_boot0_mescc,
    test_pipelines,
    test_boot0_kaem,
    test_cases,
    test_e820,
    test_faulty_disk,
    test_audit,
    test_spoken,
    test_routes,
    test_matrix,
    test_report,
    test_endings,
};
/* clang-format on */

static void usage(FILE *out) {
    fprintf(out, "usage: build/verify [--list] [--filter WORD] [--jobs N]\n"
                 "Runs the tests, or those whose name holds WORD, N at a time (2).\n"
                 "--list prints their names.\n");
}

int main(int argc, char **argv) {
    struct suite suite = {0};
    struct suite_options options = {.jobs = 2};
    bool list = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            usage(stdout);
            return 0;
        } else if (strcmp(argv[i], "--list") == 0) {
            list = true;
        } else if (strcmp(argv[i], "--filter") == 0 && i + 1 < argc) {
            options.filter = argv[++i];
        } else if (strcmp(argv[i], "--jobs") == 0 && i + 1 < argc && atoi(argv[i + 1]) > 0) {
            options.jobs = (unsigned)atoi(argv[++i]);
        } else {
            usage(stderr);
            return 2;
        }
    }
    if (access("CONTRACT.md", R_OK) != 0 || access("build/seedbed", X_OK) != 0) {
        fprintf(stderr, "seedbed: verify: run `make test` in the top folder of the project\n");
        return 1;
    }
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++) {
        FILES[i](&suite);
    }
    if (list) {
        for (size_t i = 0; i < suite.count; i++) {
            puts(suite.cases[i].name);
        }
        return 0;
    }
    size_t failures = suite_run(&suite, &options);
    free(suite.cases);
    return failures > 0 ? 1 : 0;
}
