/* The quick suite of the mutants. */
#include "verify/mutants/cases.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "images/machine/image.h"

enum { DISK = 2 << 20, SLICE = 1 << 20, MEMORY = 192 };

/* Programs of verify/guest, with their memory in MiB; 0: the usual. */
static const struct guest {
    const char *line;
    uint64_t memory_mib;
} GUESTS[] = {{"modes", 0},  {"seek", 0},        {"unlink", 0},       {"writers", 0},
              {"paths", 0},  {"descriptors", 0}, {"random SHORT", 0}, {"entry", 0},
              {"bss", 0},    {"loads", 0},       {"brk", 0},          {"fork", 0},
              {"wait", 0},   {"args", 0},        {"exec", 0},         {"broken", 0},
              {"errors", 0}, {"keeps", 0},       {"unknown", 0},      {"console", 0},
              {"edge", 256}};

/* Firmware that makes the kernel go its other ways. */
static const char *const FIRMWARE[] = {
    "errors=1",  "count-short=3", "trash,segments,direction", "e820-many=30,e820-unsorted",
    "e820-hole", "e820-overlap",  "e820-type,e820-24",        "e820-fail",
    "a20-stuck", "a20-closes",    "errors-from=30",           "errors=100",
    "dma,pic",   "e820-carry"};

static struct mutant_case *add_case(struct cases *all, char *name, const char *bios,
                                    const struct buffer *head) {
    all->of = xrealloc(all->of, (all->count + 1) * sizeof *all->of);
    struct mutant_case *c = &all->of[all->count++];
    *c = (struct mutant_case){.name = name, .bios = bios, .memory_mib = MEMORY};
    buffer_append(&c->disk, head->data, head->len);
    return c;
}

static int add_file(struct buffer *script, const char *path, const char *host, struct problem *p) {
    struct buffer file = {0};
    int r = read_file(host, &file, p);
    buffer_printf(script, "src %zu %s\n", file.len, path);
    buffer_append(script, file.data, file.len);
    buffer_free(&file);
    return r;
}

static int add_guest(struct cases *all, const struct guest *g, const struct buffer *head,
                     struct problem *p) {
    int n = (int)strcspn(g->line, " ");
    struct mutant_case *c = add_case(all, xstrdup(g->line), NULL, head);
    char *path = xprintf("/bin/%.*s", n, g->line), *host = xprintf("build/guest/%.*s", n, g->line);
    if (g->memory_mib)
        c->memory_mib = g->memory_mib;
    buffer_printf(&c->disk, "src 0 /dev\nsrc 0 /bin\n");
    int r = add_file(&c->disk, path, host, p);
    buffer_printf(&c->disk, "# %s\n/bin/%s\n", g->line, g->line);
    if (strcmp(g->line, "console") == 0)
        buffer_printf(&c->disk, "Hello, program\nABC\n\n");
    if (strcmp(g->line, "args") == 0)
        buffer_printf(&c->disk, "  %s  many   words  of  a line \n", path);
    free(path);
    free(host);
    return r;
}

/* Each fault of verify/guest/faults.asm ends a build. */
static int add_faults(struct cases *all, const struct buffer *head, struct problem *p) {
    int r = 0;
    for (char slot[2] = "a"; r == 0 && slot[0] <= 'm'; slot[0]++) {
        struct mutant_case *c = add_case(all, xprintf("fault %s", slot), NULL, head);
        buffer_printf(&c->disk, "src 0 /dev\nsrc 0 /bin\nsrc 4 /dev/hda\ngone");
        r = add_file(&c->disk, "/bin/faults", "build/guest/faults", p);
        buffer_printf(&c->disk, "\n/bin/faults %s\n", slot);
    }
    return r;
}

/* Much to write, a flush in between, under different firmware. */
static void add_firmware(struct cases *all, const char *bios, const struct buffer *head) {
    struct mutant_case *c = add_case(all, xstrdup(bios), bios, head);
    uint32_t state = 7;
    buffer_printf(&c->disk, "src 0 /dev\nsrc %d /dev/hda\n", 100000);
    for (int n = 0; n < 100000; n++) {
        state = state * 1664525 + 1013904223;
        buffer_append(&c->disk, &(uint8_t){(uint8_t)(state >> 24)}, 1);
    }
    buffer_printf(&c->disk, "f\nsrc 12 /text\n41 42 43 ;x\n\nhex0 /text /dev/hda\n");
}

static int add_scripts(struct cases *all, const char *pattern, const struct buffer *head,
                       struct problem *p) {
    glob_t found;
    int r = 0;
    if (glob(pattern, 0, NULL, &found) != 0)
        return problem_set(p, "%s: nothing there", pattern);
    for (size_t n = 0; r == 0 && n < found.gl_pathc; n++) {
        struct mutant_case *c = add_case(all, xstrdup(found.gl_pathv[n]), NULL, head);
        r = read_file(found.gl_pathv[n], &c->disk, p);
    }
    globfree(&found);
    return r;
}

int cases_make(struct cases *all, struct problem *p) {
    struct buffer head = {0};
    *all = (struct cases){0};
    int r = image_head(false, &head, p);
    for (size_t n = 0; r == 0 && n < sizeof GUESTS / sizeof GUESTS[0]; n++)
        r = add_guest(all, &GUESTS[n], &head, p);
    for (size_t n = 0; r == 0 && n < sizeof FIRMWARE / sizeof FIRMWARE[0]; n++)
        add_firmware(all, FIRMWARE[n], &head);
    if (r == 0)
        r = add_faults(all, &head, p);
    if (r == 0)
        r = add_scripts(all, "verify/cases/shell/*/*.script", &head, p);
    buffer_free(&head);
    return r;
}

void cases_free(struct cases *all) {
    for (size_t n = 0; n < all->count; n++) {
        free(all->of[n].name);
        free(all->of[n].runs);
        buffer_free(&all->of[n].disk);
    }
    free(all->of);
}

/* A running machine's surroundings. */
struct bench {
    uint8_t *disk;
    uint64_t digest;
};

static void digest(uint64_t *d, const void *bytes, size_t n) {
    const uint8_t *b = bytes;
    while (n-- > 0)
        *d = (*d ^ *b++) * 0x100000001B3u;
}

static void on_console(void *user, const char *bytes, size_t n) {
    digest(&((struct bench *)user)->digest, bytes, n);
}

static bool on_read(void *user, uint64_t lba, uint32_t n, uint8_t *to) {
    memcpy(to, ((struct bench *)user)->disk + lba * SECTOR, (size_t)n * SECTOR);
    return true;
}

static bool on_write(void *user, uint64_t lba, uint32_t n, const uint8_t *from) {
    struct bench *b = user;
    memcpy(b->disk + lba * SECTOR, from, (size_t)n * SECTOR);
    digest(&b->digest, &lba, sizeof lba);
    digest(&b->digest, from, (size_t)n * SECTOR);
    return true;
}

int case_run(const struct mutant_case *c, const struct buffer *kernel, uint64_t limit,
             uint64_t *runs, struct left *left) {
    struct bench b = {.disk = calloc(1, DISK), .digest = 0xCBF29CE484222325u};
    struct pc_config config = {.memory_mib = c->memory_mib,
                               .bios = c->bios,
                               .disk = {DISK / SECTOR, on_read, on_write},
                               .console = on_console,
                               .user = &b};
    uint64_t *counts = runs ? runs : NULL;
    uint64_t *taken = runs ? calloc(KERNEL_ROOM, sizeof *taken) : NULL;
    if (!b.disk)
        return -1;
    memcpy(b.disk, c->disk.data, c->disk.len < DISK ? c->disk.len : DISK);
    memcpy(b.disk + SECTOR, kernel->data, kernel->len);
    struct pc *pc = pc_new(&config, NULL, 0);
    if (!pc)
        return -1;
    if (counts)
        pc_count(pc, KERNEL, KERNEL + KERNEL_ROOM, counts, taken);
    while (pc_instructions(pc) < limit && pc_run(pc, SLICE) == PC_RUNNING)
        ;
    left->end = pc_run(pc, 0);
    left->digest = b.digest;
    left->instructions = pc_instructions(pc);
    pc_free(pc);
    free(taken);
    free(b.disk);
    return 0;
}
