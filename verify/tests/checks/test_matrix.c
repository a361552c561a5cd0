/* Tests of the matrix: a small subset of the machines, and what `make matrix` does around them. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "verify/harness/harness.h"

/* Runs the driver on the machines that match the filter. */
static struct outcome matrix(struct test *t, const char *filter) {
    test_needs(t, "parallel", NULL);
    const char *const argv[] = {"sh", "verify/matrix/matrix.sh", t->dir, "2", "", filter, NULL};
    return test_command(t, argv);
}

TEST(matrix_subset_builds_the_same) {
    struct outcome o = matrix(t, "--quick");
    expect_text(t, (const char *)o.output.data, last_line((const char *)o.output.data),
                "9 build the same, 0 end in the ERROR of the contract, 0 cannot be booted, 0 fail");
}

TEST(matrix_goes_on_where_it_was) {
    char *joblog = test_path(t, "joblog");
    struct outcome o = matrix(t, "--quick");
    struct buffer log = test_read(t, joblog);
    /* The last job has not been done, as if the first run had been stopped. */
    log.len -= strlen(last_line((const char *)log.data)) + 1;
    test_write(t, joblog, log.data, log.len);
    buffer_free(&o.output);
    o = matrix(t, "--quick");
    if (o.status != 0 || !strstr((char *)o.output.data, "1 of 9 machines to go") ||
        !strstr((char *)o.output.data, "9 build the same"))
        test_fail(t, "status %d: %s", o.status, o.output.data);
}

TEST(matrix_unbootable_machines_are_listed) {
    test_needs(t, "parallel", NULL);
    const char *const argv[] = {"sh", "verify/matrix/matrix.sh", t->dir,          "2",
                                "",   "machine=isapc",           "disk=nvme,usb", "mem=64M",
                                NULL};
    struct outcome o = test_command(t, argv);
    const char *text = (const char *)o.output.data;
    expect_text(
        t, text, last_line(text),
        "0 build the same, 0 end in the ERROR of the contract, 16 cannot be booted, 0 fail");
    if (!strstr(text, "16 cannot: isapc has no PCI bus"))
        test_fail(t, "no reason: %s", text);
}

TEST(matrix_other_bytes_fail) {
    test_needs(t, "qemu-system-i386", NULL);
    struct buffer out = test_run(t, 1, "build/cells", "--want", "build/seeds/seedbed.bin", "pc",
                                 "ahci", "512M", "max", "self", NULL);
    if (!strstr((char *)out.data, "FAILED: another artifact"))
        test_fail(t, "%s", out.data);
}

/* An ssh that runs the command here in place of `host`, and is known to nobody else. */
static char *write_ssh(struct test *t, const char *host) {
    char *path = test_path(t, "ssh");
    char *text = xprintf("#!/bin/sh\n"
                         "while case $1 in --|-*) true ;; *) false ;; esac; do shift; done\n"
                         "echo \"$1\" >>'%s/hosts'\n"
                         "[ \"$1\" = %s ] || exit 255\n"
                         "shift; [ \"$1\" = -- ] && shift\n"
                         "cd / && exec sh -c \"$*\"\n",
                         t->dir, host);
    test_write(t, path, text, strlen(text));
    chmod(path, 0755);
    free(text);
    return path;
}

/* Eight machines that take no time, on the host `name`. */
static struct outcome matrix_on(struct test *t, const char *ssh, const char *name) {
    char *top = getcwd(NULL, 0);
    char *hosts = xprintf("--ssh %s --sshlogin %s --workdir %s", ssh, name, top);
    const char *const argv[] = {"sh",  "verify/matrix/matrix.sh", t->dir,      "2",
                                hosts, "machine=isapc",           "disk=nvme", "mem=64M",
                                NULL};
    free(top);
    return test_command(t, argv);
}

TEST(matrix_other_hosts_run_jobs) {
    test_needs(t, "parallel", NULL);
    struct outcome o = matrix_on(t, write_ssh(t, "elsewhere"), "elsewhere");
    struct buffer hosts = test_read(t, test_path(t, "hosts"));
    if (o.status != 0 || !strstr((char *)o.output.data, "8 cannot be booted"))
        test_fail(t, "status %d: %s", o.status, o.output.data);
    if (hosts.len < 8 * strlen("elsewhere\n"))
        test_fail(t, "the host was asked too seldom: %.*s", (int)hosts.len, hosts.data);
}

TEST(matrix_machines_without_a_result_fail) {
    struct outcome o = matrix_on(t, write_ssh(t, "elsewhere"), "nowhere");
    if (o.status == 0 || !strstr((char *)o.output.data, "8 have no result"))
        test_fail(t, "status %d: %s", o.status, o.output.data);
}
