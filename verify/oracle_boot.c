/* Boots on QEMU, Bochs and the model, see oracle_boot.h. */
#define _GNU_SOURCE /* pipe2 */
#include "oracle_boot.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "images/console.h"
#include "images/process.h"

enum { ROM_SIZE = 512, DISK_MULTIPLE = 16 * 63 * SECTOR, REST_MS = 300 };

/* Bochs on its way: what it says, and what is known of it. */
struct bochs {
    int output;
    struct console console;
    struct run_result result;
    struct buffer early; /* before the disk is booted: Bochs's own messages and the BIOS's */
    bool booted;
    double started;
};

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The console of QEMU's machine, which Bochs has a port for as well. */
static void write_rom(struct test *t, const char *path) {
    struct buffer rom = compile_source(t, "images/console.hex0");
    uint8_t sum = 0;
    add_zeros(&rom, ROM_SIZE - rom.len);
    for (size_t i = 0; i < ROM_SIZE; i++) {
        sum = (uint8_t)(sum + rom.data[i]);
    }
    rom.data[ROM_SIZE - 1] = (uint8_t)(rom.data[ROM_SIZE - 1] - sum);
    test_write(t, path, rom.data, rom.len);
    buffer_free(&rom);
}

/* Debian's Bochs stops in its debugger first, and shows its screen to whoever asks for it. */
static void write_config(struct test *t, const char *config, const char *commands,
                         uint64_t mem_mib) {
    struct buffer text = {0};
    buffer_printf(&text, "megs: %u\n", (unsigned)(mem_mib > 0 ? mem_mib : 1024));
    buffer_printf(&text, "romimage: file=/usr/share/bochs/BIOS-bochs-latest\n");
    buffer_printf(&text, "optromimage1: file=\"%s/rom\", address=0xd0000\n", t->dir);
    buffer_printf(&text, "ata0-master: type=disk, path=\"%s/disk.img\", mode=flat\n", t->dir);
    buffer_printf(&text, "boot: disk\nlog: \"%s/bochs.log\"\n", t->dir);
    buffer_printf(&text, "display_library: rfb, options=\"timeout=0\"\n");
    buffer_printf(&text, "port_e9_hack: enabled=1\npanic: action=fatal\nerror: action=ignore\n");
    buffer_printf(&text, "plugin_ctrl: speaker=0\n"); /* it dies where there is no sound */
    buffer_printf(&text, "info: action=ignore\ndebug: action=ignore\n");
    test_write(t, config, text.data, text.len);
    test_write(t, commands, "c\nq\n", 4);
    buffer_free(&text);
}

/* Takes what Bochs has said; false when it is gone. */
static bool bochs_listen(struct bochs *b) {
    static const char start[] = "Booting from Hard Disk...";
    uint8_t bytes[4096];
    ssize_t n = read(b->output, bytes, sizeof bytes);
    if (n <= 0) {
        return n < 0 && errno == EINTR;
    }
    if (b->booted) {
        /* At a reset of the machine the debugger begins to speak. */
        uint8_t *reset = memmem(bytes, (size_t)n, "(0).[", 5);
        console_feed(&b->console, bytes, reset != NULL ? (size_t)(reset - bytes) : (size_t)n);
        return true;
    }
    buffer_append(&b->early, bytes, (size_t)n);
    uint8_t *at = memmem(b->early.data, b->early.len, start, sizeof start - 1);
    uint8_t *line = at != NULL ? memchr(at, '\n', b->early.len - (size_t)(at - b->early.data)) : at;
    if (line != NULL) {
        b->booted = true;
        line++;
        console_feed(&b->console, line, b->early.len - (size_t)(line - b->early.data));
    }
    return true;
}

/* Listens until the build has ended, Bochs has, or the time is up. */
static void bochs_watch(struct bochs *b, double timeout) {
    struct run_result *r = &b->result;
    struct pollfd ready = {.fd = b->output, .events = POLLIN};
    while (!console_finished(&b->console, &r->length) &&
           !console_error(&b->console, r->message, sizeof r->message)) {
        int left = (int)((b->started + timeout - now()) * 1000);
        if (left <= 0 || poll(&ready, 1, left) == 0) {
            r->end = RUN_TIMEOUT;
            snprintf(r->message, sizeof r->message, "still running");
            return;
        }
        if (!bochs_listen(b)) {
            r->end = RUN_RESET;
            snprintf(r->message, sizeof r->message, "the machine is gone");
            return;
        }
    }
    r->end = console_finished(&b->console, &r->length) ? RUN_FINISHED : RUN_ERROR;
    /* An ERROR may have come without its end, which comes at once. */
    while (r->end == RUN_ERROR && now() < b->started + timeout && poll(&ready, 1, REST_MS) > 0 &&
           bochs_listen(b)) {
        console_error(&b->console, r->message, sizeof r->message);
    }
}

static void bochs_run(struct test *t, const struct run_request *how, struct run_result *result) {
    int ends[2];
    struct problem p;
    char *config = test_path(t, "bochsrc");
    char *commands = test_path(t, "commands");
    char *rom = test_path(t, "rom");
    char *argv[] = {"bochs", "-q", "-f", config, "-rc", commands, NULL};
    struct bochs b = {.started = now()};
    write_rom(t, rom);
    write_config(t, config, commands, how->mem_mib);
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (pipe2(ends, O_CLOEXEC) != 0) {
        test_fail(t, "pipe: %s", strerror(errno));
    }
    struct redirect redirects[] = {{nothing, 0}, {ends[1], 1}, {nothing, 2}, {-1, -1}};
    pid_t pid = process_start(argv, redirects, &p);
    if (pid < 0) {
        test_fail(t, "%s", p.text);
    }
    close(ends[1]);
    close(nothing);
    b.output = ends[0];
    console_open(&b.console, how, &b.result);
    bochs_watch(&b, how->timeout);
    process_kill(pid);
    console_close(&b.console);
    close(ends[0]);
    b.result.seconds = now() - b.started;
    *result = b.result;
    buffer_free(&b.early);
    free(rom);
    free(commands);
    free(config);
}

struct aftermath boot_at(struct test *t, enum place place, const struct buffer *script,
                         const struct run_request *how, struct buffer *image) {
    struct problem p;
    struct run_request request = how != NULL ? *how : (struct run_request){0};
    struct run_result result = {0};
    char *why = NULL;
    char *path = test_path(t, "disk.img");
    struct buffer disk = full_system(t);
    request.image = path;
    request.script = disk.len;
    request.timeout = request.timeout > 0 ? request.timeout : BOOT_SECONDS;
    buffer_append(&disk, script->data, script->len);
    add_zeros(&disk, SECTOR);
    /* Bochs wants whole cylinders. */
    add_zeros(&disk, DISK_MULTIPLE - disk.len % DISK_MULTIPLE);
    test_write(t, path, disk.data, disk.len);
    if (place == ON_BOCHS) {
        bochs_run(t, &request, &result);
    } else {
        const struct engine *e = engine_choose(place == ON_QEMU ? "qemu-tcg" : "model", &why, &p);
        if (e == NULL || e->run(&request, &result, &p) != 0) {
            test_fail(t, "%s", p.text);
        }
    }
    struct aftermath a = {
        .end = result.end,
        .length = result.length,
        .log = xprintf("%.*s", (int)result.log.len,
                       result.log.len > 0 ? (const char *)result.log.data : ""),
        .message = xstrdup(result.message),
        .disk = test_read(t, path),
        .seconds = result.seconds,
    };
    if (image != NULL) {
        *image = disk;
    } else {
        buffer_free(&disk);
    }
    run_result_free(&result);
    free(why);
    free(path);
    return a;
}
