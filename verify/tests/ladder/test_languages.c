/* The examples of LANGUAGES.md, and the table of instructions against NASM. */
#include <stdlib.h>
#include <string.h>

#include "verify/tests/ladder/ladder.h"

enum { TEXT_AT = 0x94 }; /* of a program file of link's: the first byte of text */

/* A block of the page: its language and its text. */
struct example {
    char language[16];
    struct buffer text;
    int line;
};

/* Reads the next block between ``` lines at *p; false at the end. */
static bool next_example(const char **p, int *line, struct example *e) {
    for (int inside = 0;;) {
        const char *eol = strchr(*p, '\n');
        if (!eol)
            return false;
        size_t length = (size_t)(eol - *p);
        ++*line;
        if (length >= 3 && memcmp(*p, "```", 3) == 0) {
            if (inside) {
                *p = eol + 1;
                buffer_append(&e->text, "", 1);
                e->text.len--;
                return true;
            }
            snprintf(e->language, sizeof e->language, "%.*s", (int)length - 3, *p + 3);
            e->text = (struct buffer){0};
            e->line = *line;
            inside = 1;
        } else if (inside) {
            buffer_append(&e->text, *p, length + 1);
        }
        *p = eol + 1;
    }
}

/* The lines of a text, without empty ones and those that only tell where a line comes from. */
static struct buffer shown_lines(struct test *t, const char *path) {
    struct buffer text = test_read(t, path), result = {0};
    buffer_append(&text, "", 1);
    for (char *line = strtok((char *)text.data, "\n"); line; line = strtok(NULL, "\n")) {
        size_t length = strlen(line);
        length -= length > 0 && line[length - 1] == ' '; /* M0 ends strings with a blank */
        if (strncmp(line, ".line ", 6) != 0)
            buffer_printf(&result, "%.*s\n", (int)length, line);
    }
    return result;
}

/* What the language's program makes of the file `in`, as the page shows it. */
static struct buffer translate(struct test *t, const struct example *e, const char *in) {
    char *out = test_path(t, "out");
    struct buffer result = {0};
    if (strcmp(e->language, "pp") == 0) {
        test_run(t, 0, "build/pp-host", out, I386, in, NULL);
        return shown_lines(t, out);
    }
    if (strcmp(e->language, "link") == 0) {
        test_run(t, 0, "build/link-host", out, in, NULL);
        return result;
    }
    if (strcmp(e->language, "kaem") == 0 || strcmp(e->language, "scheme") == 0) {
        const char *runner = e->language[0] == 'k' ? test_path(t, "kaem") : "build/scheme";
        return test_run(t, 0, runner, in, NULL);
    }
    const char *program = strcmp(e->language, "M1") == 0 ? "M0" : e->language;
    struct outcome outcome = boot0_run(t, program, in, out, NULL);
    if (outcome.status != 0) {
        test_fail(t, "LANGUAGES.md:%d: %s: exit status %d, %s", e->line, program, outcome.status,
                  (const char *)outcome.output.data);
    }
    if (strcmp(program, "M0") == 0)
        return shown_lines(t, out);
    struct buffer made = test_read(t, out);
    for (size_t i = 0; i < made.len; i++)
        buffer_printf(&result, "%02X", made.data[i]);
    buffer_printf(&result, "\n");
    return result;
}

TEST(the_examples_of_the_languages_are_as_the_page_says) {
    boot0_build(t);
    struct buffer page = test_read(t, "buildscripts/LANGUAGES.md");
    buffer_append(&page, "", 1);
    const char *p = (const char *)page.data;
    struct example e = {0}, last = {0};
    struct buffer made = {0};
    int line = 0, programs = 0, results = 0;
    while (next_example(&p, &line, &e)) {
        bool is_result = strcmp(e.language, "bytes") == 0 || strcmp(e.language, "text") == 0 ||
                         (strcmp(e.language, "hex2") == 0 && strcmp(last.language, "M1") == 0) ||
                         (strcmp(e.language, "link") == 0 && strcmp(last.language, "pp") == 0);
        if (is_result) {
            expect_same(t, xprintf("LANGUAGES.md:%d", e.line), made.data, made.len, e.text.data,
                        e.text.len);
            results++;
            last = (struct example){0};
            continue;
        }
        if (e.language[0] == 0)
            test_fail(t, "LANGUAGES.md:%d: an example without a language", e.line);
        char *in = test_path(t, "in");
        test_write(t, in, e.text.data, e.text.len);
        made = translate(t, &e, in);
        last = e;
        programs++;
    }
    if (programs < 11 || results < 10)
        test_fail(t, "%d examples and %d results found, there are more", programs, results);
}

TEST(every_form_of_an_instruction_has_the_bytes_of_nasm) {
    test_needs(t, "nasm", "nasm");
    char *forms = test_path(t, "forms.pp");
    test_run(t, 0, "build/pp-forms", I386, forms, NULL);
    struct buffer lines = test_read(t, forms);
    struct buffer assembly = {0};
    buffer_printf(&assembly, "bits 32\norg 0x%X\n", 0x08048000 + TEXT_AT);
    buffer_append(&assembly, lines.data, lines.len);
    test_write(t, test_path(t, "forms.asm"), assembly.data, assembly.len);
    buffer_append(&lines, "start:\n", 7);
    test_write(t, forms, lines.data, lines.len);
    test_run(t, 0, "nasm", "-w-all", "-f", "bin", "-o", test_path(t, "want"),
             test_path(t, "forms.asm"), NULL);
    test_run(t, 0, "build/pp-host", test_path(t, "forms.link"), I386, forms, NULL);
    test_run(t, 0, "build/link-host", test_path(t, "got"), test_path(t, "forms.link"), NULL);
    struct buffer got = test_read(t, test_path(t, "got"));
    struct buffer want = test_read(t, test_path(t, "want"));
    if (want.len < 100000)
        test_fail(t, "only %zu bytes of instructions", want.len);
    expect_same(t, "instructions", got.data + TEXT_AT, got.len - TEXT_AT, want.data, want.len);
}
