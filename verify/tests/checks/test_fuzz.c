/* Tests of what is around the fuzzer: its sum, and the hosts that it is spread over. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "images/lib/process.h"
#include "verify/harness/harness.h"

static void keygen(struct test *t, const char *path) {
    const char *const argv[] = {"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path, NULL};
    struct outcome o = test_command(t, argv);
    if (o.status != 0)
        test_fail(t, "ssh-keygen: %s", o.output.data);
}

/* A port that nobody listens at. */
static int free_port(struct test *t) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof a;
    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (s < 0 || bind(s, (struct sockaddr *)&a, n) < 0 ||
        getsockname(s, (struct sockaddr *)&a, &n) < 0)
        test_fail(t, "no port");
    close(s);
    return ntohs(a.sin_port);
}

/* Waits until somebody listens. */
static void wait_for_port(struct test *t, int port) {
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                            .sin_port = htons((uint16_t)port)};
    for (int tries = 0; tries < 100; tries++) {
        int s = socket(AF_INET, SOCK_STREAM, 0);
        int r = connect(s, (struct sockaddr *)&a, sizeof a);
        close(s);
        if (r == 0)
            return;
        usleep(50000);
    }
    test_fail(t, "sshd does not listen");
}

/* An ssh server of our own for the length of the test; every login is `ssh ...`. */
static pid_t serve(struct test *t, int port, const char *host_key, const char *keys) {
    struct problem p;
    char *settings = test_path(t, "settings");
    test_write(t, settings, (const uint8_t *)"", 0);
    char *argv[] = {"/usr/sbin/sshd",
                    "-D",
                    "-e",
                    "-f",
                    settings,
                    "-p",
                    xprintf("%d", port),
                    "-h",
                    (char *)host_key,
                    "-o",
                    "ListenAddress=127.0.0.1",
                    "-o",
                    "StrictModes=no",
                    "-o",
                    "PidFile=none",
                    "-o",
                    xprintf("AuthorizedKeysFile=%s", keys),
                    NULL};
    if (geteuid() == 0 && system("mkdir -p /run/sshd") != 0)
        test_fail(t, "/run/sshd: cannot be made");
    const struct redirect none[] = {{-1, -1}};
    pid_t pid = process_start(argv, none, &p);
    if (pid < 0)
        test_fail(t, "%s", p.text);
    wait_for_port(t, port);
    return pid;
}

/* The last line of the output, which begins and ends so. */
static void expect_sum(struct test *t, const struct outcome *o, int status, const char *begin,
                       const char *end) {
    char *line = last_line((const char *)o->output.data);
    size_t n = strlen(line), tail = strlen(end);
    if (o->status != status)
        test_fail(t, "exit status %d, should be %d: %s", o->status, status, o->output.data);
    if (strncmp(line, begin, strlen(begin)) != 0 || n < tail || strcmp(line + n - tail, end) != 0)
        test_fail(t, "the last line should be `%s...%s`: %s", begin, end, o->output.data);
    free(line);
}

static void expect_in(struct test *t, const char *text, const char *part) {
    if (!strstr(text, part))
        test_fail(t, "`%s` is not in: %s", part, text);
}

/* The text of a file with the first `old` in it changed, as another file. */
static void write_changed(struct test *t, const char *to, const char *text, const char *old,
                          const char *new) {
    const char *at = strstr(text, old);
    if (!at)
        test_fail(t, "no `%s` in: %s", old, text);
    char *changed = xprintf("%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
    test_write(t, to, changed, strlen(changed));
    free(changed);
}

TEST(fuzz_on_two_hosts_brings_back_what_both_have_counted) {
    test_needs(t, "/usr/sbin/sshd", NULL);
    test_needs(t, "parallel", NULL);
    test_needs(t, "ssh", NULL);
    test_needs_own_root(t);
    char *host_key = test_path(t, "host"), *key = test_path(t, "key");
    char *keys = test_path(t, "key.pub"), *folder = test_path(t, "hosts"),
         *sum = test_path(t, "sum");
    keygen(t, host_key);
    keygen(t, key);
    int port = free_port(t);
    pid_t pid = serve(t, port, host_key, keys);
    char *login = xprintf("ssh -p %d -i %s -o StrictHostKeyChecking=no -o LogLevel=ERROR "
                          "-o UserKnownHostsFile=/dev/null",
                          port, key);
    char *hosts = xprintf("%s localhost,%s 127.0.0.1", login, login);
    const char *const argv[] = {
        "sh", "verify/fuzz/hosts.sh", folder, sum, hosts, "5", "--jobs", "1", "--cases", "1", NULL};
    struct outcome o = test_command(t, argv);
    process_kill(pid);
    expect_sum(t, &o, 0, "100 cases in ", ": 0 differences");
    struct buffer counts = test_read(t, sum);
    buffer_append(&counts, "", 1);
    expect_in(t, (char *)counts.data, "100\tcalls on all three\n");
    for (int n = 0; n < 2; n++) {
        char *totals = xprintf("%s/%d/totals", folder, n);
        struct buffer text = test_read(t, totals);
        buffer_append(&text, "", 1);
        if (!strstr((char *)text.data, "50\tcalls on all three\n") ||
            !strstr((char *)text.data, "0\tdifferences\n"))
            test_fail(t, "%s: %s", totals, text.data);
    }
}

TEST(fuzz_with_several_jobs_ends_with_one_sum) {
    test_needs_own_root(t);
    char *totals = test_path(t, "totals"), *other = test_path(t, "other");
    const char *const run[] = {"build/fuzz", "--jobs",  "2",    "--cases",  "2",    "--seed",
                               "7",          "--found", t->dir, "--totals", totals, NULL};
    struct outcome o = test_command(t, run);
    const char *said = (const char *)o.output.data;
    expect_sum(t, &o, 0, "100 cases in ", " a second of processor time: 0 differences");
    expect_in(t, said, "2 jobs, from seed 7 on\n       100 calls on all three\n");
    expect_in(t, said, "\nLinux             100 cases,          2 runs, 0 differences\n");
    if (strstr(strstr(said, " cases in ") + 1, " cases in "))
        test_fail(t, "more than one sum: %s", said);
    struct buffer counts = test_read(t, totals);
    buffer_append(&counts, "", 1);
    expect_in(t, (char *)counts.data, "\n100\tcases for Linux\n");
    write_changed(t, other, (char *)counts.data, "\n0\tdifferences\n", "\n3\tdifferences\n");
    const char *const sum[] = {"build/fuzz", "--sum", totals, other, NULL};
    o = test_command(t, sum);
    expect_sum(t, &o, 1, "200 cases in ", ": 3 differences");
}

TEST(fuzz_adds_up_nothing_but_counts) {
    static const char *const WRONG[][2] = {{"5\tapples\n", "wrong:1: is no count of the fuzzer"},
                                           {"scripts\n", "wrong:1: is no count of the fuzzer"},
                                           {"5\tscripts\n", "wrong: 1 counts, should be "}};
    char *path = test_path(t, "wrong");
    for (size_t n = 0; n < sizeof WRONG / sizeof WRONG[0]; n++) {
        test_write(t, path, WRONG[n][0], strlen(WRONG[n][0]));
        struct buffer said = test_run(t, 1, "build/fuzz", "--sum", path, NULL);
        buffer_append(&said, "", 1);
        expect_in(t, (char *)said.data, WRONG[n][1]);
    }
    test_run(t, 2, "build/fuzz", "--sum", NULL);
}
