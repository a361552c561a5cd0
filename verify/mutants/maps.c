/* Memory maps of the quick suite: each end of an entry where another begins, and next to it. */
#include <string.h>

#include "verify/mutants/cases.h"

#define KIB(n) ((uint64_t)(n) << 10)
#define MIB(n) ((uint64_t)(n) << 20)
#define GIB(n) ((uint64_t)(n) << 30)

enum { MOST = 6 };

static const struct map {
    const char *name, *bios;
    struct pc_area area[MOST]; /* type 1 is usable; up to the first without a length */
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
    {"17 MiB less a page", "", {{MIB(1), MIB(16) - KIB(4), 1}}},
    {"17 MiB", "", {{MIB(1), MIB(16), 1}}},
    {"17 MiB and a page", "", {{MIB(1), MIB(16) + KIB(4), 1}}},
    {"a page of a table", "ram-dirty", {{MIB(1), MIB(135) + KIB(4), 1}}},
    {"all of a table", "ram-dirty", {{MIB(1), MIB(135), 1}}},
    {"all of a table but a page", "ram-dirty", {{MIB(1), MIB(135) - KIB(4), 1}}},
    {"half a page", "ram-dirty", {{MIB(1), MIB(140) + KIB(2), 1}}},
};

int cases_add_maps(struct cases *all, struct problem *p) {
    int r = 0;
    for (size_t n = 0; r == 0 && n < sizeof MAPS / sizeof MAPS[0]; n++) {
        size_t areas = 0;
        while (areas < MOST && MAPS[n].area[areas].length)
            areas++;
        struct mutant_case *c =
            case_add(all, xprintf("map: %s", MAPS[n].name), MAPS[n].bios, 0, MAPS[n].area, areas);
        c->looks_around = true;
        buffer_printf(&c->script, "src 0 /dev\nsrc 0 /bin\n");
        r = case_add_file(&c->script, "/bin/tables", "build/mutants-tables", p);
        buffer_printf(&c->script, "/bin/tables end\n");
    }
    return r;
}
