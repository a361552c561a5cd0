/* Running buildscripts/boot3/cc.scm and its library in tests. */
#ifndef VERIFY_TESTS_CC_COMPILE_H
#define VERIFY_TESTS_CC_COMPILE_H

#include "verify/harness/harness.h"

/* The words that run cc.scm on the ladder's scheme, ended by null. */
const char *const *cc_words(struct test *t);

/*
 * Runs cc.scm -o OUT -I the library's headers -I verify/tests/cc, options (ended by null, or null)
 * and the source. The output has only what the compiler says.
 */
struct outcome cc_try(struct test *t, const char *source, const char *out,
                      const char *const options[]);

/* The same; fails unless it compiles. */
void cc_compile(struct test *t, const char *source, const char *out, const char *const options[]);

/* Skips unless gcc can make programs for i386. */
void needs_gcc32(struct test *t);

/* gcc -m32 with options (ended by null, or null): inputs (ended by null) to a program. */
void gcc32(struct test *t, const char *out, const char *const options[],
           const char *const inputs[]);

/* The library compiled by cc.scm, all of it as one module for link; its path. */
const char *cc_library(struct test *t);

/* Links modules (ended by null) with the library to a program. */
void cc_link(struct test *t, const char *out, const char *const modules[]);

/* What a program writes; fails unless it exits with 0. */
struct buffer output_of(struct test *t, const char *program);

#endif
