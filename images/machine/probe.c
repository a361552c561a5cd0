/* Whether KVM can run the kernel. */
#include "images/machine/probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "images/lib/home.h"
#include "images/lib/process.h"
#include "images/lib/stop.h"
#include "images/machine/boot.h"
#include "images/machine/qemu_args.h"

enum { PROBE_IMAGE = 1 << 20 };

static const char device[] = "/dev/kvm";
static const char passed[] = "probe passed";

/* What an answer depends on, as one line: the kernel, its last boot, QEMU, the probe itself. */
static char *circumstances(const struct buffer *probe) {
    struct problem p;
    struct utsname system = {0};
    struct buffer boot = {0}, version = {0};
    char *program = xstrdup(qemu_program(&(struct run_request){0}));
    char *const argv[] = {program, "--version", NULL};
    unsigned long sum = 5381;
    uname(&system);
    for (size_t i = 0; i < probe->len; i++)
        sum = (sum * 33 + probe->data[i]) & 0xFFFFFFFF;
    if (read_file("/proc/sys/kernel/random/boot_id", &boot, &p) < 0)
        boot.len = 0;
    if (process_output(argv, &version, &p) < 0)
        version.len = 0;
    free(program);
    buffer_append(&boot, "", 1);
    buffer_append(&version, "", 1);
    char *line = xprintf("%s %.36s uid %ld probe %08lX %.*s", system.release, (char *)boot.data,
                         (long)geteuid(), sum, (int)strcspn((char *)version.data, "\n"),
                         (char *)version.data);
    buffer_free(&boot);
    buffer_free(&version);
    return line;
}

/* The answer kept for these circumstances, as a new string, or null. */
static char *recall(const char *path, const char *line) {
    struct problem p;
    struct buffer kept = {0};
    char *answer = NULL;
    size_t n = strlen(line);
    if (read_file(path, &kept, &p) == 0) {
        buffer_append(&kept, "", 1);
        char *text = (char *)kept.data;
        if (strncmp(text, line, n) == 0 && text[n] == '\n') {
            answer = xstrdup(text + n + 1);
            answer[strcspn(answer, "\n")] = 0;
        }
    }
    buffer_free(&kept);
    return answer;
}

/* Boots the probe. Returns a new string: "works", or why not. */
static char *attempt(const struct engine *kvm, struct buffer *probe) {
    struct problem p;
    struct run_result result;
    struct run_request request = {.head = probe, .mem_mib = 64, .timeout = 1};
    memset(buffer_room(probe, PROBE_IMAGE - probe->len), 0, PROBE_IMAGE - probe->len);
    probe->len = PROBE_IMAGE;
    int r = boot(kvm, &request, &result, &p);
    if (r == 0 && result.end == RUN_INTERRUPTED)
        stop_release(); /* ends the program: no answer is kept */
    char *answer;
    buffer_append(&result.log, "", 1);
    if (r < 0)
        answer = xstrdup(p.text);
    else if (result.end == RUN_RESET && strstr((char *)result.log.data, passed))
        answer = xstrdup("works");
    else
        answer = xprintf("the probe did not pass: %s", result.message);
    run_result_free(&result);
    return answer;
}

bool probe_kvm(const struct engine *kvm, char **why) {
    if (access(device, R_OK | W_OK) < 0) {
        *why = xprintf("no KVM: %s %s", device,
                       access(device, F_OK) < 0 ? "is not there"
                                                : "is for the group kvm (`adduser $USER kvm`)");
        return false;
    }
    struct problem p;
    struct buffer probe = {0};
    if (home_compile("images/machine/probe.hex0", &probe, &p) < 0) {
        *why = xprintf("no KVM: %s", p.text);
        buffer_free(&probe);
        return false;
    }
    char *folder = home_cache();
    char *path = xprintf("%s/kvm-probe", folder);
    free(folder);
    char *line = circumstances(&probe);
    char *answer = recall(path, line);
    if (!answer) {
        answer = attempt(kvm, &probe);
        char *kept = xprintf("%s\n%s\n", line, answer);
        /* Without build/ there is no place for it, and the probe simply runs again. */
        write_file(path, kept, strlen(kept), &p);
        free(kept);
    }
    bool works = strcmp(answer, "works") == 0;
    *why = works ? xstrdup("the KVM probe passed") : xprintf("no KVM: %s", answer);
    free(answer);
    free(line);
    free(path);
    buffer_free(&probe);
    return works;
}
