/*
 * A worse BIOS: a boot sector of ours puts itself between the machine's BIOS and what is tested,
 * spoils one interrupt, and then puts the boot sector under test, which stands in the last sector
 * of the disk, back to the first and starts it. See bios/hook.inc.
 */
#ifndef VERIFY_TESTS_BOOT_FAULTY_BIOS_H
#define VERIFY_TESTS_BOOT_FAULTY_BIOS_H

#include "verify/harness/boot.h"

/* What the BIOS does. */
struct fault {
    const char *source; /* in verify/tests/boot, without .asm: it includes bios/hook.inc */
    unsigned vector;    /* the interrupt it spoils */
    const char *option; /* for NASM, or null; -DOTHER_CS starts the boot sector at 07C0:0000 */
};

/*
 * Puts the worse BIOS in front of a disk whose last sector is free. Files that its source includes
 * may also be in the test's folder. *found, which may be null, becomes the disk as the boot sector
 * under test finds it.
 */
void faulty_bios(struct test *t, struct buffer *disk, const struct fault *fault,
                 struct buffer *found);

/* Assembles a source of verify/tests/boot, without .asm, into a boot sector; `a`, `b`
 * and `c` are options of NASM, or null from one on. */
struct buffer assemble_sector(struct test *t, const char *source, const char *a, const char *b,
                              const char *c);

#endif
