/* What the host knows of the kernel: its bytes, and where it keeps what tells how a build ended. */
#ifndef IMAGES_MACHINE_KERNEL_H
#define IMAGES_MACHINE_KERNEL_H

#include "images/lib/util.h"

/* All addresses are physical ones. */
struct kernel {
    struct buffer code; /* as it lies in memory from `base` on; nothing writes there */
    uint32_t base;
    uint32_t reset;     /* the instruction that resets the machine at the end of a build */
    uint32_t variables; /* the kernel's stack is below, a program's never */
    uint32_t script;    /* dword: the LBA that the script was last read from */
    uint32_t next;      /* dword: its lower half is the offset of the next byte from there */
    uint32_t pid;       /* dword: the program that runs; 0 while the shell works */
};

/*
 * Compiles hex0/kernel.hex0 and takes the addresses from its asm column. Returns -1 with *p filled
 * where a name is missing. The caller calls kernel_free in both cases.
 */
int kernel_load(struct kernel *k, struct problem *p);
void kernel_free(struct kernel *k);

#endif
