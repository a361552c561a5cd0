/*
 * The PC of refmodel/pc as an engine: the disk image boots in this process, from its first sector
 * on. The options of QEMU mean nothing to it.
 */
#include "refmodel/pc/pc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "images/lib/stop.h"
#include "images/lib/util.h"
#include "images/machine/checkpoint.h"
#include "images/machine/console.h"
#include "images/machine/coverage.h"
#include "images/machine/engine.h"
#include "images/machine/gdb.h"
#include "images/machine/image.h"
#include "images/machine/memory_map.h"
#include "images/machine/mortem.h"
#include "images/machine/pc_ending.h"

/* Instructions between two looks at the clock: a few hundredths of a second. */
enum { SLICE = 1 << 24 };

struct session {
    const struct run_request *request;
    struct run_result *result;
    struct console console;
    struct ending ending;
    struct checkpoint checkpoint;
    FILE *trace; /* or null */
    int fd;
    int failed; /* errno of the host's disk */
    double next_tick;
    double started;
};

static void on_console(void *user, const char *bytes, size_t n) {
    struct session *s = user;
    console_feed(&s->console, (const uint8_t *)bytes, n);
}

static void on_call(void *user, const char *line, size_t n) {
    struct session *s = user;
    fwrite(line, 1, n, s->trace);
}

static bool disk_read(void *user, uint64_t lba, uint32_t n, uint8_t *to) {
    struct session *s = user;
    size_t left = (size_t)n * SECTOR;
    off_t at = (off_t)(lba * SECTOR);
    while (left) {
        ssize_t got = pread(s->fd, to, left, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            s->failed = errno;
            return false;
        }
        if (got == 0) { /* the last sector of an image that ends inside it */
            memset(to, 0, left);
            return true;
        }
        to += got;
        at += got;
        left -= (size_t)got;
    }
    return true;
}

static bool disk_write(void *user, uint64_t lba, uint32_t n, const uint8_t *from) {
    struct session *s = user;
    if (!checkpoint_keep(&s->checkpoint, lba, n)) {
        s->failed = EIO;
        return false;
    }
    size_t left = (size_t)n * SECTOR;
    off_t at = (off_t)(lba * SECTOR);
    while (left) {
        ssize_t put = pwrite(s->fd, from, left, at);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0) {
            s->failed = put < 0 ? errno : ENOSPC;
            return false;
        }
        from += put;
        at += put;
        left -= (size_t)put;
    }
    return true;
}

/* The machine was reset: by the kernel at the end of the build, or not. */
static void was_reset(struct session *s, struct pc *pc) {
    struct run_result *result = s->result;
    result->end = RUN_RESET;
    if (!console_finished(&s->console, &result->length)) {
        snprintf(result->message, sizeof result->message,
                 "the machine was reset before the end of the build: %s", pc_message(pc));
        return;
    }
    char *doubt = pc_ending_doubt(pc, &s->ending, s->request, result->length);
    if (doubt)
        snprintf(result->message, sizeof result->message,
                 "the console says that the build has finished, but not by the kernel: %s", doubt);
    else
        result->end = RUN_FINISHED;
    free(doubt);
}

static void halted(struct session *s, struct pc *pc) {
    struct run_result *result = s->result;
    size_t n = sizeof result->message;
    const char *why = pc_message(pc);
    if (console_error(&s->console, result->message, n)) {
        result->end = RUN_ERROR;
        if (s->failed)
            snprintf(result->message + strlen(result->message), n - strlen(result->message),
                     " (the host could not read or write the image: %s)", strerror(s->failed));
        return;
    }
    result->end = RUN_HALTED;
    snprintf(result->message, n, "the machine halted for good without an ERROR line%s%s",
             *why ? ": " : "", why);
}

/* What a machine that stands still means. */
static int conclude(struct session *s, struct pc *pc, enum pc_end end, struct problem *p) {
    console_close(&s->console);
    switch (end) {
    case PC_RESET:
        was_reset(s, pc);
        return 0;
    case PC_HALTED:
        halted(s, pc);
        return 0;
    case PC_RUNNING:
        return 0;
    case PC_UNSUPPORTED:
    case PC_NO_MEMORY:
        break;
    }
    return problem_set(p, "the PC cannot go on: %s", pc_message(pc));
}

/* Whether the run is to end now, though the machine runs. */
static bool give_up(struct session *s, double started) {
    const struct run_request *request = s->request;
    double t = now();
    if (request->on_tick && t >= s->next_tick) {
        request->on_tick(request->arg);
        s->next_tick = t + 0.1;
    }
    stop_pause(0);
    if (stop_wanted()) {
        s->result->end = RUN_INTERRUPTED;
        snprintf(s->result->message, sizeof s->result->message, "interrupted");
        return true;
    }
    if (request->timeout > 0 && t - started >= request->timeout) {
        s->result->end = RUN_TIMEOUT;
        snprintf(s->result->message, sizeof s->result->message, "no end after %g seconds",
                 request->timeout);
        return true;
    }
    return false;
}

static int read_memory(void *arg, uint32_t address, uint8_t *to, size_t n, struct problem *p) {
    (void)p;
    pc_read(arg, address, to, n);
    return 0;
}

static bool idle(void *arg) {
    struct session *s = arg;
    return give_up(s, s->started);
}

static int run_machine(struct session *s, struct pc *pc, struct problem *p) {
    double started = now();
    enum pc_end end = PC_RUNNING;
    bool over = false;
    s->started = started;
    if (s->request->gdb && gdb_run(pc, s->request->gdb, idle, s, &end, &over, p) < 0 &&
        !s->result->message[0])
        return -1;
    if (over && !s->result->message[0]) {
        s->result->end = RUN_INTERRUPTED;
        snprintf(s->result->message, sizeof s->result->message, "gdb has ended the run");
    }
    int r = checkpoint_open(&s->checkpoint, s->request, pc, &s->console, s->fd, p);
    while (r == 0 && end == PC_RUNNING && !over) {
        end = pc_run(pc, SLICE);
        over = end == PC_RUNNING && give_up(s, started);
        if (end == PC_RUNNING)
            r = checkpoint_save(&s->checkpoint, pc, &s->console, over, p);
    }
    checkpoint_close(&s->checkpoint, end != PC_RUNNING);
    if (r == 0)
        r = conclude(s, pc, end, p);
    struct physical_memory memory = {read_memory, pc};
    if (r == 0 && mortem_wanted(s->request))
        r = mortem_memory(s->request, &memory, p);
    s->result->seconds = now() - started;
    return r;
}

static uint64_t count(const void *machine) {
    return pc_instructions(machine);
}

static int start(struct session *s, struct problem *p) {
    char bad[80];
    off_t size = lseek(s->fd, 0, SEEK_END);
    if (size < 0)
        return problem_set(p, "%s: no size: %s", s->request->image, strerror(errno));
    struct pc_config config = {
        .memory_mib = s->request->mem_mib,
        .bios = s->request->bios,
        .disk = {((uint64_t)size + SECTOR - 1) / SECTOR, disk_read, disk_write},
        .console = on_console,
        .trace = s->trace ? on_call : NULL,
        .trace_pid = s->ending.kernel.pid,
        .user = s};
    struct pc_area map[PC_AREAS];
    if (s->request->mem_map) {
        int areas = memory_map_read(s->request->mem_map, map, p);
        if (areas < 0)
            return -1;
        config.map = map;
        config.areas = (size_t)areas;
    }
    struct pc *pc = pc_new(&config, bad, sizeof bad);
    if (!pc && *bad)
        return problem_set(p, "no quirk '%s' of the BIOS; `seedbed run --bios help` lists them",
                           bad);
    if (!pc)
        return problem_set(p, "no memory for a machine, free some");
    struct coverage_log coverage;
    console_open(&s->console, s->request, s->result);
    s->console.instructions = count;
    s->console.machine = pc;
    int r = coverage_begin(&coverage, pc, s->fd, p);
    if (r == 0)
        r = run_machine(s, pc, p);
    struct problem later;
    if (coverage_end(&coverage, pc, &s->ending.kernel, &later) < 0 && r == 0)
        r = problem_set(p, "%s", later.text);
    s->result->brk_refused = pc_brk_refused(pc);
    pc_free(pc);
    return r;
}

static int run(const struct run_request *request, struct run_result *result, struct problem *p) {
    struct session s = {.request = request, .result = result};
    s.fd = open(request->image, O_RDWR | O_CLOEXEC);
    if (s.fd < 0)
        return problem_set(p, "%s: cannot open: %s", request->image, strerror(errno));
    int r = ending_prepare(&s.ending, request, p);
    if (r == 0 && request->trace && !(s.trace = fopen(request->trace, "w")))
        r = problem_set(p, "%s: cannot create: %s", request->trace, strerror(errno));
    if (r == 0)
        r = start(&s, p);
    if (s.trace && fclose(s.trace) != 0 && r == 0)
        r = problem_set(p, "%s: cannot write: %s", request->trace, strerror(errno));
    ending_free(&s.ending);
    close(s.fd);
    return r;
}

const struct engine engine_pc = {
    .name = "pc",
    .what = "the PC in refmodel/pc, in this program",
    .run = run,
};
