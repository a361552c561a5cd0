/*
 * Booting disks from a test: images are laid out here by hand, after CONTRACT.md section 1, so that
 * the host's image tool is not what its own result is compared with.
 */
#ifndef VERIFY_HARNESS_BOOT_H
#define VERIFY_HARNESS_BOOT_H

#include "images/machine/boot.h"
#include "images/machine/image.h"
#include "verify/harness/harness.h"

enum {
    BOOT_SECONDS = 40,
    DISK_MIN = 1 << 20, /* SeaBIOS reads no disk of less than a cylinder of 504 KiB */
};

/* What a machine has left. */
struct aftermath {
    enum run_end end;
    uint32_t length;    /* RUN_FINISHED: the length the kernel printed */
    char *log;          /* the console, without the line of the BIOS */
    char *message;      /* the engine's, if it did not finish */
    struct buffer disk; /* all of it */
    double seconds;
};

/* The bytes of a hex0 source of the project. */
struct buffer compile_source(struct test *t, const char *source);

/* Appends zeros up to a whole number of sectors. */
void pad_sectors(struct buffer *image);

/* Appends `count` zeros. */
void add_zeros(struct buffer *image, size_t count);

/* The NULs after a script: one at least, whole sectors, and DISK_MIN bytes in all. */
void end_disk(struct buffer *disk);

/* Appends a comment of `size` bytes with its newline. */
void add_filler(struct buffer *script, size_t size);

/* Boot sector and kernel, whole sectors: what stands before the script of a full image. */
struct buffer full_system(struct test *t);

/* stage1 and the kernel's hex0 text with its NUL, whole sectors. */
struct buffer staged_system(struct test *t);

/* Skips the test where the engine is not here. */
void need_engine(struct test *t, const struct engine *engine);

/*
 * Boots `image` on an engine, with the machine, memory, disk and time of `how` (its image path is
 * ignored; null: the defaults with BOOT_SECONDS), and returns what came of it. boot_image takes
 * the engine that the test runs on, QEMU without KVM where it names none.
 */
struct aftermath boot_image_on(struct test *t, const struct engine *engine,
                               const struct buffer *image, const struct run_request *how);
struct aftermath boot_image(struct test *t, const struct buffer *image,
                            const struct run_request *how);

/*
 * Boots a full image with this script (end_disk after it), and the rest of the arguments as above.
 * *image becomes the image, if that is not null.
 */
struct aftermath boot_script_on(struct test *t, const struct engine *engine,
                                const struct buffer *script, const struct run_request *how,
                                struct buffer *image);
struct aftermath boot_script(struct test *t, const struct buffer *script,
                             const struct run_request *how, struct buffer *image);

void aftermath_free(struct aftermath *a);

/* Fails unless the build finished; `what` opens the message. */
void expect_finished(struct test *t, const char *what, const struct aftermath *a);

/* Fails unless the build finished and has written `want`. */
void expect_artifact(struct test *t, const char *what, const struct aftermath *a, const void *want,
                     size_t size);

/* Fails unless the build ended with this ERROR line, the last of the log, and left `image` alone.
 */
void expect_error(struct test *t, const char *what, const struct aftermath *a, const char *line,
                  const struct buffer *image);

/* Appends `src` with this content. */
void add_src(struct buffer *script, const char *path, const void *data, size_t size);

/* `size` bytes (allocated) of no pattern, the same for the same seed. */
uint8_t *random_bytes(uint32_t seed, size_t size);

#endif
