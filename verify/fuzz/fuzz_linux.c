/* Linux as a side of the fuzzer, see fuzz_side.h. */
#define _XOPEN_SOURCE 700 /* nftw, mkdtemp */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "images/lib/process.h"
#include "verify/fuzz/fuzz_side.h"
#include "verify/harness/native.h"

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *ftw) {
    (void)status;
    (void)type;
    (void)ftw;
    return remove(path);
}

static void remove_tree(const char *path) {
    nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static bool read_all(int fd, void *to, size_t n) {
    uint8_t *at = to;
    while (n > 0) {
        ssize_t got = read(fd, at, n);
        if (got == 0 || (got < 0 && errno != EINTR))
            return false;
        at += got > 0 ? got : 0;
        n -= got > 0 ? (size_t)got : 0;
    }
    return true;
}

/* A number of bytes, and the bytes. */
static bool send_bytes(int fd, const struct buffer *b) {
    struct problem p;
    uint64_t n = b->len;
    return write_all(fd, &n, sizeof n, "pipe", &p) == 0 &&
           write_all(fd, b->data, b->len, "pipe", &p) == 0;
}

static bool receive_bytes(int fd, struct buffer *b) {
    uint64_t n;
    if (!read_all(fd, &n, sizeof n) || !read_all(fd, buffer_room(b, n), n))
        return false;
    b->len += n;
    return true;
}

/* One script, in a process of its own, as native_run ends the process where something fails. The
   answer is /dev/hda with a byte before it, or nothing. */
static void run_one(const char *dir, const struct buffer *script, struct buffer *answer) {
    struct problem p;
    char *root = xprintf("%s/root", dir);
    char *artifact = xprintf("%s/root/dev/hda", dir);
    pid_t pid = process_fork(OWN_GROUP);
    if (pid == 0) {
        struct test t = {.name = "fuzz", .dir = dir, .report = 2};
        native_run(&t, script);
        _exit(0);
    }
    if (pid > 0 && process_wait(pid) == 0) {
        buffer_append(answer, "", 1);
        if (read_file(artifact, answer, &p) < 0)
            answer->len = 0;
    }
    remove_tree(root);
    free(artifact);
    free(root);
}

static _Noreturn void serve(const char *dir, int from, int to) {
    struct buffer script = {0}, answer = {0};
    while (receive_bytes(from, &script)) {
        run_one(dir, &script, &answer);
        if (!send_bytes(to, &answer))
            break;
        script.len = answer.len = 0;
    }
    _exit(0);
}

int linux_side_open(struct linux_side *l, struct problem *p) {
    const char *folder = getenv("TMPDIR");
    if (!folder || !*folder)
        folder = access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm"
                                                      : "/tmp"; /* in memory, if it can be */
    *l =
        (struct linux_side){.dir = xprintf("%s/seedbed-fuzz-XXXXXX", folder), .to = -1, .from = -1};
    int there[2], back[2];
    if (!mkdtemp(l->dir))
        return problem_set(p, "%s: cannot create: %s", l->dir, strerror(errno));
    if (pipe(there) < 0 || pipe(back) < 0)
        return problem_set(p, "pipe: %s", strerror(errno));
    l->pid = process_fork(OWN_GROUP);
    if (l->pid == 0) {
        close(there[1]);
        close(back[0]);
        serve(l->dir, there[0], back[1]);
    }
    close(there[0]);
    close(back[1]);
    l->to = there[1];
    l->from = back[0];
    fcntl(l->to, F_SETFD, FD_CLOEXEC);
    fcntl(l->from, F_SETFD, FD_CLOEXEC);
    return l->pid < 0 ? problem_set(p, "fork: %s", strerror(errno)) : 0;
}

void linux_side_close(struct linux_side *l) {
    if (l->to >= 0)
        close(l->to);
    if (l->from >= 0)
        close(l->from);
    if (l->pid > 0)
        process_wait(l->pid);
    if (l->dir)
        remove_tree(l->dir);
    free(l->dir);
}

int linux_side_run(struct linux_side *l, const struct buffer *script, struct fuzz_outcome *o,
                   struct problem *p) {
    struct buffer answer = {0};
    int r = 0;
    if (!send_bytes(l->to, script) || !receive_bytes(l->from, &answer) || answer.len == 0)
        r = problem_set(p, "the program failed on Linux");
    else
        buffer_append(&o->artifact, answer.data + 1, answer.len - 1);
    o->end = RUN_FINISHED;
    buffer_free(&answer);
    return r;
}
