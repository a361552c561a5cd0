/* Files: read whole, written, and without a name. */
#define _GNU_SOURCE /* O_TMPFILE */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "images/lib/stop.h"
#include "images/lib/util.h"

static int read_fd(int fd, const char *name, struct buffer *b, struct problem *p) {
    for (;;) {
        ssize_t n = read(fd, buffer_room(b, 65536), 65536);
        if (n > 0)
            b->len += (size_t)n;
        else if (n == 0)
            return 0;
        else if (errno != EINTR)
            return problem_set(p, "%s: cannot read: %s", name, strerror(errno));
    }
}

int read_file(const char *path, struct buffer *b, struct problem *p) {
    if (strcmp(path, "-") == 0)
        return read_fd(STDIN_FILENO, "stdin", b, p);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return problem_set(p, "%s: cannot open: %s", path, strerror(errno));
    int r = read_fd(fd, path, b, p);
    close(fd);
    return r;
}

int write_all(int fd, const void *data, size_t n, const char *name, struct problem *p) {
    const char *at = data;
    while (n) {
        ssize_t done = write(fd, at, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return problem_set(p, "%s: cannot write: %s", name, strerror(errno));
        at += done;
        n -= (size_t)done;
    }
    return 0;
}

int temp_file(struct problem *p) {
    const char *folder = temp_folder();
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0)
        return fd;
    char *path = xprintf("%s/seedbed-XXXXXX", folder);
    fd = mkstemp(path);
    if (fd < 0) {
        problem_set(p, "%s: cannot create: %s", path, strerror(errno));
    } else {
        unlink(path);
        fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
    free(path);
    return fd;
}

const char *temp_folder(void) {
    const char *folder = getenv("TMPDIR");
    return folder && *folder ? folder : "/tmp";
}

int64_t copy_bytes(int from, const char *from_name, int to, const char *to_name, uint64_t n,
                   struct problem *p) {
    enum { PIECE = 1 << 18 };
    uint8_t *piece = xrealloc(NULL, PIECE);
    int64_t copied = 0;
    while (n) {
        if (stop_wanted()) {
            copied = problem_set(p, "interrupted");
            break;
        }
        ssize_t got = read(from, piece, n < PIECE ? (size_t)n : PIECE);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            copied = problem_set(p, "%s: cannot read: %s", from_name, strerror(errno));
        else if (got > 0 && write_all(to, piece, (size_t)got, to_name, p) < 0)
            copied = -1;
        if (got <= 0 || copied < 0)
            break;
        copied += got;
        n -= (uint64_t)got;
    }
    free(piece);
    return copied;
}

uint64_t file_length(int fd) {
    off_t size = lseek(fd, 0, SEEK_END);
    return size > 0 ? (uint64_t)size : 0;
}
