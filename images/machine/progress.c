/* What the user sees while a machine runs. */
#include "images/machine/progress.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "images/lib/util.h"

static void expect(struct progress *g) {
    g->next_at = g->walk.pos;
    g->next_length = script_next(&g->walk, g->next, SCRIPT_WORDS_MAX);
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
        ;
    g->end = g->walk.pos;
    g->walk.pos = g->start;
    expect(g);
}

static void show_status(struct progress *g) {
    struct winsize size;
    int width = 80;
    if (ioctl(fileno(g->to), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        width = size.ws_col;
    unsigned seconds = (unsigned)(now() - g->started);
    char text[512];
    if (g->end > g->start)
        snprintf(text, sizeof text, "[%3d%%] %u:%02u %s", (int)(g->share * 100), seconds / 60,
                 seconds % 60, g->now);
    else
        snprintf(text, sizeof text, "%u:%02u %s", seconds / 60, seconds % 60, g->now);
    fprintf(g->to, "\r%.*s\033[K", width - 1, text);
    fflush(g->to);
    g->dirty = true;
}

/* Keeps what a terminal can show of a command. */
static void note_command(struct progress *g, const char *line, size_t n) {
    size_t length = n < sizeof g->now - 1 ? n : sizeof g->now - 1;
    for (size_t i = 0; i < length; i++)
        g->now[i] = (line[i] & 0x7F) < 0x20 || line[i] == 0x7F ? '?' : line[i];
    g->now[length] = 0;
}

static void write_line(FILE *to, const char *line, size_t n) {
    if (!to)
        return;
    fwrite(line, 1, n, to);
    fputc('\n', to);
}

static void on_line(void *arg, const char *line, size_t n) {
    struct progress *g = arg;
    write_line(g->log, line, n);
    if (g->next_length && g->next_length == n && memcmp(g->next, line, n) == 0) {
        note_command(g, line, n);
        if (g->end > g->start)
            g->share = (double)(g->next_at - g->start) / (double)(g->end - g->start);
        g->share = g->share > 1 ? 1 : g->share;
        expect(g);
    } else if (!g->next) {
        note_command(g, line, n);
    }
    if (!g->terminal)
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
}

void progress_open(struct progress *g, struct run_request *request, FILE *to, FILE *log,
                   bool plain) {
    *g = (struct progress){.to = to, .log = log, .walk.fd = -1, .started = now()};
    g->terminal = to && !plain && isatty(fileno(to));
    if (g->terminal && request->script)
        survey(g, request);
    request->on_line = on_line;
    request->on_tick = on_tick;
    request->arg = g;
}

void progress_close(struct progress *g) {
    if (g->dirty)
        fputs("\r\033[K", g->to);
    if (g->to)
        fflush(g->to);
    if (g->walk.fd >= 0)
        close(g->walk.fd);
    free(g->next);
}
