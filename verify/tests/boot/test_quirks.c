/*
 * Every quirk of the PC's firmware (`seedbed run --bios help`) against every program that boots:
 * boot sector and kernel, stage1 and the kernel's text, mini. It is either worked around, or there
 * is a line that says so and the disk is as it was.
 */
#include <stdlib.h>
#include <string.h>

#include "refmodel/pc/pc.h"
#include "verify/harness/boot.h"

enum program { FULL, STAGED, MINI, PROGRAMS };
static const char *const NAMES[PROGRAMS] = {"the-full-image", "the-staged-image", "mini"};

/* What comes of a quirk that cannot be worked around. */
static const char NO_MEMORY[] = "ERROR: /: no memory", A20[] = "ERROR: A20", DISK[] = "ERROR: disk";
static const char OPEN[] = ""; /* it is not guarded against, or not yet: no test */

/* clang-format off */
static const struct expectation {
    const char *quirk;
    const char *line[PROGRAMS]; /* null: it builds */
} EXPECTED[] = {
    {"a20-keyboard", {A20, A20, NULL}},
    {"a20-stuck", {A20, A20, NULL}},
    {"count-more=200", {NULL, NULL, NULL}},
    {"e820-fail", {NO_MEMORY, NO_MEMORY, NULL}},
    {"e820-unsigned", {NO_MEMORY, NO_MEMORY, NULL}},
    {"e820-many=140", {NULL, NULL, NULL}},
    {"e820-many=200", {NO_MEMORY, NO_MEMORY, NULL}},
    {"edd-bx", {DISK, DISK, NULL}},
    {"edd-none", {DISK, DISK, NULL}},
    {"edd-none,drive-wrong", {DISK, DISK, NULL}},
    {"edd-none,geometry=9", {DISK, DISK, NULL}},
    {"edd-none,interrupts-left-off,waits", {DISK, DISK, NULL}},
    {"edd-none,interrupts-off,waits", {DISK, DISK, NULL}},
    {"edd-none,parameters-none", {DISK, DISK, DISK}},
    {"edd-none,parameters-zero", {DISK, DISK, DISK}},
    {"edd-none,trash,segments,direction,upper,errors=2", {DISK, DISK, NULL}},
    {"errors-from", {DISK, DISK, DISK}},
    {"errors-from,trash,segments,direction,upper", {DISK, DISK, DISK}},
    {"errors-from=3", {DISK, DISK, DISK}},
    {"errors-from=9", {"ERROR: disk: 00000009", DISK, OPEN}},
    {"errors=100", {DISK, DISK, DISK}},
    {"count-kept,errors=2", {NULL, NULL, NULL}},
    {"errors-late", {NULL, DISK, NULL}},
    {"errors-stay,errors=2", {NULL, NULL, NULL}},
    {"interrupts-left-off,waits", {NULL, NULL, NULL}},
    {"interrupts-off,waits", {NULL, NULL, NULL}},
    {"sector-4096", {DISK, DISK, DISK}},
};
/* clang-format on */

struct walk {
    const char *quirk;
    enum program program;
    const char *line;
};

enum { CONTENT = 40000, MINI_CONTENT = 2000 };

static struct buffer make_disk(struct test *t, enum program program, const uint8_t *content) {
    struct buffer disk = program == FULL     ? full_system(t)
                         : program == STAGED ? staged_system(t)
                                             : compile_source(t, "hex0/mini.hex0");
    if (program == MINI) {
        for (size_t i = 0; i < MINI_CONTENT; i++)
            buffer_printf(&disk, "%02X%s", content[i], i % 16 == 15 ? " # a line\n" : " ");
    } else {
        buffer_printf(&disk, "src 0 /dev\n");
        add_src(&disk, "/dev/hda", content, CONTENT);
    }
    end_disk(&disk);
    return disk;
}

static void walks(struct test *t, const void *argument) {
    const struct walk *w = argument;
    uint8_t *content = random_bytes(17, CONTENT);
    struct run_request how = {.bios = w->quirk, .timeout = 20};
    struct buffer disk = make_disk(t, w->program, content);
    struct aftermath a = boot_image_on(t, &engine_pc, &disk, &how);
    if (w->line) {
        expect_error(t, w->quirk, &a, w->line, &disk);
    } else if (w->program == MINI) {
        if (a.end != RUN_RESET)
            test_fail(t, "mini should end with a reset: %s", a.message);
        expect_same(t, "what mini compiled", a.disk.data, MINI_CONTENT, content, MINI_CONTENT);
    } else {
        expect_artifact(t, "/dev/hda", &a, content, CONTENT);
    }
    aftermath_free(&a);
    buffer_free(&disk);
    free(content);
}

static const struct expectation *expected(const char *quirk) {
    for (size_t i = 0; i < sizeof EXPECTED / sizeof EXPECTED[0]; i++)
        if (strcmp(EXPECTED[i].quirk, quirk) == 0)
            return &EXPECTED[i];
    return NULL;
}

static void add_walks(struct suite *s, const char *quirk) {
    const struct expectation *e = expected(quirk);
    for (int n = 0; n < PROGRAMS; n++) {
        const char *line = e ? e->line[n] : NULL;
        if (line == OPEN)
            continue;
        struct walk *w = xrealloc(NULL, sizeof *w);
        *w = (struct walk){quirk, (enum program)n, line};
        suite_add(s, xprintf("quirk-%s-and-%s", quirk, NAMES[n]), walks, w);
    }
}

/* The row of docs/HARDWARE.md that names the quirk; null: there is none. */
static char *row_of(const char *text, const char *quirk) {
    char *name = xprintf("`%s`", quirk), *row = NULL;
    for (const char *at = text; *at && !row; at += strcspn(at, "\n") + (strchr(at, '\n') != NULL)) {
        char *line = xprintf("%.*s", (int)strcspn(at, "\n"), at);
        if (line[0] == '|' && strstr(line, name))
            row = line;
        else
            free(line);
    }
    free(name);
    return row;
}

/* The handbook names every quirk, and says of those alone that the kernel is not guarded against
   them of which it is true here. */
TEST(quirks_are_in_the_list_of_faults_as_they_are) {
    struct buffer text = test_read(t, "docs/HARDWARE.md");
    size_t count;
    const struct pc_quirk *all = pc_quirks(&count);
    buffer_append(&text, "", 1);
    for (size_t i = 0; i < count; i++) {
        const struct expectation *e = expected(all[i].name);
        char *row = row_of((const char *)text.data, all[i].name);
        if (!row)
            test_fail(t, "docs/HARDWARE.md: no row names `%s`", all[i].name);
        if ((e && e->line[FULL] == OPEN) != !!strstr(row, "kernel: not"))
            test_fail(t, "docs/HARDWARE.md and EXPECTED disagree on `%s`: %s", all[i].name, row);
        free(row);
    }
    buffer_free(&text);
}

TESTS(quirks) {
    size_t count;
    const struct pc_quirk *all = pc_quirks(&count);
    for (size_t i = 0; i < count; i++)
        add_walks(s, all[i].name);
    for (size_t i = 0; i < sizeof EXPECTED / sizeof EXPECTED[0]; i++)
        if (strpbrk(EXPECTED[i].quirk, "=,"))
            add_walks(s, EXPECTED[i].quirk);
    add_walks(s, "trash,segments,direction,stack=6000,count-short=3,errors=1,pic=5000");
    add_walks(s, "gdt,stack-16,packet,packet-16,count-more,upper,interrupts-left-off,waits");
}
