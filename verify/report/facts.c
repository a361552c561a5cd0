/* Facts about files and tools, and the little of HTML that all sections use. */
#include <stdlib.h>
#include <string.h>

#include "images/lib/process.h"
#include "verify/report/report.h"

const char *const TOOLS[] = {
    "gcc --version",
    "qemu-system-i386 --version",
    "bochs --help 2>&1 | grep -io 'bochs x86.*'",
    "nasm --version",
    "xxd --version 2>&1",
    "parallel --version",
    "uname -srm",
    NULL,
};

char *first_line_of(const char *command) {
    struct problem p;
    struct buffer output = {0};
    char *argv[] = {"sh", "-c", (char *)command, NULL};
    char *line = xstrdup("");
    if (process_output(argv, &output, &p) == 0) {
        free(line);
        buffer_append(&output, "", 1);
        line = xprintf("%.*s", (int)strcspn((char *)output.data, "\n"), (char *)output.data);
    }
    buffer_free(&output);
    return line;
}

struct digest digest_of(const char *path) {
    struct digest d = {.size = 0};
    struct buffer content = {0};
    struct problem p;
    if (read_file(path, &content, &p) == 0) {
        char *command = xprintf("sha256sum '%s'", path);
        char *line = first_line_of(command);
        d.size = content.len;
        snprintf(d.hash, sizeof d.hash, "%.64s", line);
        free(line);
        free(command);
    }
    buffer_free(&content);
    return d;
}

void html_text(struct buffer *out, const char *text) {
    for (; *text; text++) {
        const char *safe = *text == '<'   ? "&lt;"
                           : *text == '>' ? "&gt;"
                           : *text == '&' ? "&amp;"
                           : *text == '"' ? "&quot;"
                                          : NULL;
        buffer_printf(out, safe ? "%s" : "%.1s", safe ? safe : text);
    }
}

char *next_field(char **line, char mark) {
    char *field = *line;
    char *end = strchr(field, mark);
    if (end) {
        *end = '\0';
        *line = end + 1;
    } else {
        *line = field + strlen(field);
    }
    return field;
}
