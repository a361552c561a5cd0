/* QEMU as an engine. */
#ifndef IMAGES_QEMU_H
#define IMAGES_QEMU_H

#include "images/machine/engine.h"

int qemu_run_tcg(const struct run_request *request, struct run_result *result, struct problem *p);
int qemu_run_kvm(const struct run_request *request, struct run_result *result, struct problem *p);

#endif
