/* The command line of QEMU for a request. */
#ifndef IMAGES_MACHINE_QEMU_ARGS_H
#define IMAGES_MACHINE_QEMU_ARGS_H

#include "images/machine/run.h"

/* Descriptors that QEMU inherits. */
enum { FD_CONSOLE = 100, FD_MONITOR, FD_IMAGE, FD_ROM };

struct qemu_args {
    char *argv[64]; /* ends with a null */
    unsigned argc;
};

/* --qemu, or $QEMU, or the usual name. */
const char *qemu_program(const struct run_request *request);

/* Returns -1 with *p filled where the request names a disk or a console that is not known. */
int qemu_args_make(struct qemu_args *args, const char *accel, const struct run_request *request,
                   struct problem *p);
void qemu_args_free(struct qemu_args *args);

#endif
