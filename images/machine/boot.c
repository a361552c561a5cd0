/* The one way to boot a machine. */
#include "images/machine/boot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "images/lib/stop.h"
#include "images/machine/image.h"

/* Writes head, padding, text and the zeros after it to the new disk. */
static int fill(const struct run_request *request, int fd, struct problem *p) {
    const struct buffer *head = request->head;
    size_t padding = (SECTOR - head->len % SECTOR) % SECTOR;
    if (write_all(fd, head->data, head->len, "disk image", p) < 0 ||
        write_all(fd, (uint8_t[SECTOR]){0}, padding, "disk image", p) < 0)
        return -1;
    if (!request->text)
        return 0;
    uint64_t end = head->len + padding + request->text->len;
    if (write_all(fd, request->text->data, request->text->len, "disk image", p) < 0)
        return -1;
    return image_set_size(fd, "disk image", end, request->size, p);
}

/* Opens or makes the disk that the request asks for. Returns its descriptor or -1. */
static int open_disk(const struct run_request *request, struct problem *p) {
    if (request->image) {
        int fd = open(request->image, O_RDWR | O_CLOEXEC);
        if (fd < 0)
            problem_set(p, "%s: cannot open: %s", request->image, strerror(errno));
        return fd;
    }
    int fd = temp_file(p);
    if (fd >= 0 && fill(request, fd, p) < 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

int boot(const struct engine *engine, const struct run_request *request, struct run_result *result,
         struct problem *p) {
    struct run_request own = *request;
    *result = (struct run_result){0};
    int fd = open_disk(request, p);
    if (fd < 0)
        return -1;
    char *path = xprintf("/proc/%ld/fd/%d", (long)getpid(), fd);
    result->disk = fd;
    if (!own.image) {
        own.image = path;
        own.script = (own.head->len + SECTOR - 1) / SECTOR * SECTOR;
    }
    bool caught = stop_catch();
    int r = engine->run(&own, result, p);
    /* What was interrupted is told, and then the program ends anyway. */
    if (!caught && result->end != RUN_INTERRUPTED)
        stop_release();
    free(path);
    return r;
}
