/* seedbed build: pack, image, run and extract in one step. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "images/commands.h"
#include "images/machine/image.h"
#include "images/script/check.h"
#include "images/script/plan.h"
#include "images/session/session.h"

static const char help[] =
    "usage: seedbed build [-o ARTIFACT] [OPTION...] BUILD\n\n"
    "Packs a build file (see `seedbed pack --help`), boots it, and takes the artifact from the\n"
    "disk: what the build left in /dev/hda. Without -o, NAME.build makes NAME.out beside it.\n\n"
    "  --size N      size of the disk, otherwise what script, artifact and RAM may need\n"
    "  --staged      let stage1 compile the kernel from its text at boot\n";

struct build {
    struct session_options options;
    const char *build;
    uint64_t size;
    bool staged;
};

/* NAME.build or NAME gives NAME.out. */
static char *default_artifact(const char *build) {
    static const char suffix[] = ".build";
    size_t n = strlen(build);
    if (strcmp(build, "-") == 0)
        return xstrdup("-");
    if (n > strlen(suffix) && strcmp(build + n - strlen(suffix), suffix) == 0)
        n -= strlen(suffix);
    return xprintf("%.*s.out", (int)n, build);
}

/* The artifact takes no more than RAM, so a disk as large has room for it. */
static uint64_t disk_size(const struct build *b, uint64_t end) {
    uint64_t ram = b->options.request.mem_mib << 20;
    uint64_t usual = 1 << 30;
    if (b->size)
        return b->size;
    return ram > usual && ram > end ? ram + SECTOR : 0;
}

/* Writes the image to fd; *script becomes where the script starts in it. */
static int make_image(const struct build *b, const struct plan *plan, int fd, uint64_t *script,
                      struct problem *p) {
    char *name = xprintf("disk image in %s", temp_folder());
    struct buffer head = {0};
    int r = image_head(b->staged, &head, p);
    if (r == 0)
        r = write_all(fd, head.data, head.len, name, p);
    if (r == 0)
        r = plan_write(plan, fd, name, p);
    *script = head.len;
    uint64_t end = head.len + plan->size;
    if (r == 0)
        r = image_set_size(fd, name, end, disk_size(b, end), p);
    buffer_free(&head);
    free(name);
    return r;
}

/* Packs, and boots an image that has no name, so that nothing is left of it however we end. */
static int pack_and_run(struct build *b, struct session *s) {
    struct problem p;
    struct plan plan;
    char *image = NULL;
    int fd = -1, status = STATUS_FAILED;
    if (plan_load(&plan, b->build, &p) < 0 || plan_check_end(&plan, &p) < 0) {
        problem_report(&p);
    } else {
        s->plan = &plan;
        status = session_check_inputs(s, NULL);
    }
    if (status < 0) {
        fd = temp_file(&p);
        image = xprintf("/proc/%ld/fd/%d", (long)getpid(), fd);
        b->options.request.image = image;
        if (fd < 0 || make_image(b, &plan, fd, &b->options.request.script, &p) < 0)
            status = problem_report(&p);
        else
            status = session_run(s);
    }
    plan_free(&plan);
    free(image);
    if (fd >= 0)
        close(fd);
    return status;
}

int cmd_build(int argc, char **argv) {
    struct build b = {0};
    int i;
    struct option_spec specs[SESSION_SPECS + 3] = {{0}};
    session_specs(&b.options, specs);
    specs[SESSION_SPECS] = (struct option_spec){"--size", OPTION_SIZE, &b.size, 0};
    specs[SESSION_SPECS + 1] = (struct option_spec){"--staged", OPTION_FLAG, &b.staged, 0};
    char *text = session_help(help);
    int status = options_read(specs, text, argc, argv, &i);
    free(text);
    if (status >= 0)
        return status;
    if (argc - i != 1)
        return usage_error(argv[0], "one BUILD is wanted");
    b.build = argv[i];
    char *artifact = b.options.output ? xstrdup(b.options.output) : default_artifact(b.build);
    b.options.output = artifact;
    struct session s = {.o = &b.options, .command = argv[0], .subject = b.build};
    status = session_begin(&s);
    if (status < 0)
        status = pack_and_run(&b, &s);
    session_end(&s);
    free(artifact);
    return status;
}
