/* Other programs: started so that none outlives us, and read to their end. */
#include "images/lib/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "images/lib/stop.h"

bool process_found(const char *program) {
    const char *path = getenv("PATH");
    bool found = false;
    if (strchr(program, '/'))
        return access(program, R_OK) == 0;
    for (const char *at = path ? path : ""; *at && !found; at += *at == ':') {
        size_t n = strcspn(at, ":");
        char *file = xprintf("%.*s/%s", n ? (int)n : 1, n ? at : ".", program);
        found = access(file, X_OK) == 0;
        free(file);
        at += n;
    }
    return found;
}

pid_t process_fork(enum process_group group) {
    pid_t parent = getpid();
    fflush(NULL);
    pid_t pid = fork();
    if (pid > 0 && group == OWN_GROUP)
        setpgid(pid, pid);
    if (pid != 0)
        return pid;
    if (group == OWN_GROUP)
        setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(127);
    stop_release();
    return 0;
}

/* The child's side of a start; errno goes to `report` if it comes to that. */
static _Noreturn void become(char *const argv[], const struct redirect *redirects, int report) {
    for (; redirects->to >= 0; redirects++)
        if (dup2(redirects->from, redirects->to) < 0)
            break;
    if (redirects->to < 0)
        execvp(argv[0], argv);
    int why = errno;
    if (write(report, &why, sizeof why) < 0)
        _exit(126);
    _exit(127);
}

static pid_t start(enum process_group group, char *const argv[], const struct redirect *redirects,
                   struct problem *p) {
    int report[2];
    if (pipe(report) < 0)
        return problem_set(p, "%s: cannot start: %s", argv[0], strerror(errno));
    fcntl(report[0], F_SETFD, FD_CLOEXEC);
    fcntl(report[1], F_SETFD, FD_CLOEXEC);
    pid_t pid = process_fork(group);
    if (pid == 0)
        become(argv, redirects, report[1]);
    int why = errno;
    close(report[1]);
    ssize_t n = 0;
    if (pid >= 0)
        while ((n = read(report[0], &why, sizeof why)) < 0 && errno == EINTR)
            ;
    close(report[0]);
    if (pid >= 0 && n == 0)
        return pid;
    if (pid >= 0)
        process_wait(pid);
    return problem_set(p, "%s: cannot start: %s%s", argv[0], strerror(why),
                       why == ENOENT ? ", install it (QEMU is in Debian's qemu-system-x86)" : "");
}

pid_t process_start(char *const argv[], const struct redirect *redirects, struct problem *p) {
    return start(OWN_GROUP, argv, redirects, p);
}

int process_wait(pid_t pid) {
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return 127;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void process_kill(pid_t pid) {
    kill(pid, SIGKILL);
    process_wait(pid);
}

/* Runs argv and appends what it writes; returns its exit status, or -1 with *p filled. */
static int capture(enum process_group group, char *const argv[], bool errors, struct buffer *out,
                   struct problem *p) {
    int ends[2];
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (pipe(ends) < 0)
        return problem_set(p, "%s: cannot start: %s", argv[0], strerror(errno));
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    struct redirect redirects[] = {
        {nothing, STDIN_FILENO}, {ends[1], STDOUT_FILENO}, {ends[1], STDERR_FILENO}, {-1, -1}};
    if (!errors)
        redirects[2].to = -1;
    pid_t pid = start(group, argv, redirects, p);
    close(ends[1]);
    close(nothing);
    ssize_t n;
    while (pid > 0 &&
           ((n = read(ends[0], buffer_room(out, 4096), 4096)) > 0 || (n < 0 && errno == EINTR)))
        out->len += n > 0 ? (size_t)n : 0;
    close(ends[0]);
    return pid < 0 ? -1 : process_wait(pid);
}

int process_run(char *const argv[], struct buffer *out, struct problem *p) {
    return capture(OUR_GROUP, argv, true, out, p);
}

int process_output(char *const argv[], struct buffer *out, struct problem *p) {
    int status = capture(OWN_GROUP, argv, false, out, p);
    if (status > 0)
        return problem_set(p, "%s: failed with exit status %d", argv[0], status);
    return status;
}
