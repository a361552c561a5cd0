/*
 * Memory maps made at random: out of order, one over another, in bytes, of strange types, empty, up
 * to 4 GiB and past it. The page tables that the kernel makes of each are compared with what a
 * second reading of CONTRACT.md 7.1 says, page by page: where here a page is looked at alone, the
 * kernel goes from one end of an entry to the next.
 */
#include <stdlib.h>
#include <string.h>

#include "images/machine/image.h"
#include "verify/harness/boot.h"
#include "verify/tests/boot/maps.h"
#include "verify/warm/warm.h"

enum { PAGE = 4096, PAGES = 1 << 20, MOST = 24, COUNT = 150, TABLE = PAGE / 4 };
enum { DIRECTORY = 0x00200000, TABLES = 0x01038000 };
enum { PRESENT = 1, WRITABLE = 2, FLAGS = PRESENT | WRITABLE };
enum { LOW_PAGES = 0x100, READ_ONLY_END = 0x200, LEAST = 0x1500, GUARD = 0x77FF };

struct map {
    struct pc_area area[MOST];
    size_t count;
};

/* What the contract says of it. */
struct memory {
    uint32_t pages;        /* of RAM; 0: there is too little, or a hole too low */
    uint32_t first_hole;   /* from 1 MiB on, a page */
    uint32_t place[PAGES]; /* of each page below `pages` */
};

static uint32_t below(uint32_t *state, uint32_t n) {
    return test_random(state) % n;
}

/* Whole pages, bytes around these, or any number. */
static uint64_t size_of(uint32_t *state) {
    uint64_t n = (uint64_t)below(state, 1 << below(state, 16)) * PAGE;
    switch (below(state, 8)) {
    case 0:
        return n + below(state, PAGE);
    case 1:
        return n + 1;
    case 2:
        return n - (n != 0);
    case 3:
        return below(state, 3);
    default:
        return n;
    }
}

/* A place anywhere, or next to where another entry begins or ends. */
static uint64_t place_of(uint32_t *state, const struct map *m) {
    const struct pc_area *a = &m->area[below(state, (uint32_t)m->count)];
    uint64_t near = a->base + (below(state, 2) ? a->length : 0);
    switch (below(state, 8)) {
    case 0:
        return near;
    case 1:
        return near + size_of(state);
    case 2:
        return near - size_of(state);
    case 3:
        return GIB(4) - size_of(state);
    case 4:
        return GIB(4) * below(state, 4) + MIB(below(state, 4096));
    case 5:
        return MIB(21) + size_of(state) + below(state, 1 << 28);
    default:
        return MIB(21 + below(state, 300)) + size_of(state);
    }
}

static uint64_t length_of(uint32_t *state, uint64_t base) {
    switch (below(state, 16)) {
    case 0:
        return GIB(4) - base; /* up to 4 GiB, or around all addresses */
    case 1:
        return GIB(4) * below(state, 3) + size_of(state);
    case 2:
        return MIB(below(state, 1024));
    default:
        return size_of(state);
    }
}

static void make_map(struct map *m, uint32_t *state) {
    static const uint32_t TYPES[] = {1, 1, 1, 1, 1, 1, 2, 2, 3, 4, 5, 0, 0x101, 0x80000001};
    uint64_t start = below(state, 4)   ? MIB(1)
                     : below(state, 3) ? 0
                                       : MIB(1) - size_of(state) % MIB(1);
    uint64_t end = MIB(below(state, 12) ? 22 + below(state, 200) : 1 + below(state, 24));
    size_t count = 1 + below(state, MOST);
    m->area[0] = (struct pc_area){start, end + size_of(state) - start, 1};
    for (m->count = 1; m->count < count; m->count++) {
        struct pc_area a = {.base = place_of(state, m)};
        a.length = length_of(state, a.base);
        a.type = TYPES[below(state, sizeof TYPES / sizeof TYPES[0])];
        m->area[m->count] = a;
    }
    for (size_t n = count; n > 1; n--) {
        size_t other = below(state, (uint32_t)n);
        struct pc_area last = m->area[n - 1];
        m->area[n - 1] = m->area[other];
        m->area[other] = last;
    }
}

/* What each page below 4 GiB is. */
struct page {
    uint32_t types; /* of the entries that all of it is in, put together by or */
    bool cut;       /* one begins or ends within it */
};

static void cover(struct page *page, const struct pc_area *a) {
    uint64_t end = a->base + (uint32_t)a->length;
    if (a->base >= GIB(4))
        return;
    end = end < GIB(4) ? end : GIB(4) - 1; /* which leaves out the last page */
    page[a->base / PAGE].cut |= a->base % PAGE != 0;
    page[end / PAGE].cut |= end % PAGE != 0;
    for (uint64_t p = (a->base + PAGE - 1) / PAGE; p < end / PAGE; p++)
        page[p].types |= a->type;
}

static void understand(const struct map *m, struct memory *r) {
    static struct page page[PAGES];
    static bool ram[PAGES];
    memset(page, 0, sizeof page);
    for (size_t n = 0; n < m->count; n++)
        cover(page, &m->area[n]);
    *r = (struct memory){.first_hole = PAGES};
    for (uint32_t p = 0; p < PAGES; p++) {
        ram[p] = p < LOW_PAGES || (page[p].types == 1 && !page[p].cut);
        r->pages += ram[p];
        if (!ram[p] && r->first_hole == PAGES)
            r->first_hole = p;
    }
    if (r->first_hole < LEAST)
        r->pages = 0;
    uint32_t from = r->pages; /* holes are filled from there on */
    for (uint32_t p = 0; p < r->pages; p++) {
        while (!ram[p] && !ram[from])
            from++;
        r->place[p] = ram[p] ? p : from++;
    }
}

static uint32_t word_at(struct pc *pc, uint64_t address) {
    uint8_t bytes[4];
    pc_read(pc, address, bytes, sizeof bytes);
    return little32(bytes);
}

/* What the entry of a page must be, in its address and these two flags. */
static uint32_t entry_of(const struct memory *r, uint32_t p) {
    if (p == 0 || p >= r->pages)
        return 0;
    uint32_t writable = p >= LOW_PAGES && p < READ_ONLY_END ? 0 : WRITABLE;
    return r->place[p] * PAGE + writable + (p == GUARD ? 0 : PRESENT);
}

static void expect_tables(struct test *t, unsigned seed, struct pc *pc, const struct memory *r) {
    uint32_t tables = r->pages / TABLE + 1; /* the last has an entry behind the last page */
    for (uint32_t n = 0; n < TABLE; n++) {
        uint32_t have = word_at(pc, DIRECTORY + 4 * n) & (~(PAGE - 1u) | FLAGS);
        uint32_t want = n < tables ? TABLES + n * PAGE + FLAGS : 0;
        if (have != want)
            test_fail(t, "map %u: entry %u of the directory is %08X, not %08X", seed, n, have,
                      want);
    }
    for (uint32_t p = 0; p < tables * TABLE; p++) {
        uint32_t have = word_at(pc, TABLES + 4 * p) & (~(PAGE - 1u) | FLAGS);
        if (have != entry_of(r, p) && (p != GUARD || p < r->pages))
            test_fail(t, "map %u: the entry of %08X is %08X, not %08X", seed, p * PAGE, have,
                      entry_of(r, p));
    }
}

static void expect_console(struct test *t, unsigned seed, struct buffer *console,
                           const char *want) {
    buffer_append(console, "", 1);
    if (!strstr((const char *)console->data, want))
        test_fail(t, "map %u: not `%s`, but: %s", seed, want, (const char *)console->data);
}

/* Boots with a map, and looks at the tables. */
static void boot_with(struct test *t, unsigned seed, const struct buffer *system,
                      const struct map *m, const struct memory *r) {
    static const char SCRIPT[] = "src 0 /dev\nsrc 4 /dev/hda\nSEED";
    struct warm_config config = {.head = system,
                                 .disk = DISK_MIN,
                                 .map = m->area,
                                 .areas = m->count,
                                 .cold = true,
                                 .bios = "ram-dirty"};
    struct problem p;
    struct warm w;
    if (warm_open(&w, &config, &p) < 0 ||
        warm_begin(&w, (const uint8_t *)SCRIPT, strlen(SCRIPT), &p) < 0)
        test_fail(t, "%s", p.text);
    warm_run(&w, 1000000000);
    expect_console(t, seed, &w.console, r->pages ? "Build finished." : "ERROR: /: no memory");
    if (r->pages)
        expect_tables(t, seed, w.pc, r);
    warm_close(&w);
}

static void lead_to_page_tables(struct test *t, const void *argument) {
    static struct memory r;
    unsigned wanted = *(const unsigned *)argument, errors = 0, holes = 0;
    struct buffer system = full_system(t);
    for (unsigned seed = 1; seed <= wanted; seed++) {
        uint32_t state = seed * 2654435761u;
        struct map m;
        make_map(&m, &state);
        understand(&m, &r);
        boot_with(t, seed, &system, &m, &r);
        errors += !r.pages;
        holes += r.pages && r.first_hole < r.pages;
    }
    if (wanted >= COUNT && (errors < wanted / 20 || holes < wanted / 3))
        test_fail(t, "of %u maps only %u end in an error, and %u have holes", wanted, errors,
                  holes);
    buffer_free(&system);
}

/* SEEDBED_MAPS: so many instead of 150. */
TESTS(e820_maps_made_at_random) {
    static unsigned wanted;
    const char *count = getenv("SEEDBED_MAPS");
    wanted = count ? (unsigned)atoi(count) : COUNT;
    suite_add_slow(s, "e820-maps-made-at-random-lead-to-the-page-tables-of-the-contract",
                   TEST_SECONDS + wanted / 4, lead_to_page_tables, &wanted);
}
