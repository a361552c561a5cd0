/* QEMU as an engine: its monitor tells of the processor, and of the end. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "images/lib/util.h"
#include "images/machine/emulator.h"
#include "images/machine/ending.h"
#include "images/machine/engine.h"
#include "images/machine/image.h"
#include "images/machine/mortem.h"
#include "images/machine/probe.h"
#include "images/machine/qemu_args.h"
#include "images/machine/qmp.h"
#include "images/machine/rom.h"

/* Seconds between looks at the processor: always, after an ERROR line, for a sample. */
static const double look_always = 0.1, look_error = 0.01, look_sample = 0.015;

struct qemu {
    struct ending ending;
    struct qmp qmp;
    bool kvm;
    bool halted; /* at the last look */
};

/* Starts QEMU with the descriptors it inherits. */
static int launch(struct emulator *e, const char *accel, struct problem *p) {
    enum { OURS, MONITOR, IMAGE, ROM, ALL };
    struct qemu *q = e->own;
    int fd[ALL] = {-1, -1, -1, -1};
    struct qemu_args args;
    if (qemu_args_make(&args, accel, e->request, p) < 0)
        return -1;
    int r = -1;
    fd[IMAGE] = open(e->request->image, O_RDWR | O_CLOEXEC);
    if (fd[IMAGE] < 0)
        problem_set(p, "%s: cannot open: %s", e->request->image, strerror(errno));
    else if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, &fd[OURS]) < 0)
        problem_set(p, "cannot connect to an emulator: %s", strerror(errno));
    else if ((fd[ROM] = rom_file(p)) >= 0) {
        struct redirect redirects[] = {
            {fd[MONITOR], FD_MONITOR}, {fd[IMAGE], FD_IMAGE}, {fd[ROM], FD_ROM}, {-1, -1}};
        r = emulator_start(e, args.argv, FD_CONSOLE, redirects, p);
    }
    qemu_args_free(&args);
    if (r == 0) {
        qmp_open(&q->qmp, fd[OURS]);
        q->qmp.debugged = e->request->gdb != 0;
        e->monitor = fd[OURS];
        fd[OURS] = -1;
    }
    for (size_t i = 0; i < ALL; i++)
        if (fd[i] >= 0)
            close(fd[i]);
    return r;
}

static void hear(struct emulator *e, const uint8_t *bytes, size_t n) {
    char error[16];
    console_feed(&e->console, bytes, n);
    if (console_error(&e->console, error, sizeof error))
        e->next_look = 0;
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

/* Asks for the processor when it is time to. */
static void ask(struct emulator *e) {
    struct qemu *q = e->own;
    double t = now();
    char error[16];
    if (t < e->next_look)
        return;
    qmp_ask(&q->qmp, e->request->sample);
    e->next_look = t + (e->request->sample                                ? look_sample
                        : console_error(&e->console, error, sizeof error) ? look_error
                                                                          : look_always);
}

/* Reads what the monitor says. */
static enum emulator_state look(struct emulator *e, bool ready) {
    struct qemu *q = e->own;
    struct cpu_state cpu;
    int answered = ready ? qmp_read(&q->qmp, &cpu) : 0;
    if (answered > 0) {
        if (cpu.sampled)
            count_sample(&e->result->samples, &cpu);
        /* QEMU reads flags and state one after the other, of a processor that runs on: only what it
           says twice is true. */
        bool halted = cpu.halted && !cpu.interrupt && q->qmp.stop == QMP_RUNS;
        if (halted && q->halted)
            return EMULATOR_HALTED;
        q->halted = halted;
        if (halted)
            e->next_look = 0;
    } else if (answered < 0) {
        /* QEMU ends, and its console will too. */
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    if (q->qmp.stop != QMP_RUNS)
        return EMULATOR_OVER;
    ask(e);
    return EMULATOR_RUNS;
}

/*
 * What the machine looked like at its reset. KVM on AMD's processors (SVM) has reset the registers
 * by then, and they say nothing. Returns -1 if the monitor does not tell.
 */
static int last_state(struct qemu *s, struct last_state *last) {
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
        *values[i] = little32(words[i]);
    return 0;
}

/* The machine was reset: by the kernel at the end of the build, or not. */
static int was_reset(struct emulator *e, struct problem *p) {
    struct qemu *q = e->own;
    struct last_state last = {.code = xrealloc(NULL, q->ending.kernel.code.len + 3)};
    bool finished = console_finished(&e->console, &e->result->length);
    int r = last_state(q, &last);
    if (r == 0)
        ending_judge(&q->ending, e->request, finished, &last, e->result);
    else
        problem_set(p, "QEMU does not say how the machine was reset");
    free(last.code);
    return r;
}

/* The machine has stopped, or QEMU has ended. */
static int stopped(struct emulator *e, struct problem *p) {
    struct qemu *q = e->own;
    enum qmp_stop stop = q->qmp.stop;
    int r = 0;
    if (stop == QMP_RUNS)
        return emulator_failed(e, "QEMU", NULL, emulator_wait(e), p);
    emulator_drain(e);
    console_close(&e->console);
    if (stop == QMP_RESET)
        r = was_reset(e, p);
    else if (stop == QMP_OFF)
        snprintf(e->result->message, sizeof e->result->message,
                 "the machine switched itself off before the end of the build");
    else if (stop == QMP_NO_ROOM)
        r = problem_set(p,
                        "the machine's disk image cannot grow, for the host's disk is full: free "
                        "room in %s, or set TMPDIR to a folder that has more",
                        temp_folder());
    else
        r = problem_set(p, "%s stopped the machine and does not say why", q->kvm ? "KVM" : "QEMU");
    return r;
}

/* Memory by way of a file that QEMU writes. */
static int read_memory(void *arg, uint32_t address, uint8_t *to, size_t n, struct problem *p) {
    struct qemu *q = arg;
    struct buffer bytes = {0};
    char *path = xprintf("%s/seedbed-%ld.memory", temp_folder(), (long)getpid());
    int r = n ? qmp_save(&q->qmp, address, n, path) : 0;
    if (r < 0)
        problem_set(p, "QEMU does not give its memory at %08lX", (unsigned long)address);
    else if (n)
        r = read_file(path, &bytes, p);
    if (r == 0 && bytes.len >= n && n)
        memcpy(to, bytes.data, n);
    unlink(path);
    buffer_free(&bytes);
    free(path);
    return r;
}

static int qemu_run(const char *accel, const struct run_request *request, struct run_result *result,
                    struct problem *p) {
    struct qemu q = {.kvm = strcmp(accel, "kvm") == 0};
    struct emulator e = {
        .request = request, .result = result, .hear = hear, .look = look, .own = &q};
    int r = ending_prepare(&q.ending, request, p);
    if (r == 0 && (r = launch(&e, accel, p)) == 0) {
        if (emulator_watch(&e) == RUN_RESET)
            r = stopped(&e, p);
        else if (result->end == RUN_ERROR && q.qmp.failed)
            snprintf(result->message + strlen(result->message),
                     sizeof result->message - strlen(result->message),
                     " (the host could not read or write the image)");
        struct physical_memory memory = {read_memory, &q};
        if (r == 0 && mortem_wanted(request))
            r = mortem_memory(request, &memory, p);
        emulator_end(&e);
        qmp_close(&q.qmp);
    }
    ending_free(&q.ending);
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
    .machines = true,
    .works = kvm_works,
    .run = run_kvm,
};

static bool tcg_works(char **why) {
    const char *program = qemu_program(&(struct run_request){0});
    bool here = process_found(program);
    if (!here)
        *why = xprintf("no %s here", program);
    return here;
}

const struct engine engine_qemu_tcg = {
    .name = "qemu-tcg",
    .what = "QEMU without it",
    .works = tcg_works,
    .machines = true,
    .run = run_tcg,
};
