/* One input of the fuzzer on each side, see fuzz_run.h. */
#define _XOPEN_SOURCE 700 /* nftw, mkdtemp */
#include "verify/fuzz/fuzz_run.h"

#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "images/lib/home.h"
#include "images/lib/process.h"
#include "images/machine/boot.h"
#include "images/machine/image.h"
#include "verify/fuzz/fuzz_program.h"
#include "verify/harness/native.h"

/* Each so manieth input runs in QEMU, too. */
enum { FUZZ_DISK = 4 << 20, FUZZ_TIMEOUT = 120, SHOWN = 160, SPOT_CHECK = 200 };

int fuzz_kind_of(const char *name) {
    size_t n = strlen(name);
    for (int kind = FUZZ_CALLS; kind <= FUZZ_SCRIPT; kind++) {
        const char *suffix = fuzz_suffix((enum fuzz_kind)kind);
        if (n > strlen(suffix) && strcmp(name + n - strlen(suffix), suffix) == 0)
            return kind;
    }
    return -1;
}

const char *fuzz_suffix(enum fuzz_kind kind) {
    static const char *const suffixes[] = {".calls", ".wild", ".script"};
    return suffixes[kind];
}

int fuzz_open(struct fuzz_bench *b, struct problem *p) {
    const char *folder = getenv("TMPDIR");
    *b = (struct fuzz_bench){0};
    b->dir = xprintf("%s/seedbed-fuzz-XXXXXX", folder && *folder ? folder : "/tmp");
    char *program = home_path("build/fuzz-calls");
    char *runtime = home_path("build/fuzz-program");
    int r = read_file(program, &b->calls, p);
    r = r == 0 ? read_file(runtime, &b->runtime, p) : r;
    free(runtime);
    free(program);
    if (r == 0 && !mkdtemp(b->dir))
        r = problem_set(p, "%s: cannot create: %s", b->dir, strerror(errno));
    return r == 0 ? image_head(false, &b->head, p) : r;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *ftw) {
    (void)status;
    (void)type;
    (void)ftw;
    return remove(path);
}

void fuzz_close(struct fuzz_bench *b) {
    nftw(b->dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(b->dir);
    buffer_free(&b->head);
    buffer_free(&b->calls);
    buffer_free(&b->runtime);
}

static void add_file(struct buffer *script, const char *path, const struct buffer *content) {
    buffer_printf(script, "src %zu %s\n", content->len, path);
    buffer_append(script, content->data, content->len);
}

/* The script that runs the input. */
static struct buffer script_of(const struct fuzz_bench *b, const struct fuzz_input *input) {
    struct buffer script = {0};
    if (input->kind == FUZZ_SCRIPT) {
        buffer_append(&script, input->bytes.data, input->bytes.len);
    } else {
        buffer_printf(&script, "src 0 /dev\nsrc 0 /bin\n");
        add_file(&script, "/bin/calls", &b->calls);
        add_file(&script, "/ops", &input->bytes);
        buffer_printf(&script, "src 1 /dev/hda\n\n/bin/calls%s\n", b->trace ? " TRACE" : "");
        fuzz_add_programs(&script, &input->bytes, &b->runtime, input->kind == FUZZ_WILD, b->trace);
    }
    return script;
}

/* The console without the line of the BIOS, and without carriage returns: the kernel ends its lines
 * with one, the model with none. */
static void take_log(struct fuzz_outcome *o, const struct buffer *log) {
    static const char BIOS[] = "Booting from ";
    size_t skip = 0;
    if (log->len >= sizeof BIOS - 1 && memcmp(log->data, BIOS, sizeof BIOS - 1) == 0) {
        while (skip < log->len && log->data[skip] != '\n')
            skip++;
        skip += skip < log->len;
    }
    for (; skip < log->len; skip++)
        if (log->data[skip] != '\r')
            buffer_append(&o->log, log->data + skip, 1);
}

static int run_on(struct fuzz_bench *b, const char *engine_name, const struct buffer *script,
                  struct fuzz_outcome *o, struct problem *p) {
    struct run_request request = {.head = &b->head,
                                  .text = script,
                                  .size = FUZZ_DISK,
                                  .mem_mib = 256,
                                  .timeout = FUZZ_TIMEOUT};
    struct run_result result = {0};
    const struct engine *engine = engine_choose(engine_name, NULL, p);
    if (!engine || boot(engine, &request, &result, p) < 0) {
        run_result_free(&result);
        return -1;
    }
    b->boots++;
    o->end = result.end;
    snprintf(o->message, sizeof o->message, "%.255s", result.message);
    take_log(o, &result.log);
    int r = run_artifact(&result, &o->artifact, p);
    run_result_free(&result);
    return r;
}

/* In a process of its own, as native_run ends the process where something fails. */
static int run_on_linux(struct fuzz_bench *b, const struct buffer *script, struct fuzz_outcome *o,
                        struct problem *p) {
    char *root = xprintf("%s/root", b->dir);
    char *artifact = xprintf("%s/root/dev/hda", b->dir);
    pid_t pid = process_fork(OWN_GROUP);
    if (pid == 0) {
        struct test t = {.name = "fuzz", .dir = b->dir, .report = 2};
        native_run(&t, script);
        _exit(0);
    }
    int r = -1;
    if (pid < 0 || process_wait(pid) != 0)
        problem_set(p, "the program failed on Linux");
    else
        r = read_file(artifact, &o->artifact, p);
    nftw(root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    o->end = RUN_FINISHED;
    free(artifact);
    free(root);
    return r;
}

/* What `--trace` shows: what each side has left, on stderr. */
static void show(const struct fuzz_bench *b, const char *name, const struct fuzz_outcome *o) {
    if (b->trace) {
        fprintf(stderr, "-- %s: %s\n%.*s", name, o->message, (int)o->log.len,
                o->log.len > 0 ? (const char *)o->log.data : "");
        fprintf(stderr, "%.*s\n", (int)o->artifact.len,
                o->artifact.len > 0 ? (const char *)o->artifact.data : "");
    }
}

static void outcome_free(struct fuzz_outcome *o) {
    buffer_free(&o->log);
    buffer_free(&o->artifact);
}

/* The line of n bytes at `bytes` that holds number `at`, as one can print it. */
static char *line_at(const struct buffer *text, size_t at) {
    size_t start = at < text->len ? at : text->len;
    while (start > 0 && text->data[start - 1] != '\n')
        start--;
    struct buffer line = {0};
    for (size_t i = start; i < text->len && text->data[i] != '\n' && line.len < SHOWN; i++) {
        uint8_t c = text->data[i];
        buffer_printf(&line, c < 0x20 || c > 0x7E ? "\\x%02X" : "%c", c);
    }
    buffer_append(&line, "", 1);
    return (char *)line.data;
}

static bool differ_bytes(const char *what, const char *a_name, const struct buffer *a,
                         const char *b_name, const struct buffer *b, char **difference) {
    size_t at = 0;
    while (at < a->len && at < b->len && a->data[at] == b->data[at])
        at++;
    if (at == a->len && at == b->len)
        return false;
    char *x = line_at(a, at), *y = line_at(b, at);
    *difference = xprintf("%s: %s has `%s`, %s `%s`", what, a_name, x, b_name, y);
    free(x);
    free(y);
    return true;
}

static const char *end_name(const struct fuzz_outcome *o) {
    return o->end == RUN_FINISHED ? "the build finished" : o->message;
}

/* The model's disk has no end: what the kernel says there is right if the place is. */
static bool is_end_of_disk(const struct fuzz_outcome *kernel) {
    char line[64];
    snprintf(line, sizeof line, "ERROR: disk: %08X", FUZZ_DISK / SECTOR);
    return kernel->end == RUN_ERROR && strstr(kernel->message, line);
}

static bool differ(struct fuzz_bench *b, const struct fuzz_outcome *kernel,
                   const struct fuzz_outcome *model, char **difference) {
    if (is_end_of_disk(kernel) || (model->end != RUN_FINISHED && model->end != RUN_ERROR)) {
        b->unjudged++;
        return false;
    }
    if (kernel->end != model->end) {
        *difference =
            xprintf("end: kernel `%.200s`, model `%.200s`", end_name(kernel), end_name(model));
        return true;
    }
    return differ_bytes("/dev/hda", "kernel", &kernel->artifact, "model", &model->artifact,
                        difference) ||
           differ_bytes("log", "kernel", &kernel->log, "model", &model->log, difference);
}

/* The kernel in the PC and in QEMU. */
static bool differ_machines(const struct fuzz_outcome *pc, const struct fuzz_outcome *qemu,
                            char **difference) {
    if (pc->end != qemu->end) {
        *difference =
            xprintf("end: in the PC `%.200s`, in QEMU `%.200s`", end_name(pc), end_name(qemu));
        return true;
    }
    return differ_bytes("/dev/hda", "the PC", &pc->artifact, "QEMU", &qemu->artifact, difference) ||
           differ_bytes("log", "the PC", &pc->log, "QEMU", &qemu->log, difference);
}

int fuzz_compare(struct fuzz_bench *b, const struct fuzz_input *input, char **difference,
                 struct problem *p) {
    struct buffer script = script_of(b, input);
    struct fuzz_outcome kernel = {0}, model = {0}, native = {0}, spotted = {0};
    *difference = NULL;
    bool spot = b->inputs++ % SPOT_CHECK == SPOT_CHECK - 1;
    int r = run_on(b, "pc", &script, &kernel, p);
    if (r == 0 && spot && (r = run_on(b, "qemu-tcg", &script, &spotted, p)) == 0)
        r = differ_machines(&kernel, &spotted, difference);
    if (r == 0 && (r = run_on(b, "model", &script, &model, p)) < 0 && input->kind == FUZZ_SCRIPT) {
        model.end = RUN_HALTED; /* it says itself that it cannot follow */
        r = 0;
    }
    if (r == 0)
        r = differ(b, &kernel, &model, difference);
    if (r == 0 && input->kind == FUZZ_CALLS && (r = run_on_linux(b, &script, &native, p)) == 0) {
        r = differ_bytes("/dev/hda", "kernel", &kernel.artifact, "Linux", &native.artifact,
                         difference);
    }
    show(b, "kernel", &kernel);
    show(b, "model", &model);
    show(b, "Linux", &native);
    outcome_free(&kernel);
    outcome_free(&model);
    outcome_free(&native);
    outcome_free(&spotted);
    buffer_free(&script);
    return r;
}
