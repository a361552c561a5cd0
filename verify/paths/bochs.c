/* Bochs as a machine, see bochs.h. */
#define _GNU_SOURCE /* pipe2, memmem */
#include "bochs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "images/console.h"
#include "images/home.h"
#include "images/image.h"
#include "images/process.h"
#include "refmodel/hex0.h"

enum { ROM_SIZE = 512, CYLINDER = 16 * 63 * SECTOR };

/* What the BIOS says when it starts the boot sector. */
static const char BOOTING[] = "Booting from Hard Disk...";
/* What the debugger of Debian's Bochs says when it stops, which a reset makes it do. */
static const char STOPPED[] = "Next at t=";

/* Bochs on its way. */
struct bochs {
    int output;
    double started;
    struct buffer said; /* all of it, also Bochs's own messages and the BIOS's */
    struct console console;
    struct run_result *result;
    size_t heard; /* what the console has had of `said`, once the disk is booted */
    bool booted;
    bool again; /* reset since then */
};

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void bochs_pad(struct buffer *image) {
    size_t more = CYLINDER - image->len % CYLINDER;
    more += more < SECTOR ? CYLINDER : 0;
    memset(buffer_room(image, more), 0, more);
    image->len += more;
}

/* The option ROM that gives Bochs the same console as QEMU has. */
static int write_rom(const char *path, struct problem *p) {
    struct buffer text = {0};
    uint8_t rom[ROM_SIZE] = {0};
    uint8_t sum = 0;
    size_t made;
    struct hex0_error e;
    char *source = home_path("images/console.hex0");
    int status = read_file(source, &text, p);
    free(source);
    if (status == 0) {
        uint8_t *out = xrealloc(NULL, hex0_bound(text.len) + 1);
        if (hex0_compile(text.data, text.len, true, out, &made, &e) != 0 || made >= ROM_SIZE) {
            status = problem_set(p, "images/console.hex0: no ROM comes of it");
        } else {
            memcpy(rom, out, made);
        }
        free(out);
    }
    buffer_free(&text);
    for (size_t i = 0; i < ROM_SIZE; i++) {
        sum = (uint8_t)(sum + rom[i]);
    }
    rom[ROM_SIZE - 1] = (uint8_t)(0 - sum);
    return status == 0 ? write_file(path, rom, sizeof rom, p) : status;
}

/* Debian's Bochs stops in its debugger first, and shows its screen to whoever asks for it. */
static int write_config(const char *folder, const char *config, const char *commands,
                        const struct run_request *request, struct problem *p) {
    struct buffer text = {0};
    buffer_printf(&text, "megs: %u\n", (unsigned)(request->mem_mib > 0 ? request->mem_mib : 1024));
    buffer_printf(&text, "romimage: file=/usr/share/bochs/BIOS-bochs-latest\n");
    buffer_printf(&text, "optromimage1: file=\"%s/rom\", address=0xd0000\n", folder);
    buffer_printf(&text, "ata0-master: type=disk, path=\"%s\", mode=flat\n", request->image);
    buffer_printf(&text, "boot: disk\nlog: \"%s/bochs.log\"\n", folder);
    buffer_printf(&text, "display_library: rfb, options=\"timeout=0\"\n");
    buffer_printf(&text, "port_e9_hack: enabled=1\npanic: action=fatal\nerror: action=ignore\n");
    buffer_printf(&text, "plugin_ctrl: speaker=0\n"); /* it dies where there is no sound */
    buffer_printf(&text, "info: action=ignore\ndebug: action=ignore\n");
    int status = write_file(config, text.data, text.len, p);
    buffer_free(&text);
    return status == 0 ? write_file(commands, "c\nq\n", 4, p) : status;
}

/* Hands what was said after the first boot to the console, up to a second boot. */
static void hear(struct bochs *b) {
    if (!b->booted) {
        uint8_t *at = memmem(b->said.data, b->said.len, BOOTING, sizeof BOOTING - 1);
        size_t offset = at != NULL ? (size_t)(at - b->said.data) : 0;
        uint8_t *line = at != NULL ? memchr(at, '\n', b->said.len - offset) : NULL;
        if (line == NULL) {
            return;
        }
        b->booted = true;
        b->heard = (size_t)(line + 1 - b->said.data);
    }
    const uint8_t *next = b->said.data + b->heard;
    size_t n = b->said.len - b->heard;
    const uint8_t *stop = memmem(next, n, BOOTING, sizeof BOOTING - 1);
    if (stop == NULL) {
        stop = memmem(next, n, STOPPED, sizeof STOPPED - 1);
    }
    b->again = stop != NULL;
    uint8_t *newline = memrchr(next, '\n', b->again ? (size_t)(stop - next) : n);
    if (newline != NULL) {
        size_t whole = (size_t)(newline + 1 - next);
        console_feed(&b->console, next, whole);
        b->heard += whole;
    }
}

/* Listens until the build has ended, Bochs has, or the time is up. */
static void watch(struct bochs *b, double timeout) {
    struct run_result *r = b->result;
    struct pollfd ready = {.fd = b->output, .events = POLLIN};
    for (;;) {
        if (console_finished(&b->console, &r->length)) {
            r->end = RUN_FINISHED;
            return;
        }
        if (console_error(&b->console, r->message, sizeof r->message)) {
            r->end = RUN_ERROR;
            return;
        }
        if (b->again) {
            r->end = RUN_RESET;
            return;
        }
        int left = (int)((b->started + timeout - now()) * 1000);
        if (left <= 0 || poll(&ready, 1, left) == 0) {
            r->end = RUN_TIMEOUT;
            snprintf(r->message, sizeof r->message, "still running after %.0f s", timeout);
            return;
        }
        ssize_t n = read(b->output, buffer_room(&b->said, 4096), 4096);
        if (n > 0) {
            b->said.len += (size_t)n;
            hear(b);
        } else if (n == 0 || errno != EINTR) {
            r->end = RUN_HALTED;
            snprintf(r->message, sizeof r->message, "Bochs has ended, see its log");
            return;
        }
    }
}

/* Starts Bochs with its output in b->output. */
static pid_t start(struct bochs *b, char *config, char *commands, struct problem *p) {
    char *argv[] = {"bochs", "-q", "-f", config, "-rc", commands, NULL};
    int ends[2];
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nothing < 0 || pipe2(ends, O_CLOEXEC) != 0) {
        return problem_set(p, "bochs: %s", strerror(errno));
    }
    struct redirect redirects[] = {{nothing, 0}, {ends[1], 1}, {nothing, 2}, {-1, -1}};
    pid_t pid = process_start(argv, redirects, p);
    close(ends[1]);
    close(nothing);
    b->output = ends[0];
    if (pid < 0) {
        close(ends[0]);
    }
    return pid;
}

/* Bochs, killed, leaves the lock of its disk behind, and would not open that disk again. */
static void remove_lock(const char *image) {
    char *lock = xprintf("%s.lock", image);
    unlink(lock);
    free(lock);
}

int bochs_boot(const char *folder, const struct run_request *request, struct run_result *result,
               struct problem *p) {
    char *config = xprintf("%s/bochsrc", folder);
    char *commands = xprintf("%s/commands", folder);
    char *rom = xprintf("%s/rom", folder);
    struct bochs b = {.started = now(), .result = result};
    *result = (struct run_result){0};
    int status = write_rom(rom, p);
    if (status == 0) {
        status = write_config(folder, config, commands, request, p);
    }
    pid_t pid = status == 0 ? start(&b, config, commands, p) : -1;
    if (pid >= 0) {
        console_open(&b.console, request, result);
        watch(&b, request->timeout);
        process_kill(pid);
        remove_lock(request->image);
        console_close(&b.console);
        close(b.output);
        result->seconds = now() - b.started;
    }
    buffer_free(&b.said);
    free(rom);
    free(commands);
    free(config);
    return pid >= 0 ? 0 : -1;
}
