/* The rebuild chain. */
#include "images/machine/rebuild.h"

#include <stdlib.h>
#include <string.h>

#include "images/lib/home.h"
#include "images/machine/boot.h"
#include "images/machine/image.h"
#include "refmodel/hex0.h"

/* Seconds that a step may take; it takes less than one. */
static const double step_limit = 20;
static const uint64_t disk_size = 4 << 20;

static const struct rebuild_artifact programs[PROGRAMS] = {
    [MINI] = {.name = "mini.bin", .sources = {"hex0/mini.hex0", NULL}},
    [STAGE1] = {.name = "stage1.bin", .sources = {"stage1/stage1.hex0", NULL}},
    [FULL] = {.name = "seedbed.bin", .sources = {"hex0/boot.hex0", "hex0/kernel.hex0"}},
};

static int read_sources(struct rebuild_artifact *a, struct problem *p) {
    for (size_t i = 0; i < 2 && a->sources[i]; i++) {
        char *path = home_path(a->sources[i]);
        int r = read_file(path, &a->text, p);
        free(path);
        if (r < 0)
            return -1;
    }
    return 0;
}

/* Lines in the first source of the program, 0 where it has but one. */
static size_t first_lines(const struct rebuild_artifact *a) {
    struct problem p;
    struct buffer text = {0};
    size_t lines = 0;
    char *path = home_path(a->sources[0]);
    if (a->sources[1] && read_file(path, &text, &p) == 0)
        for (size_t i = 0; i < text.len; i++)
            lines += text.data[i] == '\n';
    free(path);
    buffer_free(&text);
    return lines;
}

/* Says where `made` first differs, with the source line that the byte comes from. */
static char *describe(const struct rebuild_artifact *a, const char *how,
                      const struct buffer *made) {
    const struct buffer *old = &a->bytes;
    size_t both = made->len < old->len ? made->len : old->len;
    size_t at = 0;
    while (at < both && made->data[at] == old->data[at])
        at++;
    if (at == both && made->len == old->len)
        return NULL;
    size_t line = hex0_line_of(a->text.data, a->text.len, at);
    size_t first = first_lines(a);
    const char *file = first && line > first ? a->sources[1] : a->sources[0];
    line -= first && line > first ? first : 0;
    if (at == both)
        return xprintf("%s built by %s: %zu bytes in place of %zu", a->name, how, made->len,
                       old->len);
    return xprintf("%s:%zu: %s built by %s has %02X in place of %02X at offset %zu (0x%zX)", file,
                   line, a->name, how, made->data[at], old->data[at], at, at);
}

void rebuild_compare(struct rebuild_artifact *a, const char *how, const struct buffer *made) {
    if (a->ways++ == 0)
        buffer_append(&a->bytes, made->data, made->len);
    char *difference = describe(a, how, made);
    if (!a->difference)
        a->difference = difference;
    else
        free(difference);
}

/* Step 1: the seeds that cut and xxd made, and the compiler's. */
static int seeds_step(struct rebuild *r, const char *seeds, struct problem *p) {
    fprintf(r->to, "  %2u  seeds of mini, stage1 and seedbed by cut and xxd, and by seedbed hex0\n",
            ++r->step);
    for (int i = 0; i < PROGRAMS; i++) {
        struct rebuild_artifact *a = &r->artifacts[i];
        struct buffer made = {0};
        struct hex0_error e;
        char *path = xprintf("%s/%s", seeds, a->name);
        int result = read_sources(a, p);
        if (result == 0 && (result = read_file(path, &made, p)) == 0)
            rebuild_compare(a, "cut and xxd", &made);
        made.len = 0;
        if (result == 0 &&
            (result = hex0_compile(a->text.data, a->text.len, true,
                                   buffer_room(&made, hex0_bound(a->text.len)), &made.len, &e)) < 0)
            problem_set(p, "%s: line %zu of the text: %s", a->name, e.line, e.what);
        if (result == 0)
            rebuild_compare(a, "seedbed hex0", &made);
        buffer_free(&made);
        free(path);
        if (result < 0)
            return -1;
    }
    return 0;
}

/* The end of a step: prints its line, and makes a wrong end of the run a problem. */
static int step_done(struct rebuild *r, const char *what, const struct run_result *result,
                     enum run_end wanted, struct problem *p) {
    fprintf(r->to, "  %2u  %-52s %.2f s\n", ++r->step, what, result->seconds);
    fflush(r->to);
    if (result->end == wanted)
        return 0;
    if (result->end == RUN_FINISHED)
        return problem_set(p, "step %u: a kernel's end where mini's was expected", r->step);
    if (result->end == RUN_ERROR)
        return problem_set(p, "step %u (%s): %s", r->step, what, result->message);
    struct buffer tail = {0};
    run_log_tail(result, 1, &tail);
    buffer_append(&tail, "", 1);
    tail.data[strcspn((char *)tail.data, "\n")] = 0;
    problem_set(p, "step %u (%s): %s; last on the console:%s", r->step, what, result->message,
                tail.len > 1 ? (char *)tail.data + 1 : " nothing");
    buffer_free(&tail);
    return -1;
}

/* `mini` (an image of it) builds program `a`: it overwrites the disk from sector 0 and resets. */
static int by_mini(struct rebuild *r, const char *what, const char *how, const struct buffer *mini,
                   struct rebuild_artifact *a, struct buffer *made, struct problem *p) {
    struct run_request request = {
        .head = mini, .text = &a->text, .size = disk_size, .timeout = step_limit};
    struct run_result result;
    int status = boot(r->engine, &request, &result, p);
    if (status == 0)
        status = step_done(r, what, &result, RUN_RESET, p);
    if (status == 0)
        status = run_disk(&result, 0, a->bytes.len, made, p);
    if (status == 0)
        rebuild_compare(a, how, made);
    run_result_free(&result);
    return status;
}

/* A kernel, whose image begins with `head`, builds program `a` with a script. */
static int by_kernel(struct rebuild *r, const struct engine *engine, const char *what,
                     const char *how, const struct buffer *head, struct rebuild_artifact *a,
                     struct problem *p) {
    struct buffer script = {0}, made = {0};
    struct run_request request = {
        .head = head, .text = &script, .size = disk_size, .timeout = step_limit};
    struct run_result result;
    buffer_printf(&script, "src 0 /dev\nsrc %zu /a.hex0\n", a->text.len);
    buffer_append(&script, a->text.data, a->text.len);
    buffer_printf(&script, "hex0 /a.hex0 /dev/hda\n");
    int status = boot(engine, &request, &result, p);
    if (status == 0)
        status = step_done(r, what, &result, RUN_FINISHED, p);
    if (status == 0)
        status = run_artifact(&result, &made, p);
    if (status == 0)
        rebuild_compare(a, how, &made);
    run_result_free(&result);
    buffer_free(&made);
    buffer_free(&script);
    return status;
}

/* What the steps hand to each other. */
struct handover {
    struct buffer mini;   /* built by the mini seed */
    struct buffer again;  /* built by that mini */
    struct buffer stage1; /* built by mini */
    struct buffer full;   /* built by mini */
    struct buffer staged; /* that stage1 and the kernel's text */
};

/* The steps in which mini builds. */
static int mini_steps(struct rebuild *r, struct handover *h, struct problem *p) {
    struct rebuild_artifact *a = r->artifacts;
    const struct buffer *seed = &a[MINI].bytes;
    if (by_mini(r, "mini by the mini seed", "the mini seed", seed, &a[MINI], &h->mini, p) < 0 ||
        by_mini(r, "mini by that mini", "mini", &h->mini, &a[MINI], &h->again, p) < 0 ||
        by_mini(r, "stage1 by mini", "mini", &h->again, &a[STAGE1], &h->stage1, p) < 0)
        return -1;
    return by_mini(r, "seedbed (boot sector and kernel) by mini", "mini", &h->again, &a[FULL],
                   &h->full, p);
}

/* The steps in which the kernel builds. */
static int kernel_steps(struct rebuild *r, struct handover *h, struct problem *p) {
    struct rebuild_artifact *a = r->artifacts;
    struct buffer text = {0};
    char *path = home_path(a[FULL].sources[1]);
    int status =
        by_kernel(r, r->engine, "seedbed by that seedbed", "seedbed", &h->full, &a[FULL], p);
    if (status == 0)
        status = read_file(path, &text, p);
    if (status == 0)
        status = image_head_staged(&h->stage1, &text, &h->staged, p);
    if (status == 0)
        status = by_kernel(r, r->engine, "seedbed by stage1 and the kernel's text", "stage1",
                           &h->staged, &a[FULL], p);
    if (status == 0)
        status = by_kernel(r, r->engine, "stage1 by seedbed", "seedbed", &h->full, &a[STAGE1], p);
    if (status == 0)
        status = by_kernel(r, r->engine, "mini by seedbed", "seedbed", &h->full, &a[MINI], p);
    free(path);
    buffer_free(&text);
    return status;
}

/* The steps in which the reference model runs the scripts, for which the head means nothing. */
static int model_steps(struct rebuild *r, struct problem *p) {
    struct rebuild_artifact *a = r->artifacts;
    const struct buffer *head = &a[FULL].bytes;
    const struct engine *model = &engine_model;
    if (by_kernel(r, model, "seedbed by the model", "the model", head, &a[FULL], p) < 0 ||
        by_kernel(r, model, "stage1 by the model", "the model", head, &a[STAGE1], p) < 0)
        return -1;
    return by_kernel(r, model, "mini by the model", "the model", head, &a[MINI], p);
}

int rebuild_run(struct rebuild *r, const char *seeds, struct problem *p) {
    struct handover h = {0};
    memcpy(r->artifacts, programs, sizeof programs);
    int status = seeds_step(r, seeds, p);
    bool machine = !r->engine->script_only;
    if (status == 0 && machine)
        status = mini_steps(r, &h, p);
    if (status == 0 && machine)
        status = kernel_steps(r, &h, p);
    if (status == 0)
        status = model_steps(r, p);
    buffer_free(&h.mini);
    buffer_free(&h.again);
    buffer_free(&h.stage1);
    buffer_free(&h.full);
    buffer_free(&h.staged);
    return status;
}
void rebuild_free(struct rebuild *r) {
    for (int i = 0; i < PROGRAMS; i++) {
        buffer_free(&r->artifacts[i].text);
        buffer_free(&r->artifacts[i].bytes);
        free(r->artifacts[i].difference);
    }
}
