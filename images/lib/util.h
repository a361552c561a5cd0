/* Small helpers of the host tools: problems, buffers, files. */
#ifndef IMAGES_LIB_UTIL_H
#define IMAGES_LIB_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Exit statuses of every command, beside 0; a Ctrl-C is STOP_STATUS (stop.h), 130. */
enum {
    STATUS_FAILED = 1,  /* the build, or what was read, is wrong */
    STATUS_USAGE = 2,   /* the command line is */
    STATUS_MACHINE = 3, /* the machine, the emulator or the host failed */
    STATUS_TIMEOUT = 124,
};

/*
 * Why something failed, as one line without "seedbed: " and without a newline. Library functions
 * fill it and return -1; only a command prints it.
 */
struct problem {
    char text[3072];
};

/* Fills *p as printf does and returns -1. */
int problem_set(struct problem *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints the problem on stderr and returns 1, the exit status it stands for. */
int problem_report(const struct problem *p);

/* Prints "seedbed: COMMAND: " and the text on stderr and returns 2, for wrong usage. */
int usage_error(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Growable bytes; all zero is an empty one. Out of memory ends the program with a message. */
struct buffer {
    uint8_t *data;
    size_t len;
    size_t cap;
};

/* Makes room for `more` bytes after the end and returns the address of the first. */
uint8_t *buffer_room(struct buffer *b, size_t more);
void buffer_append(struct buffer *b, const void *data, size_t n);
void buffer_printf(struct buffer *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buffer_free(struct buffer *b);

/* malloc, realloc, strdup that end the program with a message when memory is out. */
void *xrealloc(void *old, size_t n);
char *xstrdup(const char *s);
/* A new string, as printf makes it. */
char *xprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The 32-bit number at `b`, the lowest byte first. */
uint32_t little32(const uint8_t *b);

/* Seconds of a clock that never goes back. */
double now(void);

/* Appends a whole file to *b; "-" is stdin. Returns 0, or -1 with *p filled. */
int read_file(const char *path, struct buffer *b, struct problem *p);

/* A file for reading and writing that has no name (in temp_folder()). Returns its descriptor, or -1
   with *p filled. Others may open it as /proc/PID/fd/N. */
int temp_file(struct problem *p);

/* The size of an open file, 0 where it has none. */
uint64_t file_length(int fd);

/* $TMPDIR or /tmp. */
const char *temp_folder(void);

/* Writes all n bytes to fd; `name` is for the message. Returns 0, or -1 with *p filled. */
int write_all(int fd, const void *data, size_t n, const char *name, struct problem *p);

/* Writes a file that appears whole or not at all (outfile.h); "-" is stdout. */
int write_file(const char *path, const void *data, size_t n, struct problem *p);

/* Copies n bytes, or all up to the end where n is UINT64_MAX, from one descriptor to another.
   Returns the number copied, or -1 with *p filled, also where a signal to stop has come. */
int64_t copy_bytes(int from, const char *from_name, int to, const char *to_name, uint64_t n,
                   struct problem *p);

#endif
