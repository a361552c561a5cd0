/* One parser reads the options of every command: the same spellings, the same refusals. */
#include <string.h>

#include "verify/harness/harness.h"

static const char *const COMMANDS[] = {"hex0", "pack",   "image", "run", "build",
                                       "make", "hexfmt", "model", NULL};

/* A command, and an option of it that takes a number. */
static const struct {
    const char *command;
    const char *option;
} NUMBERS[] = {
    {"run", "--mem"},       {"run", "--timeout"},      {"build", "--mem"},
    {"build", "--size"},    {"image", "--size"},       {"model", "--mem"},
    {"model", "--timeout"}, {"model", "--script-lba"}, {"model", "--max-instructions"},
};

TEST(options_h_is_help_in_every_command) {
    for (size_t i = 0; COMMANDS[i]; i++) {
        struct buffer brief = test_run(t, 0, "build/seedbed", COMMANDS[i], "-h", NULL);
        struct buffer full = test_run(t, 0, "build/seedbed", COMMANDS[i], "--help", NULL);
        expect_same(t, COMMANDS[i], brief.data, brief.len, full.data, full.len);
    }
}

TEST(options_that_are_no_numbers_are_refused_by_name) {
    static const char *const WRONG[] = {"0x20", "-5", "", "1e3", "five", " 5", "5 "};
    for (size_t i = 0; i < sizeof NUMBERS / sizeof NUMBERS[0]; i++)
        for (size_t k = 0; k < sizeof WRONG / sizeof WRONG[0]; k++) {
            const char *option = NUMBERS[i].option, *command = NUMBERS[i].command;
            char *want = xprintf("%s: %s cannot be '%s'", command, option, WRONG[k]);
            char *joined = xprintf("%s=%s", option, WRONG[k]);
            struct buffer one = test_run(t, 2, "build/seedbed", command, joined, "x", NULL);
            struct buffer two =
                test_run(t, 2, "build/seedbed", command, option, WRONG[k], "x", NULL);
            if (!strstr((char *)one.data, want) || !strstr((char *)two.data, want))
                test_fail(t, "no `%s`: %s%s", want, one.data, two.data);
        }
}

TEST(options_fractions_are_for_seconds_alone) {
    for (size_t i = 0; i < sizeof NUMBERS / sizeof NUMBERS[0]; i++) {
        bool seconds = strcmp(NUMBERS[i].option, "--timeout") == 0;
        const char *const argv[] = {"build/seedbed", NUMBERS[i].command, NUMBERS[i].option,
                                    "17.9",          "/nonexistent",     NULL};
        struct outcome o = test_command(t, argv);
        struct buffer said = o.output;
        if ((o.status != 2) != seconds)
            test_fail(t, "%s 17.9 ends with %d", NUMBERS[i].option, o.status);
        char *want = xprintf("%s cannot be '17.9'", NUMBERS[i].option);
        if (!seconds && !strstr((char *)said.data, want))
            test_fail(t, "no `%s`: %s", want, said.data);
    }
}

TEST(options_are_one_word_or_two_before_or_after_the_operands) {
    static const char SCRIPT[] = "src 0 /dev\nsrc 1 /dev/hda\nX";
    char *script = test_path(t, "x.src"), *out = test_path(t, "x.out");
    char *o = xprintf("-o=%s", out);
    test_write(t, script, SCRIPT, sizeof SCRIPT - 1);
    for (int way = 0; way < 4; way++) {
        test_write(t, out, "", 0);
        if (way == 0)
            test_run(t, 0, "build/seedbed", "model", "--mem=64", o, script, NULL);
        else if (way == 1)
            test_run(t, 0, "build/seedbed", "model", "--mem", "64", "-o", out, script, NULL);
        else if (way == 2)
            test_run(t, 0, "build/seedbed", "model", script, "--mem=64", "-o", out, NULL);
        else
            test_run(t, 0, "build/seedbed", "model", "-o", out, "--", script, NULL);
        struct buffer made = test_read(t, out);
        expect_same(t, "the artifact", made.data, made.len, "X", 1);
        buffer_free(&made);
    }
    struct buffer said = test_run(t, 2, "build/seedbed", "model", script, "--mem", NULL);
    if (!strstr((char *)said.data, "--mem wants an argument"))
        test_fail(t, "an option without its argument: %s", said.data);
}
