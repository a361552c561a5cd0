/* Boots an image made of bytes in memory. */
#include "images/machine/boot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "images/machine/image.h"

int boot_memory(const struct engine *engine, const struct buffer *head, const struct buffer *script,
                uint64_t size, const struct run_request *request, struct run_result *result,
                int *disk, struct problem *p) {
    int fd = temp_file(p);
    if (fd < 0)
        return -1;
    struct run_request own = *request;
    char *path = xprintf("/proc/%ld/fd/%d", (long)getpid(), fd);
    own.image = path;
    own.script = (head->len + SECTOR - 1) / SECTOR * SECTOR;
    int r = write_all(fd, head->data, head->len, "disk image", p);
    if (r == 0)
        r = write_all(fd, (uint8_t[SECTOR]){0}, (size_t)own.script - head->len, "disk image", p);
    if (r == 0)
        r = write_all(fd, script->data, script->len, "disk image", p);
    if (r == 0)
        r = image_set_size(fd, "disk image", own.script + script->len, size, p);
    if (r == 0 && (r = engine->run(&own, result, p)) < 0)
        run_result_free(result);
    free(path);
    if (r < 0)
        close(fd);
    else
        *disk = fd;
    return r;
}

int boot_read(int disk, uint64_t offset, size_t n, struct buffer *out, struct problem *p) {
    while (n) {
        ssize_t got = pread(disk, buffer_room(out, n), n, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return problem_set(p, "disk image: cannot read: %s", strerror(errno));
        if (got == 0)
            return problem_set(p, "disk image: ends before byte %llu",
                               (unsigned long long)(offset + n));
        out->len += (size_t)got;
        offset += (uint64_t)got;
        n -= (size_t)got;
    }
    return 0;
}
