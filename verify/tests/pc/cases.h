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
    const char *name;   /* of its tests */
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

/* cases_real.c, cases_protected.c, cases_tasks.c, cases_loops.c, cases_sequences.c */
extern const struct case_kind REAL_MODE, PROTECTED_MODE, TASK_SWITCHES, TABLE_LOOPS, SEQUENCES;

/*
 * A disk with `count` images, of COUNT cases each and of the seeds from `seed` on, of which each
 * boots the next. `strict`: as in struct maker.
 */
struct buffer make_disk(struct test *t, const struct case_kind *kind, uint32_t seed, uint32_t count,
                        bool strict);

/* Such a disk has printed the same on the PC and on `other`, and all of it. */
void expect_results(struct test *t, const char *other, uint32_t seed, uint32_t count,
                    const char *ours, const char *theirs);

/* Runs it on both, strict cases in Bochs. */
void same_results(struct test *t, const struct case_kind *kind, const struct engine *other,
                  uint32_t seed, uint32_t count);

#endif
