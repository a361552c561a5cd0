/* One input of the fuzzer on each side, see fuzz_run.h. */
#include "verify/fuzz/fuzz_run.h"

#include <stdlib.h>
#include <string.h>

#include "images/lib/home.h"
#include "images/machine/image.h"
#include "verify/fuzz/fuzz_program.h"

/* Each so manieth input runs in QEMU, too. */
enum { SHOWN = 160, SPOT_CHECK = 500 };

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
    *b = (struct fuzz_bench){0};
    if (linux_side_open(&b->native, p) < 0) /* first, while there is little to fork */
        return -1;
    char *program = home_path("build/fuzz-calls");
    char *runtime = home_path("build/fuzz-program");
    int r = read_file(program, &b->calls, p);
    r = r == 0 ? read_file(runtime, &b->runtime, p) : r;
    free(runtime);
    free(program);
    if (r < 0 || image_head(false, &b->head, p) < 0)
        return -1;
    return kernel_side_open(&b->kernel, &b->head, p);
}

void fuzz_close(struct fuzz_bench *b) {
    linux_side_close(&b->native);
    kernel_side_close(&b->kernel);
    buffer_free(&b->head);
    buffer_free(&b->calls);
    buffer_free(&b->runtime);
}

static void add_file(struct buffer *script, const char *path, const struct buffer *content) {
    buffer_printf(script, "src %zu %s\n", content->len, path);
    buffer_append(script, content->data, content->len);
}

void fuzz_script(struct buffer *script, const struct fuzz_input *input, const struct buffer *calls,
                 const struct buffer *runtime, bool trace) {
    if (input->kind == FUZZ_SCRIPT) {
        buffer_append(script, input->bytes.data, input->bytes.len);
        return;
    }
    buffer_printf(script, "src 0 /dev\nsrc 0 /bin\n");
    add_file(script, "/bin/calls", calls);
    add_file(script, "/ops", &input->bytes);
    buffer_printf(script, "src 1 /dev/hda\n\n/bin/calls%s\n", trace ? " TRACE" : "");
    fuzz_add_programs(script, &input->bytes, runtime, input->kind == FUZZ_WILD, trace);
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

static bool differ(struct fuzz_bench *b, const struct fuzz_outcome *kernel,
                   const struct fuzz_outcome *model, char **difference) {
    if (model->end != RUN_FINISHED && model->end != RUN_ERROR) {
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

static void turn_to(struct fuzz_bench *b, enum fuzz_side side) {
    b->other = side;
    b->runs[side]++;
}

int fuzz_compare(struct fuzz_bench *b, const struct fuzz_input *input, char **difference,
                 struct problem *p) {
    struct buffer script = {0};
    struct fuzz_outcome kernel = {0}, model = {0}, native = {0}, spotted = {0};
    *difference = NULL;
    fuzz_script(&script, input, &b->calls, &b->runtime, b->trace);
    bool spot = b->inputs++ % SPOT_CHECK == SPOT_CHECK - 1;
    turn_to(b, FUZZ_PC);
    int r = kernel_side_run(&b->kernel, &script, &kernel, p);
    if (r == 0 && spot) {
        turn_to(b, FUZZ_QEMU);
        r = engine_side_run("qemu-tcg", &b->head, &script, &spotted, p);
        r = r == 0 ? differ_machines(&kernel, &spotted, difference) : r;
    }
    if (r == 0) {
        turn_to(b, FUZZ_MODEL);
        r = model_side_run(&b->head, &script, &model, p);
        r = r == 0 ? differ(b, &kernel, &model, difference) : r;
    }
    if (r == 0 && input->kind == FUZZ_CALLS) {
        turn_to(b, FUZZ_LINUX);
        r = linux_side_run(&b->native, &script, &native, p);
        r = r == 0 ? differ_bytes("/dev/hda", "kernel", &kernel.artifact, "Linux", &native.artifact,
                                  difference)
                   : r;
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
