/*
 * The disk: sectors that the model does not look at, then the script. Its bytes are kept, so that
 * what `f` writes is what the shell reads afterwards.
 */
#include "refmodel/builder/disk.h"

#include <stdlib.h>
#include <string.h>

#include "refmodel/builder/console.h"
#include "refmodel/builder/machine.h"

enum { SECTOR = 512, DEFAULT_SCRIPT_LBA = 8 };

bool disk_init(struct seedbed *s, const uint8_t *script, size_t n) {
    struct disk *d = &s->disk;
    uint32_t lba = s->config.script_lba ? s->config.script_lba : DEFAULT_SCRIPT_LBA;
    size_t start = (size_t)lba * SECTOR;
    if (n > SIZE_MAX - start - 1)
        return false;
    d->bytes = calloc(1, start + n + 1);
    if (!d->bytes)
        return false;
    if (n)
        memcpy(d->bytes + start, script, n);
    d->size = start + n;
    d->at = start;
    return true;
}

uint8_t disk_next(struct seedbed *s) {
    struct disk *d = &s->disk;
    return d->at < d->size ? d->bytes[d->at++] : 0;
}

void disk_back(struct seedbed *s) {
    struct disk *d = &s->disk;
    if (d->at && !d->bytes[d->at - 1])
        d->at--; /* otherwise the NUL was one from behind the end */
}

/* Makes the disk at least `size` bytes long. */
static bool disk_reach(struct disk *d, size_t size) {
    if (size <= d->size)
        return true;
    uint8_t *bytes = realloc(d->bytes, size);
    if (!bytes)
        return false;
    memset(bytes + d->size, 0, size - d->size);
    d->bytes = bytes;
    d->size = size;
    return true;
}

const uint8_t *disk_take(struct seedbed *s, uint32_t n) {
    struct disk *d = &s->disk;
    uint64_t end = s->config.disk_sectors * SECTOR; /* up to there it reads as NULs */
    end = end > d->size ? end : d->size;
    if (n > end - d->at) {
        build_error(s, "disk: %08lX", (unsigned long)(end / SECTOR));
        return NULL;
    }
    if (!disk_reach(d, d->at + n)) {
        build_stop(s, SEEDBED_NO_MEMORY, "the host has no memory left for the disk");
        return NULL;
    }
    const uint8_t *p = d->bytes + d->at;
    d->at += n;
    return p;
}

bool disk_flush(struct seedbed *s) {
    const struct file *hda = files_find(&s->files, "/dev/hda");
    if (!hda) {
        build_error(s, "%s: not found", "/dev/hda");
        return false;
    }
    size_t padded = ((size_t)hda->size + SECTOR - 1) / SECTOR * SECTOR;
    if (s->config.disk_sectors && padded / SECTOR > s->config.disk_sectors) {
        build_error(s, "disk: %08lX", (unsigned long)s->config.disk_sectors);
        return false;
    }
    if (!disk_reach(&s->disk, padded)) {
        build_stop(s, SEEDBED_NO_MEMORY, "the host has no memory left for the disk");
        return false;
    }
    if (hda->size)
        memcpy(s->disk.bytes, hda->data, hda->size);
    memset(s->disk.bytes + hda->size, 0, padded - hda->size);
    return true;
}
