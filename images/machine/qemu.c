/* QEMU as an engine: one loop reads the console, watches the processor and the clock. */
#include "images/machine/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "images/lib/now.h"
#include "images/lib/process.h"
#include "images/lib/stop.h"
#include "images/machine/console.h"
#include "images/machine/ending.h"
#include "images/machine/image.h"
#include "images/machine/probe.h"
#include "images/machine/qemu_args.h"
#include "images/machine/qmp.h"
#include "images/machine/rom.h"

/* Seconds between looks at the processor: always, after an ERROR line, for a sample. */
static const double look_always = 0.1, look_error = 0.01, look_sample = 0.015;
static const double tick = 0.1;

struct session {
    const struct run_request *request;
    struct run_result *result;
    struct console console;
    struct ending ending;
    struct qmp qmp;
    bool kvm;
    pid_t pid;
    int console_fd; /* our end of the console's pipe */
    int errors_fd;  /* a file that takes QEMU's stderr */
    double started;
    double next_look;
    double next_tick;
};

static void close_all(const int *fds, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (fds[i] >= 0)
            close(fds[i]);
}

/* Starts QEMU with the descriptors it inherits; our ends of them go to *s. */
static int launch(struct session *s, const char *accel, struct problem *p) {
    enum { OUR_CONSOLE, CONSOLE, OUR_MONITOR, MONITOR, IMAGE, ROM, ERRORS, NOTHING, ALL };
    int fd[ALL] = {-1, -1, -1, -1, -1, -1, -1, -1};
    struct qemu_args args;
    if (qemu_args_make(&args, accel, s->request, p) < 0)
        return -1;
    int r = 0;
    fd[IMAGE] = open(s->request->image, O_RDWR | O_CLOEXEC);
    fd[NOTHING] = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (fd[IMAGE] < 0)
        r = problem_set(p, "%s: cannot open: %s", s->request->image, strerror(errno));
    else if ((fd[ERRORS] = temp_file(p)) < 0 || (fd[ROM] = rom_file(p)) < 0)
        r = -1;
    else if (pipe(&fd[OUR_CONSOLE]) < 0 ||
             socketpair(AF_UNIX, SOCK_STREAM, 0, &fd[OUR_MONITOR]) < 0)
        r = problem_set(p, "cannot connect to an emulator: %s", strerror(errno));
    for (size_t i = 0; i < ALL; i++)
        if (fd[i] >= 0)
            fcntl(fd[i], F_SETFD, FD_CLOEXEC);
    struct redirect redirects[] = {{fd[CONSOLE], FD_CONSOLE}, {fd[MONITOR], FD_MONITOR},
                                   {fd[IMAGE], FD_IMAGE},     {fd[ROM], FD_ROM},
                                   {fd[NOTHING], 0},          {fd[NOTHING], 1},
                                   {fd[ERRORS], 2},           {-1, -1}};
    s->started = now();
    if (r == 0 && (s->pid = process_start(args.argv, redirects, p)) < 0)
        r = -1;
    qemu_args_free(&args);
    if (r < 0) {
        close_all(fd, ALL);
        return -1;
    }
    fcntl(fd[OUR_CONSOLE], F_SETFL, O_NONBLOCK);
    s->console_fd = fd[OUR_CONSOLE];
    qmp_open(&s->qmp, fd[OUR_MONITOR]);
    s->errors_fd = fd[ERRORS];
    fd[OUR_CONSOLE] = fd[OUR_MONITOR] = fd[ERRORS] = -1;
    close_all(fd, ALL);
    return 0;
}

/* Takes what the console's pipe holds. Returns false at its end: QEMU is gone. */
static bool drain(struct session *s) {
    uint8_t bytes[65536];
    ssize_t n;
    while ((n = read(s->console_fd, bytes, sizeof bytes)) > 0)
        console_feed(&s->console, bytes, (size_t)n);
    return n < 0 && (errno == EAGAIN || errno == EINTR);
}

/* Where hex0/boot.hex0 and hex0/kernel.hex0 keep code, and where the kernel's own stack ends. */
enum { CODE_FROM = 0x7C00, CODE_TO = 0x7E00 + KERNEL_MAX, VARIABLES = 0x3000 };

static void count_sample(struct run_samples *samples, const struct cpu_state *cpu) {
    if (!cpu->protected || (cpu->eip >= 0xC0000 && cpu->eip < 0x100000))
        samples->bios++;
    else if (cpu->eip < CODE_FROM || cpu->eip >= CODE_TO)
        samples->user++;
    else if (cpu->esp > VARIABLES)
        samples->entry++;
    else
        samples->kernel++;
}

/* How long poll may sleep, in milliseconds. */
static int pause_of(const struct session *s) {
    double until = s->next_look < s->next_tick ? s->next_look : s->next_tick;
    double timeout = s->request->timeout;
    if (timeout > 0 && s->started + timeout < until)
        until = s->started + timeout;
    double left = until - now();
    return left <= 0 ? 0 : (int)(left * 1000) + 1;
}

/* What is due by the clock. */
static void due(struct session *s) {
    double t = now();
    char error[16];
    if (t >= s->next_look) {
        qmp_ask(&s->qmp, s->request->sample);
        s->next_look = t + (s->request->sample                                ? look_sample
                            : console_error(&s->console, error, sizeof error) ? look_error
                                                                              : look_always);
    }
    if (t >= s->next_tick) {
        if (s->request->on_tick)
            s->request->on_tick(s->request->arg);
        s->next_tick = t + tick;
    }
}

/* The processor has halted for good: says whether with an ERROR. */
static enum run_end halted(struct session *s) {
    char *message = s->result->message;
    size_t size = sizeof s->result->message;
    drain(s);
    if (!console_error(&s->console, message, size)) {
        snprintf(message, size, "the machine halted for good without an ERROR line");
        return RUN_HALTED;
    }
    size_t n = strlen(message);
    if (s->qmp.failed)
        snprintf(message + n, size - n, " (the host could not read or write the image)");
    return RUN_ERROR;
}

/* Waits until there is a reason to stop. Returns RUN_RESET where the machine itself has stopped
   (s->qmp.stop says why) or QEMU has ended. */
static enum run_end watch(struct session *s) {
    for (;;) {
        struct pollfd fds[] = {{s->console_fd, POLLIN, 0}, {s->qmp.fd, POLLIN, 0}};
        if (stop_wanted())
            return RUN_INTERRUPTED;
        if (s->request->timeout > 0 && now() - s->started >= s->request->timeout)
            return RUN_TIMEOUT;
        if (poll(fds, 2, pause_of(s)) < 0)
            continue;
        if (fds[0].revents) {
            /* The console comes byte by byte; a moment's wait saves many turns of this loop. */
            nanosleep(&(struct timespec){.tv_nsec = 500000}, NULL);
            char error[16];
            if (!drain(s))
                return RUN_RESET;
            if (console_error(&s->console, error, sizeof error))
                s->next_look = 0;
        }
        struct cpu_state cpu;
        if (fds[1].revents && qmp_read(&s->qmp, &cpu) > 0) {
            if (cpu.sampled)
                count_sample(&s->result->samples, &cpu);
            if (cpu.halted && !cpu.interrupt && s->qmp.stop == QMP_RUNS)
                return halted(s);
        } else if (fds[1].revents & POLLHUP) {
            nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        }
        if (s->qmp.stop != QMP_RUNS)
            return RUN_RESET;
        due(s);
    }
}

/* QEMU has ended, which it does not do by itself. */
static int failed(struct session *s, struct problem *p) {
    int status = process_wait(s->pid);
    char text[1024];
    ssize_t n = pread(s->errors_fd, text, sizeof text - 1, 0);
    text[n > 0 ? n : 0] = 0;
    text[strcspn(text, "\n")] = 0;
    return problem_set(p, "QEMU failed with exit status %d: %s", status, text);
}

/*
 * What the machine looked like at its reset. KVM on AMD's processors (SVM) has reset the registers
 * by then, and they say nothing. Returns -1 if the monitor does not tell.
 */
static int last_state(struct session *s, struct last_state *last) {
    const struct kernel *k = &s->ending.kernel;
    struct cpu_state cpu;
    uint8_t words[3][4];
    if (qmp_cpu(&s->qmp, &cpu) < 0 ||
        qmp_memory(&s->qmp, k->base, last->code, (k->code.len + 3) / 4 * 4) < 0 ||
        qmp_memory(&s->qmp, k->script, words[0], 4) < 0 ||
        qmp_memory(&s->qmp, k->next, words[1], 4) < 0 ||
        qmp_memory(&s->qmp, k->pid, words[2], 4) < 0)
        return -1;
    last->registers = !s->kvm || cpu.eip != 0xFFFFFFF0;
    last->eip = cpu.eip;
    last->esp = cpu.esp;
    uint32_t *const values[] = {&last->script, &last->next, &last->pid};
    for (unsigned i = 0; i < 3; i++)
        *values[i] = words[i][0] | (uint32_t)words[i][1] << 8 | (uint32_t)words[i][2] << 16 |
                     (uint32_t)words[i][3] << 24;
    return 0;
}

/* The machine was reset: by the kernel at the end of the build, or not. */
static int was_reset(struct session *s, struct problem *p) {
    struct run_result *result = s->result;
    struct cpu_state cpu;
    if (!console_finished(&s->console, &result->length)) {
        if (qmp_cpu(&s->qmp, &cpu) < 0)
            return problem_set(p, "QEMU does not say where the machine was reset");
        snprintf(result->message, sizeof result->message,
                 "the machine was reset before the end of the build, at address %08lX",
                 (unsigned long)cpu.eip);
        return 0;
    }
    struct last_state last = {.code = xrealloc(NULL, s->ending.kernel.code.len + 3)};
    if (last_state(s, &last) < 0) {
        free(last.code);
        return problem_set(p, "QEMU does not say how the build has ended");
    }
    char *doubt = ending_doubt(&s->ending, s->request, result->length, &last);
    if (doubt)
        snprintf(result->message, sizeof result->message,
                 "the console says that the build has finished, but not by the kernel: %s", doubt);
    else
        result->end = RUN_FINISHED;
    free(doubt);
    free(last.code);
    return 0;
}

/* The machine has stopped, or QEMU has ended. */
static int stopped(struct session *s, struct problem *p) {
    const char *folder = getenv("TMPDIR");
    enum qmp_stop stop = s->qmp.stop;
    int r = 0;
    if (stop == QMP_RUNS)
        return failed(s, p);
    drain(s);
    console_close(&s->console);
    if (stop == QMP_RESET)
        r = was_reset(s, p);
    else if (stop == QMP_OFF)
        snprintf(s->result->message, sizeof s->result->message,
                 "the machine switched itself off before the end of the build");
    else if (stop == QMP_NO_ROOM)
        r = problem_set(p,
                        "the machine's disk image cannot grow, for the host's disk is full: free "
                        "room in %s, or set TMPDIR to a folder that has more",
                        folder && *folder ? folder : "/tmp");
    else
        r = problem_set(p, "QEMU stopped the machine and does not say why");
    process_kill(s->pid);
    return r;
}

static int qemu_run(const char *accel, const struct run_request *request, struct run_result *result,
                    struct problem *p) {
    struct session s = {.request = request, .result = result, .kvm = strcmp(accel, "kvm") == 0};
    result->end = RUN_RESET;
    console_open(&s.console, request, result);
    if (ending_prepare(&s.ending, request, p) < 0 || launch(&s, accel, p) < 0) {
        ending_free(&s.ending);
        return -1;
    }
    int r = 0;
    result->end = watch(&s);
    if (result->end == RUN_RESET) {
        r = stopped(&s, p);
    } else {
        process_kill(s.pid);
        drain(&s);
    }
    console_close(&s.console);
    ending_free(&s.ending);
    result->seconds = now() - s.started;
    if (result->end == RUN_TIMEOUT)
        snprintf(result->message, sizeof result->message, "no end after %g seconds",
                 request->timeout);
    if (result->end == RUN_INTERRUPTED)
        snprintf(result->message, sizeof result->message, "interrupted");
    qmp_close(&s.qmp);
    close(s.console_fd);
    close(s.errors_fd);
    return r;
}

static int run_tcg(const struct run_request *request, struct run_result *result,
                   struct problem *p) {
    return qemu_run("tcg", request, result, p);
}

static int run_kvm(const struct run_request *request, struct run_result *result,
                   struct problem *p) {
    return qemu_run("kvm", request, result, p);
}

static bool kvm_works(char **why) {
    return probe_kvm(&engine_qemu_kvm, why);
}

const struct engine engine_qemu_kvm = {
    .name = "qemu-kvm",
    .what = "QEMU with KVM",
    .works = kvm_works,
    .run = run_kvm,
};

const struct engine engine_qemu_tcg = {
    .name = "qemu-tcg",
    .what = "QEMU without it",
    .run = run_tcg,
};
