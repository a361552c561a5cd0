/*
 * What can be seen to go wrong before a machine is started. Until the first program runs the host
 * knows all files of the builder; from then on these find nothing wrong. All return 0, or -1 with
 * *p filled.
 */
#ifndef IMAGES_SCRIPT_CHECK_H
#define IMAGES_SCRIPT_CHECK_H

#include "images/script/plan.h"

/* The folder that `name` (resolved) is made in must be there. */
int plan_check_parent(const struct plan *plan, unsigned line, const char *name, struct problem *p);

/* The input of a `hex0`, `name` (resolved), must be there and have an even number of digits. */
int plan_check_hex0(const struct plan *plan, unsigned line, const char *name, struct problem *p);

/* The program of a line, n bytes at `word`, must be there and be one. */
int plan_check_program(const struct plan *plan, unsigned line, const char *word, size_t n,
                       struct problem *p);

/* At the end of the build there must be a /dev/hda. */
int plan_check_end(const struct plan *plan, struct problem *p);

/*
 * Where the hex0 text of the file `name` (resolved) has a digit too many: "FILE:LINE:COLUMN", a new
 * string. Null where the text is not known or in order.
 */
char *plan_odd_digit(const struct plan *plan, const char *name);

/* What is wrong with the host file as a program of the builder, a constant string; or null. */
const char *elf_wrong(const char *path);

#endif
