/*
 * A script of the builder run by this Linux. Its shell is a small one, with `src` and
 * programs, in a fresh root directory.
 */
#ifndef VERIFY_HARNESS_NATIVE_H
#define VERIFY_HARNESS_NATIVE_H

#include "verify/harness/harness.h"

/*
 * Runs the script as root of a new root directory in the test's temporary folder and returns the
 * /dev/hda it has left; fails where a program does, or where there is none. Programs start with
 * an empty environment, descriptors 0 (the script, a byte a read), 1 and 2 (the console), room for
 * 256 more and at most 64 MiB of heap.
 */
struct buffer native_run(struct test *t, const struct buffer *script);

#endif
