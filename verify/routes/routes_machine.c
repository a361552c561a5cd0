/* The routes that boot a machine. */
#include <stdlib.h>

#include "images/machine/boot.h"
#include "images/machine/image.h"
#include "verify/routes/routes.h"

static const double LIMIT = 60;       /* seconds; QEMU takes less than one */
static const uint64_t DISK = 4 << 20; /* bytes */

/* What stands on the disk before the script. */
static int make_head(enum builder builder, const struct ground *g, struct buffer *head,
                     struct problem *p) {
    if (builder == BY_STAGE1)
        return image_head_staged(&g->stage1, &g->kernel, head, p);
    const struct buffer *seed = builder == BY_MINI ? &g->mini : &g->seedbed;
    buffer_append(head, seed->data, seed->len);
    return 0;
}

/* mini compiles the bare text, the kernel a script that has it. */
static const struct buffer *script_of(enum builder builder, const struct ground *g) {
    return builder == BY_MINI ? &g->text : &g->script;
}

/* Whether a machine ended as the builder should end it: mini says nothing and resets. */
static int check_end(enum builder builder, const struct run_result *result, struct problem *p) {
    if (result->end == (builder == BY_MINI ? RUN_RESET : RUN_FINISHED))
        return 0;
    return problem_set(p, "%s", result->message[0] ? result->message : "another end than expected");
}

/* What the builder has left: mini the bytes over the start of the disk, the kernel /dev/hda. */
static int take(const struct route *route, const struct ground *g, const struct run_result *result,
                struct buffer *made, struct problem *p) {
    if (route->builder == BY_MINI)
        return run_disk(result, 0, g->seedbed.len, made, p);
    return run_artifact(result, made, p);
}

int route_boot(const struct route *route, const struct ground *g, struct buffer *made,
               struct problem *p) {
    struct buffer head = {0};
    struct run_result result = {0};
    char *why = NULL;
    const struct engine *engine = engine_choose(route->engine, NULL, p);
    if (!engine)
        return -1;
    if (engine->works && !engine->works(&why)) {
        problem_set(p, "%s", why);
        free(why);
        return 1;
    }
    free(why);
    struct run_request request = {
        .head = &head, .text = script_of(route->builder, g), .size = DISK, .timeout = LIMIT};
    int status = make_head(route->builder, g, &head, p);
    if (status == 0)
        status = boot(engine, &request, &result, p);
    if (status == 0)
        status = check_end(route->builder, &result, p);
    if (status == 0)
        status = take(route, g, &result, made, p);
    run_result_free(&result);
    buffer_free(&head);
    return status;
}
