/* Memory maps of the quick suite: each end of an entry where another begins, and next to it; holes,
   and take-overs with them. */
#include <stdlib.h>
#include <string.h>

#include "verify/mutants/cases.h"

#define KIB(n) ((uint64_t)(n) << 10)
#define MIB(n) ((uint64_t)(n) << 20)
#define GIB(n) ((uint64_t)(n) << 30)

enum { MOST = 6 };

/* Up to the hole of so many KiB at `at`, and from there on to 160 MiB of memory. */
#define HOLE(at, kib)                                                                              \
    {                                                                                              \
        {MIB(1), (at)-MIB(1), 1}, {                                                                \
            (at) + KIB(kib), MIB(160) - (at), 1                                                    \
        }                                                                                          \
    }

static const struct map {
    const char *name, *bios;
    struct pc_area area[MOST]; /* type 1 is usable; up to the first that is all zeros */
} MAPS[] = {
    {"out of order", "", {{MIB(150), MIB(20), 1}, {MIB(100), MIB(50), 1}, {MIB(1), MIB(99), 1}}},
    {"a gap of a page", "", {{MIB(1), MIB(139), 1}, {MIB(140) + KIB(4), MIB(20), 1}}},
    {"behind a gap, told first", "", {{MIB(150), MIB(20), 1}, {MIB(1), MIB(139), 1}}},
    {"one over another",
     "",
     {{MIB(1), MIB(150), 1}, {MIB(130), MIB(5), 1}, {MIB(140), MIB(30), 1}}},
    {"from 0 on", "", {{0, MIB(150), 1}}},
    {"from a byte above 1 MiB on", "", {{MIB(1) + 1, MIB(150), 1}}},
    {"reserved inside", "", {{MIB(1), MIB(180), 1}, {MIB(140), KIB(4), 2}, {MIB(150), KIB(4), 2}}},
    {"reserved inside, told first",
     "",
     {{MIB(150), KIB(4), 2}, {MIB(140), KIB(4), 3}, {MIB(145), KIB(4), 2}, {MIB(1), MIB(180), 1}}},
    {"reserved behind", "", {{MIB(1), MIB(150), 1}, {MIB(160), MIB(10), 2}}},
    {"reserved below 1 MiB", "", {{MIB(1) - 1, KIB(4), 2}, {MIB(1), MIB(150), 1}}},
    {"reserved from 1 MiB on", "", {{MIB(1), KIB(4), 2}, {MIB(1), MIB(150), 1}}},
    {"more than 4 GiB, reserved inside",
     "",
     {{MIB(140), KIB(4), 2}, {MIB(1), GIB(4) - MIB(1) - 1, 1}}},
    {"to 4 GiB", "", {{MIB(140), KIB(4), 2}, {MIB(1), GIB(4) - MIB(1), 1}}},
    {"past 4 GiB", "", {{MIB(140), KIB(4), 2}, {MIB(1), GIB(4) - KIB(4), 1}}},
    {"a length above 4 GiB", "", {{MIB(1), GIB(8) + MIB(150), 1}}},
    {"above 4 GiB", "", {{MIB(1), MIB(140), 1}, {GIB(4) + MIB(1), MIB(300), 1}}},
    {"reserved above 4 GiB", "", {{GIB(4) + MIB(135), KIB(4), 2}, {MIB(1), MIB(140), 1}}},
    {"21 MiB less a page", "", {{MIB(1), MIB(20) - KIB(4), 1}}},
    {"21 MiB", "", {{MIB(1), MIB(20), 1}}},
    {"21 MiB and a page", "", {{MIB(1), MIB(20) + KIB(4), 1}}},
    {"a page of a table", "ram-dirty", {{MIB(1), MIB(135) + KIB(4), 1}}},
    {"all of a table", "ram-dirty", {{MIB(1), MIB(135), 1}}},
    {"all of a table but a page", "ram-dirty", {{MIB(1), MIB(135) - KIB(4), 1}}},
    {"half a page", "ram-dirty", {{MIB(1), MIB(140) + KIB(2), 1}}},
    {"an empty entry at 0", "", {{0, 0, 2}, {MIB(1), MIB(150), 1}}},
    {"an entry of type 0", "", {{MIB(1), MIB(150), 1}, {MIB(130), MIB(5), 0}}},
    {"holes near the end",
     "",
     {{MIB(1), MIB(139), 1}, {MIB(142), MIB(8), 1}, {MIB(160), MIB(10), 1}}},
    {"a page of two entries",
     "",
     {{MIB(1), MIB(129) + KIB(2), 1}, {MIB(130) + KIB(2), MIB(20), 1}}},
    {"parts of pages next to a hole", "", {{MIB(1), MIB(139) + 1, 1}, {MIB(141) - 1, MIB(20), 1}}},
    {"the last page below 4 GiB", "", {{MIB(1), MIB(139), 1}, {GIB(4) - KIB(8), KIB(8), 1}}},
    {"a hole below 17 MiB", "", {{MIB(1), MIB(15), 1}, {MIB(16) + KIB(4), MIB(150), 1}}},
    {"a page of two entries below 17 MiB",
     "",
     {{MIB(1), MIB(15) + KIB(2), 1}, {MIB(16) + KIB(2), MIB(150), 1}}},
    {"a page of two entries at 17 MiB",
     "",
     {{MIB(1), MIB(16) + KIB(2), 1}, {MIB(17) + KIB(2), MIB(150), 1}}},
    {"a page of two entries up to 17 MiB",
     "",
     {{MIB(1), MIB(16) - KIB(2), 1}, {MIB(17) - KIB(2), MIB(150), 1}}},
};

/* What else is run on some. RECORD is the page where the log of `takes` begins, TOP that of its
   break. */
enum { RECORD = (160 << 20) - 0x2000, TOP = 0x08069000 };

static const struct {
    const char *words, *then;
    struct map map;
} RUNS[] = {
    {"edges grow",
     NULL,
     {"a hole in contents that move", "ram-dirty", {{MIB(1), MIB(23), 1}, {MIB(64), MIB(276), 1}}}},
    {"edges first",
     "tables end",
     {"a take-over with a hole in free pages", "", HOLE(MIB(136), 8192)}},
    {"edges first",
     "tables end",
     {"a take-over with a hole in the image", "", HOLE(0x08048000, 4)}},
    {"edges first",
     "tables end",
     {"a take-over with a hole in the last page", "", HOLE(MIB(160) - KIB(4), 4)}},
    {"takes",
     "tables end",
     {"a take-over with a hole below the log", "", HOLE(RECORD - KIB(4), 4)}},
    {"takes", "tables end", {"a take-over with a hole where the log begins", "", HOLE(RECORD, 4)}},
    {"takes", "tables end", {"a take-over with a hole at the break", "", HOLE(TOP, 4)}},
    {"takes", "tables end", {"a take-over with a hole above the break", "", HOLE(TOP + KIB(4), 4)}},
    {"growth taken",
     "tables end",
     {"a take-over with files that have grown and a hole", "", HOLE(0x08800000, 8192)}},
};

/* A program with its words, on a machine with such a map, and then another unless that is null. */
static int add_run(struct cases *all, const struct map *map, const char *words, const char *then,
                   struct problem *p) {
    size_t areas = 0;
    while (areas < MOST && (map->area[areas].length || map->area[areas].type))
        areas++;
    struct mutant_case *c =
        case_add(all, xprintf("map: %s", map->name), map->bios, 0, map->area, areas);
    c->looks_around = true;
    buffer_printf(&c->script, "src 0 /dev\nsrc 0 /bin\n");
    int r = case_add_program(&c->script, words, p);
    return r == 0 && then ? case_add_program(&c->script, then, p) : r;
}

int cases_add_maps(struct cases *all, struct problem *p) {
    int r = 0;
    for (size_t n = 0; r == 0 && n < sizeof MAPS / sizeof MAPS[0]; n++)
        r = add_run(all, &MAPS[n], "tables end", NULL, p);
    for (size_t n = 0; r == 0 && n < sizeof RUNS / sizeof RUNS[0]; n++)
        r = add_run(all, &RUNS[n].map, RUNS[n].words, RUNS[n].then, p);
    return r;
}
