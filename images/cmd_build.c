/* seedbed build: pack, image, run and extract in one step. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "images/commands.h"
#include "images/machine/image.h"
#include "images/machine/session.h"
#include "images/script/plan.h"

static const char help[] =
    "usage: seedbed build [-o ARTIFACT] [OPTION...] BUILD\n\n"
    "Packs a build file (see `seedbed pack --help`), boots it, and takes the artifact from the\n"
    "disk: what the build left in /dev/hda. Without -o, NAME.build makes NAME.out beside it.\n\n"
    "  --size N      size of the disk, otherwise what script, artifact and RAM may need\n"
    "  --staged      let stage1 compile the kernel from its text at boot\n";

struct build {
    struct session_options session;
    const char *build;
    const char *artifact;
    uint64_t size;
    bool staged;
};

/* NAME.build or NAME gives NAME.out. */
static char *default_artifact(const char *build) {
    static const char suffix[] = ".build";
    size_t n = strlen(build);
    if (n > strlen(suffix) && strcmp(build + n - strlen(suffix), suffix) == 0)
        n -= strlen(suffix);
    return xprintf("%.*s.out", (int)n, build);
}

/* The artifact takes no more than RAM, so a disk as large has room for it. */
static uint64_t disk_size(const struct build *b, uint64_t end) {
    uint64_t ram = b->session.request.mem_mib << 20;
    uint64_t usual = 1 << 30;
    if (b->size)
        return b->size;
    return ram > usual && ram > end ? ram + SECTOR : 0;
}

/* Writes the image to fd; *script becomes where the script starts in it. */
static int make_image(const struct build *b, int fd, uint64_t *script, struct problem *p) {
    struct plan plan;
    struct buffer head = {0};
    int r = plan_load(&plan, b->build, p);
    if (r == 0)
        r = image_head(b->staged, &head, p);
    if (r == 0)
        r = write_all(fd, head.data, head.len, "disk image", p);
    if (r == 0)
        r = plan_write(&plan, fd, "disk image", p);
    *script = head.len;
    uint64_t end = head.len + plan.size;
    if (r == 0)
        r = image_set_size(fd, "disk image", end, disk_size(b, end), p);
    buffer_free(&head);
    plan_free(&plan);
    return r;
}

static int run(struct build *b, const char *command) {
    struct problem p;
    uint32_t length = 0;
    /* The image has no name, so that nothing is left of it however we end. */
    int fd = temp_file(&p);
    if (fd < 0)
        return problem_report(&p);
    char *image = xprintf("/proc/%ld/fd/%d", (long)getpid(), fd);
    b->session.request.image = image;
    int status = make_image(b, fd, &b->session.request.script, &p) < 0
                     ? problem_report(&p)
                     : session_run(&b->session, command, &length);
    if (status == 0 && image_extract(image, length, b->artifact, &p) < 0)
        status = problem_report(&p);
    if (status == 0 && strcmp(b->artifact, "-") != 0)
        fprintf(stderr, "seedbed: %s: %lu bytes\n", b->artifact, (unsigned long)length);
    free(image);
    close(fd);
    return status;
}

int cmd_build(int argc, char **argv) {
    struct build b = {0};
    int i;
    struct option_spec specs[SESSION_SPECS + 4] = {{0}};
    session_specs(&b.session, specs);
    specs[SESSION_SPECS] = (struct option_spec){"-o", OPTION_TEXT, &b.artifact, 0};
    specs[SESSION_SPECS + 1] = (struct option_spec){"--size", OPTION_SIZE, &b.size, 0};
    specs[SESSION_SPECS + 2] = (struct option_spec){"--staged", OPTION_FLAG, &b.staged, 0};
    char *text = session_help(help);
    int status = options_read(specs, text, argc, argv, &i);
    free(text);
    if (status >= 0)
        return status;
    if (argc - i != 1)
        return usage_error(argv[0], "one BUILD is wanted");
    b.build = argv[i];
    char *artifact = b.artifact ? xstrdup(b.artifact) : default_artifact(b.build);
    b.artifact = artifact;
    status = run(&b, argv[0]);
    free(artifact);
    return status;
}
