/* Memory by linear address: pages that lie elsewhere, are not there, or were not asked for. */
#include <stdlib.h>
#include <string.h>

#include "images/machine/paged.h"
#include "verify/harness/harness.h"

enum { PAGE = 4096, ENTRIES_AT = 0x01038000, FIRST = 0x5000, PAGES = 6 };

/* Of the pages from number FIRST on: two in a row, one far above, one that is not there, one below,
   and one behind that. */
static const uint32_t ENTRIES[PAGES] = {0x00123067, 0x00124067, 0xFFFFF003,
                                        0x00777066, 0x00002001, 0x00003001};
static const uint32_t PHYSICAL[PAGES] = {0x123, 0x124, 0xFFFFF, FIRST + 3, 2, 3};

struct reader {
    unsigned reads;
    uint64_t refused; /* an address that cannot be read */
};

static uint8_t byte_at(uint32_t physical) {
    return (uint8_t)(physical ^ physical >> 8 ^ physical >> 16);
}

static int read_physical(void *arg, uint32_t address, uint8_t *to, size_t n, struct problem *p) {
    struct reader *r = arg;
    r->reads++;
    for (size_t k = 0; k < n; k++) {
        uint32_t at = address + (uint32_t)k, entry = at - (ENTRIES_AT + 4 * FIRST);
        if (at == r->refused)
            return problem_set(p, "nothing at %X", (unsigned)at);
        to[k] =
            entry < sizeof ENTRIES ? (uint8_t)(ENTRIES[entry / 4] >> entry % 4 * 8) : byte_at(at);
    }
    return 0;
}

static void expect_read(struct test *t, const struct paged *m, uint32_t from, uint32_t n) {
    struct problem p;
    uint8_t *got = xrealloc(NULL, n + 1), *want = xrealloc(NULL, n + 1);
    for (uint32_t k = 0; k < n; k++) {
        uint32_t at = from + k, page = at / PAGE - FIRST;
        bool fetched = page < PAGES && at / PAGE - m->first < m->count;
        want[k] = byte_at(fetched ? PHYSICAL[page] * PAGE + at % PAGE : at);
    }
    if (paged_read(m, from, got, n, &p) < 0)
        test_fail(t, "%s", p.text);
    char *what = xprintf("%u bytes from %X on", (unsigned)n, (unsigned)from);
    expect_same(t, what, got, n, want, n);
    free(what);
    free(got);
    free(want);
}

TEST(paged_memory_is_read_where_its_entries_lead) {
    struct reader reader = {.refused = UINT64_MAX};
    const struct physical_memory all = {read_physical, &reader};
    struct paged m = {.memory = &all};
    struct problem p;
    const uint32_t low = FIRST * PAGE, size = PAGES * PAGE;
    if (paged_fetch(&m, low + 1, size - 2, &p) < 0)
        test_fail(t, "%s", p.text);
    for (uint32_t from = 0; from < size; from += from % PAGE == 0 ? 1 : PAGE - 2)
        for (uint32_t n = 0; from + n <= size; n += n % PAGE == 0 ? 1 : PAGE / 2 - 1)
            expect_read(t, &m, low + from, n);
    expect_read(t, &m, low - PAGE, size + 2 * PAGE);
    reader.reads = 0;
    expect_read(t, &m, low + 5, size - 5);
    if (reader.reads != 4)
        test_fail(t, "%u reads for 4 pieces", reader.reads);
    if (paged_fetch(&m, low + PAGE - 1, 2, &p) < 0)
        test_fail(t, "%s", p.text);
    expect_read(t, &m, low, size);
    paged_free(&m);
}

TEST(paged_memory_that_cannot_be_read_is_an_error) {
    struct reader reader = {.refused = ENTRIES_AT + 4 * FIRST + 7};
    const struct physical_memory all = {read_physical, &reader};
    struct paged m = {.memory = &all};
    struct problem p;
    uint8_t bytes[PAGE];
    if (paged_fetch(&m, FIRST * PAGE, 2 * PAGE, &p) == 0)
        test_fail(t, "the entries are there");
    reader.refused = PHYSICAL[1] * PAGE + 5;
    if (paged_fetch(&m, FIRST * PAGE, 2 * PAGE, &p) < 0)
        test_fail(t, "%s", p.text);
    if (paged_read(&m, FIRST * PAGE + 6, bytes, PAGE, &p) == 0)
        test_fail(t, "the second page is there");
    if (paged_read(&m, FIRST * PAGE + 5, bytes, PAGE, &p) < 0)
        test_fail(t, "%s", p.text);
    paged_free(&m);
}
