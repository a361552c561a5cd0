/* The builder's shell on Linux, see native.h. */
#define _GNU_SOURCE /* pipe2 with O_DIRECT, unshare */
#include "verify/harness/native.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "images/lib/process.h"
#include "verify/guest/limits.h"

enum {
    OPEN_FILES = 3 + LIMIT_OPEN,
    HEAP_BYTES = 64 << 20,
    STACK_BYTES = 8 << 20, /* Linux takes a quarter of it as the limit of argv and envp */
    FED = 128,             /* bytes of the script that a program may read */
};

/* A script on its way; the shell is a process of its own. */
struct shell {
    const struct buffer *script;
    size_t at;
};

static _Noreturn void shell_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void shell_fail(const char *format, ...) {
    va_list args;
    va_start(args, format);
    dprintf(1, "\nERROR: ");
    vdprintf(1, format, args);
    va_end(args);
    _exit(1);
}

static void limit(int what, rlim_t value) {
    struct rlimit l = {value, value};
    if (setrlimit(what, &l) != 0)
        shell_fail("setrlimit: %s", strerror(errno));
}

/* `input` carries what follows in the script, in packets of a byte: a read gets one at most. */
static _Noreturn void become_program(char **words, int input) {
    char *environment[] = {NULL};
    dup2(input, 0);
    limit(RLIMIT_DATA, HEAP_BYTES);
    limit(RLIMIT_STACK, STACK_BYTES);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_NOFILE, OPEN_FILES);
    execve(words[0], words, environment);
    shell_fail("%s: %s", words[0], strerror(errno));
}

static void feed(int fd, const struct shell *s) {
    fcntl(fd, F_SETPIPE_SZ, FED * sysconf(_SC_PAGESIZE)); /* a packet takes a page */
    for (size_t i = s->at; i < s->script->len && i < s->at + FED; i++)
        if (write(fd, s->script->data + i, 1) != 1)
            shell_fail("the script's pipe: %s", strerror(errno));
    close(fd);
}

static void run_program(struct shell *s, char **words) {
    int input[2], status, left = 0;
    if (pipe2(input, O_DIRECT | O_CLOEXEC) != 0)
        shell_fail("pipe: %s", strerror(errno));
    feed(input[1], s);
    size_t fed = s->script->len - s->at < FED ? s->script->len - s->at : FED;
    pid_t pid = process_fork(OUR_GROUP);
    if (pid == 0)
        become_program(words, input[0]);
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        shell_fail("%s: %s", words[0], strerror(errno));
    if (WIFSIGNALED(status))
        shell_fail("%s: ended by signal %d", words[0], WTERMSIG(status));
    if (WEXITSTATUS(status) != 0)
        shell_fail("%s: exit %02X", words[0], WEXITSTATUS(status));
    ioctl(input[0], FIONREAD, &left);
    close(input[0]);
    s->at += fed - (size_t)left;
}

static void run_src(struct shell *s, const char *size, const char *path) {
    size_t n = strtoul(size, NULL, 10);
    if (n == 0) {
        mkdir(path, 0755);
        return;
    }
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
    struct problem p;
    if (fd < 0 || n > s->script->len - s->at ||
        write_all(fd, s->script->data + s->at, n, path, &p) != 0)
        shell_fail("%s: cannot be made", path);
    close(fd);
    s->at += n;
}

/* Splits the line in place; returns the words, null after the last. */
static char **split(char *line) {
    size_t count = 0;
    char **words = xrealloc(NULL, (strlen(line) / 2 + 2) * sizeof *words);
    for (char *word = strtok(line, " "); word; word = strtok(NULL, " "))
        words[count++] = word;
    words[count] = NULL;
    return words;
}

static bool run_line(struct shell *s) {
    const uint8_t *start = s->script->data + s->at;
    size_t n = 0;
    while (s->at + n < s->script->len && start[n] != '\n' && start[n] != 0)
        n++;
    if (n == 0 && (s->at == s->script->len || start[0] == 0))
        return false;
    s->at += n + (s->at + n < s->script->len && start[n] == '\n');
    char *line = xprintf("%.*s", (int)n, (const char *)start);
    char **words = split(line);
    if (words[0] && words[0][0] != '#') {
        if (strcmp(words[0], "src") == 0)
            run_src(s, words[1], words[2]);
        else
            run_program(s, words);
    }
    free(words);
    free(line);
    return true;
}

static void write_text(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0 || write(fd, text, strlen(text)) < 0)
        shell_fail("%s: %s; run the tests as root or allow user namespaces", path, strerror(errno));
    close(fd);
}

/* Who is not root becomes root of a namespace of his own. */
static void enter(const char *root) {
    if (geteuid() != 0) {
        char *users = xprintf("0 %u 1", (unsigned)geteuid());
        char *groups = xprintf("0 %u 1", (unsigned)getegid());
        if (unshare(CLONE_NEWUSER) != 0) {
            shell_fail("unshare: %s; run the tests as root or allow user namespaces",
                       strerror(errno));
        }
        write_text("/proc/self/setgroups", "deny");
        write_text("/proc/self/uid_map", users);
        write_text("/proc/self/gid_map", groups);
        free(users);
        free(groups);
    }
    if (chroot(root) != 0 || chdir("/") != 0)
        shell_fail("chroot %s: %s", root, strerror(errno));
}

static _Noreturn void run_shell(const char *root, const struct buffer *script, int console) {
    struct shell s = {.script = script};
    int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, 0);
    dup2(console, 1);
    dup2(console, 2);
    for (int fd = 3; fd < 1024; fd++)
        close(fd);
    umask(0);
    enter(root);
    while (run_line(&s)) {
    }
    _exit(0);
}

struct buffer native_run(struct test *t, const struct buffer *script) {
    test_needs_own_root(t);
    char *root = test_path(t, "root");
    char *artifact = test_path(t, "root/dev/hda");
    int console[2], status;
    struct buffer log = {0};
    ssize_t n;
    if (mkdir(root, 0755) != 0 || pipe2(console, O_CLOEXEC) != 0)
        test_fail(t, "%s: %s", root, strerror(errno));
    pid_t pid = process_fork(OUR_GROUP);
    if (pid == 0)
        run_shell(root, script, console[1]);
    close(console[1]);
    while ((n = read(console[0], buffer_room(&log, 4096), 4096)) > 0)
        log.len += (size_t)n;
    close(console[0]);
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
        test_fail(t, "on Linux: %.*s", (int)log.len, log.data);
    buffer_free(&log);
    struct buffer result = test_read(t, artifact);
    free(artifact);
    free(root);
    return result;
}

void test_needs_own_root(struct test *t) {
    pid_t pid = process_fork(OUR_GROUP);
    if (pid < 0)
        test_fail(t, "cannot start a process: %s", strerror(errno));
    if (pid == 0)
        _exit((geteuid() != 0 && unshare(CLONE_NEWUSER) != 0) || chroot("/") != 0);
    if (process_wait(pid) != 0)
        test_skip(t, "not root, and no user namespaces here");
}
