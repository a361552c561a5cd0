/* Whole files: read, and written so that they appear whole or not at all. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* The name of a file beside `path` that no other process uses. */
static char *aside_of(const char *path, unsigned attempt) {
    const char *slash = strrchr(path, '/');
    int folder = slash ? (int)(slash - path) + 1 : 0;
    return xprintf("%.*s.seedbed-%ld-%u.tmp", folder, path, (long)getpid(), attempt);
}

int outfile_open(struct outfile *o, const char *path, struct problem *p) {
    struct stat st;
    *o = (struct outfile){.fd = -1, .path = xstrdup(path)};
    if (strcmp(path, "-") == 0) {
        o->fd = dup(STDOUT_FILENO);
    } else if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
        o->fd = open(path, O_WRONLY | O_CLOEXEC);
    } else {
        for (unsigned attempt = 0; o->fd < 0 && attempt < 1000; attempt++) {
            free(o->aside);
            o->aside = aside_of(path, attempt);
            o->fd = open(o->aside, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
            if (o->fd < 0 && errno != EEXIST)
                break;
        }
    }
    if (o->fd >= 0)
        return 0;
    int failed = problem_set(p, "%s: cannot create: %s", path, strerror(errno));
    free(o->aside);
    free(o->path);
    return failed;
}

void outfile_abandon(struct outfile *o) {
    if (o->fd >= 0)
        close(o->fd);
    if (o->aside)
        unlink(o->aside);
    free(o->aside);
    free(o->path);
    *o = (struct outfile){.fd = -1};
}

int outfile_commit(struct outfile *o, struct problem *p) {
    int r = 0;
    int fd = o->fd;
    o->fd = -1;
    if (close(fd) < 0)
        r = problem_set(p, "%s: cannot write: %s", o->path, strerror(errno));
    else if (o->aside && rename(o->aside, o->path) < 0)
        r = problem_set(p, "%s: cannot create: %s", o->path, strerror(errno));
    else
        free(o->aside), o->aside = NULL;
    outfile_abandon(o);
    return r;
}

int write_file(const char *path, const void *data, size_t n, struct problem *p) {
    struct outfile o;
    if (outfile_open(&o, path, p) < 0)
        return -1;
    if (write_all(o.fd, data, n, path, p) < 0) {
        outfile_abandon(&o);
        return -1;
    }
    return outfile_commit(&o, p);
}

int temp_file(struct problem *p) {
    const char *folder = getenv("TMPDIR");
    char *path = xprintf("%s/seedbed-XXXXXX", folder && *folder ? folder : "/tmp");
    int fd = mkstemp(path);
    if (fd < 0) {
        problem_set(p, "%s: cannot create: %s", path, strerror(errno));
    } else {
        unlink(path);
        fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
    free(path);
    return fd;
}
