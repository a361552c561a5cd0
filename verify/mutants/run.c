/* Running the cases of the mutants, see cases.h. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "images/machine/image.h"
#include "images/machine/paged.h"
#include "verify/guest/limits.h"
#include "verify/mutants/cases.h"

/* How much longer a mutant may run, and what any may. */
enum { DISK = 2 << 20, TICK = 54925493 }; /* bytes, and instructions: 18.2 a second */
enum { SLACK = 3, LEAST = 1000000, MOST = 200000000 };
enum { PART = 4096 }; /* of a content, for its digest */

static uint64_t digest_of(uint64_t d, struct pc *pc, uint32_t address, uint32_t n) {
    uint8_t piece[1024];
    for (uint32_t step; n; n -= step, address += step) {
        step = n < sizeof piece ? n : sizeof piece;
        pc_read(pc, address, piece, step);
        d = warm_digest(d, piece, step);
    }
    return d;
}

static int read_memory(void *arg, uint32_t address, uint8_t *to, size_t n, struct problem *p) {
    (void)p;
    pc_read(arg, address, to, n);
    return 0;
}

/* Of the beginning of a content, where the page tables have it. */
static uint64_t digest_of_content(uint64_t d, struct paged *memory, uint32_t address, size_t n) {
    uint8_t part[PART];
    struct problem never;
    n = n < PART ? n : PART;
    if (paged_fetch(memory, address, n, &never) < 0 ||
        paged_read(memory, address, part, n, &never) < 0)
        abort();
    return warm_digest(d, part, n);
}

/* The files up to a long row of numbers without a name, and a part of what they hold. */
static uint64_t digest_of_memory(struct pc *pc) {
    enum { LAST = FIRST_FILE + LIMIT_NAMES - 1, UNUSED = 100 };
    enum { HEAD = 12 }; /* of a descriptor, without the space that a content has */
    const struct physical_memory all = {read_memory, pc};
    struct paged paged = {.memory = &all};
    uint64_t d = digest_of(WARM_DIGEST, pc, 0x4000, 0x1000);
    d = digest_of(d, pc, 0x9800, 0x1800);
    for (uint32_t n = FIRST_FILE, unused = 0; n <= LAST && unused < UNUSED; n++) {
        uint32_t at = NAMES_AT + NAME_BYTES * n, entry = DESCRIPTORS_AT + DESCRIPTOR_BYTES * n;
        uint8_t file[DESCRIPTOR_BYTES], name[256];
        pc_read(pc, at, name, 1);
        unused = name[0] == '/' ? 0 : unused + 1;
        if (unused)
            continue;
        pc_read(pc, at, name, sizeof name);
        size_t length = strnlen((const char *)name, sizeof name);
        pc_read(pc, entry, file, sizeof file);
        d = warm_digest(warm_digest(d, &n, sizeof n), name, length);
        d = warm_digest(d, file, HEAD);
        d = digest_of_content(d, &paged, little32(file + 4), little32(file + 8));
    }
    paged_free(&paged);
    return d;
}

/* Starts the case with a mutant in the kernel's place: in memory, or on the disk it boots from. */
static int begin(const struct bench *b, struct warm *w, bool cold, const struct mutant_case *c,
                 uint32_t address, const uint8_t *bytes, size_t n, struct problem *p) {
    if (warm_begin(w, c->script.data, c->script.len, p) < 0)
        return -1;
    if (cold)
        memcpy(w->disk + b->kernel + (address - KERNEL), bytes, n);
    else if (n && !pc_poke(w->pc, address, bytes, n))
        return problem_set(p, "the kernel is not in memory before it looks at its script");
    return 0;
}

static struct left finish(struct warm *w, uint64_t limit) {
    struct left l = {.end = warm_run(w, limit)};
    l.console = warm_digest(WARM_DIGEST, w->console.data, w->console.len);
    l.memory = digest_of_memory(w->pc);
    l.writes = w->writes;
    l.reads = w->reads;
    l.ticks = (pc_idle(w->pc) + TICK / 2) / TICK;
    l.instructions = pc_instructions(w->pc);
    warm_rest(w);
    return l;
}

static bool differ(const struct left *a, const struct left *b) {
    return a->end != b->end || a->console != b->console || a->writes != b->writes ||
           a->reads != b->reads || a->memory != b->memory || a->ticks != b->ticks;
}

/* On the machine that has booted, or on the other, which has read more. */
static int left_differs(struct bench *b, bool cold, struct mutant_case *c, uint32_t address,
                        const uint8_t *bytes, size_t n, struct problem *p) {
    struct warm *w = cold && !b->alone ? &b->cold : &b->warm;
    if (cold && !c->right_cold.instructions) {
        if (begin(b, w, cold, c, 0, NULL, 0, p) < 0)
            return -1;
        c->right_cold = finish(w, MOST);
    }
    const struct left *right = cold ? &c->right_cold : &c->right;
    if (begin(b, w, cold, c, address, bytes, n, p) < 0)
        return -1;
    struct left l = finish(w, right->instructions * SLACK + LEAST);
    return differ(&l, right);
}

int case_differs(struct cases *all, struct mutant_case *c, bool booted, uint32_t address,
                 const uint8_t *bytes, size_t n, struct problem *p) {
    struct bench *b = all->bench[c->bench];
    bool boots = b->boots[address - KERNEL], warm = !b->warm.cold && (booted || !boots);
    int r = warm ? left_differs(b, false, c, address, bytes, n, p) : 1;
    if (r > 0 && (boots || !warm))
        r = left_differs(b, true, c, address, bytes, n, p);
    return r;
}

/* Adds the counts up and begins anew. */
static void add_counts(struct cases *all, const struct warm_config *counted) {
    for (size_t n = 0; n < KERNEL_ROOM; n++) {
        all->runs[n] += counted->runs[n];
        all->taken[n] += counted->taken[n];
        counted->runs[n] = counted->taken[n] = 0;
    }
}

/* What is right for a case, and what it reaches. */
static int measure(struct cases *all, struct mutant_case *c, struct warm *counting,
                   const struct warm_config *config, struct problem *p) {
    if (begin(all->bench[c->bench], counting, false, c, 0, NULL, 0, p) < 0)
        return -1;
    clock_t start = clock();
    c->right = finish(counting, MOST);
    if (config->cold)
        c->right_cold = c->right;
    c->cost = (double)(clock() - start) / CLOCKS_PER_SEC;
    if (c->right.end == PC_RUNNING || c->right.end == PC_UNSUPPORTED)
        return problem_set(p, "the case `%s` does not end within %d instructions", c->name, MOST);
    for (size_t n = 0; n < KERNEL_ROOM; n++)
        c->reaches[n] = config->runs[n] > 0;
    add_counts(all, config);
    all->instructions += c->right.instructions;
    return 0;
}

/* All cases of a bench on its machine, which counts meanwhile. */
static int measure_bench(struct cases *all, size_t number, const struct warm_config *config,
                         struct problem *p) {
    struct bench *b = all->bench[number];
    int r = warm_open(&b->warm, config, p);
    for (size_t n = 0; r == 0 && n < KERNEL_ROOM; n++)
        b->boots[n] = config->runs[n] > 0;
    add_counts(all, config);
    for (size_t n = 0; r == 0 && n < all->count; n++)
        if (all->of[n].bench == number)
            r = measure(all, &all->of[n], &b->warm, config, p);
    if (b->warm.pc)
        pc_count(b->warm.pc, 0, 0, NULL, NULL);
    return r;
}

static void put_number(uint8_t *at, size_t number) {
    at[0] = (uint8_t)number;
    at[1] = (uint8_t)(number >> 8);
}

/* Reads the kernel from the end of the disk and starts it with cx = 0, as a stage1 does that cannot
   tell where the script begins: behind the sector of the first NUL. All else that a boot sector
   need not promise is odd. */
static void make_searching(const struct bench *b, struct buffer *head, struct buffer *tail) {
    enum { SCRIPT_AT = 33 };
    static const uint8_t LOADER[] = {0x31, 0xC0,                   /* xor ax, ax */
                                     0x8E, 0xD8,                   /* mov ds, ax */
                                     0x8E, 0xD0,                   /* mov ss, ax */
                                     0xBC, 0x00, 0x70,             /* mov sp, 0x7000 */
                                     0xBE, 0x2A, 0x7C,             /* mov si, packet */
                                     0xB4, 0x42,                   /* mov ah, 0x42 */
                                     0xCD, 0x13,                   /* int 0x13 */
                                     0xB8, 0x34, 0x12,             /* mov ax, 0x1234 */
                                     0x8E, 0xD8,                   /* mov ds, ax */
                                     0x8E, 0xC0,                   /* mov es, ax */
                                     0xB8, 0x50, 0x00,             /* mov ax, 0x50 */
                                     0x8E, 0xD0,                   /* mov ss, ax */
                                     0xBC, 0x00, 0x20,             /* mov sp, 0x2000 */
                                     0xFD,                         /* std */
                                     0xB9, 0x00, 0x00,             /* mov cx, 0: the script */
                                     0xB6, 0x12,                   /* mov dh, 0x12 */
                                     0xEA, 0x00, 0x7E, 0x00, 0x00, /* jmp 0:0x7E00 */
                                     0x10, 0x00};                  /* packet: 16 bytes */
    size_t sectors = (head->len - SECTOR) / SECTOR, lba = DISK / SECTOR - sectors;
    uint8_t *at = head->data;
    buffer_append(tail, head->data + SECTOR, head->len - SECTOR);
    memset(at, 0, SECTOR);
    memcpy(at, LOADER, sizeof LOADER);
    at += sizeof LOADER;
    at[0] = (uint8_t)sectors;
    at[3] = 0x7E; /* to 0000:7E00 */
    put_number(at + 6, lba);
    head->data[510] = 0x55;
    head->data[511] = 0xAA;
    head->len = SECTOR;
    for (size_t n = 0; n < b->text; n++)
        buffer_append(head, "#", 1);
    do
        buffer_append(head, "", 1);
    while (head->len % SECTOR);
    if (b->told)
        put_number(head->data + SCRIPT_AT, head->len / SECTOR);
}

static size_t cases_of(const struct cases *all, size_t bench) {
    size_t count = 0;
    for (size_t n = 0; n < all->count; n++)
        count += all->of[n].bench == bench;
    return count;
}

static int open_bench(struct cases *all, size_t number, const struct buffer *usual,
                      struct problem *p) {
    struct bench *b = all->bench[number];
    struct buffer head = {0}, tail = {0};
    buffer_append(&head, usual->data, usual->len);
    b->kernel = SECTOR;
    if (b->text) {
        make_searching(b, &head, &tail);
        b->kernel = DISK - tail.len;
    }
    struct warm_config config = {.head = &head,
                                 .tail = &tail,
                                 .disk = DISK,
                                 .memory_mib = b->memory_mib,
                                 .map = b->map,
                                 .areas = b->areas,
                                 .bios = b->bios};
    struct warm_config counting = config;
    b->alone = cases_of(all, number) == 1;
    counting.cold = b->alone;
    counting.low = KERNEL;
    counting.high = KERNEL + KERNEL_ROOM;
    counting.runs = xrealloc(NULL, 2 * KERNEL_ROOM * sizeof *counting.runs);
    memset(counting.runs, 0, 2 * KERNEL_ROOM * sizeof *counting.runs);
    counting.taken = counting.runs + KERNEL_ROOM;
    int r = measure_bench(all, number, &counting, p);
    free(counting.runs);
    config.cold = true;
    if (r == 0 && !b->alone)
        r = warm_open(&b->cold, &config, p);
    buffer_free(&head);
    buffer_free(&tail);
    return r;
}

static int by_cost(const void *a, const void *b) {
    const struct mutant_case *x = a, *y = b;
    return (x->cost > y->cost) - (x->cost < y->cost);
}

/* The kernel as it is must leave what it leaves. */
static int try_itself(struct cases *all, struct mutant_case *c, const uint8_t *kernel,
                      struct problem *p) {
    int r = 0;
    bool alone = all->bench[c->bench]->alone;
    for (int booted = 0; r == 0 && booted <= 1; booted++)
        if (booted ? !alone : alone || c->looks_around)
            r = case_differs(all, c, booted, KERNEL, kernel, 1, p);
    return r > 0 ? problem_set(p, "the case `%s` differs from itself", c->name) : r;
}

int cases_open(struct cases *all, struct problem *p) {
    struct buffer head = {0};
    int r = image_head(false, &head, p);
    for (size_t n = 0; r == 0 && n < all->benches; n++)
        r = open_bench(all, n, &head, p);
    qsort(all->of, all->count, sizeof *all->of, by_cost);
    for (size_t n = 0; r == 0 && n < all->count; n++)
        r = try_itself(all, &all->of[n], head.data + SECTOR, p);
    buffer_free(&head);
    return r;
}

void cases_free(struct cases *all) {
    for (size_t n = 0; n < all->count; n++) {
        free(all->of[n].name);
        buffer_free(&all->of[n].script);
    }
    for (size_t n = 0; n < all->benches; n++) {
        warm_close(&all->bench[n]->warm);
        warm_close(&all->bench[n]->cold);
        free(all->bench[n]->bios);
        free(all->bench[n]);
    }
    free(all->bench);
    free(all->of);
}
