/* The routes that boot a machine. */
#include "verify/routes/routes.h"

#include <stdlib.h>
#include <unistd.h>

#include "images/machine/bochs.h"
#include "images/machine/boot.h"
#include "images/machine/image.h"
#include "images/machine/probe.h"

static const double LIMIT = 60;       /* seconds; QEMU takes less than one */
static const uint64_t DISK = 4 << 20; /* bytes */

/* What stands on the disk before the script. */
static int make_head(enum builder builder, const struct ground *g, struct buffer *head,
                     struct problem *p) {
    if (builder == BY_STAGE1) {
        return image_head_staged(&g->stage1, &g->kernel, head, p);
    }
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
    if (result->end == (builder == BY_MINI ? RUN_RESET : RUN_FINISHED)) {
        return 0;
    }
    return problem_set(p, "%s",
                       result->message[0] != '\0' ? result->message : "another end than expected");
}

static size_t length_of(enum builder builder, const struct ground *g,
                        const struct run_result *result) {
    return builder == BY_MINI ? g->seedbed.len : result->length;
}

static int boot_qemu(const struct route *route, const struct ground *g, const struct buffer *head,
                     struct buffer *made, struct problem *p) {
    struct run_request request = {.timeout = LIMIT};
    struct run_result result = {0};
    char *why = NULL;
    int disk;
    const char *name = route->machine == IN_KVM ? "qemu-kvm" : "qemu-tcg";
    const struct engine *engine = engine_choose(name, &why, p);
    free(why);
    if (engine == NULL || boot_memory(engine, head, script_of(route->builder, g), DISK, &request,
                                      &result, &disk, p) != 0) {
        return -1;
    }
    int status = check_end(route->builder, &result, p);
    if (status == 0) {
        status = boot_read(disk, 0, length_of(route->builder, g, &result), made, p);
    }
    run_result_free(&result);
    close(disk);
    return status;
}

static int boot_bochs(const struct route *route, const struct ground *g, const struct buffer *head,
                      struct buffer *made, struct problem *p) {
    struct buffer image = {0};
    struct buffer after = {0};
    struct run_result result = {0};
    const struct buffer *script = script_of(route->builder, g);
    char *path = xprintf("%s/bochs.img", g->folder);
    struct run_request request = {.image = path, .timeout = LIMIT, .mem_mib = 160};
    buffer_append(&image, head->data, head->len);
    buffer_append(&image, script->data, script->len);
    bochs_pad(&image);
    int status = write_file(path, image.data, image.len, p);
    if (status == 0) {
        status = bochs_boot(g->folder, &request, &result, p);
    }
    if (status == 0) {
        status = check_end(route->builder, &result, p);
    }
    if (status == 0) {
        status = read_file(path, &after, p);
    }
    size_t length = length_of(route->builder, g, &result);
    if (status == 0 && length > after.len) {
        status = problem_set(p, "an artifact larger than the disk");
    }
    if (status == 0) {
        buffer_append(made, after.data, length);
    }
    unlink(path);
    run_result_free(&result);
    buffer_free(&after);
    buffer_free(&image);
    free(path);
    return status;
}

int route_boot(const struct route *route, const struct ground *g, struct buffer *made,
               struct problem *p) {
    struct buffer head = {0};
    char *why = NULL;
    if (route->machine == IN_KVM && !probe_kvm(&why)) {
        problem_set(p, "%s", why);
        free(why);
        return 1;
    }
    free(why);
    int status = make_head(route->builder, g, &head, p);
    if (status == 0) {
        status = route->machine == IN_BOCHS ? boot_bochs(route, g, &head, made, p)
                                            : boot_qemu(route, g, &head, made, p);
    }
    buffer_free(&head);
    return status;
}
