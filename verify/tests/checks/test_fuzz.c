/* Tests of what is around the fuzzer: the hosts that it is spread over. */
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

TEST(fuzz_on_two_hosts_brings_back_what_both_have_counted) {
    test_needs(t, "/usr/sbin/sshd", NULL);
    test_needs(t, "parallel", NULL);
    test_needs(t, "ssh", NULL);
    char *host_key = test_path(t, "host"), *key = test_path(t, "key");
    char *keys = test_path(t, "key.pub"), *folder = test_path(t, "hosts");
    keygen(t, host_key);
    keygen(t, key);
    int port = free_port(t);
    pid_t pid = serve(t, port, host_key, keys);
    char *login = xprintf("ssh -p %d -i %s -o StrictHostKeyChecking=no -o LogLevel=ERROR "
                          "-o UserKnownHostsFile=/dev/null",
                          port, key);
    char *hosts = xprintf("%s localhost,%s 127.0.0.1", login, login);
    const char *const argv[] = {
        "sh", "verify/fuzz/hosts.sh", folder, hosts, "5", "--jobs", "1", "--cases", "1", NULL};
    struct outcome o = test_command(t, argv);
    process_kill(pid);
    if (o.status != 0)
        test_fail(t, "hosts.sh ends with %d: %s", o.status, o.output.data);
    for (int n = 0; n < 2; n++) {
        char *totals = xprintf("%s/%d/totals", folder, n);
        struct buffer text = test_read(t, totals);
        buffer_append(&text, "", 1);
        if (!strstr((char *)text.data, "50\tcalls on all three\n") ||
            !strstr((char *)text.data, "0\tdifferences\n"))
            test_fail(t, "%s: %s", totals, text.data);
    }
}
