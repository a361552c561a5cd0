/* A machine whose console is a program's stdout, see spoken.h. */
#define _GNU_SOURCE /* pipe2, memmem */
#include "images/machine/spoken.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "images/machine/console.h"
#include "images/lib/now.h"
#include "images/lib/process.h"

/* What the BIOS says when it starts the boot sector. */
static const char BOOTING[] = "Booting from Hard Disk...";
/*
 * How the debugger of Debian's Bochs begins its lines when a reset makes it stop: with the
 * instruction that did it. It says more after that, perhaps by another write to the pipe.
 */
static const char STOPPED[] = "(0).[";

/* A machine on its way. */
struct spoken {
    int output;
    double started;
    struct buffer said; /* all of it, also the program's own messages and the BIOS's */
    struct console console;
    struct run_result *result;
    size_t heard; /* what the console has had of `said`, once the disk is booted */
    bool booted;
    bool again; /* reset since then */
};

/*
 * Hands what was said after the first boot to the console, up to a second boot or the debugger: in
 * whole lines, as one that is cut short by the pipe may yet turn out to be the debugger's.
 */
static void hear(struct spoken *s) {
    if (!s->booted) {
        uint8_t *at = memmem(s->said.data, s->said.len, BOOTING, sizeof BOOTING - 1);
        size_t offset = at != NULL ? (size_t)(at - s->said.data) : 0;
        uint8_t *line = at != NULL ? memchr(at, '\n', s->said.len - offset) : NULL;
        if (line == NULL) {
            return;
        }
        s->booted = true;
        s->heard = (size_t)(line + 1 - s->said.data);
    }
    const uint8_t *next = s->said.data + s->heard;
    size_t n = s->said.len - s->heard;
    const uint8_t *stop = memmem(next, n, BOOTING, sizeof BOOTING - 1);
    if (stop == NULL) {
        stop = memmem(next, n, STOPPED, sizeof STOPPED - 1);
    }
    s->again = stop != NULL;
    const uint8_t *newline = memrchr(next, '\n', n);
    const uint8_t *end = s->again ? stop : newline != NULL ? newline + 1 : next;
    console_feed(&s->console, next, (size_t)(end - next));
    s->heard += (size_t)(end - next);
}

/* Listens until the build has ended, the program has, or the time is up. */
static void watch(struct spoken *s, double timeout) {
    struct run_result *r = s->result;
    struct pollfd ready = {.fd = s->output, .events = POLLIN};
    for (;;) {
        if (console_finished(&s->console, &r->length)) {
            r->end = RUN_FINISHED;
            return;
        }
        if (console_error(&s->console, r->message, sizeof r->message)) {
            r->end = RUN_ERROR;
            return;
        }
        if (s->again) {
            r->end = RUN_RESET;
            snprintf(r->message, sizeof r->message, "the machine was reset");
            return;
        }
        int left = (int)((s->started + timeout - now()) * 1000);
        if (left <= 0 || poll(&ready, 1, left) == 0) {
            r->end = RUN_TIMEOUT;
            snprintf(r->message, sizeof r->message, "still running after %.0f s", timeout);
            return;
        }
        ssize_t n = read(s->output, buffer_room(&s->said, 4096), 4096);
        if (n > 0) {
            s->said.len += (size_t)n;
            hear(s);
        } else if (n == 0 || errno != EINTR) {
            r->end = RUN_HALTED;
            snprintf(r->message, sizeof r->message, "the emulator has ended");
            return;
        }
    }
}

/* Starts the program with its output in s->output. */
static pid_t start(struct spoken *s, char *const argv[], struct problem *p) {
    int ends[2];
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nothing < 0 || pipe2(ends, O_CLOEXEC) != 0) {
        return problem_set(p, "%s: %s", argv[0], strerror(errno));
    }
    struct redirect redirects[] = {{nothing, 0}, {ends[1], 1}, {nothing, 2}, {-1, -1}};
    pid_t pid = process_start(argv, redirects, p);
    close(ends[1]);
    close(nothing);
    s->output = ends[0];
    if (pid < 0) {
        close(ends[0]);
    }
    return pid;
}

int spoken_run(char *const argv[], const struct run_request *request, struct run_result *result,
               struct problem *p) {
    struct spoken s = {.started = now(), .result = result};
    *result = (struct run_result){0};
    pid_t pid = start(&s, argv, p);
    if (pid < 0) {
        return -1;
    }
    console_open(&s.console, request, result);
    watch(&s, request->timeout);
    process_kill(pid);
    console_close(&s.console);
    close(s.output);
    result->seconds = now() - s.started;
    buffer_free(&s.said);
    return 0;
}
