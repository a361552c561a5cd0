/* Nothing is lost and nothing is left: signals, descriptors that are closed, files that are full.
 */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "images/lib/process.h"
#include "images/lib/util.h"
#include "verify/harness/boot.h"

static const char BUILD[] = "src 0 /dev\nsrc 4 /dev/hda\nSEED";

/* Fails unless the folder has `count` entries. */
static void expect_entries(struct test *t, const char *path, unsigned count) {
    DIR *folder = opendir(path);
    unsigned found = 0;
    char *last = NULL;
    if (!folder)
        test_fail(t, "%s: %s", path, strerror(errno));
    for (struct dirent *e = readdir(folder); e; e = readdir(folder))
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) {
            free(last);
            last = xstrdup(e->d_name);
            found++;
        }
    closedir(folder);
    if (found != count)
        test_fail(t, "%u files are there, should be %u: %s", found, count, last ? last : "");
    free(last);
}

/* Starts a shell command whose exec is what is to be stopped. */
static pid_t start(struct test *t, const char *command) {
    struct problem p;
    char *argv[] = {"sh", "-c", (char *)command, NULL};
    pid_t pid = process_start(argv, (struct redirect[]){{-1, -1}}, &p);
    if (pid < 0)
        test_fail(t, "%s", p.text);
    return pid;
}

/* Waits at most two seconds; returns the status, 128 + N after signal N, -1 if it still runs. */
static int wait_for(pid_t pid) {
    double end = now() + 2 * test_patience();
    int status;
    while (now() < end) {
        if (waitpid(pid, &status, WNOHANG) == pid)
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        sleep_ms(10);
    }
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    return -1;
}

struct reader {
    const char *command; /* with its output in %s/out, reads the fifo %s/in */
    int signal;
    int status;
};

/* A command that waits for its source ends at once, and leaves nothing. */
static void ends_while_it_reads(struct test *t, const void *argument) {
    const struct reader *r = argument;
    char *work = test_path(t, "work");
    char *in = test_path(t, "in");
    if (mkdir(work, 0777) != 0 || mkfifo(in, 0666) != 0)
        test_fail(t, "%s: %s", work, strerror(errno));
    setenv("TMPDIR", work, 1);
    char *command = xprintf(r->command, work, in);
    pid_t pid = start(t, command);
    sleep_ms(200);
    kill(pid, r->signal);
    int status = wait_for(pid);
    if (status != r->status)
        test_fail(t, "`%s` ends with %d, should with %d", command, status, r->status);
    expect_entries(t, work, 0);
}

/* The first build of a machine asks KVM first; a signal ends that, too, and nothing is remembered.
 */
TEST(lost_nothing_the_probe_of_kvm_is_terminated) {
    test_needs(t, "qemu-system-i386", NULL);
    if (access("/dev/kvm", R_OK | W_OK) != 0)
        test_skip(t, "no /dev/kvm here, so no probe");
    char *home = test_path(t, "home"), *in = test_path(t, "in"), *program = test_path(t, "seedbed");
    if (mkdir(home, 0777) != 0 || mkfifo(in, 0666) != 0)
        test_fail(t, "%s: %s", home, strerror(errno));
    /* a copy elsewhere keeps its memory in the home of the user */
    test_run(t, 0, "cp", "build/seedbed", program, NULL);
    setenv("HOME", home, 1);
    unsetenv("XDG_CACHE_HOME");
    static const long AFTER[] = {60, 120, 250};
    for (size_t i = 0; i < sizeof AFTER / sizeof AFTER[0]; i++) {
        pid_t pid = start(t, xprintf("exec %s build -o %s/out %s 2>/dev/null", program, home, in));
        sleep_ms(AFTER[i]);
        kill(pid, SIGTERM);
        int status = wait_for(pid);
        if (status != 130 && status != 128 + SIGTERM) /* sh may not have come to its exec */
            test_fail(t, "after %ld ms it ends with %d", AFTER[i], status);
        char *kept = xprintf("%s/.cache/seedbed/kvm-probe", home);
        if (access(kept, F_OK) == 0)
            test_run(t, 1, "grep", "-q", "interrupted", kept, NULL);
    }
}

TESTS(lost_readers) {
    static const char PACK[] = "exec build/seedbed pack -o %s/out %s 2>/dev/null";
    static const char IMAGE[] = "exec build/seedbed image -o %s/out %s 2>/dev/null";
    static const char MODEL[] = "exec build/seedbed model -o %s/out %s 2>/dev/null";
    static const char BUILDS[] = "exec build/seedbed build -o %s/out %s 2>/dev/null";
    static const char HEX0[] = "cd %s && exec $OLDPWD/build/seedbed hex0 %s out 2>/dev/null";
    static const struct {
        const char *name;
        struct reader reader;
    } ALL[] = {
        {"lost-nothing-pack-is-interrupted", {PACK, SIGINT, 130}},
        {"lost-nothing-pack-is-terminated", {PACK, SIGTERM, 130}},
        {"lost-nothing-pack-is-hung-up", {PACK, SIGHUP, 130}},
        {"lost-nothing-pack-is-killed", {PACK, SIGKILL, 128 + SIGKILL}},
        {"lost-nothing-image-is-interrupted", {IMAGE, SIGINT, 130}},
        {"lost-nothing-image-is-killed", {IMAGE, SIGKILL, 128 + SIGKILL}},
        {"lost-nothing-build-is-terminated", {BUILDS, SIGTERM, 130}},
        {"lost-nothing-build-is-killed", {BUILDS, SIGKILL, 128 + SIGKILL}},
        {"lost-nothing-model-is-interrupted", {MODEL, SIGINT, 130}},
        {"lost-nothing-hex0-is-interrupted", {HEX0, SIGINT, 130}},
    };
    for (size_t i = 0; i < sizeof ALL / sizeof ALL[0]; i++)
        suite_add(s, ALL[i].name, ends_while_it_reads, &ALL[i].reader);
}

/* The image is half written when kill -9 comes. */
TEST(lost_nothing_image_is_killed_while_it_writes) {
    char *work = test_path(t, "work");
    char *in = test_path(t, "in");
    if (mkdir(work, 0777) != 0 || mkfifo(in, 0666) != 0)
        test_fail(t, "%s: %s", work, strerror(errno));
    pid_t writer =
        start(t, xprintf("(head -c 3000000 /dev/zero | tr '\\0' '#'; sleep 3) > %s", in));
    pid_t pid = start(t, xprintf("exec build/seedbed image -o %s/out %s", work, in));
    sleep_ms(400);
    kill(pid, SIGKILL);
    int status = wait_for(pid);
    kill(writer, SIGKILL);
    waitpid(writer, NULL, 0);
    if (status != 128 + SIGKILL)
        test_fail(t, "it ended with %d before it was killed", status);
    expect_entries(t, work, 0);
}

/* A signal that the caller ignores, as nohup does, stays ignored. */
TEST(lost_nothing_an_ignored_signal_stays_ignored) {
    char *in = test_path(t, "in"), *out = test_path(t, "out");
    if (mkfifo(in, 0666) != 0)
        test_fail(t, "%s: %s", in, strerror(errno));
    pid_t pid = start(t, xprintf("trap '' HUP; exec build/seedbed pack -o %s %s", out, in));
    sleep_ms(200);
    kill(pid, SIGHUP);
    sleep_ms(100);
    test_run(t, 0, "sh", "-c", xprintf("printf 'src 0 /dev\\n' > %s", in), NULL);
    if (wait_for(pid) != 0 || access(out, F_OK) != 0)
        test_fail(t, "the signal has ended it");
}

/* argument: which of the descriptors 0, 1, 2 are closed, as a redirection. */
static void works_with_closed_descriptors(struct test *t, const void *argument) {
    test_needs(t, "qemu-system-i386", NULL);
    char *build = test_path(t, "x.build"), *out = test_path(t, "out"), *log = test_path(t, "log");
    test_write(t, build, BUILD, sizeof BUILD - 1);
    char *command = xprintf("exec build/seedbed build --engine qemu-tcg --log %s -o %s %s %s", log,
                            out, build, (const char *)argument);
    test_run(t, 0, "sh", "-c", command, NULL);
    struct buffer made = test_read(t, out);
    expect_same(t, "the artifact", made.data, made.len, "SEED", 4);
    struct buffer lines = test_read(t, log);
    buffer_append(&lines, "", 1);
    if (!strstr((const char *)lines.data, "src 4 /dev/hda\nBuild finished.\n00000004\n"))
        test_fail(t, "the log is `%s`", (const char *)lines.data);
}

TESTS(lost_descriptors) {
    static const char *const CLOSED[] = {"<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-"};
    for (size_t i = 0; i < sizeof CLOSED / sizeof CLOSED[0]; i++)
        suite_add(s, xprintf("lost-nothing-with-%s", CLOSED[i]), works_with_closed_descriptors,
                  CLOSED[i]);
}

/* The disk of the host is full while the machine writes its artifact: one line that names the
   folder, and no machine that waits for ever. */
TEST(lost_nothing_a_full_disk_of_the_host_is_told) {
    test_needs(t, "unshare", "util-linux");
    test_needs(t, "build/guest/give", "nasm");
    char *build = test_path(t, "x.build"), *small = test_path(t, "small");
    struct buffer text = {0};
    /* The artifact is three times as long as the script. */
    buffer_printf(&text, "@dir /dev\nsrc 700000 /in\n");
    memset(buffer_room(&text, 700000), '4', 700000);
    text.len += 700000;
    buffer_printf(&text, "@file /give %s/give\n/give /in /in /in\n", t->dir);
    test_write(t, build, text.data, text.len);
    test_run(t, 0, "cp", "build/guest/give", test_path(t, "give"), NULL);
    if (mkdir(small, 0777) != 0)
        test_fail(t, "%s: %s", small, strerror(errno));
    char *command = xprintf("mount -t tmpfs -o size=1500k none %s || exit 9; TMPDIR=%s timeout 40 "
                            "build/seedbed build --engine qemu-tcg -o %s/out %s 2>&1",
                            small, small, t->dir, build);
    struct outcome o =
        test_command(t, (const char *const[]){"unshare", "-rm", "sh", "-c", command, NULL});
    const char *said = (const char *)o.output.data;
    if (o.status == 9 || strstr(said, "unshare"))
        test_skip(t, "nothing can be mounted here: %s", said);
    if (o.status != 3 || !strstr(said, small))
        test_fail(t, "it ends with %d, should with 3 and the folder's name: %s", o.status, said);
}

/* The folder of the artifact goes away while the machine runs, by the hand of what --qemu or $QEMU
   names: the artifact is kept, and the last line says where. */
static void artifact_is_kept(struct test *t, const void *argument) {
    test_needs(t, "qemu-system-i386", "qemu-system-x86");
    char *build = test_path(t, "x.build"), *gone = test_path(t, "gone");
    char *program = test_path(t, "qemu"), *temporary = test_path(t, "tmp");
    char *text = xprintf("#!/bin/sh\nrm -rf '%s'\nexec qemu-system-i386 \"$@\"\n", gone);
    test_write(t, build, BUILD, sizeof BUILD - 1);
    test_write(t, program, text, strlen(text));
    if (chmod(program, 0755) != 0 || mkdir(gone, 0777) != 0 || mkdir(temporary, 0777) != 0)
        test_fail(t, "%s: %s", gone, strerror(errno));
    setenv("TMPDIR", temporary, 1);
    bool option = strcmp(argument, "--qemu") == 0;
    if (!option)
        setenv("QEMU", program, 1);
    struct buffer said =
        test_run(t, 3, "build/seedbed", "build", "--engine", "qemu-tcg", "-o",
                 xprintf("%s/out", gone), build, option ? "--qemu" : NULL, program, NULL);
    buffer_append(&said, "", 1);
    const char *kept = strstr((char *)said.data, "the artifact is kept as ");
    if (!kept)
        test_fail(t, "it says: %s", (char *)said.data);
    kept += strlen("the artifact is kept as ");
    struct buffer made = test_read(t, xprintf("%.*s", (int)strcspn(kept, "\n"), kept));
    expect_same(t, "the artifact", made.data, made.len, "SEED", 4);
}

TESTS(lost_artifacts) {
    suite_add(s, "lost-nothing-the-artifact-is-kept-with--qemu", artifact_is_kept, "--qemu");
    suite_add(s, "lost-nothing-the-artifact-is-kept-with-QEMU-set", artifact_is_kept, "QEMU");
}

/* Ctrl-Z stops the emulator too, and both go on together. */
TEST(lost_nothing_a_stopped_build_goes_on) {
    test_needs(t, "qemu-system-i386", NULL);
    test_needs(t, "ps", "procps");
    char *build = test_path(t, "x.build"), *out = test_path(t, "out");
    static const char TEXT[] = "src 0 /dev\nsrc 4 /dev/hda\nSEED";
    struct buffer text = {0};
    for (size_t i = 0; i < 300000; i++)
        buffer_printf(&text, "src 0 /x\n");
    buffer_append(&text, TEXT, sizeof TEXT - 1);
    test_write(t, build, text.data, text.len);
    pid_t pid = start(t, xprintf("exec build/seedbed build --quiet --engine qemu-tcg -o %s %s "
                                 "2>/dev/null",
                                 out, build));
    sleep_ms(1500);
    kill(pid, SIGTSTP);
    sleep_ms(500);
    struct buffer states = test_run(
        t, 0, "sh", "-c", xprintf("ps -o stat= --ppid %d; ps -o stat= -p %d", pid, pid), NULL);
    buffer_append(&states, "", 1);
    kill(pid, SIGCONT);
    int status;
    waitpid(pid, &status, 0);
    /* A process that is stopped has the state T. */
    unsigned stopped = 0;
    for (char *c = (char *)states.data; *c; c++)
        stopped += *c == 'T';
    if (stopped != 2)
        test_fail(t, "%u processes are stopped, should be 2: %s", stopped, (char *)states.data);
    struct buffer made = test_read(t, out);
    expect_same(t, "the artifact", made.data, made.len, "SEED", 4);
}

/* What cannot be written to stdout is an error. */
TEST(lost_nothing_a_full_stdout_is_an_error) {
    static const char *const COMMANDS[] = {
        "--help >/dev/full", "pack --help >/dev/full", "pack -o - %s >/dev/full",
        "hex0 hex0/mini.hex0 - >/dev/full", "build --engine model -o %s.out %s >/dev/full"};
    char *build = test_path(t, "x.build");
    test_write(t, build, BUILD, sizeof BUILD - 1);
    for (size_t i = 0; i < sizeof COMMANDS / sizeof COMMANDS[0]; i++) {
        char *command = xprintf("exec build/seedbed %s", COMMANDS[i]);
        char *whole = xprintf(command, build, build);
        struct outcome o = test_command(t, (const char *const[]){"sh", "-c", whole, NULL});
        if (o.status == 0 || !strstr((const char *)o.output.data, "cannot write"))
            test_fail(t, "`%s` ends with %d: %s", whole, o.status, (const char *)o.output.data);
    }
}

/* -o follows a link, and the link stays. */
TEST(lost_nothing_an_output_through_a_link) {
    char *build = test_path(t, "x.build"), *out = test_path(t, "real"), *sub = test_path(t, "sub");
    test_write(t, build, BUILD, sizeof BUILD - 1);
    if (mkdir(sub, 0777) != 0 || symlink("../real", test_path(t, "sub/link")) != 0 ||
        symlink("sub/link", test_path(t, "link")) != 0)
        test_fail(t, "%s: %s", sub, strerror(errno));
    for (int again = 0; again < 2; again++) { /* to nothing, and to a file */
        test_run(t, 0, "build/seedbed", "pack", "-o", test_path(t, "link"), build, NULL);
        struct stat st;
        if (lstat(test_path(t, "sub/link"), &st) != 0 || !S_ISLNK(st.st_mode))
            test_fail(t, "the link is gone");
        struct buffer made = test_read(t, out);
        expect_same(t, "the file behind the links", made.data, made.len, BUILD, sizeof BUILD - 1);
        buffer_free(&made);
    }
}
