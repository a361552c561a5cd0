/* A stage1 that leaves CX = 0: the kernel finds its script behind the text's NUL by itself. */
#include <stdlib.h>
#include <string.h>

#include "verify/tests/boot/faulty_bios.h"

#define SCRIPT "src 0 /dev\nsrc 4 /dev/hda\nSEED"

/* The argument: the bytes of the text, to which a NUL comes. */
static void script_is_found(struct test *t, const void *argument) {
    size_t length = *(const size_t *)argument;
    struct buffer disk = {0}, kernel = full_system(t);
    add_zeros(&disk, SECTOR);
    memset(buffer_room(&disk, length), '0', length);
    disk.len += length;
    add_zeros(&disk, 1);
    pad_sectors(&disk);
    buffer_append(&disk, SCRIPT, sizeof SCRIPT - 1);
    end_disk(&disk);
    struct buffer first = assemble_sector(t, "loader", xprintf("-DFIRST=%zu", disk.len / SECTOR),
                                          xprintf("-DCOUNT=%zu", kernel.len / SECTOR - 1), NULL);
    memcpy(disk.data, first.data, SECTOR);
    buffer_append(&disk, kernel.data + SECTOR, kernel.len - SECTOR);
    struct aftermath a = boot_image(t, &disk, NULL);
    expect_artifact(t, "the build", &a, "SEED", 4);
}

/* The NUL at both ends of a sector, and of what the kernel reads at once: 127 sectors. */
static const size_t LENGTHS[] = {0, 1, 511, 512, 127 * 512 - 1, 127 * 512, 200 * 512 + 5};

TESTS(handover_tests) {
    for (size_t i = 0; i < sizeof LENGTHS / sizeof LENGTHS[0]; i++) {
        suite_add_on(
            s, DISK_ENGINES,
            xprintf("script-behind-%zu-bytes-of-text-is-found-without-its-lba", LENGTHS[i]),
            script_is_found, &LENGTHS[i]);
    }
}
