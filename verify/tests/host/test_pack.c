/*
 * Build files become scripts, and scripts become files on the builder. The scripts are read back
 * here by a reader of its own.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "verify/guest/limits.h"
#include "verify/harness/boot.h"

enum { MIB = 1 << 20, NAME_LIMIT = LIMIT_PATH, FILES_LIMIT = LIMIT_NAMES - 2 };

/* One `src` of a script. */
struct entry {
    const char *line; /* the command, not ended by a NUL */
    size_t line_length;
    const char *path;
    size_t path_length;
    const uint8_t *data;
    size_t size;
};

/* Reads the `src` at *at and moves on; fails if something else stands there. */
static bool next_entry(struct test *t, const struct buffer *script, size_t *at, struct entry *e) {
    if (*at == script->len)
        return false;
    const char *line = (const char *)script->data + *at;
    const char *newline = memchr(line, '\n', script->len - *at);
    char *end = NULL;
    if (!newline || strncmp(line, "src ", 4) != 0)
        test_fail(t, "the script has no src at byte %zu", *at);
    e->line = line;
    e->line_length = (size_t)(newline - line);
    e->size = (size_t)strtoull(line + 4, &end, 10);
    if (end == line + 4 || *end != ' ')
        test_fail(t, "`%.*s` has no number", (int)e->line_length, line);
    e->path = end + 1;
    e->path_length = (size_t)(newline - e->path);
    e->data = (const uint8_t *)newline + 1;
    *at = (size_t)(newline + 1 - (const char *)script->data) + e->size;
    if (*at > script->len)
        test_fail(t, "`%.*s` takes more than there is", (int)e->line_length, line);
    return true;
}

static void expect_entry(struct test *t, const struct buffer *script, size_t *at, const char *path,
                         const void *data, size_t size) {
    struct entry e;
    if (!next_entry(t, script, at, &e))
        test_fail(t, "the script ends before %s", path);
    expect_text(t, "path", xprintf("%.*s", (int)e.path_length, e.path), path);
    expect_same(t, path, e.data, e.size, data, size);
}

/* Packs the build file `text`, which is written to the temporary folder, and reads the script. */
static struct buffer pack(struct test *t, const char *text) {
    char *build = test_path(t, "test.build");
    char *out = test_path(t, "test.src");
    test_write(t, build, text, strlen(text));
    test_run(t, 0, "build/seedbed", "pack", "-o", out, build, NULL);
    return test_read(t, out);
}

static void make_folder(struct test *t, const char *name) {
    char *path = test_path(t, name);
    if (mkdir(path, 0777) != 0)
        test_fail(t, "%s: cannot make the folder", path);
    free(path);
}

static void make_file(struct test *t, const char *name, const void *data, size_t size) {
    char *path = test_path(t, name);
    test_write(t, path, data, size);
    free(path);
}

/* Files of the sizes around a sector, in a script, and each as the artifact of a build. */
TEST(pack_sizes_around_a_sector) {
    static const size_t SIZES[] = {0, 1, 511, 512, 513};
    enum { COUNT = sizeof SIZES / sizeof SIZES[0] };
    struct buffer build = {0};
    uint8_t *data[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        data[i] = random_bytes((uint32_t)i + 1, SIZES[i]);
        make_file(t, xprintf("in%zu", i), data[i], SIZES[i]);
        buffer_printf(&build, "@file /a/b/in%zu in%zu\n", i, i);
    }
    buffer_append(&build, "", 1);
    struct buffer script = pack(t, (const char *)build.data);
    size_t at = 0;
    expect_entry(t, &script, &at, "/a", "", 0);
    expect_entry(t, &script, &at, "/a/b", "", 0);
    for (size_t i = 0; i < COUNT; i++)
        expect_entry(t, &script, &at, xprintf("/a/b/in%zu", i), data[i], SIZES[i]);
    if (at != script.len)
        test_fail(t, "there is more in the script than was asked for");
}

/* Builds with a build file of this text and compares the artifact. */
static void expect_build(struct test *t, const char *text, const void *want, size_t size) {
    char *build = test_path(t, "build.build");
    char *out = test_path(t, "artifact");
    test_write(t, build, text, strlen(text));
    test_run(t, 0, "build/seedbed", "build", "--engine", "qemu-tcg", "--timeout", "100", "-o", out,
             build, NULL);
    struct buffer artifact = test_read(t, out);
    expect_same(t, "the artifact", artifact.data, artifact.len, want, size);
    buffer_free(&artifact);
}

/* argument: bytes of the file that goes in and comes out. */
static void build_round_trip(struct test *t, const void *argument) {
    size_t size = *(const size_t *)argument;
    uint8_t *data = random_bytes((uint32_t)size + 5, size);
    make_file(t, "in", data, size);
    expect_build(t, "@file /dev/hda in\n", data, size);
}

TEST(pack_joins_sources) {
    make_file(t, "one", "1\n", 2);
    make_file(t, "none", "", 0);
    make_file(t, "two", "22", 2);
    make_folder(t, "sub");
    make_file(t, "sub/three", "333\n", 4);
    struct buffer script = pack(t, "@file /x one none two sub/three\n@file y two\n");
    size_t at = 0;
    struct entry e;
    expect_entry(t, &script, &at, "/x", "1\n22333\n", 8);
    expect_entry(t, &script, &at, "/y", "22", 2);
    if (next_entry(t, &script, &at, &e))
        test_fail(t, "there is more in the script than was asked for");
}

/* Lines of the shell stay as they are, and so do the bytes that follow a src. */
TEST(pack_keeps_the_lines_of_the_shell) {
    static const char TEXT[] = "# a comment\nsrc 0 /dev\nsrc 24 /in\n@file x y\n# 53 45 45 44\n\n"
                               "hex0  /in   /dev/hda\nf\n/prog a @file\n";
    struct buffer script = pack(t, TEXT);
    struct entry e;
    /* comments and empty lines may go, all else may not */
    const char *tail = strstr((const char *)script.data, "src 0 /dev\n");
    size_t at = tail ? (size_t)(tail - (const char *)script.data) : script.len;
    expect_entry(t, &script, &at, "/dev", "", 0);
    if (!next_entry(t, &script, &at, &e) || e.size != 24 ||
        memcmp(e.data, "@file x y\n# 53 45 45 44\n", 24) != 0)
        test_fail(t, "the content of src has changed");
    buffer_append(&script, "", 1);
    if (!strstr((const char *)script.data + at, "hex0  /in   /dev/hda\nf\n/prog a @file\n"))
        test_fail(t, "the lines of the shell have changed: %s", (const char *)script.data + at);
}

/* Names as they are found in the wild. */
static const char *const ODD_NAMES[] = {" blank first", "\"quoted\"",  "# no comment",
                                        "'single'",     "a\tab",       "back\\slash\\\"",
                                        "blank last ",  "two  blanks", "\xC3\xA4\xE2\x82\xAC"};
enum { ODD = sizeof ODD_NAMES / sizeof ODD_NAMES[0] };

/* The name as a word of a build file. */
static char *quoted(const char *folder, const char *name) {
    struct buffer word = {0};
    buffer_printf(&word, "\"%s/", folder);
    for (; *name; name++)
        buffer_printf(&word, "%s%c", strchr("\"\\", *name) ? "\\" : "", *name);
    buffer_append(&word, "\"", 2);
    return (char *)word.data;
}

/* By a tree, by quoted words, and by lines of the shell, where PATH goes on to the end. */
TEST(pack_keeps_odd_names) {
    struct buffer build = {0};
    make_folder(t, "odd");
    for (size_t i = 0; i < ODD; i++)
        make_file(t, xprintf("odd/%s", ODD_NAMES[i]), ODD_NAMES[i], strlen(ODD_NAMES[i]));
    buffer_printf(&build, "@tree /tree odd\n");
    for (size_t i = 0; i < ODD; i++) {
        buffer_printf(&build, "@file %s\t%s\n", quoted("/file", ODD_NAMES[i]),
                      quoted("odd", ODD_NAMES[i]));
    }
    for (size_t i = 0; i < ODD; i++)
        buffer_printf(&build, "src 2 ./%s\nby", ODD_NAMES[i]);
    buffer_append(&build, "", 1);
    struct buffer script = pack(t, (const char *)build.data);
    size_t at = 0;
    struct entry e;
    static const char *const FOLDERS[] = {"/tree", "/file"};
    for (size_t k = 0; k < 2; k++) {
        expect_entry(t, &script, &at, FOLDERS[k], "", 0);
        for (size_t i = 0; i < ODD; i++) {
            const char *name = ODD_NAMES[i];
            expect_entry(t, &script, &at, xprintf("%s/%s", FOLDERS[k], name), name, strlen(name));
        }
    }
    for (size_t i = 0; i < ODD; i++)
        expect_entry(t, &script, &at, xprintf("./%s", ODD_NAMES[i]), "by", 2);
    if (next_entry(t, &script, &at, &e))
        test_fail(t, "there is more in the script than was asked for");
}

/* And the builder takes them: the artifact's own name goes through a folder of each name. */
TEST(build_takes_odd_names) {
    struct buffer build = {0};
    make_folder(t, "odd");
    for (size_t i = 0; i < ODD; i++)
        make_file(t, xprintf("odd/%s", ODD_NAMES[i]), ODD_NAMES[i], strlen(ODD_NAMES[i]));
    buffer_printf(&build, "@tree /odd odd\n@dir /dev\n");
    for (size_t i = 0; i < ODD; i++)
        buffer_printf(&build, "src 2 ./odd/%s/in it\nby", ODD_NAMES[i]);
    buffer_printf(&build, "src 4 /dev/ x/../hda\nSEED");
    buffer_append(&build, "", 1);
    expect_build(t, (const char *)build.data, "SEED", 4);
}

/* A tree with what trees have; argument unused. */
static void make_tree(struct test *t) {
    static const char *const FOLDERS[] = {"tree",      "tree/b",       "tree/b/deep",
                                          "tree/.git", "tree/b/.git",  "tree/empty",
                                          "tree/a.d",  "tree/.hidden", "tree/b/deep/er"};
    static const char *const FILES[] = {"tree/z",           "tree/a",        "tree/B",
                                        "tree/b/1",         "tree/b/10",     "tree/b/2",
                                        "tree/b/deep/er/x", "tree/.git/no",  "tree/b/.git/no",
                                        "tree/a.d/f",       "tree/.hidden/f"};
    for (size_t i = 0; i < sizeof FOLDERS / sizeof FOLDERS[0]; i++)
        make_folder(t, FOLDERS[i]);
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++)
        make_file(t, FILES[i], FILES[i], strlen(FILES[i]));
    char *link = test_path(t, "tree/link");
    if (symlink("b/2", link) != 0)
        test_fail(t, "%s: cannot make the link", link);
}

/* All of the tree but .git, once, parents first, in the same order when packed again. */
TEST(pack_takes_whole_trees_in_a_stable_order) {
    make_tree(t);
    struct buffer script = pack(t, "@tree /usr/src tree\n");
    struct buffer again = pack(t, "@tree /usr/src tree\n");
    expect_same(t, "packed again", again.data, again.len, script.data, script.len);
    struct buffer names = {0};
    struct entry e;
    for (size_t at = 0; next_entry(t, &script, &at, &e);)
        buffer_printf(&names, "%.*s %.*s\n", (int)e.path_length, e.path, (int)e.size, e.data);
    buffer_append(&names, "", 1);
    char *list = test_path(t, "list");
    test_write(t, list, names.data, names.len - 1);
    struct buffer sorted = test_run(t, 0, "sh", "-c", xprintf("LC_ALL=C sort %s", list), NULL);
    char *command = xprintf("cd %s/tree && find -L . -name .git -prune -o -printf '%%P %%y\\n' | "
                            "LC_ALL=C sort | while read name type; do "
                            "if [ \"$type\" = f ]; then printf '/usr/src/%%s ' \"$name\"; cat "
                            "\"$name\"; echo; elif [ \"$type\" = d ]; then echo "
                            "\"/usr/src/$name \"; fi; done | LC_ALL=C sort",
                            t->dir);
    struct buffer want = test_run(t, 0, "bash", "-c", command, NULL);
    buffer_printf(&want, "/usr \n/usr/src \n");
    test_write(t, list, want.data, want.len);
    want = test_run(t, 0, "sh", "-c", xprintf("LC_ALL=C sort %s", list), NULL);
    expect_text(t, "names and contents", (const char *)sorted.data, (const char *)want.data);
}

/* 14,000 files go through pack, the kernel and back. */
TEST(build_takes_14000_files) {
    make_folder(t, "many");
    for (size_t i = 0; i < 14000; i++) {
        char *name = xprintf("many/%05zu", i);
        char *text = xprintf("%06zX", i * 7);
        make_file(t, name, text, 6);
        free(name);
        free(text);
    }
    struct buffer script = pack(t, "@tree /many many\n");
    size_t at = 0;
    expect_entry(t, &script, &at, "/many", "", 0);
    for (size_t i = 0; i < 14000; i++) {
        char *text = xprintf("%06zX", i * 7);
        expect_entry(t, &script, &at, xprintf("/many/%05zu", i), text, 6);
    }
    expect_build(t, "@tree /many many\n@dir /dev\nhex0 /many/13579 /dev/hda\n", "\x01\x73\x4D", 3);
}

/* A name of `length` bytes, of folders of up to 200 letters, without the slash at the start. */
static char *long_name(size_t length) {
    char *name = xrealloc(NULL, length + 1);
    memset(name, 'n', length);
    for (size_t i = 200; i + 1 < length; i += 201)
        name[i] = '/';
    name[length] = '\0';
    return name;
}

TEST(build_takes_names_of_1023_bytes) {
    char *name = long_name(NAME_LIMIT - 1);
    make_file(t, "in", "4C4F4E47", 8);
    expect_build(t, xprintf("@file /%s in\n@dir /dev\nhex0 /%s /dev/hda\n", name, name), "LONG", 4);
}

/* A build file that cannot be packed, and what the message says after its name. */
struct refusal {
    const char *name;
    const char *text;    /* % is a name of 1,024 bytes */
    const char *message; /* how it begins */
};

static const struct refusal REFUSALS[] = {
    {"missing-source", "@dir /x\n@file /a nosuch\n", ":2: "},
    {"missing-tree", "\n\n@tree /a nosuch\n", ":3: "},
    {"name-too-long", "@dir /\n@file /% in\n", ":2: "},
    {"directory-name-too-long", "@dir /%\n", ":1: "},
    {"tree-name-with-a-newline", "@tree /t newline\n", ":1: "},
    {"tree-with-a-link-to-nothing", "@tree /t dangling\n", ":1: "},
    {"tree-with-a-link-out-of-it", "@tree /t outside\n", ":1: "},
    {"tree-with-a-link-to-itself", "@tree /t loop\n", ":1: "},
    {"file-without-a-source", "# x\n@file /a\n", ":2: "},
    {"file-that-is-a-folder", "@file /a newline\n", ":1: "},
    {"quote-that-is-not-closed", "@dir /x\n@dir \"/a b\n", ":2: a quote"},
    {"word-that-goes-on-after-its-quote", "@dir \"/a b\"c\n", ":1: a blank"},
    {"blanks-without-quotes", "@dir /a b\n", ":1: @dir wants TARGET"},
    {"unknown-word", "@files /a in\n", ":1: "},
    {"src-that-ends-with-the-file", "src 10 /a\nshort", ":1: "},
    {"too-many-files", "@tree /m many\n", ":1: "},
};

static void make_link(struct test *t, const char *to, const char *name) {
    char *path = test_path(t, name);
    if (symlink(to, path) != 0)
        test_fail(t, "%s: cannot make the link", path);
}

/* What the refused build files name. */
static void make_obstacles(struct test *t, bool many) {
    static const char *const FOLDERS[] = {"newline", "dangling", "outside", "loop"};
    for (size_t i = 0; i < sizeof FOLDERS / sizeof FOLDERS[0]; i++)
        make_folder(t, FOLDERS[i]);
    make_file(t, "in", "in", 2);
    make_file(t, "newline/a\nb", "", 0);
    make_link(t, "nosuch", "dangling/link");
    make_link(t, "../in", "outside/link");
    make_link(t, "../loop", "loop/link");
    if (many) {
        make_folder(t, "many");
        for (size_t i = 0; i < FILES_LIMIT; i++) { /* and /m is one more */
            char *name = xprintf("many/%zu", i);
            make_file(t, name, "", 0);
            free(name);
        }
    }
}

static void pack_refuses(struct test *t, const void *argument) {
    const struct refusal *r = argument;
    make_obstacles(t, strstr(r->text, "many"));
    struct buffer text = {0};
    for (const char *p = r->text; *p; p++)
        buffer_printf(&text, "%.*s", *p == '%' ? NAME_LIMIT : 1, *p == '%' ? long_name(1023) : p);
    char *build = test_path(t, "bad.build");
    char *out = test_path(t, "bad.src");
    test_write(t, build, text.data, text.len);
    struct buffer output = test_run(t, 1, "build/seedbed", "pack", "-o", out, build, NULL);
    char *want = xprintf("seedbed: %s%s", build, r->message);
    if (strncmp((const char *)output.data, want, strlen(want)) != 0) {
        test_fail(t, "the message is `%s`, should begin with `%s`", (const char *)output.data,
                  want);
    }
    if (strchr((const char *)output.data, '\n') + 1 != (char *)output.data + output.len)
        test_fail(t, "the message is not one line: `%s`", (const char *)output.data);
    if (access(out, F_OK) == 0)
        test_fail(t, "a script has been written");
}

TESTS(pack_tests) {
    static const size_t SIZES[] = {0, 1, 511, 512, 513, 64 * MIB};
    for (size_t i = 0; i < sizeof REFUSALS / sizeof REFUSALS[0]; i++)
        suite_add(s, xprintf("pack-refuses-%s", REFUSALS[i].name), pack_refuses, &REFUSALS[i]);
    for (size_t i = 0; i < sizeof SIZES / sizeof SIZES[0]; i++) {
        suite_add_slow(s, xprintf("build-gives-back-%zu-bytes", SIZES[i]), 120, build_round_trip,
                       &SIZES[i]);
    }
}
