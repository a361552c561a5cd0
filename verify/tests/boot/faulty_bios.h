/*
 * A worse BIOS: a boot sector of ours puts itself between the machine's BIOS and what is tested, at
 * 0x9E000, spoils one interrupt, and then starts the boot sector under test, which stands in the
 * last sector of the disk.
 */
#ifndef VERIFY_FAULTY_BIOS_H
#define VERIFY_FAULTY_BIOS_H

#include "verify/harness/boot.h"

/*
 * Puts the hook of interrupt `vector` in front of a disk whose last sector is free. `spoil` is NASM
 * text that the interrupt enters; it may go on at `pass` (the BIOS does it) or `fail` (ah = 20h and
 * the carry flag), or call the BIOS by the macro `bios`. `option` is for NASM;
 * -DOTHER_CS starts the boot sector at 07C0:0000 and not at 0000:7C00.
 */
void hook_disk(struct test *t, struct buffer *disk, unsigned vector, const char *spoil,
               const char *option);

#endif
