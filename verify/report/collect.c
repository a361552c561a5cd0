/* Facts about files and commands, fields of tables, counts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "images/lib/process.h"
#include "verify/report/report.h"

/* The builder's source: what was found out before it changed is about another builder. */
static const char SOURCE[] = "hex0/kernel.hex0";

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

static bool is_older(const char *path, const char *than) {
    struct stat a, b;
    return stat(path, &a) == 0 && stat(than, &b) == 0 && a.st_mtime < b.st_mtime;
}

struct node *part_open(struct node *page, const char *name, const char *path, const char *target,
                       struct buffer *content) {
    struct problem p;
    struct node *part = node_add(page, name);
    node_put(part, "target", "%s", target);
    node_put(part, "source", "%s", SOURCE);
    if (read_file(path, content, &p) != 0 || content->len == 0)
        node_add(part, "missing");
    else
        node_add(part, "here");
    if (is_older(path, SOURCE))
        node_add(part, "old");
    buffer_append(content, "", 1);
    return part;
}

const char *class_of(const char *verdict) {
    bool good = strcmp(verdict, "same") == 0 || strncmp(verdict, "ok", 2) == 0;
    bool error = strncmp(verdict, "ok: ERROR", 9) == 0;
    bool none = strncmp(verdict, "not run", 7) == 0 || strncmp(verdict, "cannot", 6) == 0;
    return error ? "error" : good ? "ok" : none ? "off" : "bad";
}

void tally_add(struct tally *tally, const char *what, unsigned long long n) {
    size_t i = 0;
    while (i < tally->used && strcmp(tally->count[i].what, what) != 0)
        i++;
    if (i < MOST_COUNTS) {
        tally->used += i == tally->used;
        tally->count[i].what = what;
        tally->count[i].sum += n;
    }
}

void tally_put(const struct tally *tally, struct node *part) {
    for (size_t i = 0; i < tally->used; i++) {
        struct node *n = node_add(part, "count");
        node_put(n, "n", "%llu", tally->count[i].sum);
        node_put(n, "what", "%s", tally->count[i].what);
    }
}
