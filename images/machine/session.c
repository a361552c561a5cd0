/* What `run` and `build` have in common. */
#include "images/machine/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "images/machine/boot.h"
#include "images/machine/progress.h"

static const char options_help[] =
    "  --mem N       RAM in MiB, otherwise 1024\n"
    "  --timeout S   give up after S seconds, otherwise never\n"
    "  --log FILE    write the console's lines to FILE\n"
    "  --machine M   pc (the usual one), q35 or isapc\n"
    "  --disk D      ahci (the usual one), ide, virtio, virtio-scsi, usb, scsi, nvme\n"
    "  --cpu C       QEMU's -cpu\n"
    "  --console C   port (exact, the usual one) or serial (the BIOS's own: it breaks lines at\n"
    "                column 80 and loses the last characters before a reset, so no build ends "
    "well)\n"
    "  --bios LIST   pc: what its firmware does wrong, NAME or NAME=N with commas; help lists all\n"
    "  --checkpoint FILE   pc: save the machine to FILE, at once, then every --every MIN minutes\n"
    "                (10) and at Ctrl-C\n"
    "  --resume FILE  pc: go on from there, with the same image; the disk goes back to then, too\n"
    "  --files DIR   at the end, also after an ERROR, write every file the machine has in memory\n"
    "                below DIR; not on bochs\n"
    "  --file P=OUT  the file P alone, to OUT\n"
    "  --trace FILE  pc: one line per system call of a program, as strace writes it\n"
    "  --sample      at the end say where the processor spent its time\n"
    "  --plain       lines in place of the status line, also on a terminal\n"
    "  --quiet       show neither\n";

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
        {"--mem", OPTION_NUMBER, &o->request.mem_mib, 1 << 20},
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
        {"--files", OPTION_TEXT, &o->request.files, 0},
        {"--file", OPTION_TEXT, &o->request.file, 0},
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

/* The message of a run that did not finish, and its exit status. */
static int report(const struct run_result *result, bool shown) {
    struct buffer tail = {0};
    /* An ERROR line is its own message, and lines already on stdout need no repetition. */
    if (result->end != RUN_INTERRUPTED && !shown)
        run_log_tail(result, 10, &tail);
    if (tail.len)
        fwrite(tail.data, 1, tail.len, stderr);
    buffer_free(&tail);
    fprintf(stderr, "seedbed: %s\n", result->message);
    return result->end == RUN_INTERRUPTED ? 130 : 1;
}

int session_run(struct session_options *o, const char *command, uint32_t *length) {
    struct problem p;
    struct run_result result;
    struct progress progress;
    char *why = NULL;
    FILE *log = NULL;
    int status = 1;
    const struct engine *engine = engine_choose(o->engine, &why, &p);
    if (!engine)
        return usage_error(command, "%s", p.text);
    fprintf(stderr, "seedbed: engine %s: %s\n", engine->name, why);
    free(why);
    if (o->log && !(log = fopen(o->log, "w"))) {
        fprintf(stderr, "seedbed: %s: cannot create: %s\n", o->log, strerror(errno));
        return 1;
    }
    progress_open(&progress, &o->request, o->quiet ? NULL : stdout, log, o->plain);
    int r = boot(engine, &o->request, &result, &p);
    progress_close(&progress);
    if (log && fclose(log) != 0 && r == 0)
        r = problem_set(&p, "%s: cannot write: %s", o->log, strerror(errno));
    if (r == 0 && o->request.sample)
        print_samples(&result.samples);
    if (r < 0)
        problem_report(&p);
    else if (result.end == RUN_FINISHED)
        status = 0;
    else
        status = report(&result, !o->quiet && !progress.terminal);
    *length = result.length;
    run_result_free(&result);
    return status;
}
