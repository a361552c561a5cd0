/*
 * The chain's hex2 and M0 against hex2 and M1 of Debian's mescc-tools: on generated sources, on the
 * chain's own, and on every test source of the Debian source package, which is fetched when the
 * test runs.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "verify/tests/ladder/generate.h"
#include "verify/tests/ladder/ladder.h"

enum { GENERATED = 2000, GENERATED_SECONDS = 240 };

#define BASE "0x08048000"
#define PACKAGE "build/mescc-tools"

/* Keeps the source of a failure where a person can look at it. */
static const char *keep(struct test *t, const struct buffer *text) {
    const char *path = "build/boot0-failure.txt";
    test_write(t, path, text->data, text->len);
    return path;
}

static void remove_output(struct test *t) {
    test_write(t, test_path(t, "ours"), "", 0);
    test_write(t, test_path(t, "theirs"), "", 0);
}

/* Fails unless both have failed, or both have made the same; true in the second case. */
static bool agree(struct test *t, const char *what, const struct outcome *ours,
                  const struct outcome *theirs) {
    if ((ours->status == 0) != (theirs->status == 0)) {
        test_fail(t, "%s: exit status %d (%s), but %d (%s) in mescc-tools", what, ours->status,
                  (const char *)ours->output.data, theirs->status,
                  (const char *)theirs->output.data);
    }
    if (ours->status != 0)
        return false;
    struct buffer got = test_read(t, test_path(t, "ours"));
    struct buffer want = test_read(t, test_path(t, "theirs"));
    expect_same(t, what, got.data, got.len, want.data, want.len);
    buffer_free(&got);
    buffer_free(&want);
    return true;
}

static bool agree_hex2(struct test *t, const char *in, const char *base, const char *what) {
    remove_output(t);
    struct outcome ours = boot0_run(t, "hex2", in, test_path(t, "ours"), base, NULL);
    struct outcome theirs = mescc_hex2(t, in, test_path(t, "theirs"), base);
    bool made = agree(t, what, &ours, &theirs);
    buffer_free(&ours.output);
    buffer_free(&theirs.output);
    return made;
}

/* Compares M0 with M1; what both make is then in the file "theirs". */
static bool agree_m0(struct test *t, const char *in, const char *what) {
    remove_output(t);
    struct outcome ours = boot0_run(t, "M0", in, test_path(t, "ours"), NULL);
    struct outcome theirs = mescc_m1(t, in, test_path(t, "theirs"));
    bool made = agree(t, what, &ours, &theirs);
    buffer_free(&ours.output);
    buffer_free(&theirs.output);
    return made;
}

static void generated_hex2(struct test *t, const void *argument) {
    uint32_t state = *(const uint32_t *)argument;
    boot0_build(t);
    char *in = test_path(t, "in");
    for (int i = 0; i < GENERATED; i++) {
        struct generated_hex2 made = generate_hex2(&state);
        test_write(t, in, made.text.data, made.text.len);
        char *base = xprintf("0x%08x", made.base);
        char *what = xprintf("source %d, in %s, base %s", i, keep(t, &made.text), base);
        bool assembled = agree_hex2(t, in, base, what);
        if (assembled == made.broken) {
            test_fail(t, "%s: %s", what,
                      made.broken ? "an unknown label is no error" : "it cannot be assembled");
        }
        buffer_free(&made.text);
        free(base);
        free(what);
    }
}

static void generated_m1(struct test *t, const void *argument) {
    uint32_t state = *(const uint32_t *)argument;
    boot0_build(t);
    char *in = test_path(t, "in");
    char *code = test_path(t, "theirs");
    char *next = test_path(t, "code");
    int assembled = 0;
    for (int i = 0; i < GENERATED; i++) {
        struct buffer text = generate_m1(&state);
        test_write(t, in, text.data, text.len);
        char *what = xprintf("source %d, in %s", i, keep(t, &text));
        if (!agree_m0(t, in, what))
            test_fail(t, "%s: both refuse it", what);
        struct buffer hex2 = test_read(t, code);
        test_write(t, next, hex2.data, hex2.len);
        assembled += agree_hex2(t, next, BASE, what);
        buffer_free(&hex2);
        buffer_free(&text);
        free(what);
    }
    if (assembled < GENERATED / 2)
        test_fail(t, "only %d of %d sources could be assembled", assembled, GENERATED);
}

TEST(boot0_own_sources_give_the_same_by_mescc_tools) {
    static const char *const HEX2[] = {"hex0.hex0", "hex1.hex0", "hex2.hex1", "catm.hex2",
                                       "M0.hex2"};
    static const char *const M1[] = {"dump", "kaem", "log", "cmp"};
    boot0_build(t);
    for (size_t i = 0; i < sizeof HEX2 / sizeof HEX2[0]; i++) {
        char *in = xprintf(BOOT0 "%s", HEX2[i]);
        if (!agree_hex2(t, in, BASE, in))
            test_fail(t, "%s cannot be assembled", in);
    }
    for (size_t i = 0; i < sizeof M1 / sizeof M1[0]; i++)
        if (!agree_m0(t, test_path(t, xprintf("%s.M1", M1[i])), M1[i]) ||
            !agree_hex2(t, test_path(t, xprintf("%s.hex2", M1[i])), BASE, M1[i]))
            test_fail(t, "%s cannot be assembled", M1[i]);
}

static bool ends_in(const char *name, const char *end) {
    size_t n = strlen(name);
    size_t m = strlen(end);
    return n >= m && strcmp(name + n - m, end) == 0;
}

/* Joins files of the package into the file "in". */
static char *join(struct test *t, const char *const *names, size_t count) {
    struct buffer all = {0};
    for (size_t i = 0; i < count; i++) {
        struct problem p;
        if (read_file(xprintf(PACKAGE "/%s", names[i]), &all, &p) != 0 &&
            read_file(names[i], &all, &p) != 0)
            test_fail(t, "%s", p.text);
    }
    char *path = test_path(t, "in");
    test_write(t, path, all.data, all.len);
    return path;
}

/* Each source of a test by itself, whether or not it can be assembled alone. */
static size_t single_sources(struct test *t, const char *folder) {
    DIR *dir = opendir(xprintf(PACKAGE "/%s", folder));
    if (!dir)
        test_fail(t, "%s: no such folder in the package", folder);
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(dir));) {
        const char *name = entry->d_name;
        char *path = xprintf("%s/%s", folder, name);
        const char *one[] = {path};
        if (ends_in(name, ".M1") || ends_in(name, ".s") || strcmp(name, "defs") == 0) {
            agree_m0(t, join(t, one, 1), path);
            count++;
        } else if (strstr(name, ".hex") && !ends_in(name, "libc-mes+tcc.hex2")) {
            agree_hex2(t, join(t, one, 1), BASE, path);
            count++;
        }
    }
    closedir(dir);
    return count;
}

TEST_WITHIN(GENERATED_SECONDS, boot0_test_sources_of_mescc_tools_give_the_same) {
    boot0_build(t);
    test_needs_source(t, "mescc-tools");
    size_t count = single_sources(t, "elf_headers");
    for (int i = 0; i <= 13; i++)
        count += single_sources(t, xprintf("test/test%d", i));
    if (count < 25)
        test_fail(t, "only %zu sources found", count);
}

/* A program of the package's tests: what M1 reads, and what hex2 reads before that. */
struct package_program {
    const char *m1[4];
    const char *hex2[4];
    const char *base;
};

static const struct package_program PROGRAMS[] = {
    {{NULL},
     {"elf_headers/elf32.hex2", "test/test0/mini-libc-mes.hex2", "test/test0/hello.hex2"},
     "0x08048000"},
    {{"test/test1/hex.M1"}, {"elf_headers/elf64.hex2"}, "0x00600000"},
    {{"test/test2/hex.M1"}, {"elf_headers/elf32.hex2"}, "0x08048000"},
    {{"test/test3/defs", "test/test3/lisp.s"}, {NULL}, "0x08048000"},
    {{"test/test4/MES_defs.M1", "test/test4/mini-libc-mes.M1", "test/test4/hello.M1"},
     {"elf_headers/elf32.hex2"},
     "0x08048000"},
    {{"test/test5/exec_enable_amd64.M1"}, {"elf_headers/elf64.hex2"}, "0x00600000"},
    {{"test/test6/exec_enable_i386.M1"}, {"elf_headers/elf32.hex2"}, "0x08048000"},
    {{"test/test7/hex1_amd64.M1"}, {"elf_headers/elf64.hex2"}, "0x00600000"},
    {{"test/test8/sample.M1"}, {NULL}, "0x08048000"},
    {{"test/test10/exit_42.M1"}, {"elf_headers/elf32-ARM.hex2"}, "0x10000"},
    {{"test/test11/hello.M1"}, {"elf_headers/elf32-ARM.hex2"}, "0x10000"},
    {{"test/test12/hello.M1"}, {"elf_headers/elf32-ARM.hex2"}, "0x10000"},
    {{"test/test13/hello.M1"}, {"elf_headers/elf64-PPC64LE.hex2"}, "0x10000"},
    {{"test/test9/x86.M1", "test/test9/M1.M1"},
     {"elf_headers/elf32.hex2", "test/test9/crt1.hex2", "test/test9/libc-mes+tcc.hex2"},
     "0x01000000"},
};

static size_t names_of(const char *const *names) {
    size_t count = 0;
    while (count < 4 && names[count])
        count++;
    return count;
}

/* Whether a later line of `text` defines the label that `line` begins with. */
static bool defined_again(const char *line) {
    char *word = xprintf("\n%.*s", (int)strcspn(line, " \t\n"), line);
    const char *again = strstr(line, word);
    while (again && !strchr(" \t\n", again[strlen(word)]))
        again = strstr(again + 1, word);
    free(word);
    return again;
}

/*
 * Two programs of the package define labels twice. hex2 of mescc-tools takes the last one in
 * silence; the chain's must call it an error. Then only the last definitions stay in the file.
 */
static void drop_duplicates(struct test *t, const char *path, const char *base) {
    struct buffer text = test_read(t, path);
    struct buffer out = {0};
    buffer_append(&text, "", 1);
    bool dropped = false;
    for (const char *line = (const char *)text.data; *line;) {
        size_t length = strcspn(line, "\n");
        if (*line == ':' && defined_again(line)) {
            dropped = true;
        } else {
            buffer_append(&out, line, length);
            buffer_append(&out, "\n", 1);
        }
        line += length + (line[length] == '\n');
    }
    struct outcome outcome = boot0_run(t, "hex2", path, test_path(t, "ours"), base, NULL);
    bool reported = strstr((const char *)outcome.output.data, ": duplicate label: ");
    if (dropped != reported) {
        test_fail(t, "%s: %s", path,
                  dropped ? "a duplicate label is no error" : (const char *)outcome.output.data);
    }
    test_write(t, path, out.data, out.len);
}

TEST_WITHIN(GENERATED_SECONDS, boot0_test_programs_of_mescc_tools_give_the_same) {
    boot0_build(t);
    test_needs_source(t, "mescc-tools");

    size_t assembled = 0;
    size_t refused = 0;
    for (size_t i = 0; i < sizeof PROGRAMS / sizeof PROGRAMS[0]; i++) {
        const struct package_program *p = &PROGRAMS[i];
        const char *last = p->m1[0] ? p->m1[names_of(p->m1) - 1] : p->hex2[2];
        const char *parts[8];
        size_t count = names_of(p->hex2);
        memcpy(parts, p->hex2, count * sizeof parts[0]);
        if (p->m1[0]) {
            if (!agree_m0(t, join(t, p->m1, names_of(p->m1)), last)) {
                refused++; /* it needs what M1 has for another processor */
                continue;
            }
            struct buffer code = test_read(t, test_path(t, "theirs"));
            parts[count] = test_path(t, "code");
            test_write(t, parts[count++], code.data, code.len);
        }
        char *in = join(t, parts, count);
        drop_duplicates(t, in, p->base);
        assembled += agree_hex2(t, in, p->base, last);
    }
    if (assembled < 9 || refused > 1)
        test_fail(t, "only %zu programs could be assembled, %zu refused", assembled, refused);
}

TESTS(boot0_mescc_tests) {
    static const uint32_t SEEDS[] = {1, 2};
    suite_add_slow(s, "boot0-hex2-agrees-with-mescc-tools-on-2000-generated-sources",
                   GENERATED_SECONDS, generated_hex2, &SEEDS[0]);
    suite_add_slow(s, "boot0-M0-agrees-with-mescc-tools-on-2000-generated-sources",
                   GENERATED_SECONDS, generated_m1, &SEEDS[1]);
}
