/*
 * Firmware that closes the A20 gate (refmodel/pc/quirks.h): a build of some megabytes makes the
 * same bytes or ends with an ERROR line that says why.
 */
#include <stdlib.h>
#include <string.h>

#include "verify/harness/boot.h"

/* So much that closing the A20 gate loses some of it: contents go on into an odd megabyte. */
enum { CONTENT = 3000000 };

struct firmware {
    const char *quirks;
    const char *error; /* null: the build is as with any other */
};

static const struct firmware FIRMWARE[] = {
    {"a20-closed", NULL},
    {"a20-closes", NULL},
    {"a20-closed,a20-closes,trash,segments,direction", NULL},
    {"a20-stuck", "ERROR: A20"},
    {"a20-unsupported", NULL},
};

static void copes(struct test *t, const void *argument) {
    const struct firmware *f = argument;
    const struct run_request how = {.bios = f->quirks, .timeout = BOOT_SECONDS};
    struct problem p;
    const struct engine *pc = engine_choose("pc", NULL, &p);
    uint8_t *content = random_bytes(13, CONTENT);
    struct buffer disk = full_system(t);
    if (!pc)
        test_fail(t, "%s", p.text);
    buffer_printf(&disk, "src 0 /dev\nsrc 0 /other\n");
    add_src(&disk, "/dev/hda", content, CONTENT / 2);
    buffer_printf(&disk, "f\n");
    add_src(&disk, "/dev/hda", content, CONTENT);
    end_disk(&disk);
    struct aftermath a = boot_image_on(t, pc, &disk, &how);
    if (f->error)
        expect_error(t, "end", &a, f->error, &disk);
    else
        expect_artifact(t, "/dev/hda", &a, content, CONTENT);
    free(content);
}

TESTS(a20_gate) {
    for (size_t i = 0; i < sizeof FIRMWARE / sizeof FIRMWARE[0]; i++)
        suite_add(s, xprintf("a20-gate-%s", FIRMWARE[i].quirks), copes, &FIRMWARE[i]);
}
