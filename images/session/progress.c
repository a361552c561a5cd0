/* What the user sees while a machine runs. */
#define _GNU_SOURCE /* memmem */
#include "images/session/progress.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "images/lib/util.h"

static const char error[] = "ERROR: ";

static void expect(struct progress *g) {
    g->next_length = script_next(&g->walk, g->next, SCRIPT_WORDS_MAX);
    g->next_at = g->walk.at;
    /* The console shows a command from its first word on. */
    size_t blanks = 0;
    while (blanks < g->next_length && g->next[blanks] == ' ')
        blanks++;
    memmove(g->next, g->next + blanks, g->next_length - blanks);
    g->next_length -= blanks;
}

/* Walks the whole script once to know its end, then goes back to its first command. */
static void survey(struct progress *g, const struct run_request *request) {
    g->walk.fd = open(request->image, O_RDONLY | O_CLOEXEC);
    if (g->walk.fd < 0)
        return;
    g->next = xrealloc(NULL, SCRIPT_WORDS_MAX);
    g->start = request->script;
    g->walk.pos = g->start;
    while (script_next(&g->walk, g->next, SCRIPT_WORDS_MAX) != 0)
        g->commands++;
    g->end = g->walk.pos;
    g->walk.pos = g->start;
    expect(g);
}

/* Appends what a terminal can show of the command that runs. */
static void add_command(const struct progress *g, struct buffer *text) {
    for (size_t i = 0; i + 1 < g->now.len && i < 512; i++) {
        uint8_t c = g->now.data[i];
        buffer_append(text, (c & 0x7F) < 0x20 || c == 0x7F ? (const uint8_t *)"?" : &c, 1);
    }
}

static void show_status(struct progress *g) {
    struct winsize size;
    struct buffer text = {0};
    int width = 80;
    if (ioctl(fileno(g->to), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        width = size.ws_col;
    unsigned seconds = (unsigned)(now() - g->started);
    if (g->end > g->start)
        buffer_printf(&text, "[%3u%%] %u:%02u %u/%u ",
                      (unsigned)(100 * g->at / (g->end - g->start)), seconds / 60, seconds % 60,
                      g->number, g->commands);
    else
        buffer_printf(&text, "%u:%02u ", seconds / 60, seconds % 60);
    add_command(g, &text);
    fprintf(g->to, "\r%.*s\033[K", (int)text.len < width - 1 ? (int)text.len : width - 1,
            (const char *)text.data);
    fflush(g->to);
    buffer_free(&text);
    g->dirty = true;
}

static void write_line(FILE *to, const void *line, size_t n) {
    if (!to)
        return;
    fwrite(line, 1, n, to);
    fputc('\n', to);
}

static void note_command(struct progress *g, const char *line, size_t n) {
    g->now.len = 0;
    buffer_append(&g->now, line, n);
    buffer_append(&g->now, "", 1);
}

/* Shows a line that was held back. */
static void let_go(struct progress *g) {
    if (g->held.len && !g->terminal)
        write_line(g->to, g->held.data, g->held.len);
    g->held.len = 0;
}

static void on_line(void *arg, const char *line, size_t n, uint64_t instructions) {
    struct progress *g = arg;
    write_line(g->log, line, n);
    if (g->times)
        fprintf(g->times, "%.3f\t%llu\t", now() - g->started, (unsigned long long)instructions);
    write_line(g->times, line, n);
    let_go(g);
    if (g->next_length && g->next_length == n && memcmp(g->next, line, n) == 0) {
        note_command(g, line, n);
        g->number++;
        g->at = g->next_at - g->start;
        expect(g);
    } else if (!g->next) {
        note_command(g, line, n);
    }
    if (memmem(line, n, error, sizeof error - 1))
        buffer_append(&g->held, line, n);
    else if (!g->terminal)
        write_line(g->to, line, n);
}

static void on_tick(void *arg) {
    struct progress *g = arg;
    if (g->to && g->terminal)
        show_status(g);
    else if (g->to)
        fflush(g->to);
    if (g->log)
        fflush(g->log);
    if (g->times)
        fflush(g->times);
}

/* Whether the status line can be drawn there, and is wanted. */
static bool can_draw(FILE *to) {
    const char *term = getenv("TERM");
    const char *no_color = getenv("NO_COLOR");
    return isatty(fileno(to)) && term && strcmp(term, "dumb") != 0 && !(no_color && *no_color);
}

void progress_open(struct progress *g, struct run_request *request, FILE *to, FILE *log,
                   FILE *times, bool plain) {
    *g = (struct progress){.to = to, .log = log, .times = times, .walk.fd = -1, .started = now()};
    g->terminal = to && !plain && can_draw(to);
    if (request->script)
        survey(g, request);
    request->on_line = on_line;
    request->on_tick = on_tick;
    request->arg = g;
}

void progress_close(struct progress *g, bool told) {
    if (g->dirty)
        fputs("\r\033[K", g->to);
    const uint8_t *at = NULL;
    if (told && g->held.len > 0)
        at = memmem(g->held.data, g->held.len, error, sizeof error - 1);
    if (at)
        g->held.len = (size_t)(at - g->held.data); /* it may have begun inside another line */
    let_go(g);
    if (g->to)
        fflush(g->to);
}

void progress_free(struct progress *g) {
    if (g->walk.fd >= 0)
        close(g->walk.fd);
    free(g->next);
    buffer_free(&g->now);
    buffer_free(&g->held);
}
