/*
 * Generated cases for the PC's processor: NASM assembles a program that runs them, C makes their
 * code and tables, and the same disk has to print the same on the PC, in QEMU and in Bochs.
 */
#ifndef VERIFY_TESTS_PC_CASES_H
#define VERIFY_TESTS_PC_CASES_H

#include "verify/harness/boot.h"

/*
 * COUNT cases an image, CASE bytes each: 32 of code, EAX EBX ECX EDX ESI EDI, and what the program
 * says. What is made of the code ends before END; from there to its last byte stands INT 7Fh, the
 * end of the case.
 */
enum { COUNT = 200, CASE = 64, END = 24, REGISTERS_AT = 32, MODE_AT = 56 };

/* One image being made. */
struct maker {
    uint32_t state; /* of test_random */
    uint8_t *image;
    uint8_t *code; /* of the case being made */
    unsigned n;    /* bytes of code, also those that had no room */
    unsigned mode; /* what the case begins in, as its program says */
    bool strict;   /* also what the SDM says and QEMU does not do */
};

/* A kind of cases, and the program that runs them. */
struct case_kind {
    const char *source; /* for NASM */
    unsigned tables_at; /* where make_tables begins in the image */
    unsigned cases_at;
    void (*make_tables)(struct maker *m);
    void (*make_case)(struct maker *m, uint8_t *at);
};

/* A number below `limit`. */
uint32_t below(struct maker *m, uint32_t limit);

/* Stores the low `n` bytes of `v`, the lowest first. */
void put(uint8_t *p, uint32_t v, unsigned n);

/* Appends to the code; what stands from END on is only counted. */
void byte(struct maker *m, uint32_t v);
void bytes(struct maker *m, uint32_t v, unsigned n);

/* Begins the code of the case at `at`. */
void begin_code(struct maker *m, uint8_t *at);

/* Calls make(m), and takes back what it has appended if the code then passes `end`: false. */
bool append_code(struct maker *m, void (*make)(struct maker *), unsigned end);

/* INT 7Fh from offset `n` of the code on. */
void end_code(struct maker *m, unsigned n);

/* A segment descriptor; `size` is the high half of its byte 6. */
void put_descriptor(uint8_t *p, uint32_t base, uint32_t limit, uint32_t access, uint32_t size);

/* `count` descriptors from `gdt` on. */
void put_descriptors(uint8_t *gdt, const uint64_t *descriptors, unsigned count);

/* A disk with the program and COUNT cases of a seed. `strict`: as in struct maker. */
struct buffer make_image(struct test *t, const struct case_kind *kind, uint32_t seed, bool strict);

/* COUNT cases for each of 10 seeds, or of as many as SEEDBED_PC_IMAGES says, on the PC and in QEMU.
 */
void same_in_qemu(struct test *t, const struct case_kind *kind);

/* Strict cases of two seeds on the PC and in Bochs. */
void same_in_bochs(struct test *t, const struct case_kind *kind);

#endif
