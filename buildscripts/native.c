/*
 * pipeline-native SECONDS DIR BIN ARG...: runs DIR/BIN as the machine would, on this kernel: with
 * argv = BIN ARG..., no environment, no input, no open files, and DIR as the only files there are.
 * Its exit status is that of BIN; 124 after SECONDS, 125 if BIN could not be started.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TIMED_OUT = 124, NOT_STARTED = 125, SIGNALLED = 128 };

static _Noreturn void fail(const char *what) {
    fprintf(stderr, "seedbed: pipeline-native: %s: %s\n", what, strerror(errno));
    exit(NOT_STARTED);
}

/* Writes `text` to the file `path`; false if that is not allowed. */
static int put(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    ssize_t written = write(fd, text, strlen(text));
    close(fd);
    return written == (ssize_t)strlen(text);
}

/* Becomes root of a user namespace, for those who are not root, so that chroot is allowed. */
static void become_root(void) {
    char map[64];
    snprintf(map, sizeof map, "0 %ld 1", (long)geteuid());
    if (unshare(CLONE_NEWUSER) == 0 && put("/proc/self/setgroups", "deny"))
        put("/proc/self/uid_map", map);
}

/* The part of the child: makes `dir` all there is and becomes the program. */
static _Noreturn void become(const char *dir, char **argv) {
    int null = open("/dev/null", O_RDONLY);
    if (null < 0 || dup2(null, STDIN_FILENO) < 0)
        fail("/dev/null");
    for (int fd = STDERR_FILENO + 1; fd < 1024; fd++)
        close(fd);
    if (geteuid() != 0)
        become_root();
    if (chdir(dir) != 0)
        fail(dir);
    if (chroot(".") != 0)
        fail("chroot is not allowed here; run as root, or allow user namespaces");
    umask(022);
    char *const no_environment[] = {NULL};
    execve(argv[0], argv, no_environment);
    fail(argv[0]);
}

int main(int argc, char **argv) {
    if (argc < 4 || atoi(argv[1]) <= 0) {
        fprintf(stderr, "usage: pipeline-native SECONDS DIR BIN ARG...\n");
        return NOT_STARTED;
    }
    pid_t child = fork();
    if (child < 0)
        fail("fork");
    if (child == 0) {
        setpgid(0, 0);
        become(argv[2], argv + 3);
    }
    setpgid(child, child);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, NULL);
    struct timespec limit = {.tv_sec = atoi(argv[1])};
    int status;
    pid_t done;
    while ((done = waitpid(child, &status, WNOHANG)) == 0)
        if (sigtimedwait(&set, NULL, &limit) < 0 && errno == EAGAIN)
            break;
    kill(-child, SIGKILL); /* and what it has left running */
    if (done == 0) {
        fprintf(stderr, "seedbed: pipeline-native: %s: no end after %s seconds\n", argv[3],
                argv[1]);
        return TIMED_OUT;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : SIGNALLED + WTERMSIG(status);
}
