/* kaem: words and quotes against the system's shell, and what it does when a command fails. */
#include <stdlib.h>
#include <string.h>

#include "verify/tests/ladder/ladder.h"

enum { SCRIPTS = 300 };

static uint32_t below(uint32_t *state, uint32_t limit) {
    return test_random(state) % limit;
}

static void add(struct buffer *text, const char *set, uint32_t *state) {
    buffer_append(text, &set[below(state, (uint32_t)strlen(set))], 1);
}

/* A part of a word, in one of the ways that kaem and sh read alike. */
static void add_part(struct buffer *text, uint32_t *state) {
    static const char plain[] = "abcXYZ019_-+=:,./%@^";
    static const char any[] = "ab \t\n#;&|<>()*?[]{}!~=";
    uint32_t length = below(state, 6);
    switch (below(state, 4)) {
    case 0:
        buffer_append(text, "\"", 1);
        while (length-- > 0)
            if (below(state, 6) == 0)
                buffer_printf(text, "%s", below(state, 2) ? "\\\"" : "\\\\");
            else
                add(text, any, state);
        buffer_append(text, "\"", 1);
        break;
    case 1:
        buffer_append(text, "'", 1);
        while (length-- > 0)
            add(text, below(state, 6) == 0 ? "\"\\$`" : any, state);
        buffer_append(text, "'", 1);
        break;
    case 2:
        buffer_append(text, "\\", 1);
        add(text, below(state, 4) == 0 ? "\"'\\$`" : "ab #;&|<>()*?[]{}!~\n", state);
        break;
    default:
        do {
            add(text, plain, state);
        } while (length-- > 0);
        if (below(state, 4) == 0)
            buffer_append(text, "#", 1); /* within a word it is no comment */
        break;
    }
}

static void add_command(struct buffer *script, uint32_t *state) {
    buffer_printf(script, "%s/usr/bin/printf '[%%s]\\n'", below(state, 4) == 0 ? " \t" : "");
    for (uint32_t words = below(state, 6); words > 0; words--) {
        add(script, " \t", state);
        if (below(state, 8) == 0)
            buffer_printf(script, " \\\n ");
        for (uint32_t parts = 1 + below(state, 4); parts > 0; parts--)
            add_part(script, state);
    }
    if (below(state, 4) == 0)
        buffer_printf(script, " # a \"comment");
    buffer_printf(script, "%s", below(state, 4) == 0 ? "\n\n# 'comment\n" : "\n");
}

TEST(boot0_kaem_reads_words_as_sh_does_in_300_generated_scripts) {
    uint32_t state = 3;
    boot0_build(t);
    char *path = test_path(t, "script");
    for (int i = 0; i < SCRIPTS; i++) {
        struct buffer script = {0};
        for (uint32_t commands = 1 + below(&state, 4); commands > 0; commands--)
            add_command(&script, &state);
        test_write(t, path, script.data, script.len);
        test_write(t, "build/boot0-script.txt", script.data, script.len);
        struct outcome ours = boot0_run(t, "kaem", path, NULL);
        struct buffer want = test_run(t, 0, "sh", path, NULL);
        if (ours.status != 0) {
            test_fail(t, "script %d, in build/boot0-script.txt: %s", i,
                      (const char *)ours.output.data);
        }
        expect_text(t, xprintf("script %d, in build/boot0-script.txt", i),
                    (const char *)ours.output.data, (const char *)want.data);
        buffer_free(&script);
        buffer_free(&ours.output);
        buffer_free(&want);
    }
}

/* A script, with @ for the test's folder: all that it shows, and its exit status. */
static const struct script {
    const char *text;
    int status;
    const char *output;
} SCRIPT_LIST[] = {
    {"", 0, ""},
    {"# nothing\n\n   \n", 0, ""},
    {"echo a 'b  c'\necho\n", 0, "a b  c\n\n"},
    {"echo one\n/bin/false\necho two\n", 1, "one\nkaem: @/script:2: /bin/false: exit status 1\n"},
    {"\n\n/bin/sh -c 'exit 77'", 1, "kaem: @/script:3: /bin/sh -c exit 77: exit status 77\n"},
    {"/bin/sh -c 'kill -9 $$'\n", 1,
     "kaem: @/script:1: /bin/sh -c kill -9 $$: ended by signal 9\n"},
    {"@/none a b\n", 1, "kaem: @/script:1: @/none a b: not found\n"},
    {"@/script\n", 1, "kaem: @/script:1: @/script: cannot be run, exit status 126\n"},
    {"echo 'a\n\nb'\n@/none\n", 1, "a\n\nb\nkaem: @/script:4: @/none: not found\n"},
    {"\necho \"abc\n", 1, "kaem: @/script:2: no quote at the end\n"},
    {"echo abc\\", 1, "kaem: @/script:1: no quote at the end\n"},
    {"! /bin/false\n! @/none\n! cd @/none\necho so\n", 0, "so\n"},
    {"! /bin/true\n", 1, "kaem: @/script:1: ! /bin/true: has not failed\n"},
    {"!\n", 1, "kaem: @/script:1: !: no command\n"},
    {"cd\n", 1, "kaem: @/script:1: cd: no name\n"},
    {"cd @/none\n", 1, "kaem: @/script:1: cd @/none: error 2\n"},
    {"mkdir @/d\ncd @/d\npwd\ncd ..\npwd\n! mkdir d\n", 0, "@/d\n@\n"},
    {"@/log @/l x\nrm @/l\nrm @/l\n", 1, "kaem: @/script:3: rm @/l: error 2\n"},
    {"/bin/sh -c 'exit 3' &\necho on\nwait\necho never\n", 1,
     "on\nkaem: @/script:1: /bin/sh: exit status 3\n"},
    {"/bin/true &\n/bin/sh -c 'exit 4' &\n/bin/true &\necho on\n", 1,
     "on\nkaem: @/script:2: /bin/sh: exit status 4\n"},
    {"/bin/false '&' &\n/bin/echo a \\&\necho on\n", 1,
     "a &\non\nkaem: @/script:1: /bin/false: exit status 1\n"},
    {"wait\necho &\n&\n", 1, "&\nkaem: @/script:3: &: not found\n"},
};

static char *with_folder(const struct test *t, const char *text) {
    struct buffer out = {0};
    for (; *text; text++)
        buffer_append(&out, *text == '@' ? t->dir : text, *text == '@' ? strlen(t->dir) : 1);
    buffer_append(&out, "", 1);
    return (char *)out.data;
}

TEST(boot0_kaem_stops_at_the_first_failure_and_names_it) {
    boot0_build(t);
    char *path = test_path(t, "script");
    for (size_t i = 0; i < sizeof SCRIPT_LIST / sizeof SCRIPT_LIST[0]; i++) {
        const struct script *s = &SCRIPT_LIST[i];
        char *text = with_folder(t, s->text);
        test_write(t, path, text, strlen(text));
        struct outcome outcome = boot0_run(t, "kaem", path, NULL);
        if (outcome.status != s->status) {
            test_fail(t, "`%s`: exit status %d, should be %d; output `%s`", text, outcome.status,
                      s->status, (const char *)outcome.output.data);
        }
        expect_text(t, text, (const char *)outcome.output.data, with_folder(t, s->output));
    }
}

TEST(boot0_kaem_shows_commands_with_verbose) {
    static const char script[] = "# x\necho a  'b c'\n! /bin/false a\n/bin/true &\n";
    boot0_build(t);
    char *path = test_path(t, "script");
    test_write(t, path, script, sizeof script - 1);
    struct buffer output = test_run(t, 0, test_path(t, "kaem"), "--verbose", path, NULL);
    expect_text(t, "--verbose", (const char *)output.data,
                " +> echo a b c\na b c\n +> ! /bin/false a\n +> /bin/true &\n");
    output = test_run(t, 0, test_path(t, "kaem"), path, "--verbose", NULL);
    expect_text(t, "--verbose last", (const char *)output.data,
                " +> echo a b c\na b c\n +> ! /bin/false a\n +> /bin/true &\n");
}

/* Sixty-four programs in the background are allowed, as the contract has it, and no more. */
TEST(boot0_kaem_runs_64_programs_in_the_background) {
    boot0_build(t);
    char *path = test_path(t, "script");
    for (int count = 64; count <= 65; count++) {
        struct buffer script = {0};
        for (int i = 0; i < count; i++)
            buffer_printf(&script, "%s/log %s/%d-%d x &\n", t->dir, t->dir, count, i);
        test_write(t, path, script.data, script.len);
        struct outcome outcome = boot0_run(t, "kaem", path, NULL);
        if (outcome.status != (count == 65) ||
            (count == 65) == !strstr((const char *)outcome.output.data,
                                     "too many programs in the background\n")) {
            test_fail(t, "%d programs: exit status %d, output `%s`", count, outcome.status,
                      (const char *)outcome.output.data);
        }
    }
    for (int i = 0; i < 64; i++) {
        struct buffer line = test_read(t, test_path(t, xprintf("64-%d", i)));
        expect_same(t, "what a program in the background writes", line.data, line.len, "x\n", 2);
    }
}
