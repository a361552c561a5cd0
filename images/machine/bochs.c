/*
 * Bochs as an engine: another BIOS, and a processor that shares no code with QEMU's.
 *
 * Debian's Bochs has its debugger built in, which is told to let the machine run (c) and, when it
 * stops, to show memory (xp) and to leave (q): that is at a reset. Its stdout holds, in this order,
 * what the debugger says, what the BIOS says, the machine's console, and, where the machine was
 * reset, the debugger again, with the instruction that did it:
 *
 *     (0).[22498689] [0x0000080480a3] 0008:00000000080480a3 (unk. ctxt): int3          ; cc
 *     0x0000000000002f80 <bogus+       0>:   0x00000008   0x000101d0
 *
 * Its log says when the processor halts with interrupts off.
 */
#define _GNU_SOURCE /* memmem, pipe2 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "images/lib/util.h"
#include "images/machine/emulator.h"
#include "images/machine/ending.h"
#include "images/machine/engine.h"
#include "images/machine/rom.h"

/* Descriptors that Bochs inherits. */
enum { FD_CONFIG = 100, FD_COMMANDS, FD_IMAGE, FD_ROM, FD_LOG };

enum { MOST_MIB = 2048 };

static const double never = 1e18;
/* Seconds that the debugger may take to say what the machine was like at its reset. */
static const double patience = 5;

/* What the BIOS says when it starts the boot sector. */
static const char booting[] = "Booting from Hard Disk...";
/* How the debugger begins its line when a reset makes it stop. */
static const char stopped[] = "(0).[";
static const char halt[] = "HLT instruction with IF=0";

/* How far into the output we are. */
struct bochs {
    struct ending ending;
    struct buffer said; /* what is not yet understood; after a reset from the debugger's line on */
    struct buffer log;
    bool booted;
    bool again;    /* reset since then */
    double leaves; /* when the debugger should have left */
};

/* The first of the two marks in the n bytes, or null. */
static const uint8_t *find_mark(const uint8_t *bytes, size_t n) {
    const uint8_t *boot = memmem(bytes, n, booting, sizeof booting - 1);
    const uint8_t *stop =
        memmem(bytes, boot ? (size_t)(boot - bytes) : n, stopped, sizeof stopped - 1);
    return stop ? stop : boot;
}

/* How many bytes at the end of the n may turn out to be the beginning of a mark. */
static size_t possible_mark(const uint8_t *bytes, size_t n) {
    for (size_t k = n < sizeof booting ? n : sizeof booting - 1; k > 0; k--) {
        const uint8_t *end = bytes + n - k;
        if (memcmp(end, booting, k) == 0 || (k < sizeof stopped && memcmp(end, stopped, k) == 0))
            return k;
    }
    return 0;
}

/* Drops the first n bytes of what was said. */
static void drop(struct buffer *said, size_t n) {
    memmove(said->data, said->data + n, said->len - n);
    said->len -= n;
}

/* Looks for the line that ends the BIOS's part. */
static void await_boot(struct bochs *b) {
    const uint8_t *at = memmem(b->said.data, b->said.len, booting, sizeof booting - 1);
    size_t offset = at ? (size_t)(at - b->said.data) : 0;
    const uint8_t *newline = at ? memchr(at, '\n', b->said.len - offset) : NULL;
    if (!newline)
        return;
    b->booted = true;
    drop(&b->said, (size_t)(newline + 1 - b->said.data));
}

/* Hands to the console what was said after the first boot, up to a second one or the debugger. */
static void hear(struct emulator *e, const uint8_t *bytes, size_t n) {
    struct bochs *b = e->own;
    buffer_append(&b->said, bytes, n);
    if (!b->booted)
        await_boot(b);
    if (!b->booted || b->again)
        return;
    const uint8_t *mark = find_mark(b->said.data, b->said.len);
    b->again = mark != NULL;
    b->leaves = now() + patience;
    size_t sure = mark ? (size_t)(mark - b->said.data)
                       : b->said.len - possible_mark(b->said.data, b->said.len);
    console_feed(&e->console, b->said.data, sure);
    drop(&b->said, sure);
}

/* What was held back as the beginning of a mark was none: nothing follows it. */
static void hear_rest(struct emulator *e) {
    struct bochs *b = e->own;
    if (b->booted && !b->again)
        console_feed(&e->console, b->said.data, b->said.len);
    b->said.len = 0;
}

/* Reads the log; true if it says that the processor has halted. */
static bool read_log(struct emulator *e) {
    struct bochs *b = e->own;
    ssize_t n;
    while ((n = read(e->monitor, buffer_room(&b->log, 4096), 4096)) > 0)
        b->log.len += (size_t)n;
    if (n == 0)
        e->monitor = -1;
    if (memmem(b->log.data, b->log.len, halt, sizeof halt - 1))
        return true;
    if (b->log.len >= sizeof halt)
        drop(&b->log, b->log.len - sizeof halt);
    return false;
}

static enum emulator_state look(struct emulator *e, bool ready) {
    struct bochs *b = e->own;
    /* The debugger is still talking, and the end of the program tells when it has done. */
    if (b->again) {
        e->next_look = b->leaves;
        return *b->said.data == *booting || now() > b->leaves ? EMULATOR_OVER : EMULATOR_RUNS;
    }
    if (!ready || !read_log(e))
        return EMULATOR_RUNS;
    /* All that was said before the halt is in the pipe. */
    emulator_drain(e);
    hear_rest(e);
    return EMULATOR_HALTED;
}

/* An unlinked file with that text. */
static int text_file(const char *text, struct problem *p) {
    int fd = temp_file(p);
    if (fd >= 0 && write_all(fd, text, strlen(text), "bochs: configuration", p) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* All files are descriptors, so that nothing is left behind; Bochs leaves its lock of the disk. */
static char *make_config(unsigned mib) {
    struct buffer text = {0};
    buffer_printf(&text, "megs: %u\n", mib);
    buffer_printf(&text, "romimage: file=/usr/share/bochs/BIOS-bochs-latest\n");
    buffer_printf(&text, "optromimage1: file=\"/dev/fd/%d\", address=0xd0000\n", FD_ROM);
    buffer_printf(&text, "ata0-master: type=disk, path=\"/dev/fd/%d\", mode=flat\n", FD_IMAGE);
    buffer_printf(&text, "boot: disk\nlog: \"/dev/fd/%d\"\n", FD_LOG);
    /* Its screen is there for whoever asks for it. */
    buffer_printf(&text, "display_library: rfb, options=\"timeout=0\"\n");
    buffer_printf(&text, "port_e9_hack: enabled=1\npanic: action=fatal\nerror: action=ignore\n");
    buffer_printf(&text, "plugin_ctrl: speaker=0\n"); /* it dies where there is no sound */
    buffer_printf(&text, "info: action=ignore, cpu0=report\ndebug: action=ignore\n");
    return (char *)text.data;
}

/* What the debugger is told. */
static char *make_commands(const struct kernel *k) {
    return xprintf("c\nxp /%zuwx 0x%x\nxp /wx 0x%x\nxp /wx 0x%x\nxp /wx 0x%x\nq\n", k->code.len / 4,
                   k->base, k->script, k->next, k->pid);
}

/* Starts Bochs with the descriptors it inherits; e->monitor becomes our end of its log. */
static int launch(struct emulator *e, unsigned mib, struct problem *p) {
    enum { CONFIG, COMMANDS, IMAGE, ROM, OUR_LOG, LOG, ALL };
    int fd[ALL] = {-1, -1, -1, -1, -1, -1};
    int r = -1;
    char config[32], commands[32];
    struct bochs *b = e->own;
    char *text = make_config(mib);
    char *orders = make_commands(&b->ending.kernel);
    snprintf(config, sizeof config, "/dev/fd/%d", FD_CONFIG);
    snprintf(commands, sizeof commands, "/dev/fd/%d", FD_COMMANDS);
    char *argv[] = {"bochs", "-q", "-f", config, "-rc", commands, NULL};
    fd[IMAGE] = open(e->request->image, O_RDWR | O_CLOEXEC);
    if (fd[IMAGE] < 0 || pipe2(&fd[OUR_LOG], O_CLOEXEC | O_NONBLOCK) < 0) {
        problem_set(p, "%s: cannot open: %s", e->request->image, strerror(errno));
    } else if ((fd[CONFIG] = text_file(text, p)) >= 0 &&
               (fd[COMMANDS] = text_file(orders, p)) >= 0 && (fd[ROM] = rom_file(p)) >= 0) {
        struct redirect redirects[] = {{fd[CONFIG], FD_CONFIG}, {fd[COMMANDS], FD_COMMANDS},
                                       {fd[IMAGE], FD_IMAGE},   {fd[ROM], FD_ROM},
                                       {fd[LOG], FD_LOG},       {-1, -1}};
        fcntl(fd[LOG], F_SETFL, 0);
        r = emulator_start(e, argv, STDOUT_FILENO, redirects, p);
    }
    for (int i = 0; i < ALL; i++)
        if (fd[i] >= 0 && (i != OUR_LOG || r < 0))
            close(fd[i]);
    e->monitor = fd[OUR_LOG];
    free(orders);
    free(text);
    return r;
}

/* Reads what the debugger has said at the reset. Returns false if it is not all there. */
static bool last_state(const struct bochs *b, struct last_state *last) {
    const char *at = (const char *)b->said.data;
    const char *place = strstr(at, "] [0x");
    size_t words = b->ending.kernel.code.len / 4;
    uint32_t *const values[] = {&last->script, &last->next, &last->pid};
    if (strncmp(at, stopped, sizeof stopped - 1) != 0 || !place)
        return false;
    last->registers = true;
    last->eip = (uint32_t)strtoull(place + 3, NULL, 16);
    for (size_t i = 0; i < words + 3; i++) {
        at = strstr(at, "\t0x");
        if (!at)
            return false;
        uint32_t word = (uint32_t)strtoul(at + 1, NULL, 16);
        at += 3;
        if (i >= words)
            *values[i - words] = word;
        for (unsigned k = 0; i < words && k < 4; k++)
            last->code[4 * i + k] = (uint8_t)(word >> 8 * k);
    }
    return true;
}

/* The machine was reset: by the kernel at the end of the build, or not. */
static int was_reset(struct emulator *e, struct problem *p) {
    struct run_result *result = e->result;
    struct bochs *b = e->own;
    bool finished = console_finished(&e->console, &result->length);
    struct last_state last = {.code = xrealloc(NULL, b->ending.kernel.code.len)};
    buffer_append(&b->said, "", 1);
    if (!last_state(b, &last) && finished && *b->said.data != *booting) {
        free(last.code);
        return problem_set(p, "Bochs does not say how the build has ended");
    }
    ending_judge(&b->ending, e->request, finished, &last, result);
    free(last.code);
    return 0;
}

/* The machine was reset, or Bochs has ended by itself. */
static int conclude(struct emulator *e, struct problem *p) {
    struct bochs *b = e->own;
    if (!b->again) {
        int status = emulator_wait(e);
        if (status != 0 || !b->booted)
            return emulator_failed(e, "Bochs", "PANIC", status, p);
    }
    if (b->again)
        return was_reset(e, p);
    hear_rest(e);
    snprintf(e->result->message, sizeof e->result->message,
             "the machine ended before the end of the build");
    return 0;
}

static int run(const struct run_request *request, struct run_result *result, struct problem *p) {
    struct bochs b = {0};
    struct emulator e = {.request = request,
                         .result = result,
                         .hear = hear,
                         .look = look,
                         .own = &b,
                         .next_look = never};
    uint64_t mib = request->mem_mib ? request->mem_mib : 1024;
    if (mib > MOST_MIB)
        return problem_set(p, "Bochs gives a machine at most %d MiB", MOST_MIB);
    if (ending_prepare(&b.ending, request, p) < 0 || launch(&e, (unsigned)mib, p) < 0) {
        ending_free(&b.ending);
        return -1;
    }
    int log = e.monitor;
    int r = emulator_watch(&e) == RUN_RESET ? conclude(&e, p) : 0;
    emulator_end(&e);
    close(log);
    buffer_free(&b.said);
    buffer_free(&b.log);
    ending_free(&b.ending);
    return r;
}

static bool works(char **why) {
    static const char bios[] = "/usr/share/bochs/BIOS-bochs-latest";
    const char *missing = !process_found("bochs") ? "bochs" : !process_found(bios) ? bios : NULL;
    if (missing)
        *why = xprintf("no %s here", missing);
    return !missing;
}

const struct engine engine_bochs = {
    .name = "bochs",
    .what = "the emulator Bochs, with its own BIOS",
    .works = works,
    .no_files = true,
    .run = run,
};
