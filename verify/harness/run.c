/*
 * Running the tests of a suite, each in a process of its own. Those that may take long begin first,
 * so that none of them is left alone in the end; each is reported as it ends.
 */
#define _XOPEN_SOURCE 700 /* nftw */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "images/lib/process.h"
#include "images/lib/stop.h"
#include "images/lib/util.h"
#include "verify/harness/boot.h"
#include "verify/harness/harness.h"
#include "verify/harness/verdict.h"

enum { MAX_JOBS = 16 };

/* A test that has been started, or waits to be. */
struct job {
    const struct test_case *test;
    pid_t pid; /* also its process group; 0 before the start and after the end */
    int report;
    char *dir;
    struct buffer why;
    double started;
    double seconds;   /* it took, once it is done */
    double processor; /* and how many of them it computed, with all it had waited for */
    bool timed_out;
    bool done;
    enum verdict verdict;
};

struct run {
    struct job *jobs;
    size_t count;
    size_t started;
    size_t ended;
    unsigned active;
    size_t totals[VERDICTS];
};

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *ftw) {
    (void)status;
    (void)type;
    (void)ftw;
    return remove(path);
}

static char *make_folder(void) {
    const char *root = getenv("TMPDIR");
    char *dir = xprintf("%s/seedbed-test-XXXXXX", root && *root ? root : "/tmp");
    if (!mkdtemp(dir)) {
        fprintf(stderr, "seedbed: %s: %s\n", dir, strerror(errno));
        exit(1);
    }
    return dir;
}

/* The child's side of a start. */
static _Noreturn void become_test(const struct job *job, const int report[2]) {
    close(report[0]);
    /* what the test starts must not hold the pipe open */
    fcntl(report[1], F_SETFD, FD_CLOEXEC);
    struct test t = {
        .name = job->test->name, .dir = job->dir, .engine = job->test->engine, .report = report[1]};
    if (t.engine)
        need_engine(&t, t.engine);
    job->test->run(&t, job->test->argument);
    fflush(NULL);
    _exit(PASSED);
}

static void start(struct job *job) {
    int ends[2];
    job->dir = make_folder();
    if (pipe(ends) != 0 || (job->pid = process_fork(OWN_GROUP)) < 0) {
        fprintf(stderr, "seedbed: cannot start a test: %s\n", strerror(errno));
        exit(1);
    }
    if (job->pid == 0)
        become_test(job, ends);
    close(ends[1]);
    job->report = ends[0];
    job->started = now();
}

static double seconds_of(const struct timeval *time) {
    return (double)time->tv_sec + (double)time->tv_usec / 1e6;
}

/* Takes the result of a test whose process has closed its report, and cleans up behind it. */
static void finish(struct job *job) {
    int status = 0;
    struct rusage used = {0};
    while (wait4(job->pid, &status, 0, &used) < 0 && errno == EINTR)
        ;
    kill(-job->pid, SIGKILL);
    close(job->report);
    nftw(job->dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(job->dir);
    job->seconds = now() - job->started;
    job->processor = seconds_of(&used.ru_utime) + seconds_of(&used.ru_stime);
    job->verdict = WIFEXITED(status) ? verdict_of(WEXITSTATUS(status)) : FAILED;
    const char *joint = job->why.len ? "; " : "";
    if (job->timed_out) {
        job->verdict = FAILED;
        buffer_printf(&job->why, "%sno end after %.0f s", joint, job->seconds);
    } else if (WIFSIGNALED(status)) {
        buffer_printf(&job->why, "%sended by signal %d", joint, WTERMSIG(status));
    }
    job->pid = 0;
    job->done = true;
}

static void report(struct run *r, struct job *job) {
    r->ended++;
    r->totals[job->verdict]++;
    verdict_print(job->verdict, r->ended, job->test->name, &job->why);
    buffer_free(&job->why);
}

/* Reads from one test's report; at its end the test is over. */
static void service(struct run *r, struct job *job) {
    uint8_t *room = buffer_room(&job->why, 512);
    ssize_t got = read(job->report, room, 512);
    if (got > 0) {
        job->why.len += (size_t)got;
    } else if (got == 0 || errno != EINTR) {
        finish(job);
        report(r, job);
        r->active--;
    }
}

static void end_late(struct job *job, double patience) {
    if (job->timed_out || now() - job->started <= job->test->seconds * patience)
        return;
    job->timed_out = true;
    kill(-job->pid, SIGKILL);
}

/* Waits up to a second for the running tests, and ends those that have run too long. */
static void wait_for_tests(struct run *r) {
    struct pollfd polls[MAX_JOBS];
    struct job *jobs[MAX_JOBS];
    nfds_t count = 0;
    double patience = test_patience();
    for (size_t i = 0; i < r->started; i++) {
        struct job *job = &r->jobs[i];
        if (job->pid == 0)
            continue;
        end_late(job, patience);
        jobs[count] = job;
        polls[count++] = (struct pollfd){.fd = job->report, .events = POLLIN};
    }
    if (poll(polls, count, 1000) <= 0)
        return;
    for (nfds_t i = 0; i < count; i++)
        if (polls[i].revents)
            service(r, jobs[i]);
}

/* Ends what runs after a Ctrl-C; what has not passed until then has failed. */
static void end_running(struct run *r) {
    for (size_t i = 0; i < r->started; i++)
        if (!r->jobs[i].done) {
            kill(-r->jobs[i].pid, SIGKILL);
            finish(&r->jobs[i]);
        }
    printf("Bail out! stopped\n");
    r->totals[FAILED] = r->count - r->totals[PASSED] - r->totals[SKIPPED];
}

static int by_time(const void *a, const void *b) {
    const struct job *x = a;
    const struct job *y = b;
    return (x->processor < y->processor) - (x->processor > y->processor);
}

/* Sorts the jobs; nothing needs their order any more. */
static void print_slowest(struct run *r, unsigned most) {
    double processor = 0;
    for (size_t i = 0; i < r->count; i++)
        processor += r->jobs[i].processor;
    qsort(r->jobs, r->count, sizeof *r->jobs, by_time);
    for (size_t i = 0; i < r->count && i < most; i++)
        printf("# %6.1f s of a processor in %6.1f s: %s\n", r->jobs[i].processor,
               r->jobs[i].seconds, r->jobs[i].test->name);
    if (most > 0)
        printf("# %6.1f s of a processor in all\n", processor);
}

/* Those that may take longer first; else in the order of their sources. */
static int by_limit(const void *a, const void *b) {
    const struct test_case *x = ((const struct job *)a)->test;
    const struct test_case *y = ((const struct job *)b)->test;
    int limits = (x->seconds < y->seconds) - (x->seconds > y->seconds);
    return limits ? limits : (x > y) - (x < y);
}

static void choose(struct run *r, const struct suite *s, const char *filter) {
    r->jobs = xrealloc(NULL, (s->count + 1) * sizeof *r->jobs);
    for (size_t i = 0; i < s->count; i++)
        if (!filter || strstr(s->cases[i].name, filter))
            r->jobs[r->count++] = (struct job){.test = &s->cases[i]};
    qsort(r->jobs, r->count, sizeof *r->jobs, by_limit);
    if (r->count == 0) {
        fprintf(stderr, "seedbed: verify: no test has %s in its name; see --list\n",
                filter ? filter : "anything");
        r->totals[FAILED] = 1;
    }
}

size_t suite_run(const struct suite *s, const struct suite_options *options) {
    struct run r = {0};
    unsigned limit = options->jobs < MAX_JOBS ? options->jobs : MAX_JOBS;
    choose(&r, s, options->filter);
    stop_catch();
    printf("TAP version 13\n1..%zu\n", r.count);
    while (r.ended < r.count && !stop_wanted()) {
        while (r.active < limit && r.started < r.count) {
            start(&r.jobs[r.started++]);
            r.active++;
        }
        wait_for_tests(&r);
    }
    if (r.ended < r.count)
        end_running(&r);
    print_slowest(&r, options->slowest);
    verdict_totals(r.totals);
    free(r.jobs);
    return r.totals[FAILED];
}
