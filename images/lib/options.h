/* Command line options, described by a table. */
#ifndef IMAGES_LIB_OPTIONS_H
#define IMAGES_LIB_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

enum option_kind {
    OPTION_FLAG,    /* value: bool, set to true */
    OPTION_TEXT,    /* value: const char *, the argument */
    OPTION_LIST,    /* value: struct option_list, which gets one argument more each time */
    OPTION_NUMBER,  /* value: uint64_t, decimal, at most `limit` */
    OPTION_SIZE,    /* value: uint64_t, decimal with an optional K, M or G (powers of 1024) */
    OPTION_MIB,     /* value: struct option_mib: MiB, also with M or G; else a file that exists */
    OPTION_SECONDS, /* value: double, decimal with an optional fraction */
};

/* Where OPTION_MIB puts what it finds. */
struct option_mib {
    uint64_t *mib;
    const char **file;
};

/* Arguments of an option that may be given again. */
struct option_list {
    const char **item;
    unsigned count;
};

struct option_spec {
    const char *name; /* with its dashes */
    enum option_kind kind;
    void *value;
    uint64_t limit; /* the largest number; 0: none */
};

/*
 * Reads the options, which may stand before, between and after the operands; what follows `--` is
 * none. A table ends with a null name. An option and its argument are two words, or one with `=`
 * between them. `--help` and `-h` print `help` on stdout. Returns -1 where the command should go
 * on, with its operands from argv[*operand] to argv[argc - 1]; else its exit status: 0 after
 * --help, 2 after a message on stderr.
 */
int options_read(const struct option_spec *specs, const char *help, int argc, char **argv,
                 int *operand);

#endif
