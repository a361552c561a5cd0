/* seedbed run: boots a disk image. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "images/commands.h"
#include "images/machine/image.h"
#include "images/session/session.h"
#include "refmodel/pc/pc.h"

static const char help[] = "usage: seedbed run [OPTION...] IMG\n\n"
                           "Boots a disk image and waits for the end of its build. The image is "
                           "changed as the\nmachine's disk would be: the artifact is at its start "
                           "afterwards.\n\n"
                           "  -o FILE       write the artifact to FILE, too; `-` is stdout\n"
                           "  --snapshot    leave the image alone: a copy is booted\n";

/* Prints the table of quirks. */
static int list_quirks(void) {
    size_t count;
    const struct pc_quirk *quirks = pc_quirks(&count);
    for (size_t n = 0; n < count; n++) {
        printf("%-16s %s", quirks[n].name, quirks[n].what);
        printf(quirks[n].number ? " (N = %lu)\n" : "\n", (unsigned long)quirks[n].number);
    }
    return 0;
}

/* A copy of the image without a name, whose path (allocated) it returns; null with *p filled. */
static char *snapshot(const char *image, int *fd, struct problem *p) {
    int from = open(image, O_RDONLY | O_CLOEXEC);
    if (from < 0) {
        problem_set(p, "%s: cannot open: %s", image, strerror(errno));
        return NULL;
    }
    struct outfile copy = {.fd = temp_file(p)};
    *fd = copy.fd < 0 ? -1 : dup(copy.fd);
    int r = *fd < 0 ? -1 : image_copy(from, &copy, "copy of the image", p);
    close(from);
    return r < 0 ? NULL : xprintf("/proc/%ld/fd/%d", (long)getpid(), *fd);
}

static int run(struct session *s, const char *image, bool copy) {
    struct problem p;
    int fd = -1;
    /* a run that goes on puts the boot sector back itself */
    const char *wrong = s->o->request.resume ? NULL : image_wrong(image);
    if (wrong) {
        problem_set(&p, "%s: %s", image, wrong);
        return problem_report(&p);
    }
    int status = session_begin(s);
    if (status < 0)
        status = session_check_inputs(s, image);
    char *path = status >= 0 ? NULL : copy ? snapshot(image, &fd, &p) : xstrdup(image);
    if (path) {
        s->o->request.image = path;
        s->o->request.script = image_find_script(path);
        status = session_run(s);
    } else if (status < 0) {
        status = problem_report(&p) ? STATUS_MACHINE : 0;
    }
    session_end(s);
    free(path);
    if (fd >= 0)
        close(fd);
    return status;
}

int cmd_run(int argc, char **argv) {
    struct session_options o;
    bool copy = false;
    struct option_spec specs[SESSION_SPECS + 2] = {{0}};
    session_specs(&o, specs);
    specs[SESSION_SPECS] = (struct option_spec){"--snapshot", OPTION_FLAG, &copy, 0};
    int i;
    char *text = session_help(help);
    int status = options_read(specs, text, argc, argv, &i);
    free(text);
    if (status >= 0)
        return status;
    if (o.request.bios && strcmp(o.request.bios, "help") == 0)
        return list_quirks();
    if (argc - i != 1)
        return usage_error(argv[0], "one IMG is wanted");
    struct session s = {.o = &o, .command = argv[0], .subject = argv[i]};
    return run(&s, argv[i], copy);
}
