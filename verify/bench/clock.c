/* Times of commands, see clock.h. */
#include "verify/bench/clock.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "images/lib/process.h"
#include "images/lib/util.h"
#include "images/machine/boot.h"
#include "images/machine/image.h"

enum { LONGEST = 600 }; /* seconds a machine may run */

static bool begins(const char *line, size_t n, const char *with) {
    return n >= strlen(with) && memcmp(line, with, strlen(with)) == 0;
}

/* Whether the line is one that times are taken from; those that `work` writes are not. */
static bool is_notable(const char *line, size_t n) {
    return begins(line, n, "/bin/work ") || begins(line, n, "src ") || (n == 1 && *line == '.') ||
           begins(line, n, "Build finished.");
}

static void on_line(void *arg, const char *line, size_t n, uint64_t instructions) {
    (void)instructions;
    struct timeline *t = arg;
    if (!is_notable(line, n))
        return;
    if (t->count == t->room) {
        t->room = t->room * 2 + 64;
        t->events = xrealloc(t->events, t->room * sizeof *t->events);
    }
    struct event *e = &t->events[t->count++];
    e->time = now();
    snprintf(e->text, sizeof e->text, "%.*s", (int)n, line);
}

void timeline_free(struct timeline *t) {
    free(t->events);
    *t = (struct timeline){0};
}

double timeline_shortest(const struct timeline *t, const char *text) {
    size_t n = strlen(text);
    bool prefix = n > 0 && text[n - 1] == ' ';
    double shortest = -1;
    for (size_t i = 0; i + 1 < t->count; i++) {
        const struct event *e = &t->events[i];
        double seconds = e[1].time - e[0].time;
        bool is = prefix ? begins(e->text, strlen(e->text), text) : strcmp(e->text, text) == 0;
        if (is && (shortest < 0 || seconds < shortest))
            shortest = seconds;
    }
    return shortest;
}

double timeline_longest(const struct timeline *t, const char *text) {
    double longest = -1;
    for (size_t i = 0; i + 1 < t->count; i++) {
        const struct event *e = &t->events[i];
        if (strcmp(e->text, text) == 0 && strcmp(e[1].text, text) == 0 &&
            longest < e[1].time - e->time)
            longest = e[1].time - e->time;
    }
    return longest;
}

int clock_boot(const struct engine *engine, const struct buffer *script, unsigned mib,
               struct timeline *t, struct problem *p) {
    struct buffer head = {0};
    struct run_result result = {0};
    struct run_request request = {.head = &head,
                                  .text = script,
                                  .mem_mib = mib,
                                  .timeout = LONGEST,
                                  .on_line = on_line,
                                  .arg = t};
    int status = image_head(false, &head, p);
    if (status == 0)
        status = boot(engine, &request, &result, p);
    if (status == 0 && result.end != RUN_FINISHED)
        status = problem_set(p, "bench: %s", result.message);
    run_result_free(&result);
    buffer_free(&head);
    return status;
}

int clock_native(const char *program, const char *where, const char *what, unsigned count,
                 double *seconds, struct problem *p) {
    char *number = xprintf("%u", count);
    char *argv[] = {
        "/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", (char *)where, (char *)program, (char *)what,
        number,    NULL};
    int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
    struct redirect redirects[] = {{nothing, 1}, {-1, -1}};
    double start = now();
    pid_t pid = process_start(argv, redirects, p);
    int status = pid > 0 ? process_wait(pid) : -1;
    double taken = now() - start;
    if (pid > 0 && status != 0) {
        status = problem_set(p, "bench: %s %s %u has ended with status %d", program, what, count,
                             status);
    }
    if (status == 0 && taken < *seconds)
        *seconds = taken;
    close(nothing);
    free(number);
    return status;
}
