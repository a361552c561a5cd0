/* Running the tests of a suite, each in a process of its own, and reporting them in order. */
#define _XOPEN_SOURCE 700 /* nftw */
#include "verify/harness/harness.h"
#include "images/lib/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_JOBS = 16 };

/* A test that has been started, or waits to be. */
struct job {
    const struct test_case *test;
    pid_t pid; /* also its process group; 0 before the start and after the end */
    int report;
    char *dir;
    struct buffer why;
    time_t deadline;
    bool timed_out;
    bool done;
    bool failed;
};

struct run {
    struct job *jobs;
    size_t count;
    size_t started;
    size_t printed;
    size_t passed;
    size_t failed;
    unsigned active;
};

void suite_add_slow(struct suite *s, const char *name, unsigned seconds, test_function *run,
                    const void *argument) {
    if (s->count == s->room) {
        s->room = s->room * 2 + 64;
        s->cases = xrealloc(s->cases, s->room * sizeof *s->cases);
    }
    s->cases[s->count++] = (struct test_case){name, run, argument, seconds};
}

void suite_add(struct suite *s, const char *name, test_function *run, const void *argument) {
    suite_add_slow(s, name, TEST_SECONDS, run, argument);
}

void test_fail(struct test *t, const char *format, ...) {
    char text[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    struct problem ignored;
    write_all(t->report, text, strlen(text), "report", &ignored);
    _exit(1);
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *ftw) {
    (void)status;
    (void)type;
    (void)ftw;
    return remove(path);
}

static char *make_folder(void) {
    const char *root = getenv("TMPDIR");
    char *dir = xprintf("%s/seedbed-test-XXXXXX", root != NULL && *root != '\0' ? root : "/tmp");
    if (mkdtemp(dir) == NULL) {
        fprintf(stderr, "seedbed: %s: %s\n", dir, strerror(errno));
        exit(1);
    }
    return dir;
}

static void start(struct job *job) {
    int ends[2];
    job->dir = make_folder();
    fflush(NULL);
    if (pipe(ends) != 0 || (job->pid = fork()) < 0) {
        fprintf(stderr, "seedbed: cannot start a test: %s\n", strerror(errno));
        exit(1);
    }
    if (job->pid == 0) {
        setpgid(0, 0);
        stop_release();
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(ends[0]);
        /* what the test starts must not hold the pipe open */
        fcntl(ends[1], F_SETFD, FD_CLOEXEC);
        struct test t = {.name = job->test->name, .dir = job->dir, .report = ends[1]};
        job->test->run(&t, job->test->argument);
        fflush(NULL);
        _exit(0);
    }
    setpgid(job->pid, job->pid);
    close(ends[1]);
    job->report = ends[0];
    job->deadline = time(NULL) + job->test->seconds;
}

/* Takes the result of a test whose process has closed its report, and cleans up behind it. */
static void finish(struct job *job) {
    int status = 0;
    while (waitpid(job->pid, &status, 0) < 0 && errno == EINTR) {
    }
    kill(-job->pid, SIGKILL);
    close(job->report);
    nftw(job->dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(job->dir);
    job->failed = job->timed_out || !WIFEXITED(status) || WEXITSTATUS(status) != 0;
    if (job->timed_out) {
        buffer_printf(&job->why, "%sno end after %u s", job->why.len > 0 ? "; " : "",
                      job->test->seconds);
    } else if (WIFSIGNALED(status)) {
        buffer_printf(&job->why, "%sended by signal %d", job->why.len > 0 ? "; " : "",
                      WTERMSIG(status));
    }
    job->pid = 0;
    job->done = true;
}

/* Reads from one test's report; at its end the test is over. */
static void service(struct run *r, struct job *job) {
    uint8_t *room = buffer_room(&job->why, 512);
    ssize_t got = read(job->report, room, 512);
    if (got > 0) {
        job->why.len += (size_t)got;
    } else if (got == 0 || errno != EINTR) {
        finish(job);
        r->active--;
    }
}

/* Waits up to a second for the running tests, and ends those that have run too long. */
static void wait_for_tests(struct run *r) {
    struct pollfd polls[MAX_JOBS];
    struct job *jobs[MAX_JOBS];
    nfds_t count = 0;
    for (size_t i = 0; i < r->started; i++) {
        struct job *job = &r->jobs[i];
        if (job->pid == 0) {
            continue;
        }
        if (!job->timed_out && time(NULL) > job->deadline) {
            job->timed_out = true;
            kill(-job->pid, SIGKILL);
        }
        jobs[count] = job;
        polls[count++] = (struct pollfd){.fd = job->report, .events = POLLIN};
    }
    if (poll(polls, count, 1000) <= 0) {
        return;
    }
    for (nfds_t i = 0; i < count; i++) {
        if (polls[i].revents != 0) {
            service(r, jobs[i]);
        }
    }
}

static void print_finished(struct run *r) {
    while (r->printed < r->count && r->jobs[r->printed].done) {
        struct job *job = &r->jobs[r->printed++];
        if (job->failed) {
            printf("FAIL %s: %.*s\n", job->test->name, (int)job->why.len,
                   job->why.len > 0 ? (const char *)job->why.data : "");
            r->failed++;
        } else {
            printf("ok %s\n", job->test->name);
            r->passed++;
        }
        fflush(stdout);
        buffer_free(&job->why);
    }
}

/* Ends what runs after a Ctrl-C; what has not passed until then has failed. */
static void end_running(struct run *r) {
    for (size_t i = 0; i < r->started; i++) {
        if (!r->jobs[i].done) {
            kill(-r->jobs[i].pid, SIGKILL);
            finish(&r->jobs[i]);
        }
    }
    r->failed = r->count - r->passed;
}

size_t suite_run(const struct suite *s, const struct suite_options *options) {
    struct run r = {0};
    r.jobs = xrealloc(NULL, (s->count + 1) * sizeof *r.jobs);
    for (size_t i = 0; i < s->count; i++) {
        if (options->filter == NULL || strstr(s->cases[i].name, options->filter) != NULL) {
            r.jobs[r.count++] = (struct job){.test = &s->cases[i]};
        }
    }
    unsigned limit = options->jobs < MAX_JOBS ? options->jobs : MAX_JOBS;
    stop_catch();
    while (r.printed < r.count && !stop_wanted()) {
        while (r.active < limit && r.started < r.count) {
            start(&r.jobs[r.started++]);
            r.active++;
        }
        wait_for_tests(&r);
        print_finished(&r);
    }
    if (r.count == 0) {
        fprintf(stderr, "seedbed: verify: no test has %s in its name; see --list\n",
                options->filter);
        r.failed = 1;
    }
    if (r.printed < r.count) {
        end_running(&r);
    }
    printf("%zu passed, %zu failed\n", r.passed, r.failed);
    free(r.jobs);
    return r.failed;
}
