/*
 * pc IMAGE ARTIFACT [MIB]: boots a disk image in the PC of refmodel/pc, with nothing but libc, and
 * writes what the build has left at the beginning of the disk. The length is the last line of the
 * console, as the kernel prints it.
 */
#include "refmodel/pc/pc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECTOR = 512, LINE = 80, STEP = 100000000 };

/* The disk, and what the console has shown. */
struct pc_run {
    unsigned char *disk;
    size_t sectors;
    char line[LINE]; /* the one being printed */
    char last[LINE]; /* the last whole one */
    size_t used;
};

static int fail(const char *name, const char *why) {
    fprintf(stderr, "pc: %s: %s\n", name, why);
    return 1;
}

static bool read_sectors(void *user, uint64_t lba, uint32_t n, uint8_t *to) {
    struct pc_run *r = user;
    if (lba > r->sectors || n > r->sectors - lba)
        return false;
    memcpy(to, r->disk + (size_t)lba * SECTOR, (size_t)n * SECTOR);
    return true;
}

static bool write_sectors(void *user, uint64_t lba, uint32_t n, const uint8_t *from) {
    struct pc_run *r = user;
    if (lba > r->sectors || n > r->sectors - lba)
        return false;
    memcpy(r->disk + (size_t)lba * SECTOR, from, (size_t)n * SECTOR);
    return true;
}

static void show(void *user, const char *bytes, size_t n) {
    struct pc_run *r = user;
    for (size_t i = 0; i < n; i++)
        if (bytes[i] == '\n') {
            memcpy(r->last, r->line, sizeof r->last);
            memset(r->line, 0, sizeof r->line);
            r->used = 0;
        } else if (bytes[i] != '\r' && r->used < LINE - 1)
            r->line[r->used++] = bytes[i];
    fwrite(bytes, 1, n, stdout);
}

/* Reads the image; the disk is made of whole sectors. */
static int load(struct pc_run *r, const char *name) {
    FILE *in = fopen(name, "rb");
    if (!in || fseek(in, 0, SEEK_END) != 0)
        return -1;
    long size = ftell(in);
    rewind(in);
    r->sectors = ((size_t)size + SECTOR - 1) / SECTOR;
    r->disk = calloc(r->sectors, SECTOR);
    if (!r->disk || fread(r->disk, 1, (size_t)size, in) != (size_t)size)
        return -1;
    return fclose(in);
}

int main(int argc, char **argv) {
    struct pc_run r = {0};
    char bad[LINE] = "no memory for a machine";
    if (argc != 3 && argc != 4) {
        fprintf(stderr, "usage: %s IMAGE ARTIFACT [MIB]\n", argv[0]);
        return 2;
    }
    if (load(&r, argv[1]) != 0)
        return fail(argv[1], "cannot be read");
    struct pc_config config = {.memory_mib = argc == 4 ? strtoul(argv[3], NULL, 10) : 0,
                               .disk = {r.sectors, read_sectors, write_sectors},
                               .console = show,
                               .user = &r};
    struct pc *pc = pc_new(&config, bad, sizeof bad);
    if (!pc)
        return fail(argv[1], bad);
    enum pc_end end;
    do
        end = pc_run(pc, STEP);
    while (end == PC_RUNNING);
    if (end != PC_RESET)
        return fail(argv[1], *pc_message(pc) ? pc_message(pc) : "the machine has halted");
    char *after;
    size_t length = strtoul(r.last, &after, 16);
    if (after != r.last + 8 || *after || length > r.sectors * SECTOR)
        return fail(argv[1], "the build did not finish");
    FILE *out = fopen(argv[2], "wb");
    if (!out || fwrite(r.disk, 1, length, out) != length || fclose(out) != 0)
        return fail(argv[2], "cannot be written");
    pc_free(pc);
    free(r.disk);
    return 0;
}
