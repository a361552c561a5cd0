/* The chain of buildscripts/boot0, built natively for tests. */
#ifndef VERIFY_TESTS_LADDER_LADDER_H
#define VERIFY_TESTS_LADDER_LADDER_H

#include "verify/harness/harness.h"

#define BOOT0 "buildscripts/boot0/"
#define BOOT1 "buildscripts/boot1/"
#define BOOT2 "buildscripts/boot2/"
#define I386 BOOT1 "i386.pp"

/*
 * Builds every program of the chain by the ones before it into the test's folder, as hex0, hex1,
 * hex2, catm, M0, dump, kaem, log and cmp. hex0 itself is built by the host's compiler.
 */
void boot0_build(struct test *t);

/*
 * Builds a program of the chain that is written in M1, `name`, out of the sources; what M0 and hex2
 * read stays beside it as name.M1 and name.hex2.
 */
void boot0_build_m1(struct test *t, const char *name);

/* boot0_build, and pp and link of buildscripts/boot1 into the same folder. */
void boot1_build(struct test *t);

/* boot1_build, and the small tools of buildscripts/boot2 instead of those of boot0. */
void boot2_build_tools(struct test *t);

/* Runs the program `name` of the test's folder with arguments up to null; gives what it leaves. */
struct outcome boot0_run(struct test *t, const char *name, ...);

/* The same for Debian's hex2 and M1, as they are used for the 386; `base` as for --base-address. */
struct outcome mescc_hex2(struct test *t, const char *in, const char *out, const char *base);
struct outcome mescc_m1(struct test *t, const char *in, const char *out);

#endif
