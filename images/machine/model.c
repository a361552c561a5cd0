/*
 * The reference model as an engine: the same disk image, a kernel in C. Needs request->script. The
 * options of QEMU mean nothing to it; a signal to stop ends the program while it runs.
 */
#define _GNU_SOURCE /* SEEK_DATA, SEEK_HOLE */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "images/lib/stop.h"
#include "images/lib/util.h"
#include "images/machine/console.h"
#include "images/machine/engine.h"
#include "images/machine/image.h"
#include "images/machine/mortem.h"
#include "refmodel/seedbed.h"

struct session {
    const struct run_request *request;
    struct console console;
    double next_tick;
};

static bool on_tick(void *user) {
    struct session *s = user;
    if (s->request->on_tick && now() >= s->next_tick) {
        s->request->on_tick(s->request->arg);
        s->next_tick = now() + 0.1;
    }
    stop_pause(0);
    return stop_wanted();
}

static void on_console(void *user, const char *bytes, size_t n) {
    struct session *s = user;
    console_feed(&s->console, (const uint8_t *)bytes, n);
    on_tick(s);
}

/* Reads what the image holds from `offset` on, up to its last hole: that reads as NULs anyway. */
static int read_script(int fd, uint64_t offset, struct buffer *script, struct problem *p) {
    off_t at = (off_t)offset;
    for (;;) {
        off_t data = lseek(fd, at, SEEK_DATA);
        off_t hole = data < 0 ? -1 : lseek(fd, data, SEEK_HOLE);
        if (data < 0 && errno == ENXIO)
            return 0;
        if (hole < 0)
            return problem_set(p, "disk image: cannot seek: %s", strerror(errno));
        size_t gap = (size_t)(data - (off_t)offset) - script->len;
        memset(buffer_room(script, gap), 0, gap);
        script->len += gap;
        while (data < hole) {
            size_t n = (size_t)(hole - data);
            ssize_t got = pread(fd, buffer_room(script, n), n, data);
            if (got <= 0 && errno != EINTR)
                return problem_set(p, "disk image: cannot read: %s", strerror(errno));
            script->len += got > 0 ? (size_t)got : 0;
            data += got > 0 ? got : 0;
        }
        at = hole;
    }
}

/* What the kernel does at the end: /dev/hda goes over the disk, in whole sectors. */
static int write_artifact(int fd, const uint8_t *artifact, size_t n, struct problem *p) {
    static const uint8_t zeros[SECTOR];
    size_t padding = (SECTOR - n % SECTOR) % SECTOR;
    if (lseek(fd, 0, SEEK_SET) < 0)
        return problem_set(p, "disk image: cannot seek: %s", strerror(errno));
    if (write_all(fd, artifact, n, "disk image", p) < 0)
        return -1;
    return write_all(fd, zeros, padding, "disk image", p);
}

static int save_files(struct seedbed *machine, const struct run_request *request,
                      struct problem *p) {
    struct mortem m;
    const uint8_t *data;
    const char *name;
    size_t size;
    mortem_begin(&m, request);
    for (size_t n = 0; (name = seedbed_file_at(machine, n, &data, &size)); n++)
        mortem_file(&m, name, data, size);
    return mortem_end(&m, p);
}

static int conclude(struct seedbed *machine, enum seedbed_end end, int fd, double timeout,
                    struct run_result *result, struct problem *p) {
    size_t n;
    snprintf(result->message, sizeof result->message, "%s", seedbed_error(machine));
    result->brk_refused = seedbed_brk_refused(machine);
    switch (end) {
    case SEEDBED_FINISHED:
        result->end = RUN_FINISHED;
        result->message[0] = 0;
        const uint8_t *artifact = seedbed_artifact(machine, &n);
        result->length = (uint32_t)n;
        return write_artifact(fd, artifact, n, p);
    case SEEDBED_ERROR:
        result->end = RUN_ERROR;
        return 0;
    case SEEDBED_HALTED:
        result->end = RUN_HALTED;
        return 0;
    case SEEDBED_LIMIT:
        result->end = RUN_TIMEOUT;
        snprintf(result->message, sizeof result->message, "no end after %g seconds", timeout);
        return 0;
    case SEEDBED_STOPPED:
        result->end = RUN_INTERRUPTED;
        snprintf(result->message, sizeof result->message, "interrupted");
        return 0;
    case SEEDBED_UNSUPPORTED:
    case SEEDBED_NO_MEMORY:
        break;
    }
    return problem_set(p, "the model cannot go on: %s", result->message);
}

static uint64_t count(const void *machine) {
    return seedbed_instructions(machine);
}

static int run_script(struct session *s, int fd, struct run_result *result, struct problem *p) {
    struct buffer script = {0};
    const struct run_request *request = s->request;
    if (read_script(fd, request->script, &script, p) < 0) {
        buffer_free(&script);
        return -1;
    }
    off_t size = lseek(fd, 0, SEEK_END);
    if (size < 0)
        size = 0;
    struct seedbed_config config = {.memory_mib = (uint32_t)request->mem_mib,
                                    .script_lba = (uint32_t)(request->script / SECTOR),
                                    .max_seconds = request->timeout,
                                    .disk_sectors = (uint64_t)size / SECTOR,
                                    .console = on_console,
                                    .tick = on_tick,
                                    .user = s};
    struct seedbed *machine = seedbed_new(&config);
    int r;
    if (machine) {
        s->console.instructions = count;
        s->console.machine = machine;
        enum seedbed_end end = seedbed_run(machine, script.data, script.len);
        r = conclude(machine, end, fd, request->timeout, result, p);
        if (r == 0 && mortem_wanted(request))
            r = save_files(machine, request, p);
        seedbed_free(machine);
    } else {
        r = problem_set(p, "no memory for a machine, free some");
    }
    buffer_free(&script);
    return r;
}

static int run(const struct run_request *request, struct run_result *result, struct problem *p) {
    struct session s = {.request = request};
    result->end = RUN_HALTED;
    if (!request->script)
        return problem_set(p, "%s: the model does not find the script in this image",
                           request->image);
    int fd = open(request->image, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return problem_set(p, "%s: cannot open: %s", request->image, strerror(errno));
    double started = now();
    console_open(&s.console, request, result);
    int r = run_script(&s, fd, result, p);
    console_close(&s.console);
    result->seconds = now() - started;
    close(fd);
    return r;
}

const struct engine engine_model = {
    .name = "model",
    .what = "the reference model, which runs the script alone",
    .script_only = true,
    .run = run,
};
