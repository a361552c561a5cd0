/* The functions of the printf family, and files that the kernel's calls cannot make. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "format.h"

static void to_file(void *to, const char *text, size_t n) {
    fwrite(text, 1, n, to);
}

struct room {
    char *to;
    size_t left; /* with the final zero */
};

static void to_string(void *to, const char *text, size_t n) {
    struct room *r = to;
    size_t fits = r->left == 0 ? 0 : n < r->left ? n : r->left - 1;
    if (fits > 0) {
        memcpy(r->to, text, fits);
        r->to += fits;
        r->left -= fits;
    }
}

int vfprintf(FILE *file, const char *format, va_list arguments) {
    int n = __format(to_file, file, format, arguments);
    return ferror(file) ? -1 : n;
}

int vsnprintf(char *to, size_t size, const char *format, va_list arguments) {
    struct room r = {to, size};
    int n = __format(to_string, &r, format, arguments);
    if (size > 0)
        *r.to = 0;
    return n;
}

int vprintf(const char *format, va_list arguments) {
    return vfprintf(stdout, format, arguments);
}

int vsprintf(char *to, const char *format, va_list arguments) {
    return vsnprintf(to, 0x7FFFFFFF, format, arguments);
}

int printf(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int n = vfprintf(stdout, format, arguments);
    va_end(arguments);
    return n;
}

int fprintf(FILE *file, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int n = vfprintf(file, format, arguments);
    va_end(arguments);
    return n;
}

int sprintf(char *to, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int n = vsprintf(to, format, arguments);
    va_end(arguments);
    return n;
}

int snprintf(char *to, size_t size, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(to, size, format, arguments);
    va_end(arguments);
    return n;
}

/* No call renames a file: it is copied, then the old name goes. */
int rename(const char *from, const char *to) {
    char buffer[4096];
    int in = open(from, O_RDONLY), n = -1;
    int out = in < 0 ? -1 : open(to, O_WRONLY | O_CREAT | O_TRUNC, 0755);
    if (out >= 0)
        while ((n = read(in, buffer, sizeof buffer)) > 0 && write(out, buffer, n) == n)
            ;
    if (in >= 0)
        close(in);
    if (out >= 0)
        close(out);
    return n == 0 ? unlink(from) : -1;
}

int mkstemp(char *pattern) {
    static unsigned next;
    size_t length = strlen(pattern);
    if (length < 6 || strcmp(pattern + length - 6, "XXXXXX") != 0) {
        errno = EINVAL;
        return -1;
    }
    for (int tries = 0; tries < 1000000; tries++) {
        snprintf(pattern + length - 6, 7, "%06u", next++ % 1000000);
        int fd = open(pattern, O_RDWR | O_CREAT | O_EXCL, 0600);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
    return -1;
}

char *tmpnam(char *name) {
    static char own[L_tmpnam];
    char *to = name ? name : own;
    strcpy(to, "/tmp/nameXXXXXX");
    int fd = mkstemp(to);
    if (fd < 0)
        return NULL;
    close(fd);
    unlink(to);
    return to;
}

FILE *tmpfile(void) {
    char name[] = "/tmp/fileXXXXXX";
    int fd = mkstemp(name);
    if (fd < 0)
        return NULL;
    unlink(name);
    return fdopen(fd, "w+");
}
