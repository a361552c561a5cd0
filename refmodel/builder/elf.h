/* Program files. */
#ifndef REFMODEL_BUILDER_ELF_H
#define REFMODEL_BUILDER_ELF_H

#include "refmodel/builder/files.h"
#include "refmodel/seedbed.h"

/* What a checked program file asks for. */
struct image {
    uint32_t high; /* its addresses are below */
    uint32_t entry;
};

/* 0, or E_NOEXEC or E_NOMEM. */
uint32_t elf_check(const struct seedbed *s, const struct file *f, struct image *image);

/* Where the heap of a checked program begins: whole pages, at least BREAK_GAP past its image. */
uint64_t elf_first_break(const struct image *image);

/* Puts a checked program into memory that reads as zero. */
void elf_load(struct seedbed *s, const struct file *f);

#endif
