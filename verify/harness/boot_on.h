/*
 * A script on one of three machines: QEMU, which does not check segment limits, Bochs, which does,
 * and the reference model.
 */
#ifndef SEEDBED_ORACLE_BOOT_H
#define SEEDBED_ORACLE_BOOT_H

#include "verify/harness/boot.h"

enum place { ON_QEMU, ON_BOCHS, ON_MODEL };

/* As boot_script. On Bochs only memory, time and on_line of `how` count. */
struct aftermath boot_at(struct test *t, enum place place, const struct buffer *script,
                         const struct run_request *how, struct buffer *image);

#endif
