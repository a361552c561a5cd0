/* The page about Scheme: its examples have the values that it shows, its programs are those that
 * run. */
#include <stdlib.h>
#include <string.h>

#include "verify/harness/harness.h"

enum { EXAMPLES = 13 };

/* The lines EXPRESSION => VALUE of the blocks of Scheme, as a program that says which are wrong. */
static struct buffer examples(const char *page, int *count) {
    struct buffer program = {0};
    while ((page = strstr(page, "```scheme\n"))) {
        page += strlen("```scheme\n");
        while (strncmp(page, "```", 3) != 0) {
            size_t length = strcspn(page, "\n");
            char *line = xprintf("%.*s", (int)length, page);
            char *arrow = strstr(line, " => ");
            if (arrow) {
                *arrow = '\0';
                buffer_printf(&program,
                              "(let ((got %s)) (unless (equal? got '%s) (write got) (newline)))\n",
                              line, arrow + 4);
                ++*count;
            }
            page += length + 1;
        }
    }
    return program;
}

TEST(the_examples_of_the_page_about_scheme_have_the_values_it_shows) {
    struct buffer page = test_read(t, "buildscripts/SCHEME.md");
    buffer_append(&page, "", 1);
    int count = 0;
    struct buffer program = examples((const char *)page.data, &count);
    if (count < EXAMPLES)
        test_fail(t, "%d examples, there are more", count);
    char *path = test_path(t, "page.scm");
    test_write(t, path, program.data, program.len);
    struct buffer output = test_run(t, 0, "build/scheme", path, NULL);
    buffer_append(&output, "", 1);
    expect_text(t, "buildscripts/SCHEME.md", (const char *)output.data, "");
}

TEST(the_programs_of_the_page_about_scheme_are_those_that_run) {
    static const char *const FILES[] = {"buildscripts/words.scm", "buildscripts/words.pipeline"};
    struct buffer page = test_read(t, "buildscripts/SCHEME.md");
    buffer_append(&page, "", 1);
    for (size_t i = 0; i < 2; i++) {
        struct buffer file = test_read(t, FILES[i]);
        buffer_append(&file, "", 1);
        if (!strstr((const char *)page.data, (const char *)file.data))
            test_fail(t, "buildscripts/SCHEME.md does not show %s as it is", FILES[i]);
    }
    char *out = test_path(t, "counts");
    test_run(t, 0, "build/scheme", FILES[0], FILES[0], out, NULL);
    struct buffer counts = test_read(t, out);
    buffer_append(&counts, "", 1);
    if (strncmp((const char *)counts.data, "7 c\n6 out\n", 10) != 0)
        test_fail(t, "words.scm: the first line is `%.20s`", (const char *)counts.data);
}

TEST(scheme_is_no_larger_than_64_kib) {
    struct buffer program = test_read(t, "build/scheme");
    if (program.len > 65536)
        test_fail(t, "build/scheme has %zu bytes", program.len);
}

/* All that the binary is made of, the part in Scheme included; pp's table of instructions is not
 * counted. */
TEST(scheme_is_made_of_at_most_6000_lines) {
    struct buffer lines =
        test_run(t, 0, "sh", "-c", "cat buildscripts/boot2/scheme/* | wc -l", NULL);
    buffer_append(&lines, "", 1);
    int count = atoi((const char *)lines.data);
    if (count < 1 || count > 6000)
        test_fail(t, "buildscripts/boot2/scheme has %d lines", count);
    buffer_free(&lines);
}
