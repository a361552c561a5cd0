/* The loop around a program that runs a machine, see emulator.h. */
#include "images/machine/emulator.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "images/lib/stop.h"
#include "images/lib/util.h"

/* Seconds between two calls of on_tick. */
static const double tick = 0.1;

enum { MOST_REDIRECTS = 8 };

static void close_all(const int *fds, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (fds[i] >= 0)
            close(fds[i]);
}

int emulator_start(struct emulator *e, char *const argv[], int console,
                   const struct redirect *redirects, struct problem *p) {
    enum { OURS, THEIRS, NOTHING, ERRORS, ALL };
    int fd[ALL] = {-1, -1, -1, -1};
    int r = 0;
    fd[NOTHING] = open("/dev/null", O_RDWR | O_CLOEXEC);
    if ((fd[ERRORS] = temp_file(p)) < 0)
        r = -1;
    else if (pipe(&fd[OURS]) < 0)
        r = problem_set(p, "cannot connect to an emulator: %s", strerror(errno));
    for (size_t i = 0; i < ALL; i++)
        if (fd[i] >= 0)
            fcntl(fd[i], F_SETFD, FD_CLOEXEC);
    struct redirect all[MOST_REDIRECTS + 4] = {
        {fd[NOTHING], 0}, {fd[NOTHING], 1}, {fd[ERRORS], 2}, {fd[THEIRS], console}};
    for (size_t i = 0; r == 0; i++) {
        all[4 + i] = redirects[i];
        if (redirects[i].to < 0)
            break;
    }
    e->started = now();
    if (r == 0 && (e->pid = process_start(argv, all, p)) < 0)
        r = -1;
    if (r < 0) {
        close_all(fd, ALL);
        return -1;
    }
    close(fd[NOTHING]);
    close(fd[THEIRS]);
    fcntl(fd[OURS], F_SETFL, O_NONBLOCK);
    e->output = fd[OURS];
    e->errors = fd[ERRORS];
    console_open(&e->console, e->request, e->result);
    return 0;
}

bool emulator_drain(struct emulator *e) {
    uint8_t bytes[65536];
    ssize_t n;
    while ((n = read(e->output, bytes, sizeof bytes)) > 0)
        e->hear(e, bytes, (size_t)n);
    return n < 0 && (errno == EAGAIN || errno == EINTR);
}

/* How long poll may sleep, in milliseconds. */
static int pause_of(const struct emulator *e) {
    double until = e->next_look < e->next_tick ? e->next_look : e->next_tick;
    double timeout = e->request->timeout;
    if (timeout > 0 && e->started + timeout < until)
        until = e->started + timeout;
    double left = until - now();
    return left <= 0 ? 0 : (int)(left * 1000) + 1;
}

static void tell_time(struct emulator *e) {
    double t = now();
    if (t < e->next_tick)
        return;
    if (e->request->on_tick)
        e->request->on_tick(e->request->arg);
    e->next_tick = t + tick;
}

/* The processor has halted for good: says whether with an ERROR. */
static enum run_end halted(struct emulator *e) {
    struct run_result *result = e->result;
    emulator_drain(e);
    if (console_error(&e->console, result->message, sizeof result->message))
        return RUN_ERROR;
    snprintf(result->message, sizeof result->message,
             "the machine halted for good without an ERROR line");
    return RUN_HALTED;
}

static enum run_end watch(struct emulator *e) {
    for (;;) {
        struct pollfd fds[] = {{e->output, POLLIN, 0}, {e->monitor, POLLIN, 0}};
        if (stop_wanted())
            return RUN_INTERRUPTED;
        e->started += stop_pause(e->pid);
        if (e->request->timeout > 0 && now() - e->started >= e->request->timeout)
            return RUN_TIMEOUT;
        if (poll(fds, 2, pause_of(e)) < 0)
            continue;
        if (fds[0].revents) {
            /* The console comes byte by byte; a moment's wait saves many turns of this loop. */
            nanosleep(&(struct timespec){.tv_nsec = 500000}, NULL);
            if (!emulator_drain(e))
                return RUN_RESET;
        }
        enum emulator_state state = e->look(e, fds[1].revents != 0);
        if (state == EMULATOR_HALTED)
            return halted(e);
        if (state == EMULATOR_OVER)
            return RUN_RESET;
        tell_time(e);
    }
}

enum run_end emulator_watch(struct emulator *e) {
    e->result->end = watch(e);
    return e->result->end;
}

int emulator_wait(struct emulator *e) {
    int status = process_wait(e->pid);
    e->pid = 0;
    return status;
}

int emulator_failed(const struct emulator *e, const char *name, const char *mark, int status,
                    struct problem *p) {
    char text[8192];
    ssize_t n = pread(e->errors, text, sizeof text - 1, 0);
    text[n > 0 ? n : 0] = 0;
    const char *line = mark ? strstr(text, mark) : NULL;
    while (line && line > text && line[-1] != '\n')
        line--;
    line = line ? line : text;
    return problem_set(p, "%s failed with exit status %d: %.*s", name, status,
                       (int)strcspn(line, "\n"), line);
}

void emulator_end(struct emulator *e) {
    struct run_result *result = e->result;
    if (e->pid > 0) {
        process_kill(e->pid);
        emulator_drain(e);
    }
    console_close(&e->console);
    result->seconds = now() - e->started;
    if (result->end == RUN_TIMEOUT)
        snprintf(result->message, sizeof result->message, "no end after %g seconds",
                 e->request->timeout);
    if (result->end == RUN_INTERRUPTED)
        snprintf(result->message, sizeof result->message, "interrupted");
    close(e->output);
    close(e->errors);
}
