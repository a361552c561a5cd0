/* The pages of the book: a listing as a table, its prose between, references both ways. */
#include "verify/book/page.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static void add_text(struct buffer *out, const char *text) {
    for (; *text; text++)
        if (*text == '<')
            buffer_printf(out, "&lt;");
        else if (*text == '>')
            buffer_printf(out, "&gt;");
        else if (*text == '&')
            buffer_printf(out, "&amp;");
        else
            buffer_append(out, text, 1);
}

static void add_head(struct buffer *out, const char *title, const char *style) {
    buffer_printf(out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
    add_text(out, title);
    buffer_printf(out, "</title>\n<style>\n%s</style></head><body>\n", style);
}

/* How warm a count is, 0 to 9: its decimal digits. */
static int warmth(uint64_t n) {
    int digits = 0;
    for (; n; n /= 10)
        digits++;
    return digits < 9 ? digits : 9;
}

static const struct line *find_label(const struct listing *l, const char *name) {
    for (size_t i = 0; i < l->count; i++)
        if (l->lines[i].label && strcmp(l->lines[i].label, name) == 0)
            return &l->lines[i];
    return NULL;
}

/* The instruction, with links where it names labels. */
static void add_code(const struct listing *l, const struct line *line, struct buffer *out) {
    for (const char *at = line->code; *at;) {
        size_t n = 0;
        while (isalnum((unsigned char)at[n]) || at[n] == '_' || at[n] == '.')
            n++;
        char *word = xprintf("%.*s", (int)(n ? n : 1), at);
        char *name = xprintf("%s%s", *at == '.' ? line->scope : "", word);
        const struct line *label = n && line->instruction ? find_label(l, name) : NULL;
        if (label)
            buffer_printf(out, "<a href=\"#L%u\">", label->number);
        add_text(out, word);
        if (label)
            buffer_printf(out, "</a>");
        free(word);
        free(name);
        at += n ? n : 1;
    }
}

/* Who jumps to a label, or names it. */
static void add_references(const struct listing *l, const struct line *label, struct buffer *out) {
    const char *between = "from ";
    for (size_t i = 0; i < l->count; i++) {
        const struct line *line = &l->lines[i];
        if (!line_refers(line, label))
            continue;
        buffer_printf(out, "%s<a href=\"#L%u\">%s %X</a>", between, line->number, line->near,
                      (unsigned)line->address);
        between = ", ";
    }
}

static void add_count(const struct line *line, struct buffer *out) {
    if (!line->instruction)
        return;
    buffer_printf(out, "%llu", (unsigned long long)line->runs);
    if (line->condition)
        buffer_printf(out, "<br><small>%llu / %llu</small>", (unsigned long long)line->taken,
                      (unsigned long long)(line->runs - line->taken));
}

static void add_row(const struct listing *l, const struct line *line, struct buffer *out) {
    bool half = line->condition && (!line->taken || line->taken == line->runs);
    buffer_printf(out, "<tr id=\"L%u\" class=\"%s", line->number,
                  line->label         ? "label"
                  : line->instruction ? "code"
                                      : "data");
    if (line->instruction)
        buffer_printf(out, " h%d%s", warmth(line->runs), half ? " half" : "");
    buffer_printf(out, "\"><td>");
    add_count(line, out);
    buffer_printf(out, "</td><td>");
    if (line->size || line->label)
        buffer_printf(out, "%04X", (unsigned)line->address);
    buffer_printf(out, "</td><td>%s</td><td>", line->bytes);
    add_code(l, line, out);
    buffer_printf(out, "</td><td>");
    if (line->label)
        add_references(l, line, out);
    else
        add_text(out, line->prose);
    buffer_printf(out, "</td></tr>\n");
    if (line->label && !isxdigit((unsigned char)line->prose[0]) && line->prose[0]) {
        buffer_printf(out, "<tr class=\"note\"><td colspan=\"5\">");
        add_text(out, line->prose);
        buffer_printf(out, "</td></tr>\n");
    }
}

static bool is_prose(const struct line *line) {
    return !line->bytes[0] && !line->code[0];
}

static bool is_rule(const struct line *line, char c) {
    size_t n = strlen(line->prose);
    return n > 20 && strspn(line->prose, (char[]){c, 0}) == n;
}

/* A chapter's title stands alone between two rules of `=`. */
static bool is_chapter(const struct listing *l, size_t i) {
    return i > 0 && i + 1 < l->count && is_prose(&l->lines[i]) && is_rule(&l->lines[i - 1], '=') &&
           is_rule(&l->lines[i + 1], '=');
}

static void add_chapters(const struct listing *l, struct buffer *out) {
    buffer_printf(out, "<nav><a href=\"index.html\">All files</a>");
    for (size_t i = 0; i < l->count; i++)
        if (is_chapter(l, i)) {
            buffer_printf(out, " <a href=\"#L%u\">", l->lines[i].number);
            add_text(out, l->lines[i].prose);
            buffer_printf(out, "</a>");
        }
    buffer_printf(out, "</nav>\n");
}

/* The memory map of the header, to stand beside the code. */
static void add_map(const struct listing *l, struct buffer *out) {
    bool inside = false;
    for (size_t i = 0; i < l->count && is_prose(&l->lines[i]); i++) {
        const char *text = l->lines[i].prose;
        if (!inside && strcmp(text, "Memory map") == 0) {
            inside = true;
            buffer_printf(out, "<aside><details open><summary>Memory map</summary><pre>");
        } else if (inside && !text[0]) {
            break;
        } else if (inside) {
            add_text(out, text);
            buffer_printf(out, "\n");
        }
    }
    if (inside)
        buffer_printf(out, "</pre></details></aside>\n");
}

/* A run of prose lines as a block; returns the line behind it. */
static size_t add_prose(const struct listing *l, size_t i, const char *text, struct buffer *out) {
    bool open = false;
    for (; i < l->count && is_prose(&l->lines[i]); i++) {
        const struct line *line = &l->lines[i];
        if (is_chapter(l, i)) {
            buffer_printf(out, "%s<h2 id=\"L%u\">", open ? "</pre>" : "", line->number);
            add_text(out, line->prose);
            buffer_printf(out, "</h2>\n");
            open = false;
        } else if (!is_rule(line, '=') && !is_rule(line, '-') && (open || line->prose[0])) {
            buffer_printf(out, open ? "\n" : "<pre>");
            add_text(out, line->prose);
            open = true;
        }
    }
    if (open)
        buffer_printf(out, "</pre>\n");
    (void)text;
    return i;
}

void page_listing(const struct listing *l, const char *style, struct buffer *out) {
    add_head(out, l->path, style);
    buffer_printf(out, "<h1>%s</h1>\n", l->path);
    add_chapters(l, out);
    add_map(l, out);
    buffer_printf(out, "<main>\n");
    for (size_t i = 0; i < l->count;) {
        if (is_prose(&l->lines[i])) {
            i = add_prose(l, i, "", out);
            continue;
        }
        buffer_printf(out, "<table>\n");
        for (; i < l->count && !is_prose(&l->lines[i]); i++)
            add_row(l, &l->lines[i], out);
        buffer_printf(out, "</table>\n");
    }
    buffer_printf(out, "</main></body></html>\n");
}

void page_index(const struct listing *all, const char *const *links, size_t n, const char *style,
                struct buffer *out) {
    add_head(out, "The book of Seedbed", style);
    buffer_printf(out, "<h1>The book of Seedbed</h1>\n"
                       "<p>Every byte with its instruction, why it is there, who jumps to it, and "
                       "how often it ran in the tests on the PC. Conditional jumps have the times "
                       "they were taken and not taken below.</p>\n<table class=\"index\">"
                       "<tr><th>file</th><th>instructions</th><th>ran</th><th>jumps</th>"
                       "<th>both ways</th></tr>\n");
    for (size_t k = 0; k < n; k++) {
        unsigned count = 0, ran = 0, jumps = 0, both = 0;
        for (size_t i = 0; i < all[k].count; i++) {
            const struct line *line = &all[k].lines[i];
            count += line->instruction;
            ran += line->instruction && line->runs;
            jumps += line->condition;
            both += line->condition && line->taken && line->taken < line->runs;
        }
        buffer_printf(out,
                      "<tr><td><a href=\"%s\">%s</a></td><td>%u</td><td>%u</td><td>%u</td>"
                      "<td>%u</td></tr>\n",
                      links[k], all[k].path, count, ran, jumps, both);
    }
    buffer_printf(out, "</table></body></html>\n");
}
