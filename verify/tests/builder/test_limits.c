/* Both sides of the limits of CONTRACT.md section 7 that the shell and the files have. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "verify/guest/limits.h"
#include "verify/harness/boot.h"

/* A string (allocated) of `count` times `c`. */
static char *repeat(char c, size_t count) {
    char *text = xrealloc(NULL, count + 1);
    memset(text, c, count);
    text[count] = '\0';
    return text;
}

static struct buffer hda_script(void) {
    struct buffer script = {0};
    buffer_printf(&script, "src 0 /dev\n");
    add_src(&script, "/dev/hda", "SEED", 4);
    return script;
}

static void expect_script_error(struct test *t, const struct buffer *script,
                                const struct run_request *how, const char *line) {
    struct buffer image;
    struct aftermath a = boot_script(t, script, how, &image);
    expect_error(t, "end", &a, line, &image);
    aftermath_free(&a);
    buffer_free(&image);
}

/* Two files whose names of the greatest length differ in the last letter alone are two files. */
TEST_ON(EVERY_ENGINE, limit_names_of_1023_bytes_are_names) {
    char *name = repeat('n', LIMIT_PATH); /* absolute, so that the resolved path is the name */
    name[0] = '/';
    struct buffer script = {0};
    add_src(&script, name, "4c 4F 4E 47", 11);
    name[LIMIT_PATH - 1] = 'm';
    add_src(&script, name + 1, "00", 2); /* relative: the slash is added */
    name[LIMIT_PATH - 1] = 'n';
    buffer_printf(&script, "src 0 /dev\nhex0 %s /dev/hda\n", name);
    struct aftermath a = boot_script(t, &script, NULL, NULL);
    expect_artifact(t, "the file with the long name", &a, "LONG", 4);
}

/* argument: the command, %s is the name of one byte too many. */
static void name_too_long(struct test *t, const void *argument) {
    char *name = repeat('n', LIMIT_PATH + 1);
    name[0] = '/';
    struct buffer script = hda_script();
    buffer_printf(&script, "src 2 /in\n90");
    for (const char *p = argument; *p; p++)
        buffer_append(&script, *p == '%' ? name : p, *p == '%' ? strlen(name) : 1);
    expect_script_error(t, &script, NULL, xprintf("ERROR: %s: too long", name));
}

/* A relative path of 1,023 bytes is one of 1,024 once it is resolved. */
TEST_ON(QUICK_ENGINES, limit_relative_name_of_1023_bytes_fails) {
    char *name = repeat('n', LIMIT_PATH);
    struct buffer script = hda_script();
    add_src(&script, name, "x", 1);
    expect_script_error(t, &script, NULL, xprintf("ERROR: %s: too long", name));
}

/* A path in 20,000 bytes that resolves to /dev/hda is /dev/hda. */
TEST_ON(QUICK_ENGINES, limit_long_path_to_a_short_name_works) {
    struct buffer script = {0};
    struct buffer path = {0};
    while (path.len < 20000) {
        buffer_printf(&path, "%s",
                      path.len % 3 == 0   ? "/./"
                      : path.len % 3 == 1 ? "/a//../"
                                          : "//");
    }
    buffer_printf(&path, "/dev/hda");
    buffer_append(&path, "", 1);
    buffer_printf(&script, "src 0 /dev\n");
    add_src(&script, (const char *)path.data, "SEED", 4);
    struct aftermath a = boot_script(t, &script, NULL, NULL);
    expect_artifact(t, "/dev/hda", &a, "SEED", 4);
}

/* A line of two-letter words and one of `last` letters, `blanks` blanks apart; the first is a. */
static struct buffer words_line(size_t total, size_t blanks) {
    struct buffer line = {0};
    char *gap = repeat(' ', blanks);
    buffer_printf(&line, "a");
    for (size_t used = 2; used < total;) {
        size_t length = total - used >= 5 ? 2 : total - used - 1; /* at the end 1 to 3 letters */
        buffer_printf(&line, "%s%.*s", gap, (int)length, "bcd");
        used += length + 1;
    }
    buffer_printf(&line, "\n");
    free(gap);
    return line;
}

TEST_ON(EVERY_ENGINE, limit_words_of_131072_bytes_are_taken) {
    struct buffer script = hda_script();
    struct buffer line = words_line(LIMIT_ARGUMENTS, 1);
    buffer_append(&script, line.data, line.len);
    expect_script_error(t, &script, NULL, "ERROR: a: not found");
}

TEST_ON(QUICK_ENGINES, limit_words_of_131073_bytes_fail) {
    struct buffer script = hda_script();
    struct buffer line = words_line(LIMIT_ARGUMENTS + 1, 1);
    buffer_append(&script, line.data, line.len);
    expect_script_error(t, &script, NULL, "ERROR: a: too long");
}

/* Words that end a line far beyond the limit, which must not run into anything. */
TEST_ON(QUICK_ENGINES, limit_words_of_5_million_bytes_fail) {
    struct buffer script = hda_script();
    struct buffer line = words_line(40 * LIMIT_ARGUMENTS, 1);
    buffer_append(&script, line.data, line.len);
    expect_script_error(t, &script, NULL, "ERROR: a: too long");
}

/* Blanks are no part of the words. */
TEST_ON(QUICK_ENGINES, limit_blanks_between_words_do_not_count) {
    struct buffer script = {0};
    char *blanks = repeat(' ', 2 * LIMIT_ARGUMENTS);
    buffer_printf(&script, "src 0 /dev\nsrc%s4 /dev/hda\nSEED", blanks);
    struct aftermath a = boot_script(t, &script, NULL, NULL);
    expect_artifact(t, "/dev/hda", &a, "SEED", 4);
}

TEST_ON(QUICK_ENGINES, limit_comments_may_be_of_any_length) {
    struct buffer script = {0};
    char *letters = repeat('x', 20 * LIMIT_ARGUMENTS);
    buffer_printf(&script, "# %s\n", letters);
    struct buffer rest = hda_script();
    buffer_append(&script, rest.data, rest.len);
    struct aftermath a = boot_script(t, &script, NULL, NULL);
    expect_artifact(t, "/dev/hda", &a, "SEED", 4);
    expect_text(t, "log", a.log, "src 0 /dev\nsrc 4 /dev/hda\nBuild finished.\n00000004\n");
}

/* A script that makes files /00000, /00001 and so on, each of its number in six digits. */
static struct buffer many_files(size_t count) {
    struct buffer script = {0};
    for (size_t i = 0; i < count; i++)
        buffer_printf(&script, "src 6 /%05zu\n%06zu", i, i);
    return script;
}

/* Room for the promised number of files, among which each is still itself (here: one of them). */
TEST_ON(QUICK_ENGINES, limit_14332_names_fit) {
    struct buffer script = many_files(LIMIT_NAMES - 4); /* beside /, /e820, /dev and /dev/hda */
    buffer_printf(&script, "src 0 /dev\nhex0 /12345 /dev/hda\n");
    struct aftermath a = boot_script(t, &script, NULL, NULL);
    expect_artifact(t, "one of the files", &a, "\x01\x23\x45", 3);
}

static void too_many_files(struct test *t, const void *argument) {
    bool by_hex0 = *(const bool *)argument;
    struct buffer script = {0};
    struct buffer image;
    size_t first = LIMIT_NAMES - 2; /* the promise is kept up to here: / and /e820 are two */
    add_src(&script, "/in", "90", 2);
    for (size_t i = 1; i < LIMIT_NAMES + 10; i++)
        if (by_hex0 && i >= first - 10)
            buffer_printf(&script, "hex0 in /%05zu\n", i);
        else
            buffer_printf(&script, "src 0 /%05zu\n", i);
    struct aftermath a = boot_script(t, &script, NULL, &image);
    size_t got = 0;
    const char *error = strstr(a.log, "ERROR: /");
    if (!error || sscanf(error, "ERROR: /%zu: no space", &got) != 1 || got < first ||
        got > LIMIT_NAMES) {
        test_fail(t,
                  "the log should end with `ERROR: /NNNNN: no space`, NNNNN from %zu to "
                  "%d: `%s`; %s",
                  first, LIMIT_NAMES, error ? error : "", a.message);
    }
    expect_error(t, "end", &a, xprintf("ERROR: /%05zu: no space", got), &image);
}

/*
 * With 32 MiB the file area is what SeaBIOS leaves below the 132 KiB it keeps at the top of RAM:
 * from 0x01038000 to 0x01FDF000. Bookkeeping may take 64 KiB of it.
 */
enum { AREA_32 = 0x01FDF000 - 0x01038000, SLACK = 65536, PAGE = 4096 };
static const struct run_request MEM_32 = {.mem_mib = 32};

TEST_ON(QUICK_ENGINES, limit_a_file_may_fill_the_area) {
    size_t size = AREA_32 - SLACK;
    uint8_t *content = random_bytes(32, size);
    struct buffer script = {0};
    buffer_printf(&script, "src 0 /dev\n");
    add_src(&script, "/dev/hda", content, size);
    struct aftermath a = boot_script(t, &script, &MEM_32, NULL);
    expect_artifact(t, "/dev/hda", &a, content, size);
}

TEST_ON(QUICK_ENGINES, limit_a_file_larger_than_the_area_fails) {
    size_t size = AREA_32 + 1;
    uint8_t *content = random_bytes(33, size);
    struct buffer script = hda_script();
    add_src(&script, "/large", content, size);
    expect_script_error(t, &script, &MEM_32, "ERROR: /large: no space");
}

/* Many files that fill the area together; then one that does not fit. */
static void files_that_fill_the_area(struct test *t, const void *argument) {
    bool one_more = *(const bool *)argument;
    enum { COUNT = 125, EACH = (AREA_32 - 2 * SLACK) / COUNT / PAGE * PAGE };
    uint8_t *content = random_bytes(34, COUNT * EACH);
    struct buffer script = {0};
    for (size_t i = 0; i < COUNT; i++)
        add_src(&script, xprintf("/%03zu", i), content + i * EACH, EACH);
    buffer_printf(&script, "src 0 /dev\n");
    if (one_more) {
        add_src(&script, "/dev/hda", content, AREA_32 - COUNT * EACH);
        expect_script_error(t, &script, &MEM_32, "ERROR: /dev/hda: no space");
    } else {
        add_src(&script, "/dev/hda", "SEED", 4);
        struct aftermath a = boot_script(t, &script, &MEM_32, NULL);
        expect_artifact(t, "/dev/hda", &a, "SEED", 4);
    }
}

TEST_ON(QUICK_ENGINES, limit_hex0_without_space_fails) {
    size_t size = AREA_32 / 3 * 2 + SLACK;
    char *text = repeat('9', size & ~(size_t)1);
    struct buffer script = hda_script();
    add_src(&script, "/in", text, strlen(text));
    buffer_printf(&script, "hex0 /in /out\n");
    expect_script_error(t, &script, &MEM_32, "ERROR: /out: no space");
}

/*
 * hex0 wants room for half its input, exactly, even if all of it is comment. With 32 MiB /e820 and
 * /dev/hda leave room for three times THIRD pages and for one more, which the last byte of an input
 * of 2 THIRD pages and a byte takes; with another byte half of it takes one as well. argument:
 * whether it is that.
 */
static void hex0_room(struct test *t, const void *argument) {
    enum { LOW = 0x01040000, FREE = (0x01FDF000 - LOW) / PAGE - 2, THIRD = FREE / 3 };
    static_assert(FREE % 3 == 1, "a page is left");
    bool larger = *(const bool *)argument;
    size_t size = 2 * THIRD * PAGE + (larger ? 2 : 1);
    char *text = repeat(';', size);
    struct buffer script = hda_script();
    add_src(&script, "/in", text, size);
    buffer_printf(&script, "hex0 /in /out\n");
    if (larger) {
        expect_script_error(t, &script, &MEM_32, "ERROR: /out: no space");
    } else {
        struct aftermath a = boot_script(t, &script, &MEM_32, NULL);
        expect_artifact(t, "/dev/hda", &a, "SEED", 4);
    }
}

/* Files that are replaced give their memory back. */
TEST_ON(QUICK_ENGINES, limit_replaced_files_take_no_space) {
    size_t size = AREA_32 / 3;
    struct buffer script = {0};
    uint8_t *content = NULL;
    buffer_printf(&script, "src 0 /dev\n");
    for (uint32_t i = 1; i <= 8; i++) {
        free(content);
        content = random_bytes(i, size);
        add_src(&script, "/dev/hda", content, size);
    }
    struct aftermath a = boot_script(t, &script, &MEM_32, NULL);
    expect_artifact(t, "/dev/hda", &a, content, size);
}

TEST_ON(EVERY_ENGINE, limit_16_mib_of_ram_are_too_little) {
    const struct run_request how = {.mem_mib = 16};
    struct buffer script = hda_script();
    expect_script_error(t, &script, &how, "ERROR: /: no memory");
}

TESTS(limits_tests) {
    static const bool YES = true;
    static const bool NO = false;
    suite_add_on(s, QUICK_ENGINES, "limit-src-to-a-name-of-1024-bytes-fails", name_too_long,
                 "src 1 %\nx");
    suite_add_on(s, QUICK_ENGINES, "limit-hex0-from-a-name-of-1024-bytes-fails", name_too_long,
                 "hex0 % /out\n");
    suite_add_on(s, QUICK_ENGINES, "limit-hex0-to-a-name-of-1024-bytes-fails", name_too_long,
                 "hex0 /in %\n");
    suite_add_on(s, QUICK_ENGINES, "limit-program-with-a-name-of-1024-bytes-fails", name_too_long,
                 "% a\n");
    suite_add_on(s, QUICK_ENGINES, "limit-src-of-a-file-too-many-fails", too_many_files, &NO);
    suite_add_on(s, QUICK_ENGINES, "limit-hex0-of-a-file-too-many-fails", too_many_files, &YES);
    suite_add_on(s, QUICK_ENGINES, "limit-hex0-has-room-for-half-its-input", hex0_room, &NO);
    suite_add_on(s, QUICK_ENGINES, "limit-hex0-without-room-for-half-its-input-fails", hex0_room,
                 &YES);
    suite_add_on(s, QUICK_ENGINES, "limit-files-may-fill-the-area", files_that_fill_the_area, &NO);
    suite_add_on(s, QUICK_ENGINES, "limit-a-file-more-than-the-area-holds-fails",
                 files_that_fill_the_area, &YES);
}
