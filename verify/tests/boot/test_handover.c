/* A stage1 that leaves CX = 0: the kernel finds its script behind the text's NUL by itself. */
#include <stdlib.h>
#include <string.h>

#include "verify/harness/boot.h"

#define SCRIPT "src 0 /dev\nsrc 4 /dev/hda\nSEED"

/* Loads the kernel's binary from the end of the disk, and hands over without the script's LBA. */
static const char LOADER[] = "org 0x7C00\n"
                             "bits 16\n"
                             "        xor ax, ax\n"
                             "        mov ds, ax\n"
                             "        mov ss, ax\n"
                             "        mov sp, 0x7000\n"
                             "        push dx\n"
                             "        mov si, packet\n"
                             "        mov ah, 0x42\n"
                             "        int 0x13\n"
                             "        jc $\n"
                             "        pop dx\n"
                             "        xor cx, cx\n"
                             "        jmp 0:0x7E00\n"
                             "packet: dw 16, COUNT, 0x7E00, 0\n"
                             "        dq FIRST\n"
                             "times 510 - ($ - $$) db 0\n"
                             "dw 0xAA55\n";

static struct buffer loader(struct test *t, size_t first, size_t count) {
    char *source = test_path(t, "loader.asm");
    char *out = test_path(t, "loader.bin");
    test_write(t, source, LOADER, sizeof LOADER - 1);
    test_run(t, 0, "nasm", "-f", "bin", xprintf("-DFIRST=%zu", first),
             xprintf("-DCOUNT=%zu", count), "-o", out, source, NULL);
    return test_read(t, out);
}

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
    struct buffer first = loader(t, disk.len / SECTOR, kernel.len / SECTOR - 1);
    memcpy(disk.data, first.data, SECTOR);
    buffer_append(&disk, kernel.data + SECTOR, kernel.len - SECTOR);
    struct aftermath a = boot_image(t, &disk, NULL);
    expect_artifact(t, "the build", &a, "SEED", 4);
}

/* The NUL at both ends of a sector, and of what the kernel reads at once: 127 sectors. */
static const size_t LENGTHS[] = {0, 1, 511, 512, 127 * 512 - 1, 127 * 512, 200 * 512 + 5};

TESTS(handover_tests) {
    for (size_t i = 0; i < sizeof LENGTHS / sizeof LENGTHS[0]; i++) {
        suite_add(s,
                  xprintf("script-behind-%zu-bytes-of-text-is-found-without-its-lba", LENGTHS[i]),
                  script_is_found, &LENGTHS[i]);
    }
}
