/* Boots on QEMU, Bochs and the model, see oracle_boot.h. */
#include "verify/harness/boot_on.h"

#include <stdlib.h>

#include "images/machine/bochs.h"

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
    bochs_pad(&disk);
    test_write(t, path, disk.data, disk.len);
    int status = -1;
    if (place == ON_BOCHS) {
        status = bochs_boot(t->dir, &request, &result, &p);
    } else {
        const struct engine *e = engine_choose(place == ON_QEMU ? "qemu-tcg" : "model", &why, &p);
        status = e != NULL ? e->run(&request, &result, &p) : -1;
    }
    if (status != 0) {
        test_fail(t, "%s", p.text);
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
