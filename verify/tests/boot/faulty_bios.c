/* A worse BIOS, see faulty_bios.h. */
#include "verify/tests/boot/faulty_bios.h"

#include <string.h>

struct buffer assemble_sector(struct test *t, const char *source, const char *a, const char *b,
                              const char *c) {
    char *out = test_path(t, "sector.bin");
    char *here = xprintf("%s/", t->dir);
    test_run(t, 0, "nasm", "-f", "bin", "-I", "verify/tests/boot/bios/", "-I",
             "verify/tests/boot/e820/", "-I", here, "-o", out,
             xprintf("verify/tests/boot/%s.asm", source), a, b, c, NULL);
    struct buffer sector = test_read(t, out);
    if (sector.len != SECTOR)
        test_fail(t, "%s.asm makes %zu bytes", source, sector.len);
    return sector;
}

void faulty_bios(struct test *t, struct buffer *disk, const struct fault *fault,
                 struct buffer *found) {
    uint8_t *last = disk->data + disk->len - SECTOR;
    struct buffer hook =
        assemble_sector(t, fault->source, xprintf("-DSECTOR=%zu", disk->len / SECTOR - 1),
                        xprintf("-DVECTOR=%u", fault->vector), fault->option);
    memcpy(last, disk->data, SECTOR);
    if (found)
        buffer_append(found, disk->data, disk->len);
    memcpy(disk->data, hook.data, SECTOR);
    buffer_free(&hook);
}
