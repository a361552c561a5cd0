/*
 * The limits and addresses of CONTRACT.md section 7, for what runs on the builder and for what
 * tests it. make facts compares them with the contract, the kernel and the model.
 */
#ifndef VERIFY_GUEST_LIMITS_H
#define VERIFY_GUEST_LIMITS_H

enum {
    LIMIT_PATH = 1023,        /* bytes of a path, without its NUL */
    LIMIT_NAMES = 14332,      /* files and directories that there is room for, all counted */
    LIMIT_OPEN = 253,         /* open files of a process beside 0, 1 and 2 */
    LIMIT_ARGUMENTS = 131072, /* bytes of all strings of an execve, or of the words of a line */
    LIMIT_CHILDREN = 64,      /* not waited for */
};

/* The tables that programs read by address. */
enum {
    FIRST_FILE = 4,
    NAMES_AT = 0x00200000,
    NAME_BYTES = 1024,
    DESCRIPTORS_AT = 0x01000000,
    DESCRIPTOR_BYTES = 16,
};

#endif
