/* seedbed write and seedbed read: an image to a device, an artifact from one. */
#define _GNU_SOURCE /* SEEK_DATA, SEEK_HOLE */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

#include "images/commands.h"
#include "images/lib/device.h"
#include "images/lib/options.h"
#include "images/lib/outfile.h"
#include "images/lib/sha256.h"
#include "images/machine/image.h"

static const char write_help[] =
    "usage: seedbed write [--force] [--all] IMG DEVICE\n\n"
    "Writes a disk image to a USB stick or another disk, reads it back and compares. Says what "
    "the\n"
    "device is first; a mounted one, a partition, and one that cannot be removed are refused.\n\n"
    "  --force   write all the same\n"
    "  --all     write the zeros of the image's holes, too; otherwise 64 KiB of them behind each\n"
    "            piece of data, which is all that the builder looks at\n";

static const char read_help[] =
    "usage: seedbed read --length N -o OUT DEVICE\n\n"
    "Takes the artifact of a build from the device that it ran on. N is what the screen showed in\n"
    "the end: 8 hex digits; any other number is decimal bytes, or with K, M or G.\n";

enum { PIECE = 1 << 20, BEHIND = 64 << 10 };

/* A copy on its way. */
struct copy {
    int from;
    int to;
    const char *image;
    const char *device;
    uint64_t size;  /* of the image */
    uint64_t total; /* bytes that will be written */
    uint64_t done;
    bool all;
    bool compare; /* read both and compare, in place of writing */
    bool shown;   /* progress, on a terminal */
    struct sha256 sum;
};

static void show(const struct copy *c) {
    if (c->shown)
        fprintf(stderr, "\r%s %3u%% of %llu MiB\033[K", c->compare ? "reading back" : "writing",
                (unsigned)(c->total ? 100 * c->done / c->total : 100),
                (unsigned long long)(c->total >> 20));
}

/* Reads n bytes of a file that has them. */
static int read_at(int fd, const char *name, uint8_t *to, size_t n, uint64_t at,
                   struct problem *p) {
    while (n) {
        ssize_t got = pread(fd, to, n, (off_t)at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return problem_set(p, "%s: cannot read at %llu: %s", name, (unsigned long long)at,
                               got < 0 ? strerror(errno) : "it ends there");
        to += got;
        at += (uint64_t)got;
        n -= (size_t)got;
    }
    return 0;
}

static int one_piece(struct copy *c, uint64_t at, size_t n, uint8_t *bytes, uint8_t *other,
                     struct problem *p) {
    if (read_at(c->from, c->image, bytes, n, at, p) < 0)
        return -1;
    if (!c->compare) {
        sha256_add(&c->sum, bytes, n);
        if (lseek(c->to, (off_t)at, SEEK_SET) < 0)
            return problem_set(p, "%s: cannot seek: %s", c->device, strerror(errno));
        return write_all(c->to, bytes, n, c->device, p);
    }
    if (read_at(c->to, c->device, other, n, at, p) < 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        if (bytes[i] != other[i])
            return problem_set(p,
                               "%s: byte %llu was written as %02X and is read as %02X: a bad or "
                               "counterfeit device",
                               c->device, (unsigned long long)(at + i), bytes[i], other[i]);
    return 0;
}

/* The next stretch to copy from `at` on; false at the end. */
static bool next_stretch(const struct copy *c, uint64_t at, uint64_t *start, uint64_t *end) {
    if (at >= c->size)
        return false;
    *start = at;
    *end = c->size;
    if (c->all)
        return true;
    off_t data = lseek(c->from, (off_t)at, SEEK_DATA);
    off_t hole = data < 0 ? -1 : lseek(c->from, data, SEEK_HOLE);
    if (data < 0)
        return false;
    *start = (uint64_t)data;
    *end = hole < 0 || (uint64_t)hole + BEHIND > c->size ? c->size : (uint64_t)hole + BEHIND;
    return true;
}

static int copy_all(struct copy *c, struct problem *p) {
    uint64_t start, end;
    uint8_t *bytes = xrealloc(NULL, 2 * PIECE);
    int r = 0;
    c->done = 0;
    for (uint64_t at = 0; r == 0 && next_stretch(c, at, &start, &end); at = end)
        for (uint64_t from = start; r == 0 && from < end;) {
            size_t n = end - from < PIECE ? (size_t)(end - from) : PIECE;
            r = one_piece(c, from, n, bytes, bytes + PIECE, p);
            from += n;
            c->done += n;
            show(c);
        }
    if (c->shown)
        fputs("\r\033[K", stderr);
    free(bytes);
    return r;
}

/* Puts all on the medium and forgets what the host remembers of it. */
static int settle(int fd, const char *device, struct problem *p) {
    if (fsync(fd) < 0)
        return problem_set(p, "%s: cannot write: %s", device, strerror(errno));
    posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    ioctl(fd, BLKFLSBUF, 0);
    return 0;
}

static int write_and_compare(struct copy *c, struct problem *p) {
    uint64_t start, end;
    for (uint64_t at = 0; next_stretch(c, at, &start, &end); at = end)
        c->total += end - start;
    sha256_open(&c->sum);
    if (copy_all(c, p) < 0 || settle(c->to, c->device, p) < 0)
        return -1;
    c->compare = true;
    if (copy_all(c, p) < 0)
        return -1;
    char hex[65];
    sha256_close(&c->sum, hex);
    fprintf(stderr, "seedbed: %s: %llu bytes written and read back, SHA-256 of them %s\n",
            c->device, (unsigned long long)c->total, hex);
    return 0;
}

/* Says what the device is. Returns why it should not be written, a constant string, or null. */
static const char *look_at(const struct device *d, const char *path) {
    if (!d->block) {
        fprintf(stderr, "seedbed: %s: a plain file\n", path);
        return NULL;
    }
    fprintf(stderr, "seedbed: %s: %s, %.1f GB, %s; partitions:%s; in use:%s\n", path,
            *d->model ? d->model : "no model", (double)d->size / 1e9,
            d->removable ? "removable" : "not removable",
            d->parts.len ? (const char *)d->parts.data : " none",
            d->mounts.len ? (const char *)d->mounts.data : " no");
    if (d->mounts.len)
        return "it is in use: unmount it first";
    if (!d->whole)
        return "it is a partition, and a BIOS boots disks";
    return d->removable ? NULL : "it cannot be removed, and may be a disk of this machine";
}

static int write_image(struct copy *c, bool force, struct problem *p) {
    struct device d;
    int r = device_look(&d, c->device, p);
    const char *reason = r == 0 ? look_at(&d, c->device) : NULL;
    if (reason && !force)
        r = problem_set(p, "%s: %s (--force writes all the same)", c->device, reason);
    if (r == 0 && (c->from = open(c->image, O_RDONLY | O_CLOEXEC)) < 0)
        r = problem_set(p, "%s: cannot open: %s", c->image, strerror(errno));
    off_t size = r == 0 ? lseek(c->from, 0, SEEK_END) : 0;
    c->size = size > 0 ? (uint64_t)size : 0;
    /* The zeros at the end of an image need no room. */
    off_t hole = r == 0 && !c->all ? lseek(c->from, 0, SEEK_HOLE) : size;
    if (r == 0 && d.block && c->size > d.size && (uint64_t)(hole > 0 ? hole : 0) + BEHIND > d.size)
        r = problem_set(p, "%s: has %llu bytes, fewer than %s", c->device,
                        (unsigned long long)d.size, c->image);
    if (r == 0 && d.block && c->size > d.size)
        c->size = d.size;
    if (r == 0 && (c->to = open(c->device, O_RDWR | O_CLOEXEC | (d.block ? O_EXCL : 0))) < 0)
        r = problem_set(p, "%s: cannot open: %s", c->device, strerror(errno));
    if (r == 0)
        r = write_and_compare(c, p);
    device_free(&d);
    return r;
}

int cmd_write(int argc, char **argv) {
    struct copy c = {.from = -1, .to = -1, .shown = isatty(STDERR_FILENO)};
    struct problem p;
    bool force = false;
    int i;
    struct option_spec specs[] = {
        {"--force", OPTION_FLAG, &force, 0}, {"--all", OPTION_FLAG, &c.all, 0}, {0}};
    int status = options_read(specs, write_help, argc, argv, &i);
    if (status >= 0)
        return status;
    if (argc - i != 2)
        return usage_error(argv[0], "IMG and DEVICE are wanted");
    c.image = argv[i];
    c.device = argv[i + 1];
    const char *wrong = image_wrong(c.image);
    if (wrong) {
        problem_set(&p, "%s: %s", c.image, wrong);
        return problem_report(&p);
    }
    int r = write_image(&c, force, &p);
    if (c.from >= 0)
        close(c.from);
    if (c.to >= 0)
        close(c.to);
    return r < 0 ? problem_report(&p) : 0;
}

/* The length as the screen shows it, or as a size. Returns false if it is neither. */
static bool read_length(const char *text, uint64_t *length) {
    size_t digits = strspn(text, "0123456789ABCDEFabcdef");
    char *end;
    if (digits == 8 && text[8] == 0) {
        *length = strtoull(text, NULL, 16);
        return true;
    }
    if (!isdigit((unsigned char)*text))
        return false;
    *length = strtoull(text, &end, 10);
    const char *unit = *end ? strchr("KMG", toupper((unsigned char)*end)) : NULL;
    if (unit)
        *length <<= 10 * (1 + (unit - "KMG"));
    return unit ? end[1] == 0 : *end == 0;
}

int cmd_read(int argc, char **argv) {
    const char *length = NULL, *out = NULL;
    struct problem p;
    struct outfile o;
    uint64_t n;
    int i;
    struct option_spec specs[] = {
        {"--length", OPTION_TEXT, &length, 0}, {"-o", OPTION_TEXT, &out, 0}, {0}};
    int status = options_read(specs, read_help, argc, argv, &i);
    if (status >= 0)
        return status;
    if (!out || !length || argc - i != 1)
        return usage_error(argv[0], "--length N, -o OUT and one DEVICE are wanted");
    if (!read_length(length, &n))
        return usage_error(argv[0], "--length cannot be '%s'", length);
    int fd = open(argv[i], O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        problem_set(&p, "%s: cannot open: %s", argv[i], strerror(errno));
        return problem_report(&p);
    }
    int r = outfile_spares(out, argv[i], &p);
    if (r == 0)
        r = outfile_open(&o, out, &p);
    if (r == 0)
        r = image_extract(fd, n, &o, out, &p);
    close(fd);
    if (r < 0)
        return problem_report(&p);
    fprintf(stderr, "seedbed: %s: %llu bytes\n", strcmp(out, "-") == 0 ? "stdout" : out,
            (unsigned long long)n);
    return 0;
}
