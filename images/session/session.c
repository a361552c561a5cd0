/* What `run` and `build` have in common. */
#include "images/session/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "images/lib/home.h"
#include "images/lib/sha256.h"
#include "images/lib/stop.h"
#include "images/machine/boot.h"
#include "images/machine/image.h"
#include "images/session/advice.h"
#include "images/session/progress.h"

static const char options_help[] =
    "  --mem N       RAM in MiB, or with M or G, otherwise 1024; from 512 on files get more room\n"
    "  --timeout S   give up after S seconds, otherwise never\n"
    "  --log FILE    write the console's lines to FILE\n"
    "  --files DIR   at the end, also after an ERROR, write every file the machine has in memory\n"
    "                below DIR; not on bochs\n"
    "  --file P=OUT  the file P alone, to OUT\n"
    "  --keep IMG    keep the disk image of a build that fails\n"
    "  --machine M   pc (the usual one), q35 or isapc\n"
    "  --disk D      ahci (the usual one), ide, virtio, virtio-scsi, usb, scsi, nvme\n"
    "  --cpu C       QEMU's -cpu\n"
    "  --console C   port (exact, the usual one) or serial (the BIOS's own, which breaks\n"
    "                lines at column 80)\n"
    "  --bios LIST   pc: what its firmware does wrong, NAME or NAME=N with commas; help lists all\n"
    "  --checkpoint FILE   pc: save the machine to FILE, at once, then every --every MIN minutes\n"
    "                (10) and at Ctrl-C\n"
    "  --resume FILE  pc: go on from there, with the same image; the disk goes back to then, too\n"
    "  --gdb PORT    pc, QEMU: wait for gdb (`target remote :PORT`); see `seedbed symbols`\n"
    "  --trace FILE  pc: one line per system call of a program, as strace writes it\n"
    "  --qemu PATH   the program to start as QEMU, otherwise $QEMU or qemu-system-i386\n"
    "  --sample      at the end say where the processor spent its time\n"
    "  --plain       lines in place of the status line, also on a terminal\n"
    "  --quiet       show neither\n\n"
    "Exit status: 0 done, 1 the build failed, 2 wrong usage, 3 the machine or the host failed,\n"
    "124 no end within --timeout, 130 interrupted.\n";

char *session_help(const char *first) {
    struct buffer text = {0};
    buffer_printf(&text, "%s  --engine E    auto, or one of\n", first);
    for (size_t i = 0; engine_at(i); i++)
        buffer_printf(&text, "                  %-10s%s\n", engine_at(i)->name, engine_at(i)->what);
    buffer_printf(&text, "                auto is the first that works here\n%s", options_help);
    return (char *)text.data;
}

void session_specs(struct session_options *o, struct option_spec *specs) {
    *o = (struct session_options){0};
    const struct option_spec all[SESSION_SPECS] = {
        {"--engine", OPTION_TEXT, &o->engine, 0},
        {"-o", OPTION_TEXT, &o->output, 0},
        {"--files", OPTION_TEXT, &o->request.files, 0},
        {"--file", OPTION_TEXT, &o->request.file, 0},
        {"--keep", OPTION_TEXT, &o->keep, 0},
        {"--mem", OPTION_MIB, &o->request.mem_mib, 1 << 20},
        {"--timeout", OPTION_SECONDS, &o->request.timeout, 0},
        {"--log", OPTION_TEXT, &o->log, 0},
        {"--machine", OPTION_TEXT, &o->request.machine, 0},
        {"--disk", OPTION_TEXT, &o->request.disk, 0},
        {"--cpu", OPTION_TEXT, &o->request.cpu, 0},
        {"--console", OPTION_TEXT, &o->request.console, 0},
        {"--bios", OPTION_TEXT, &o->request.bios, 0},
        {"--trace", OPTION_TEXT, &o->request.trace, 0},
        {"--checkpoint", OPTION_TEXT, &o->request.checkpoint, 0},
        {"--every", OPTION_SECONDS, &o->request.every, 0},
        {"--resume", OPTION_TEXT, &o->request.resume, 0},
        {"--gdb", OPTION_NUMBER, &o->request.gdb, 65535},
        {"--qemu", OPTION_TEXT, &o->request.qemu, 0},
        {"--sample", OPTION_FLAG, &o->request.sample, 0},
        {"--plain", OPTION_FLAG, &o->plain, 0},
        {"--quiet", OPTION_FLAG, &o->quiet, 0},
    };
    memcpy(specs, all, sizeof all);
}

static void print_samples(const struct run_samples *s) {
    unsigned all = s->kernel + s->bios + s->user;
    double one = all ? 100.0 / all : 0;
    printf("%u samples: user code %.1f%%, kernel %.1f%%, BIOS and real mode %.1f%%; "
           "%u more held at the entry of a system call\n",
           all, s->user * one, s->kernel * one, s->bios * one, s->entry);
}

/* Opens one of the outputs, unless it is not wanted. */
static int open_output(struct outfile *o, const char *path, struct problem *p) {
    return path ? outfile_open(o, path, p) : 0;
}

/* The last component of the subject, without a suffix. */
static char *short_name(const struct session *s) {
    const char *slash = strrchr(s->subject, '/');
    const char *name = slash ? slash + 1 : s->subject;
    return xprintf("%.*s", (int)strcspn(name, "."), name);
}

/* The log that --log asks for, or one that has no name unless the build fails. */
static int open_log(struct session *s, struct problem *p) {
    if (s->o->log) {
        s->log = fopen(s->o->log, "w");
        return s->log ? 0 : problem_set(p, "%s: cannot create: %s", s->o->log, strerror(errno));
    }
    char *name = short_name(s);
    char *path = xprintf("%s/seedbed-%s-%ld.log", temp_folder(), name, (long)getpid());
    int r = outfile_open(&s->aside, path, p);
    int fd = r == 0 ? dup(s->aside.fd) : -1;
    s->log = fd < 0 ? NULL : fdopen(fd, "w");
    free(path);
    free(name);
    return r;
}

static int same_twice(const struct session_options *o, struct problem *p) {
    const char *const outputs[] = {o->output, o->log, o->keep};
    for (unsigned i = 0; i < 3; i++)
        for (unsigned k = 0; k < i; k++)
            if (outputs[i] && outputs[k] &&
                (same_file(outputs[i], outputs[k]) ||
                 (strcmp(outputs[i], outputs[k]) == 0 && strcmp(outputs[i], "-") != 0)))
                return problem_set(p, "%s: two things cannot be written to one file", outputs[i]);
    return 0;
}

/* Whether this reason for an engine is another than the one that was told last. */
static bool is_news(const char *why) {
    struct problem p;
    struct buffer told = {0};
    char *folder = home_cache();
    char *path = xprintf("%s/engine-told", folder);
    size_t n = strlen(why);
    bool known = access(path, R_OK) == 0 && read_file(path, &told, &p) == 0 && told.len == n &&
                 memcmp(told.data, why, n) == 0;
    if (!known)
        write_file(path, why, n, &p);
    buffer_free(&told);
    free(path);
    free(folder);
    return !known;
}

int session_begin(struct session *s) {
    struct session_options *o = s->o;
    struct problem p;
    char *why = NULL;
    s->output.fd = s->kept.fd = s->aside.fd = -1;
    s->engine = engine_choose(o->engine, &why, &p);
    if (!s->engine || request_check(&o->request, s->engine, &p) < 0) {
        free(why);
        return usage_error(s->command, "%s", p.text);
    }
    if (o->engine || is_news(why))
        fprintf(stderr, "seedbed: engine %s: %s\n", s->engine->name, why);
    else
        fprintf(stderr, "seedbed: engine %s\n", s->engine->name);
    free(why);
    if (same_twice(o, &p) < 0 || open_output(&s->output, o->output, &p) < 0 ||
        open_output(&s->kept, o->keep, &p) < 0 || open_log(s, &p) < 0)
        return problem_report(&p);
    return -1;
}

int session_check_inputs(const struct session *s, const char *image) {
    const struct session_options *o = s->o;
    const char *const outputs[] = {o->output, o->log, o->keep};
    for (unsigned i = 0; i < 3; i++) {
        const char *path = outputs[i];
        if (path && ((s->plan && plan_reads(s->plan, path)) || (image && same_file(image, path))))
            return usage_error(s->command, "%s is read, and cannot be written, too", path);
    }
    return -1;
}

/* The size of a file, 0 where there is none. */
static uint64_t size_of(int fd) {
    off_t size = lseek(fd, 0, SEEK_END);
    return size > 0 ? (uint64_t)size : 0;
}

/* Says what went wrong, where, and what can be done about it. */
static void tell_failure(const struct session *s, const struct run_result *result,
                         const struct progress *g, bool shown) {
    struct buffer tail = {0};
    const char *command = g->now.len ? (const char *)g->now.data : "";
    if (!shown && result->end != RUN_ERROR)
        run_log_tail(result, 10, &tail);
    if (tail.len)
        fwrite(tail.data, 1, tail.len, stderr);
    buffer_free(&tail);
    fputs("seedbed: ", stderr);
    if (s->plan && g->number)
        fprintf(stderr, "%s:%u: ", s->plan->build, plan_line_at(s->plan, g->at));
    else if (g->number)
        fprintf(stderr, "command %u of %u, `%.200s`: ", g->number, g->commands, command);
    fprintf(stderr, "%s\n", result->message);
    struct failure f = {.error = result->message,
                        .command = command,
                        .plan = s->plan,
                        .mem_mib = s->o->request.mem_mib ? s->o->request.mem_mib : 1024,
                        .disk = size_of(result->disk)};
    char *words = result->end == RUN_ERROR ? advice(&f) : NULL;
    if (words)
        fprintf(stderr, "seedbed: %s\n", words);
    free(words);
}

static int status_of(enum run_end end) {
    return end == RUN_FINISHED      ? 0
           : end == RUN_TIMEOUT     ? STATUS_TIMEOUT
           : end == RUN_INTERRUPTED ? STOP_STATUS
                                    : STATUS_FAILED;
}

/* Writes the artifact; where that fails it is kept in the folder for temporary files. */
static int write_artifact(struct session *s, const struct run_result *result, struct problem *p) {
    struct outfile *o = &s->output;
    struct problem second;
    if (image_extract(result->disk, result->length, o, s->o->output, p) == 0)
        return 0;
    struct outfile kept;
    char *path = xprintf("%s/seedbed-artifact-%ld", temp_folder(), (long)getpid());
    size_t n = strlen(p->text);
    if (outfile_open(&kept, path, &second) == 0 &&
        image_extract(result->disk, result->length, &kept, path, &second) == 0)
        snprintf(p->text + n, sizeof p->text - n, "; the artifact is kept as %s", path);
    free(path);
    return -1;
}

/* One sentence about what was made. */
static int tell_success(struct session *s, const struct run_result *result, struct problem *p) {
    struct sha256 sum;
    char hex[65];
    struct buffer piece = {0};
    enum { PIECE = 1 << 20 };
    sha256_open(&sum);
    for (uint64_t at = 0; at < result->length; at += piece.len) {
        size_t n = result->length - at < PIECE ? (size_t)(result->length - at) : PIECE;
        piece.len = 0;
        if (run_disk(result, at, n, &piece, p) < 0) {
            buffer_free(&piece);
            return -1;
        }
        sha256_add(&sum, piece.data, piece.len);
    }
    buffer_free(&piece);
    sha256_close(&sum, hex);
    const char *name = s->o->output ? s->o->output : s->subject;
    fprintf(stderr, "seedbed: %s: %lu bytes%s, SHA-256 %s, in %.1f s\n",
            strcmp(name, "-") == 0 ? "stdout" : name, (unsigned long)result->length,
            s->o->output ? "" : " at its start", hex, result->seconds);
    return 0;
}

/* Ends the log; that of a build that failed gets its name. */
static void close_log(struct session *s, int status) {
    struct problem p;
    bool written = fclose(s->log) == 0;
    s->log = NULL;
    if (s->o->log) {
        if (!written)
            fprintf(stderr, "seedbed: %s: cannot write: %s\n", s->o->log, strerror(errno));
        else if (status)
            fprintf(stderr, "seedbed: the log is in %s\n", s->o->log);
        return;
    }
    char *path = s->aside.path ? xstrdup(s->aside.path) : NULL;
    if (status && written && size_of(s->aside.fd) && outfile_commit(&s->aside, &p) == 0)
        fprintf(stderr, "seedbed: the log is in %s\n", path);
    free(path);
}

int session_run(struct session *s) {
    struct problem p;
    struct run_result result;
    struct progress progress;
    struct session_options *o = s->o;
    bool to_stdout = o->output && strcmp(o->output, "-") == 0;
    FILE *to = o->quiet ? NULL : to_stdout ? stderr : stdout;
    progress_open(&progress, &o->request, to, s->log, o->plain);
    int r = boot(s->engine, &o->request, &result, &p);
    int status = r < 0 ? STATUS_MACHINE : status_of(result.end);
    progress_close(&progress, r == 0 && result.end == RUN_ERROR);
    if (r == 0 && o->request.sample)
        print_samples(&result.samples);
    if (r < 0)
        problem_report(&p);
    else if (status)
        tell_failure(s, &result, &progress, to && !progress.terminal);
    else if ((o->output && write_artifact(s, &result, &p) < 0) || tell_success(s, &result, &p) < 0)
        status = problem_report(&p) ? STATUS_MACHINE : 0;
    if (status && o->keep && result.disk > 0) {
        if (image_copy(result.disk, &s->kept, o->keep, &p) < 0)
            problem_report(&p);
        else
            fprintf(stderr, "seedbed: the disk image is %s\n", o->keep);
    }
    close_log(s, status);
    progress_free(&progress);
    run_result_free(&result);
    return status;
}

void session_end(struct session *s) {
    struct outfile *const all[] = {&s->output, &s->kept, &s->aside};
    for (unsigned i = 0; i < 3; i++)
        if (all[i]->fd >= 0)
            outfile_abandon(all[i]);
    if (s->log)
        fclose(s->log);
}
