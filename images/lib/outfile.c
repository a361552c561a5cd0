/* Files that appear whole or not at all. */
#define _GNU_SOURCE /* O_TMPFILE */
#include "images/lib/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "images/lib/stop.h"

/* How many links lead on from a link, as the kernel has it. */
enum { LINKS_MAX = 40 };

/* The length of the folder in a path, with its slash; 0: the current one. */
static int folder_length(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? (int)(slash - path) + 1 : 0;
}

/* The path that a file of this name really has, where it may not be there yet, as a new string; or
   null with errno. */
static char *resolve(const char *path) {
    char *at = xstrdup(path);
    for (unsigned links = 0; links < LINKS_MAX; links++) {
        char to[PATH_MAX];
        ssize_t n = readlink(at, to, sizeof to - 1);
        if (n < 0)
            return at;
        to[n] = 0;
        char *next = xprintf("%.*s%s", *to == '/' ? 0 : folder_length(at), at, to);
        free(at);
        at = next;
    }
    free(at);
    errno = ELOOP;
    return NULL;
}

/* A name beside `path` that no other process uses. */
static char *aside_of(const char *path, unsigned attempt) {
    return xprintf("%.*s.seedbed-%ld-%u.tmp", folder_length(path), path, (long)getpid(), attempt);
}

/* Gives the file a name beside o->path: a new empty file, or the one without a name. */
static int name_aside(struct outfile *o, const char *unnamed) {
    for (unsigned attempt = 0; attempt < 1000; attempt++) {
        int r;
        free(o->aside);
        o->aside = aside_of(o->path, attempt);
        if (unnamed)
            r = linkat(AT_FDCWD, unnamed, AT_FDCWD, o->aside, AT_SYMLINK_FOLLOW);
        else
            r = o->fd = open(o->aside, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (r >= 0)
            return 0;
        if (errno != EEXIST)
            break;
    }
    free(o->aside);
    o->aside = NULL;
    return -1;
}

static int open_beside(struct outfile *o) {
    char *folder = xprintf("%.*s.", folder_length(o->path), o->path);
    if (access(o->path, F_OK) < 0 || access(o->path, W_OK) == 0) {
        /* Such a file gets its name through /proc. */
        if (access("/proc/self/fd", X_OK) == 0)
            o->fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
        if (o->fd < 0)
            name_aside(o, NULL);
    }
    int why = errno;
    free(folder);
    errno = why;
    return o->fd;
}

int outfile_open(struct outfile *o, const char *path, struct problem *p) {
    struct stat st;
    *o = (struct outfile){.fd = -1};
    if (!*path)
        return problem_set(p, "the name of a file to write is empty");
    if (strcmp(path, "-") == 0)
        o->fd = dup(STDOUT_FILENO);
    else if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
        o->fd = open(path, O_WRONLY | O_CLOEXEC);
    else if ((o->path = resolve(path)))
        open_beside(o);
    if (o->fd >= 0)
        return 0;
    problem_set(p, "%s: cannot create: %s", path, strerror(errno));
    free(o->path);
    return -1;
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

/* Gives the file its path. An old file of that path is replaced in one step; a file without a name
   needs one for that, for as long as it takes. */
static int publish(struct outfile *o) {
    if (!o->aside) {
        char *unnamed = xprintf("/proc/self/fd/%d", o->fd);
        int r = linkat(AT_FDCWD, unnamed, AT_FDCWD, o->path, AT_SYMLINK_FOLLOW);
        if (r < 0 && errno == EEXIST)
            name_aside(o, unnamed);
        int why = errno;
        free(unnamed);
        errno = why;
        if (!o->aside)
            return r;
    }
    if (rename(o->aside, o->path) < 0)
        return -1;
    free(o->aside);
    o->aside = NULL;
    return 0;
}

int outfile_commit(struct outfile *o, struct problem *p) {
    int r = 0;
    bool held = stop_catch();
    if (o->path && publish(o) < 0)
        r = problem_set(p, "%s: cannot create: %s", o->path, strerror(errno));
    if (!held)
        stop_release();
    int fd = o->fd;
    o->fd = -1;
    if (close(fd) < 0 && r == 0)
        r = problem_set(p, "%s: cannot write: %s", o->path ? o->path : "stdout", strerror(errno));
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

bool same_file(const char *a, const char *b) {
    struct stat x, y;
    return strcmp(a, "-") != 0 && strcmp(b, "-") != 0 && stat(a, &x) == 0 && stat(b, &y) == 0 &&
           x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

int outfile_spares(const char *out, const char *in, struct problem *p) {
    return same_file(out, in) ? problem_set(p, "%s is read, and cannot be written, too", out) : 0;
}
