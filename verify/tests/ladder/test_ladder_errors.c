/* What the chain's programs say of mistakes, and what catm, dump, log, cmp and kaem do. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "verify/tests/ladder/ladder.h"

/* A mistake in a source: the program must exit with 1 after `NAME: IN:` and this message. */
static const struct mistake {
    const char *program;
    const char *source;
    const char *message;
} MISTAKES[] = {
    {"hex2", "90\n%nowhere\n", "2: unknown label: nowhere"},
    {"hex2", ":a\n%a>nowhere", "2: unknown label: nowhere"},
    {"hex2", ":a\n&nowhere>a", "2: unknown label: nowhere"},
    {"hex2", "%nowhere", "1: unknown label: nowhere"},
    {"hex2", ":a\n\n:b 90\n:a 90", "4: duplicate label: a"},
    {"hex2", ":a :a", "1: duplicate label: a"},
    {"hex2", "12 3", "1: odd number of hexadecimal digits"},
    {"hex2", "\n\n12 3 # 4\n", "3: odd number of hexadecimal digits"},
    {"hex2", ":a\n$a", "2: out of range: $a"},
    {"M0", "DEFINE a 11\na\nb a\n", "3: unknown macro: b"},
    {"M0", "a", "1: unknown macro: a"},
    {"M0", "\n12", "2: unknown macro: 12"},
    {"M0", "\n\"abc\n\n", "2: no quote at the end"},
    {"M0", "'", "1: no quote at the end"},
    {"M0", "DEFINE\n", "1: DEFINE without a name"},
    {"M0", "\nDEFINE 'a' 11\n", "2: DEFINE without a name"},
    {"M0", "DEFINE a\n11\n", "1: DEFINE without a text"},
    {"M0", "DEFINE a", "1: DEFINE without a text"},
    {"M0", "DEFINE a \"b\"", "1: DEFINE without a text"},
    {"M0", ":x\n!08", "2: bad number: !08"},
    {"M0", "%0x12G", "1: bad number: %0x12G"},
    {"M0", "@0x", "1: bad number: @0x"},
    {"M0", "<-1", "1: negative number of zeros: <-1"},
};

static void expect_outcome(struct test *t, const char *what, const struct outcome *outcome,
                           int status, const char *output) {
    if (outcome->status != status) {
        test_fail(t, "%s: exit status %d, should be %d; output `%s`", what, outcome->status, status,
                  (const char *)outcome->output.data);
    }
    expect_text(t, what, (const char *)outcome->output.data, output);
}

TEST(boot0_mistakes_give_one_line_and_exit_1) {
    boot0_build(t);
    char *in = test_path(t, "in");
    char *out = test_path(t, "out");
    for (size_t i = 0; i < sizeof MISTAKES / sizeof MISTAKES[0]; i++) {
        const struct mistake *m = &MISTAKES[i];
        test_write(t, in, m->source, strlen(m->source));
        struct outcome outcome = boot0_run(t, m->program, in, out, NULL);
        expect_outcome(t, m->message, &outcome, 1,
                       xprintf("%s: %s:%s\n", m->program, in, m->message));
    }
}

/* Both sides of the range of every reference that has one. */
TEST(boot0_hex2_knows_the_range_of_every_reference) {
    static const struct {
        char kind;
        size_t forward; /* the greatest distance */
        size_t size;
    } KINDS[] = {{'!', 127, 1}, {'@', 32767, 2}, {'~', 8388607, 3}};
    boot0_build(t);
    char *in = test_path(t, "in");
    char *out = test_path(t, "out");
    for (size_t i = 0; i < 3; i++) {
        for (int over = 0; over < 2; over++) {
            for (int back = 0; back < 2; back++) {
                size_t gap = back ? KINDS[i].forward + 1 - KINDS[i].size : KINDS[i].forward;
                struct buffer text = {0};
                buffer_printf(&text, back ? ":a\n" : "%ca\n", KINDS[i].kind);
                gap += (size_t)over;
                memset(buffer_room(&text, 2 * gap), '9', 2 * gap);
                text.len += 2 * gap;
                buffer_printf(&text, back ? "\n%ca" : "\n:a", KINDS[i].kind);
                test_write(t, in, text.data, text.len);
                struct outcome outcome = boot0_run(t, "hex2", in, out, NULL);
                char *want = over ? xprintf("hex2: %s:%d: out of range: %ca\n", in, back ? 3 : 1,
                                            KINDS[i].kind)
                                  : "";
                expect_outcome(t, "range", &outcome, over, want);
                buffer_free(&text);
            }
        }
    }
}

/* hex0 and hex1 say nothing, but their exit status is not 0. */
TEST(boot0_hex0_and_hex1_fail_on_mistakes) {
    static const char *const BAD[][2] = {{"hex0", "123"},   {"hex0", "1"},     {"hex1", "123"},
                                         {"hex1", ":a :a"}, {"hex1", "%a :b"}, {"hex1", "1 %a :a"},
                                         {"hex1", "12 :"},  {"hex1", "12 %"}};
    boot0_build(t);
    char *in = test_path(t, "in");
    char *out = test_path(t, "out");
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        test_write(t, in, BAD[i][1], strlen(BAD[i][1]));
        struct outcome outcome = boot0_run(t, BAD[i][0], in, out, NULL);
        if (outcome.status == 0 || outcome.status >= 128 + 64)
            test_fail(t, "%s of `%s`: exit status %d", BAD[i][0], BAD[i][1], outcome.status);
    }
}

/* catm --lines says where a file begins, and M0 and hex2 name that file and its own line. */
TEST(boot0_mistakes_in_joined_files_name_the_file) {
    static const struct {
        const char *program;
        const char *sources[2];
        int wrong; /* the file with the mistake */
        const char *message;
    } JOINED[] = {
        {"M0", {"DEFINE a 11\n\na\n", "# no newline at the end\n\nb"}, 1, "3: unknown macro: b"},
        {"M0", {"a\n\n", "DEFINE a\n"}, 1, "1: DEFINE without a text"},
        {"M0", {"\n\"x", ""}, 0, "2: no quote at the end"},
        {"hex2", {":a\n%b", "%a\n"}, 0, "2: unknown label: b"},
        {"hex2", {":a\n", "\n:a"}, 1, "2: duplicate label: a"},
        {"hex2", {"", "90\n9"}, 1, "2: odd number of hexadecimal digits"},
    };
    boot0_build(t);
    char *all = test_path(t, "all");
    char *in[2] = {test_path(t, "first"), test_path(t, "second")};
    for (size_t i = 0; i < sizeof JOINED / sizeof JOINED[0]; i++) {
        for (size_t j = 0; j < 2; j++)
            test_write(t, in[j], JOINED[i].sources[j], strlen(JOINED[i].sources[j]));
        struct outcome outcome = boot0_run(t, "catm", "--lines", all, in[0], in[1], NULL);
        expect_outcome(t, "catm --lines", &outcome, 0, "");
        outcome = boot0_run(t, JOINED[i].program, all, test_path(t, "out"), NULL);
        const char *file = in[JOINED[i].wrong];
        expect_outcome(t, JOINED[i].message, &outcome, 1,
                       xprintf("%s: %s:%s\n", JOINED[i].program, file, JOINED[i].message));
    }
    struct outcome outcome = boot0_run(t, "catm", "--lines", "/dev/full", in[0], NULL);
    expect_outcome(t, "catm --lines", &outcome, 1, "catm: /dev/full: cannot be written\n");
    /* a file that is only called so */
    test_run(t, 0, "sh", "-c",
             xprintf("cd %s && ./catm --link first && cmp first ./--link", t->dir), NULL);
    outcome = boot0_run(t, "catm", "--lines", NULL);
    expect_outcome(t, "catm --lines", &outcome, 1, "usage: catm [--lines] OUT IN...\n");
}

/* A file that is not there, and one that cannot be made: one line, exit status 1. */
TEST(boot0_missing_files_are_named) {
    boot0_build(t);
    char *in = test_path(t, "in");
    char *none = test_path(t, "none");
    char *nowhere = test_path(t, "none/out");
    test_write(t, in, "", 0);
    static const char *const TWO[] = {"hex2", "M0"};
    for (size_t i = 0; i < 2; i++) {
        struct outcome outcome = boot0_run(t, TWO[i], none, in, NULL);
        expect_outcome(t, TWO[i], &outcome, 1, xprintf("%s: %s: cannot be read\n", TWO[i], none));
        outcome = boot0_run(t, TWO[i], in, nowhere, NULL);
        expect_outcome(t, TWO[i], &outcome, 1,
                       xprintf("%s: %s: cannot be written\n", TWO[i], nowhere));
    }
    static const char *const JOIN[] = {"catm", "dump"};
    for (size_t i = 0; i < 2; i++) {
        struct outcome outcome = boot0_run(t, JOIN[i], test_path(t, "out"), in, none, NULL);
        expect_outcome(t, JOIN[i], &outcome, 1, xprintf("%s: %s: cannot be read\n", JOIN[i], none));
        outcome = boot0_run(t, JOIN[i], nowhere, in, NULL);
        expect_outcome(t, JOIN[i], &outcome, 1,
                       xprintf("%s: %s: cannot be written\n", JOIN[i], nowhere));
    }
    struct outcome outcome = boot0_run(t, "log", nowhere, "word", NULL);
    expect_outcome(t, "log", &outcome, 1, xprintf("log: %s: cannot be written\n", nowhere));
    outcome = boot0_run(t, "cmp", in, none, NULL);
    expect_outcome(t, "cmp", &outcome, 1, xprintf("cmp: %s: cannot be read\n", none));
    outcome = boot0_run(t, "kaem", none, NULL);
    expect_outcome(t, "kaem", &outcome, 1, xprintf("kaem: %s: cannot be read\n", none));
    static const char *const EARLY[] = {"hex0", "hex1"};
    for (size_t i = 0; i < 2; i++)
        if (boot0_run(t, EARLY[i], none, in, NULL).status == 0 ||
            boot0_run(t, EARLY[i], in, nowhere, NULL).status == 0)
            test_fail(t, "%s: exit status 0 without a file", EARLY[i]);
}

/* A full disk is an error too: /dev/full takes nothing. */
TEST(boot0_a_full_disk_is_an_error) {
    boot0_build(t);
    char *in = test_path(t, "in");
    test_write(t, in, "'12'", 4);
    static const char *const TWO[] = {"hex0", "hex1", "hex2", "M0"};
    for (size_t i = 0; i < 4; i++) {
        struct outcome outcome = boot0_run(t, TWO[i], in, "/dev/full", NULL);
        if (outcome.status == 0)
            test_fail(t, "%s: exit status 0 on a full disk", TWO[i]);
    }
    struct outcome outcome = boot0_run(t, "catm", "/dev/full", in, NULL);
    expect_outcome(t, "catm", &outcome, 1, "catm: /dev/full: cannot be written\n");
    outcome = boot0_run(t, "dump", "/dev/full", in, NULL);
    expect_outcome(t, "dump", &outcome, 1, "dump: /dev/full: cannot be written\n");
    outcome = boot0_run(t, "log", "/dev/full", "word", NULL);
    expect_outcome(t, "log", &outcome, 1, "log: /dev/full: cannot be written\n");
}

/* Writes a file of `size` bytes that look like nothing. */
static char *noise(struct test *t, const char *name, size_t size, uint32_t seed) {
    struct buffer content = {0};
    uint8_t *p = buffer_room(&content, size + 1);
    for (size_t i = 0; i < size; i++)
        p[i] = (uint8_t)test_random(&seed);
    char *path = test_path(t, name);
    test_write(t, path, p, size);
    buffer_free(&content);
    return path;
}

/* catm against cat, and dump through cpio, for sizes around those of the buffers. */
TEST(boot0_catm_dump_and_cmp_agree_with_cat_and_cpio) {
    static const size_t SIZES[] = {0, 1, 2, 3, 4, 5, 65535, 65536, 65537, 300000};
    enum { COUNT = sizeof SIZES / sizeof SIZES[0] };
    boot0_build(t);
    const char *pack[COUNT + 3] = {"./dump", "archive"};
    const char *join[COUNT + 3] = {"./catm", "joined"};
    struct buffer all = {0};
    for (size_t i = 0; i < COUNT; i++) {
        char *name = xprintf("file-%zu", SIZES[i]);
        struct buffer content = test_read(t, noise(t, name, SIZES[i], (uint32_t)i + 1));
        buffer_append(&all, content.data, content.len);
        pack[i + 2] = join[i + 2] = name;
    }
    mkdir(test_path(t, "unpacked"), 0755);
    if (chdir(t->dir) != 0)
        test_fail(t, "cannot change to %s", t->dir);
    struct outcome outcome = test_command(t, join);
    expect_outcome(t, "catm", &outcome, 0, "");
    struct buffer joined = test_read(t, "joined");
    expect_same(t, "catm", joined.data, joined.len, all.data, all.len);
    outcome = test_command(t, pack);
    expect_outcome(t, "dump", &outcome, 0, "");
    test_needs(t, "cpio", NULL);
    test_run(t, 0, "sh", "-c", "cd unpacked && cpio -i --quiet < ../archive", NULL);
    for (size_t i = 0; i < COUNT; i++) {
        struct buffer want = test_read(t, pack[i + 2]);
        struct buffer got = test_read(t, xprintf("unpacked/%s", pack[i + 2]));
        expect_same(t, pack[i + 2], got.data, got.len, want.data, want.len);
        outcome = boot0_run(t, "cmp", pack[i + 2], xprintf("unpacked/%s", pack[i + 2]), NULL);
        expect_outcome(t, "cmp", &outcome, 0, "");
        outcome = boot0_run(t, "cmp", pack[i + 2], pack[2 + (i + 1) % COUNT], NULL);
        expect_outcome(t, "cmp", &outcome, 1, xprintf("cmp: %s: not the same\n", pack[i + 2]));
    }
}
