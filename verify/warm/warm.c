/* A PC that has booted once, see warm.h. */
#include "verify/warm/warm.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "images/machine/image.h"

enum {
    STEP = 64, /* instructions between two looks at a machine that boots */
    MOST_STEPS = 1 << 22,
    SLICE = 1 << 20
};

const uint64_t WARM_DIGEST = 0xCBF29CE484222325u;

uint64_t warm_digest(uint64_t d, const void *bytes, size_t n) {
    const uint8_t *b = bytes;
    while (n-- > 0)
        d = (d ^ *b++) * 0x100000001B3u;
    return d;
}

static void on_console(void *user, const char *bytes, size_t n) {
    buffer_append(&((struct warm *)user)->console, bytes, n);
}

static bool on_read(void *user, uint64_t lba, uint32_t n, uint8_t *to) {
    struct warm *w = user;
    memcpy(to, w->disk + lba * SECTOR, (size_t)n * SECTOR);
    w->reads = warm_digest(w->reads, &lba, sizeof lba);
    w->reads = warm_digest(w->reads, &n, sizeof n);
    w->reached |= (lba + n) * SECTOR > w->head.len;
    return true;
}

static bool on_write(void *user, uint64_t lba, uint32_t n, const uint8_t *from) {
    struct warm *w = user;
    size_t at = (size_t)lba * SECTOR, size = (size_t)n * SECTOR;
    memcpy(w->disk + at, from, size);
    w->used = at + size > w->used ? at + size : w->used;
    w->writes = warm_digest(w->writes, &lba, sizeof lba);
    w->writes = warm_digest(w->writes, from, size);
    return true;
}

static struct pc *new_pc(struct warm *w, const struct warm_config *config, struct problem *p) {
    char bad[80];
    struct pc_config c = {.memory_mib = config->memory_mib,
                          .map = config->map,
                          .areas = config->areas,
                          .bios = config->bios,
                          .disk = {w->size / SECTOR, on_read, on_write},
                          .console = on_console,
                          .user = w};
    struct pc *pc = pc_new(&c, bad, sizeof bad);
    if (!pc)
        problem_set(p, *bad ? "no quirk '%s' of the BIOS" : "no memory for a machine%s", bad);
    return pc;
}

/* How many steps it takes to come just before the script. */
static int find_script(struct warm *w, const struct warm_config *config, unsigned *steps,
                       struct problem *p) {
    struct pc *pc = new_pc(w, config, p);
    if (!pc)
        return -1;
    for (*steps = 0; *steps < MOST_STEPS; (*steps)++)
        if (pc_run(pc, STEP) != PC_RUNNING || w->reached)
            break;
    *steps = w->reached ? *steps : 0;
    pc_free(pc);
    return 0;
}

int warm_open(struct warm *w, const struct warm_config *config, struct problem *p) {
    /* A machine has tables of megabytes, of which it uses little: fresh pages cost less than zeros.
     */
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
    mallopt(M_TRIM_THRESHOLD, 1 << 28);
    unsigned steps = 0;
    *w = (struct warm){.size = config->disk};
    buffer_append(&w->head, config->head->data, config->head->len);
    w->disk = calloc(1, w->size);
    if (!w->disk || w->head.len + (config->tail ? config->tail->len : 0) > w->size)
        return problem_set(p, "no memory for a disk");
    memcpy(w->disk, w->head.data, w->head.len);
    w->used = w->head.len;
    if (config->tail)
        buffer_append(&w->tail, config->tail->data, config->tail->len);
    if (w->tail.len)
        memcpy(w->disk + w->size - w->tail.len, w->tail.data, w->tail.len);
    if (!config->cold && find_script(w, config, &steps, p) < 0)
        return -1;
    w->pc = new_pc(w, config, p);
    if (!w->pc)
        return -1;
    if (config->runs)
        pc_count(w->pc, config->low, config->high, config->runs, config->taken);
    w->cold = steps == 0;
    while (steps-- > 0)
        pc_run(w->pc, STEP);
    return pc_mark(w->pc) ? 0 : problem_set(p, "no memory for a machine");
}

void warm_close(struct warm *w) {
    pc_free(w->pc);
    free(w->disk);
    buffer_free(&w->head);
    buffer_free(&w->tail);
    buffer_free(&w->console);
}

int warm_begin(struct warm *w, const uint8_t *script, size_t n, struct problem *p) {
    size_t end = w->head.len + n;
    if (end > w->size - w->tail.len)
        return problem_set(p, "the script is too long for a disk of %zu bytes", w->size);
    memcpy(w->disk, w->head.data, w->head.len);
    memcpy(w->disk + w->head.len, script, n);
    if (end < w->used)
        memset(w->disk + end, 0, w->used - end);
    if (w->tail.len)
        memcpy(w->disk + w->size - w->tail.len, w->tail.data, w->tail.len);
    w->used = end;
    w->console.len = 0;
    w->writes = w->reads = WARM_DIGEST;
    return pc_back(w->pc) ? 0 : problem_set(p, "the host has no memory left");
}

enum pc_end warm_run(struct warm *w, uint64_t limit) {
    enum pc_end end = PC_RUNNING;
    uint64_t last = pc_instructions(w->pc) + limit;
    while (end == PC_RUNNING && pc_instructions(w->pc) < last)
        end = pc_run(w->pc, SLICE < limit ? SLICE : limit);
    return end;
}

bool warm_rest(struct warm *w) {
    return pc_back(w->pc);
}
