/* Buffered files (C99 7.19). */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "format.h"

enum {
    READS = 1,
    WRITES = 2,
    APPENDS = 4,
    AT_END = 8,
    FAILED = 16,
    LINES = 32,
    UNBUFFERED = 64,
    OWN = 128,
    ALLOCATED = 256
};

/* Reading: buffer[at..end) is what has been read ahead. Writing: buffer[0..at) waits to be written,
 * end is 0. */
struct __file {
    int fd, flags;
    unsigned char *buffer;
    size_t size, at, end;
    int unread; /* characters pushed back, taken from the end of pushed */
    unsigned char pushed[8];
    FILE *next, **self;
};

static unsigned char in_buffer[BUFSIZ], out_buffer[BUFSIZ];
static FILE standard[3] = {
    {0, READS, in_buffer, BUFSIZ, 0, 0, 0, {0}, NULL, NULL},
    {1, WRITES | LINES, out_buffer, BUFSIZ, 0, 0, 0, {0}, NULL, NULL},
    {2, WRITES | UNBUFFERED, NULL, 0, 0, 0, 0, {0}, NULL, NULL},
};
#undef stdin
#undef stdout
#undef stderr
FILE *stdin = &standard[0];
FILE *stdout = &standard[1];
FILE *stderr = &standard[2];

static FILE *opened; /* those of fopen */

/* ---- writing out, reading ahead
 * ----------------------------------------------------------------------------------- */

static int write_all(FILE *f, const unsigned char *from, size_t n) {
    while (n > 0) {
        ssize_t done = write(f->fd, from, n);
        if (done <= 0) {
            f->flags |= FAILED;
            return EOF;
        }
        from += done;
        n -= done;
    }
    return 0;
}

/* Writes what waits, or gives back what was read ahead: then the kernel's position is the file's.
 */
static int settle(FILE *f) {
    int status = 0;
    if (f->end == 0 && f->at > 0)
        status = write_all(f, f->buffer, f->at);
    else if (f->end > f->at || f->unread > 0)
        lseek(f->fd, -(long)(f->end - f->at) - f->unread, SEEK_CUR);
    f->at = f->end = 0;
    f->unread = 0;
    return status;
}

int fflush(FILE *f) {
    if (f)
        return f->flags & WRITES && f->end == 0 ? settle(f) : 0;
    int status = fflush(stdout);
    for (f = opened; f; f = f->next)
        status |= fflush(f);
    return status;
}

int __flush_all(void) {
    return fflush(NULL);
}

static int fill(FILE *f) {
    if (!(f->flags & READS)) {
        errno = EBADF;
        f->flags |= FAILED;
        return EOF;
    }
    if (f->end == 0 && f->at > 0 && settle(f))
        return EOF;
    if (f == stdin)
        fflush(stdout);
    ssize_t n = read(f->fd, f->buffer, f->size);
    f->at = 0;
    f->end = n > 0 ? n : 0;
    if (n <= 0)
        f->flags |= n == 0 ? AT_END : FAILED;
    return n > 0 ? 0 : EOF;
}

/* ---- opening and closing
 * ------------------------------------------------------------------------------------------ */

static int open_mode(const char *mode, int *flags) {
    int plus = strchr(mode, '+') != NULL;
    switch (*mode) {
    case 'r':
        *flags = READS | (plus ? WRITES : 0);
        return plus ? O_RDWR : O_RDONLY;
    case 'w':
        *flags = WRITES | (plus ? READS : 0);
        return (plus ? O_RDWR : O_WRONLY) | O_CREAT | O_TRUNC;
    case 'a':
        *flags = WRITES | APPENDS | (plus ? READS : 0);
        return (plus ? O_RDWR : O_WRONLY) | O_CREAT | O_APPEND;
    default:
        errno = EINVAL;
        return -1;
    }
}

static FILE *make_file(int fd, int flags) {
    FILE *f = calloc(1, sizeof *f);
    if (f && !(f->buffer = malloc(BUFSIZ))) {
        free(f);
        f = NULL;
    }
    if (!f)
        return NULL;
    f->fd = fd;
    f->flags = flags | OWN | ALLOCATED;
    f->size = BUFSIZ;
    f->next = opened;
    f->self = &opened;
    if (opened)
        opened->self = &f->next;
    opened = f;
    return f;
}

FILE *fopen(const char *path, const char *mode) {
    int flags, how = open_mode(mode, &flags);
    int fd = how < 0 ? -1 : open(path, how, 0666);
    if (fd < 0)
        return NULL;
    FILE *f = make_file(fd, flags);
    if (!f)
        close(fd);
    return f;
}

FILE *fdopen(int fd, const char *mode) {
    int flags;
    return open_mode(mode, &flags) < 0 ? NULL : make_file(fd, flags);
}

FILE *freopen(const char *path, const char *mode, FILE *f) {
    int flags, how = open_mode(mode, &flags);
    settle(f);
    close(f->fd);
    int fd = how < 0 || !path ? -1 : open(path, how, 0666);
    if (fd < 0)
        return NULL;
    f->fd = fd;
    f->flags = flags | (f->flags & (OWN | ALLOCATED | LINES | UNBUFFERED));
    return f;
}

int fclose(FILE *f) {
    int status = settle(f);
    if (close(f->fd) < 0)
        status = EOF;
    if (f->flags & ALLOCATED) {
        *f->self = f->next;
        if (f->next)
            f->next->self = f->self;
        if (f->flags & OWN)
            free(f->buffer);
        free(f);
    }
    return status;
}

int fileno(FILE *f) {
    return f->fd;
}

int setvbuf(FILE *f, char *buffer, int mode, size_t size) {
    settle(f);
    f->flags &= ~(LINES | UNBUFFERED);
    if (mode == _IOLBF)
        f->flags |= LINES;
    if (mode == _IONBF && !(f->flags & READS))
        f->flags |= UNBUFFERED;
    if (buffer && size > 0) {
        if (f->flags & OWN)
            free(f->buffer);
        f->flags &= ~OWN;
        f->buffer = (unsigned char *)buffer;
        f->size = size;
    }
    return 0;
}

void setbuf(FILE *f, char *buffer) {
    setvbuf(f, buffer, buffer ? _IOFBF : _IONBF, BUFSIZ);
}

/* ---- characters and blocks
 * ---------------------------------------------------------------------------------------- */

int fgetc(FILE *f) {
    if (f->unread > 0)
        return f->pushed[--f->unread];
    if (f->at >= f->end && fill(f))
        return EOF;
    return f->buffer[f->at++];
}

int getc(FILE *f) {
    return fgetc(f);
}

int getchar(void) {
    return fgetc(stdin);
}

int ungetc(int c, FILE *f) {
    if (c == EOF || f->unread == sizeof f->pushed)
        return EOF;
    f->flags &= ~AT_END;
    f->pushed[f->unread++] = c;
    return (unsigned char)c;
}

size_t fread(void *to, size_t size, size_t count, FILE *f) {
    unsigned char *t = to;
    size_t want = size * count, left = want;
    if (want == 0)
        return 0;
    while (left > 0 && f->unread > 0) {
        *t++ = f->pushed[--f->unread];
        left--;
    }
    while (left > 0) {
        if (f->at >= f->end && fill(f))
            break;
        size_t n = f->end - f->at < left ? f->end - f->at : left;
        memcpy(t, f->buffer + f->at, n);
        f->at += n;
        t += n;
        left -= n;
    }
    return (want - left) / size;
}

/* 0, or EOF */
static int write_block(FILE *f, const void *from, size_t n) {
    if (!(f->flags & WRITES)) {
        errno = EBADF;
        f->flags |= FAILED;
        return EOF;
    }
    if (f->end > 0 || f->unread > 0)
        settle(f);
    if (f->flags & UNBUFFERED)
        return write_all(f, from, n);
    if (f->at + n > f->size && settle(f))
        return EOF;
    if (n >= f->size)
        return write_all(f, from, n);
    memcpy(f->buffer + f->at, from, n);
    f->at += n;
    if (f->flags & LINES && memchr(from, '\n', n))
        return settle(f);
    return 0;
}

size_t fwrite(const void *from, size_t size, size_t count, FILE *f) {
    if (size == 0 || count == 0)
        return 0;
    return write_block(f, from, size * count) ? 0 : count;
}

int fputc(int c, FILE *f) {
    unsigned char byte = c;
    if (f->flags & WRITES && f->end == 0 && !(f->flags & (LINES | UNBUFFERED)) && f->at < f->size) {
        f->buffer[f->at++] = byte;
        return byte;
    }
    return write_block(f, &byte, 1) ? EOF : byte;
}

int putc(int c, FILE *f) {
    return fputc(c, f);
}

int putchar(int c) {
    return fputc(c, stdout);
}

int fputs(const char *s, FILE *f) {
    return write_block(f, s, strlen(s));
}

int puts(const char *s) {
    return fputs(s, stdout) || fputc('\n', stdout) == EOF ? EOF : 0;
}

char *fgets(char *to, int size, FILE *f) {
    int n = 0, c = 0;
    while (n < size - 1 && c != '\n' && (c = fgetc(f)) != EOF)
        to[n++] = c;
    if (n == 0)
        return NULL;
    to[n] = 0;
    return to;
}

/* ---- positions and state
 * ------------------------------------------------------------------------------------------ */

int fseek(FILE *f, long offset, int whence) {
    if (settle(f) || lseek(f->fd, offset, whence) < 0)
        return -1;
    f->flags &= ~AT_END;
    return 0;
}

long ftell(FILE *f) {
    long at = lseek(f->fd, 0, SEEK_CUR);
    if (at < 0)
        return -1;
    return f->end == 0 ? at + (long)f->at - f->unread : at - (long)(f->end - f->at) - f->unread;
}

void rewind(FILE *f) {
    fseek(f, 0, SEEK_SET);
    clearerr(f);
}

int fgetpos(FILE *f, fpos_t *position) {
    *position = ftell(f);
    return *position < 0 ? -1 : 0;
}

int fsetpos(FILE *f, const fpos_t *position) {
    return fseek(f, *position, SEEK_SET);
}

int feof(FILE *f) {
    return (f->flags & AT_END) != 0;
}

int ferror(FILE *f) {
    return (f->flags & FAILED) != 0;
}

void clearerr(FILE *f) {
    f->flags &= ~(AT_END | FAILED);
}

void perror(const char *what) {
    int error = errno;
    if (what && *what)
        fprintf(stderr, "%s: ", what);
    fprintf(stderr, "%s\n", strerror(error));
}

int remove(const char *path) {
    return unlink(path);
}
