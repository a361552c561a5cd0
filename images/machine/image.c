/* Disk images: what stands before the script, and how large they are. */
#define _GNU_SOURCE /* SEEK_DATA, SEEK_HOLE */
#include "images/machine/image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "images/lib/home.h"
#include "images/lib/outfile.h"

static const uint64_t usual_size = 1 << 30;
/* A cylinder of 16 heads with 63 sectors: SeaBIOS boots no smaller AHCI disk. */
static const uint64_t least_size = 63 * 16 * SECTOR;
/* What a script is given to grow into when it fills the usual size. */
static const uint64_t room = 1 << 20;

static void pad(struct buffer *b) {
    while (b->len % SECTOR)
        buffer_append(b, "", 1);
}

int image_head_full(const struct buffer *boot, const struct buffer *kernel, struct buffer *head,
                    struct problem *p) {
    if (boot->len != SECTOR)
        return problem_set(p, "the boot sector has %zu bytes in place of %d", boot->len, SECTOR);
    if (kernel->len == 0)
        return problem_set(p, "the kernel is empty");
    if (kernel->len > KERNEL_MAX)
        return problem_set(p, "the kernel has %zu bytes, more than %d", kernel->len, KERNEL_MAX);
    buffer_append(head, boot->data, boot->len);
    buffer_append(head, kernel->data, kernel->len);
    pad(head);
    return 0;
}

int image_head_staged(const struct buffer *stage1, const struct buffer *text, struct buffer *head,
                      struct problem *p) {
    if (stage1->len != SECTOR)
        return problem_set(p, "stage1 has %zu bytes in place of %d", stage1->len, SECTOR);
    if (memchr(text->data, 0, text->len))
        return problem_set(p, "the kernel's text holds a NUL, which would end it");
    buffer_append(head, stage1->data, stage1->len);
    buffer_append(head, text->data, text->len);
    buffer_append(head, "", 1);
    pad(head);
    return 0;
}

int image_head(bool staged, struct buffer *head, struct problem *p) {
    struct buffer first = {0}, second = {0};
    int r = home_compile(staged ? "stage1/stage1.hex0" : "hex0/boot.hex0", &first, p);
    if (r == 0 && !staged)
        r = home_compile("hex0/kernel.hex0", &second, p);
    if (r == 0 && staged)
        r = home_read("hex0/kernel.hex0", &second, p);
    if (r == 0)
        r = staged ? image_head_staged(&first, &second, head, p)
                   : image_head_full(&first, &second, head, p);
    buffer_free(&first);
    buffer_free(&second);
    return r;
}

int image_set_size(int fd, const char *name, uint64_t end, uint64_t size, struct problem *p) {
    struct stat st;
    if (size == 0)
        size = end + room > usual_size ? end + room : usual_size;
    size = (size + SECTOR - 1) / SECTOR * SECTOR;
    if (end >= size)
        return problem_set(p, "%s: %llu bytes are too few for the script, which ends at %llu", name,
                           (unsigned long long)size, (unsigned long long)end);
    if (size < least_size)
        return problem_set(p, "%s: a BIOS may not boot %llu bytes; give at least %llu", name,
                           (unsigned long long)size, (unsigned long long)least_size);
    if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode))
        return write_all(fd, (uint8_t[SECTOR]){0}, SECTOR - end % SECTOR, name, p);
    if (ftruncate(fd, (off_t)size) < 0)
        return problem_set(p, "%s: cannot get %llu bytes: %s", name, (unsigned long long)size,
                           strerror(errno));
    return 0;
}

/* Where the text that starts at sector 1 ends, in whole sectors; 0 if no text starts there. */
static uint64_t after_text(int fd) {
    uint8_t sector[SECTOR];
    for (uint64_t at = SECTOR; pread(fd, sector, SECTOR, (off_t)at) == SECTOR; at += SECTOR)
        for (size_t i = 0; i < SECTOR; i++) {
            bool text = sector[i] >= ' ' || (sector[i] >= '\t' && sector[i] <= '\r');
            if (sector[i] == 0)
                return at == SECTOR && i == 0 ? 0 : at + SECTOR;
            if (!text)
                return 0;
        }
    return 0;
}

uint64_t image_find_script(const char *path) {
    struct problem p;
    struct buffer head = {0};
    uint64_t found = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    if (image_head(false, &head, &p) == 0) {
        uint8_t *start = xrealloc(NULL, head.len);
        if (pread(fd, start, head.len, 0) == (ssize_t)head.len &&
            memcmp(start, head.data, head.len) == 0)
            found = head.len;
        free(start);
    }
    if (!found)
        found = after_text(fd);
    buffer_free(&head);
    close(fd);
    return found;
}

int image_extract(int image, uint64_t n, struct outfile *to, const char *name, struct problem *p) {
    int64_t copied = -1;
    if (lseek(image, 0, SEEK_SET) < 0)
        problem_set(p, "disk image: cannot seek: %s", strerror(errno));
    else
        copied = copy_bytes(image, "disk image", to->fd, name, n, p);
    if (copied >= 0 && (uint64_t)copied != n)
        copied = problem_set(p, "disk image: ends after %lld of %llu bytes of the artifact",
                             (long long)copied, (unsigned long long)n);
    if (copied >= 0)
        return outfile_commit(to, p);
    outfile_abandon(to);
    return -1;
}

int image_copy(int image, struct outfile *to, const char *name, struct problem *p) {
    off_t size = lseek(image, 0, SEEK_END);
    off_t at = 0;
    int64_t copied = 0;
    while (at < size && copied >= 0) {
        off_t data = lseek(image, at, SEEK_DATA);
        off_t hole = data < 0 ? -1 : lseek(image, data, SEEK_HOLE);
        if (hole < 0)
            break;
        if (lseek(image, data, SEEK_SET) < 0 || lseek(to->fd, data, SEEK_SET) < 0)
            copied = problem_set(p, "%s: cannot seek: %s", name, strerror(errno));
        else
            copied = copy_bytes(image, "disk image", to->fd, name, (uint64_t)(hole - data), p);
        at = hole;
    }
    if (copied >= 0 && ftruncate(to->fd, size) < 0)
        copied = problem_set(p, "%s: cannot write: %s", name, strerror(errno));
    if (copied >= 0)
        return outfile_commit(to, p);
    outfile_abandon(to);
    return -1;
}

const char *image_wrong(const char *path) {
    uint8_t sector[SECTOR];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : pread(fd, sector, sizeof sector, 0);
    if (fd >= 0)
        close(fd);
    if (n <= 0 || (n == SECTOR && sector[510] == 0x55 && sector[511] == 0xAA))
        return NULL;
    for (ssize_t i = 0; i < n; i++)
        if (sector[i] == 0 || (sector[i] < ' ' && !strchr("\t\n\r", sector[i])))
            return "no disk image: its first sector does not end with 55 AA";
    return "a text and no disk image: `seedbed build` takes build files, and `seedbed image` makes "
           "an image of a script";
}
