/* Which machines there are, and what is known of them. */
#include "verify/matrix/cells.h"

#include <stdlib.h>
#include <string.h>

static const char *const MACHINES[] = {"pc", "q35", "isapc", "bochs", NULL};
static const char *const DISKS[] = {"ide", "ahci", "virtio", "virtio-scsi", "nvme", "usb", NULL};
static const char *const MEMS[] = {"32M", "64M", "160M", "512M", "1G", "3G", "4G", "6G", NULL};
static const char *const CPUS[] = {"486", "pentium", "qemu32", "max", NULL};
static const char *const BUILDS[] = {"self", "programs", NULL};

static const char *const *const VALUES[AXES] = {
    [MACHINE] = MACHINES, [DISK] = DISKS, [MEM] = MEMS, [CPU] = CPUS, [BUILD] = BUILDS};
static const char *const NAMES[AXES] = {
    [MACHINE] = "machine", [DISK] = "disk", [MEM] = "mem", [CPU] = "cpu", [BUILD] = "build"};

const char *const *axis_values(enum axis axis) {
    return VALUES[axis];
}

const char *axis_name(enum axis axis) {
    return NAMES[axis];
}

static bool is(const struct cell *cell, enum axis axis, const char *value) {
    return strcmp(cell->value[axis], value) == 0;
}

unsigned cell_mib(const struct cell *cell) {
    char *unit;
    unsigned long n = strtoul(cell->value[MEM], &unit, 10);
    return (unsigned)(*unit == 'G' ? n * 1024 : n);
}

const char *cell_obstacle(const struct cell *cell) {
    if (is(cell, MACHINE, "isapc") && !is(cell, DISK, "ide"))
        return "isapc has no PCI bus for such a controller";
    if (is(cell, MACHINE, "bochs") && cell_mib(cell) > 2048)
        return "Bochs 2.7 takes at most 2 GiB";
    return NULL;
}

const char *cell_error(const struct cell *cell) {
    /* Programs begin at 128 MiB. */
    return is(cell, BUILD, "programs") && cell_mib(cell) < 128 ? "ERROR: /hex0: no memory" : NULL;
}

/* Whether `value` is in the list that stands behind AXIS=. */
static bool listed(const char *list, const char *value) {
    size_t length = strlen(value);
    for (const char *p = list; p; p = strchr(p, ',')) {
        p += *p == ',';
        if (strncmp(p, value, length) == 0 && (p[length] == ',' || !p[length]))
            return true;
    }
    return false;
}

/* What stands behind AXIS= in a filter for that axis, else null. */
static const char *list_of(const char *filter, enum axis axis) {
    size_t length = strlen(NAMES[axis]);
    bool same = strncmp(filter, NAMES[axis], length) == 0 && filter[length] == '=';
    return same ? filter + length + 1 : NULL;
}

static bool wanted(const struct cell *cell, int filters, char **filter) {
    for (int i = 0; i < filters; i++) {
        for (int axis = 0; axis < AXES; axis++) {
            const char *list = list_of(filter[i], (enum axis)axis);
            if (list && !listed(list, cell->value[axis]))
                return false;
        }
    }
    return true;
}

/* A filter must name an axis, and only values of it. */
static int check_filter(const char *filter, struct problem *p) {
    for (int axis = 0; axis < AXES; axis++) {
        const char *list = list_of(filter, (enum axis)axis);
        size_t known = 0;
        size_t named = 1;
        for (const char *c = list; c && *c; c++)
            named += *c == ',';
        for (int v = 0; list && VALUES[axis][v]; v++)
            known += listed(list, VALUES[axis][v]);
        if (list && known == named)
            return 0;
    }
    return problem_set(p, "matrix: no such filter: %s; write AXIS=VALUE,VALUE, see --help", filter);
}

/* A fixed spread over the axes: neighbours differ in all of them, and each value occurs. */
static bool in_subset(const size_t at[AXES]) {
    static const size_t SUBSET[][AXES] = {
        {0, 1, 4, 2, 0}, {0, 0, 0, 0, 0}, {1, 2, 3, 1, 1}, {0, 3, 2, 3, 1}, {1, 4, 5, 3, 0},
        {0, 5, 6, 2, 0}, {1, 1, 7, 3, 1}, {2, 0, 1, 0, 0}, {3, 0, 2, 0, 1},
    };
    for (size_t i = 0; i < sizeof SUBSET / sizeof SUBSET[0]; i++)
        if (memcmp(SUBSET[i], at, sizeof SUBSET[i]) == 0)
            return true;
    return false;
}

/* Moves on to the next combination; false after the last. */
static bool next(size_t at[AXES]) {
    for (int axis = AXES - 1; axis >= 0; axis--) {
        if (VALUES[axis][++at[axis]])
            return true;
        at[axis] = 0;
    }
    return false;
}

int cells_each(int filters, char **filter, bool quick, void (*take)(const struct cell *, void *),
               void *arg, struct problem *p) {
    size_t at[AXES] = {0};
    for (int i = 0; i < filters; i++)
        if (check_filter(filter[i], p) != 0)
            return -1;
    do {
        struct cell cell;
        for (int axis = 0; axis < AXES; axis++)
            cell.value[axis] = VALUES[axis][at[axis]];
        bool bochs = is(&cell, MACHINE, "bochs");
        if (bochs && (at[DISK] > 0 || at[CPU] > 0))
            continue;
        if (bochs)
            cell.value[CPU] = "bochs";
        if ((!quick || in_subset(at)) && wanted(&cell, filters, filter))
            take(&cell, arg);
    } while (next(at));
    return 0;
}
