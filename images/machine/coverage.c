/* Which instructions of our own programs ran, see coverage.h. */
#include "images/machine/coverage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "images/lib/home.h"
#include "images/machine/image.h"

enum { LOW = 0x7C00, HIGH = 0x9000, KERNEL = 0x7E00, SECTOR_PROGRAMS = 3 };

static const char *const SECTORS[SECTOR_PROGRAMS] = {"hex0/boot.hex0", "hex0/mini.hex0",
                                                     "stage1/stage1.hex0"};

int coverage_begin(struct coverage_log *c, struct pc *pc, int disk, struct problem *p) {
    uint8_t first[SECTOR];
    *c = (struct coverage_log){.file = getenv("SEEDBED_COVERAGE")};
    if (!c->file)
        return 0;
    c->runs = xrealloc(NULL, 2 * (HIGH - LOW) * sizeof *c->runs);
    memset(c->runs, 0, 2 * (HIGH - LOW) * sizeof *c->runs);
    c->taken = c->runs + (HIGH - LOW);
    pc_count(pc, LOW, HIGH, c->runs, c->taken);
    if (pread(disk, first, sizeof first, 0) != SECTOR)
        return 0;
    for (int n = 0; n < SECTOR_PROGRAMS; n++) {
        struct buffer code = {0};
        int r = home_compile(SECTORS[n], &code, p);
        if (r == 0 && code.len <= SECTOR && memcmp(code.data, first, code.len) == 0)
            c->sector = SECTORS[n];
        buffer_free(&code);
        if (r < 0)
            return -1;
    }
    return 0;
}

static void add_lines(const struct coverage_log *c, const char *source, uint32_t from, uint32_t to,
                      struct buffer *lines) {
    for (uint32_t at = from; source && at < to; at++)
        if (c->runs[at - LOW])
            buffer_printf(lines, "%s %X %llu %llu\n", source, (unsigned)at,
                          (unsigned long long)c->runs[at - LOW],
                          (unsigned long long)c->taken[at - LOW]);
}

static int append(const char *path, const struct buffer *lines, struct problem *p) {
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (fd < 0)
        return problem_set(p, "%s: cannot open: %s", path, strerror(errno));
    flock(fd, LOCK_EX);
    int r = write_all(fd, lines->data, lines->len, path, p);
    close(fd);
    return r;
}

int coverage_end(struct coverage_log *c, struct pc *pc, const struct kernel *k, struct problem *p) {
    if (!c->file)
        return 0;
    struct buffer lines = {0};
    uint8_t *code = xrealloc(NULL, k->code.len);
    pc_read(pc, k->base, code, k->code.len);
    add_lines(c, c->sector, LOW, KERNEL, &lines);
    if (memcmp(code, k->code.data, k->code.len) == 0)
        add_lines(c, "hex0/kernel.hex0", KERNEL, HIGH, &lines);
    int r = append(c->file, &lines, p);
    buffer_free(&lines);
    free(code);
    free(c->runs);
    return r;
}
