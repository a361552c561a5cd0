/*
 * The model's trace of a program and the real kernel's, in the PC, against what strace sees of the
 * same program on Linux: call by call, process by process, with arguments and results.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "images/machine/engine.h"
#include "refmodel/seedbed.h"
#include "verify/guest/limits.h"
#include "verify/harness/boot.h"
#include "verify/tests/model/trace.h"

enum { CALLS_LEAST = 40, SECONDS = 60 };

struct traced {
    const char *program;
    const struct trace_rule *rules;
};

static void append_line(void *user, const char *line, size_t n) {
    buffer_append(user, line, n);
}

static struct buffer trace_on_model(struct test *t, const char *program) {
    struct buffer script = {0};
    struct buffer lines = {0};
    char *host = xprintf("build/guest/%s", program);
    char *path = xprintf("/bin/%s", program);
    struct buffer file = test_read(t, host);
    buffer_printf(&script, "src 0 /dev\nsrc 0 /dev/hda\nsrc 0 /bin\n");
    add_src(&script, path, file.data, file.len);
    buffer_printf(&script, "%s\n", path);
    struct seedbed_config config = {.trace = append_line, .user = &lines};
    struct seedbed *s = seedbed_new(&config);
    if (!s || seedbed_run(s, script.data, script.len) != SEEDBED_FINISHED)
        test_fail(t, "the model does not finish: %s", s ? seedbed_error(s) : "no memory");
    seedbed_free(s);
    buffer_append(&lines, "", 1);
    buffer_free(&script);
    buffer_free(&file);
    free(host);
    free(path);
    return lines;
}

/* The real kernel in the PC. */
static struct buffer trace_on_pc(struct test *t, const char *program) {
    struct buffer script = {0}, image = {0};
    char *host = xprintf("build/guest/%s", program);
    char *path = xprintf("/bin/%s", program);
    char *out = test_path(t, "pc-trace");
    struct buffer file = test_read(t, host);
    struct run_request how = {.trace = out};
    buffer_printf(&script, "src 0 /dev\nsrc 0 /dev/hda\nsrc 0 /bin\n");
    add_src(&script, path, file.data, file.len);
    buffer_printf(&script, "%s\n", path);
    struct aftermath a = boot_script_on(t, &engine_pc, &script, &how, &image);
    if (a.end != RUN_FINISHED)
        test_fail(t, "the kernel does not finish: %s", a.message);
    struct buffer lines = test_read(t, out);
    buffer_append(&lines, "", 1);
    aftermath_free(&a);
    buffer_free(&image);
    buffer_free(&script);
    buffer_free(&file);
    free(out);
    free(host);
    free(path);
    return lines;
}

/* strace of the program alone in a root directory of its own. */
static struct buffer trace_on_linux(struct test *t, const char *program) {
    char *line = xprintf(
        "set -e; mkdir -p '%s/root/dev' '%s/root/bin'; : > '%s/root/dev/hda'; "
        "cp build/guest/%s '%s/root/bin'; for fd in $(seq 3 254); do eval \"exec $fd>&-\"; done; "
        "ulimit -n %d; ulimit -s 8192; "
        "exec strace -f -qq -a1 -s32 -o '%s/strace' env -i /usr/sbin/chroot "
        "'%s/root' /bin/%s </dev/null",
        t->dir, t->dir, t->dir, program, t->dir, 3 + LIMIT_OPEN, t->dir, t->dir, program);
    test_needs(t, "strace", NULL);
    const char *const argv[] = {"bash", "-c", line, NULL};
    struct outcome o = test_command(t, argv);
    if (o.status != 0)
        test_fail(t, "strace: status %d: %.300s", o.status, (const char *)o.output.data);
    char *path = test_path(t, "strace");
    struct buffer lines = test_read(t, path);
    buffer_append(&lines, "", 1);
    free(path);
    free(line);
    buffer_free(&o.output);
    return lines;
}

static void agrees_with_strace(struct test *t, const void *argument) {
    const struct traced *p = argument;
    struct buffer native = trace_on_linux(t, p->program);
    struct buffer ours = trace_on_model(t, p->program);
    struct buffer kernel = trace_on_pc(t, p->program);
    expect_text(t, "the kernel's trace and the model's", (const char *)kernel.data,
                (const char *)ours.data);
    char *path = xprintf("/bin/%s", p->program);
    struct trace a = trace_read((const char *)native.data, path);
    struct trace b = trace_read((const char *)ours.data, NULL);
    size_t compared = 0;
    char *wrong = trace_compare(&a, &b, p->rules, &compared);
    if (wrong)
        test_fail(t, "after %zu calls: %s", compared, wrong);
    if (compared < CALLS_LEAST)
        test_fail(t, "only %zu calls were compared", compared);
    trace_free(&a);
    trace_free(&b);
    buffer_free(&native);
    buffer_free(&ours);
    buffer_free(&kernel);
    free(path);
}

static const struct trace_rule MODES[] = {
    {"read(", "-1 EISDIR", "0", "a directory is an empty file", false},
    {"open(", "-1 EISDIR", "", "a directory is an empty file", false},
    {"close(", "-1 EBADF", "0", "a directory is an empty file", false},
    {NULL, NULL, NULL, NULL, false}};
static const struct trace_rule SEEK[] = {
    {"lseek(", "0", "-1 EINVAL", "SEEK_DATA and SEEK_HOLE are not in the contract", false},
    {"lseek(", "21474836", "-1 EINVAL", "a position is at most 0x7FFFFFFF", false},
    {"lseek(", "-1 EOVERFLOW", "-1 EINVAL", "a position is at most 0x7FFFFFFF", false},
    {"write(", "-1 EFBIG", "-1 ENOSPC", "a gap that does not fit is ENOSPC", false},
    {NULL, NULL, NULL, NULL, false}};
static const struct trace_rule UNLINK[] = {
    {"unlink(", "-1 EISDIR", "0", "a directory is a file like any other", false},
    {"mkdir(", "-1 EEXIST", "0", "the name of the root is one like any other", false},
    {NULL, NULL, NULL, NULL, false}};
static const struct trace_rule PATHS[] = {
    {"access(", "-1 ENOENT", "0", "a path is resolved by its text alone", false},
    {"access(", "-1 ENOTDIR", "0", "a path is resolved by its text alone", false},
    {"open(", "", "-1 ENAMETOOLONG", "a resolved path has at most 1,023 bytes", false},
    {"access(", "", "-1 ENAMETOOLONG", "a resolved path has at most 1,023 bytes", false},
    {"unlink(", "", "-1 ENAMETOOLONG", "a resolved path has at most 1,023 bytes", false},
    {"mkdir(", "", "-1 ENAMETOOLONG", "a resolved path has at most 1,023 bytes", false},
    {"chdir(", "", "-1 ENAMETOOLONG", "a resolved path has at most 1,023 bytes", false},
    {"access(", "-1 EINVAL", "0", "the mode of access is ignored", false},
    {"open(", "-1 ENOTDIR", "", "creating needs the parent to exist, as whatever file", false},
    {"mkdir(", "-1 ENOTDIR", "0", "creating needs the parent to exist, as whatever file", false},
    {"chdir(", "-1 ENOTDIR", "0", "an empty file is a directory", false},
    {NULL, NULL, NULL, NULL, false}};
static const struct trace_rule FORK[] = {
    {"lseek(", "", "", "child and parent do not share positions", false},
    {"fork(", "", "-1 EAGAIN", "children nest 14 deep", true},
    {"waitpid(", "", "", "the status tells how deep the nesting went", false},
    {"exit(", "?", "?", "so does what a child exits with", false},
    {NULL, NULL, NULL, NULL, false}};
static const struct trace_rule WAIT[] = {
    {"waitpid(", "-1 ECHILD", "", "EFAULT changes nothing", false},
    {"fork(", "", "-1 EAGAIN", "64 children are not waited for", true},
    {"write(3, \"", "4", "4", "process numbers are the machine's own", false},
    {"read(", "4", "4", "process numbers are the machine's own", false},
    {NULL, NULL, NULL, NULL, false}};
static const struct trace_rule EXEC[] = {
    {"execve(", "-1 EACCES", "-1 ENOEXEC", "there are no permissions", false},
    {"execve(", "-1 EACCES", "0", "there are no permissions", true},
    {"waitpid(", "", "", "so a program that Linux refuses has run", false},
    {NULL, NULL, NULL, NULL, false}};
static const struct trace_rule DUP2[] = {
    {"write(10", "-1 EBADF", "0", "the console stays open", false},
    {"lseek(", "5", "3", "a copy has a position of its own", false},
    {NULL, NULL, NULL, NULL, false}};
static const struct trace_rule ERRORS[] = {
    {"read(", "", "-1 EINVAL", "the size of a call is below 2 GiB, as on a 32-bit Linux", false},
    {"write(", "", "-1 EINVAL", "the size of a call is below 2 GiB, as on a 32-bit Linux", false},
    {NULL, NULL, NULL, NULL, false}};

TESTS(model_trace_tests) {
    static const struct traced tests[] = {
        {"modes", MODES},   {"seek", SEEK},        {"unlink", UNLINK}, {"writers", NULL},
        {"paths", PATHS},   {"brk", NULL},         {"fork", FORK},     {"wait", WAIT},
        {"loads", NULL},    {"descriptors", NULL}, {"exec", EXEC},     {"keeps", NULL},
        {"errors", ERRORS}, {"dup2", DUP2}};
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
        suite_add_slow(s, xprintf("the-trace-is-that-of-strace-%s", tests[i].program), SECONDS,
                       agrees_with_strace, &tests[i]);
    }
}
