/* seedbed image: a disk image from a script. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "images/commands.h"
#include "images/lib/device.h"
#include "images/lib/options.h"
#include "images/lib/outfile.h"
#include "images/machine/image.h"

static const char help[] =
    "usage: seedbed image -o IMG [--size N] [--staged] SCRIPT\n\n"
    "Makes a disk image that boots the kernel and runs the script (`-` is stdin).\n\n"
    "  -o IMG     the image; the space after the script is a hole in the file\n"
    "  --size N   bytes, or with K, M or G; 504K at least; otherwise 1G, or what the\n"
    "             script takes. The artifact of the build is written over the image and\n"
    "             must fit too\n"
    "  --staged   let stage1 compile the kernel from its text at boot\n";

/* Whether the path is a block device that somebody uses. */
static bool in_use(const char *path, struct problem *p) {
    struct device d;
    struct problem none;
    bool used = device_look(&d, path, &none) == 0 && d.mounts.len;
    if (used)
        problem_set(p, "%s: in use:%s, unmount it first", path, (const char *)d.mounts.data);
    device_free(&d);
    return used;
}

static int make(const char *path, const char *script, bool staged, uint64_t size,
                struct problem *p) {
    struct buffer head = {0};
    struct outfile o;
    int from = strcmp(script, "-") == 0 ? dup(STDIN_FILENO) : open(script, O_RDONLY | O_CLOEXEC);
    if (from < 0)
        return problem_set(p, "%s: cannot open: %s", script, strerror(errno));
    if (outfile_spares(path, script, p) < 0 || in_use(path, p)) {
        close(from);
        return -1;
    }
    int r = image_head(staged, &head, p);
    if (r == 0)
        r = outfile_open(&o, path, p);
    if (r == 0) {
        int64_t copied = -1;
        if (write_all(o.fd, head.data, head.len, path, p) == 0)
            copied = copy_bytes(from, script, o.fd, path, UINT64_MAX, p);
        if (copied >= 0 && image_set_size(o.fd, path, head.len + (uint64_t)copied, size, p) == 0) {
            r = outfile_commit(&o, p);
        } else {
            outfile_abandon(&o);
            r = -1;
        }
    }
    buffer_free(&head);
    close(from);
    return r;
}

int cmd_image(int argc, char **argv) {
    struct problem p;
    const char *out = NULL;
    uint64_t size = 0;
    bool staged = false;
    int i;
    struct option_spec specs[] = {{"-o", OPTION_TEXT, &out, 0},
                                  {"--size", OPTION_SIZE, &size, 0},
                                  {"--staged", OPTION_FLAG, &staged, 0},
                                  {0}};
    int status = options_read(specs, help, argc, argv, &i);
    if (status >= 0)
        return status;
    if (!out || argc - i != 1)
        return usage_error(argv[0], "-o IMG and one SCRIPT are wanted");
    return make(out, argv[i], staged, size, &p) < 0 ? problem_report(&p) : 0;
}
