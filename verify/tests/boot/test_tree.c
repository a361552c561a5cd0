/*
 * A source tree as generators lay one out: `src 0 ./DIR` for every folder, `src SIZE ./PATH` for
 * every file, in any order that has a folder before what is in it, with the names that people give.
 */
#include <stdlib.h>
#include <string.h>

#include "refmodel/seedbed.h"
#include "verify/tests/boot/faulty_bios.h"

enum { FOLDERS = 60, FILES = 4000, LONGEST = 200 };

struct leaf {
    char *name; /* relative to the tree, without ./ */
    uint8_t *bytes;
    size_t size;
};

static struct leaf tree_file[FILES];

/* A name of its own: `number` stands in it, and whatever else a name may have. */
static char *odd_name(uint32_t *state, size_t number) {
    static const char *const ODD[] = {" ",  "  ",       "#", "\"", "'",   ";",
                                      "\t", "\xC3\xA4", "-", "\\", "(1)", "$"};
    enum { PIECES = sizeof ODD / sizeof ODD[0] };
    struct buffer name = {0};
    size_t wanted = number % 50 == 0 ? LONGEST : test_random(state) % 12;
    if (test_random(state) % 8 == 0)
        buffer_printf(&name, " ");
    buffer_printf(&name, "%zu", number);
    while (name.len < wanted)
        buffer_printf(&name, "%s%c", ODD[test_random(state) % PIECES],
                      (int)('a' + test_random(state) % 26));
    if (test_random(state) % 8 == 0)
        buffer_printf(&name, " ");
    buffer_append(&name, "", 1);
    return (char *)name.data;
}

/* Lays the tree out; what is made with a name goes to tree_file. */
static struct buffer tree_script(void) {
    static char *folder[FOLDERS];
    struct buffer script = {0};
    uint32_t state = 77;
    buffer_printf(&script, "src 0 .\n");
    for (size_t i = 0; i < FOLDERS; i++) {
        char *own = odd_name(&state, 10000 + i);
        folder[i] = i % 3 == 0 ? own : xprintf("%s/%s", folder[i - 1], own);
        buffer_printf(&script, "src 0 ./%s\n", folder[i]);
        if (i % 5 == 0)
            buffer_printf(&script, "src 0 ./%s\n", folder[test_random(&state) % (i + 1)]);
    }
    for (size_t i = 0; i < FILES; i++) {
        struct leaf *f = &tree_file[i];
        char *own = odd_name(&state, i);
        size_t in = test_random(&state) % (FOLDERS + 1);
        f->name = in == FOLDERS ? own : xprintf("%s/%s", folder[in], own);
        f->size = 1 + test_random(&state) % 400;
        f->bytes = random_bytes(1 + (uint32_t)i, f->size);
        add_src(&script, xprintf("./%s", f->name), f->bytes, f->size);
    }
    buffer_printf(&script, "src 0 ./dev\n");
    add_src(&script, "./dev/hda", "TREE", 4);
    return script;
}

/* With a stage1 that does not say where the script begins. */
TEST_WITHIN(120, a_tree_as_generators_write_it_is_the_same_in_the_machine) {
    struct problem p;
    struct buffer script = tree_script(), disk = staged_system(t), kernel = full_system(t);
    char *folder = test_path(t, "files");
    const struct run_request how = {.files = folder, .timeout = 100};
    const struct engine *pc = engine_choose("pc", NULL, &p);
    if (!pc)
        test_fail(t, "%s", p.text);
    buffer_append(&disk, script.data, script.len);
    end_disk(&disk);
    struct buffer first = assemble_sector(t, "loader", xprintf("-DFIRST=%zu", disk.len / SECTOR),
                                          xprintf("-DCOUNT=%zu", kernel.len / SECTOR - 1), NULL);
    memcpy(disk.data, first.data, SECTOR);
    buffer_append(&disk, kernel.data + SECTOR, kernel.len - SECTOR);
    struct aftermath a = boot_image_on(t, pc, &disk, &how);
    expect_artifact(t, "/dev/hda", &a, "TREE", 4);
    for (size_t i = 0; i < FILES; i++) {
        const struct leaf *f = &tree_file[i];
        struct buffer got = test_read(t, xprintf("%s/%s", folder, f->name));
        expect_same(t, f->name, got.data, got.len, f->bytes, f->size);
        buffer_free(&got);
    }
}

TEST(a_tree_as_generators_write_it_is_the_same_in_the_model) {
    struct buffer script = tree_script();
    const struct seedbed_config config = {0};
    struct seedbed *s = seedbed_new(&config);
    if (seedbed_run(s, script.data, script.len) != SEEDBED_FINISHED)
        test_fail(t, "%s", seedbed_error(s));
    for (size_t i = 0; i < FILES; i++) {
        const struct leaf *f = &tree_file[i];
        size_t n;
        const uint8_t *got = seedbed_file(s, xprintf("/%s", f->name), &n);
        if (!got)
            test_fail(t, "there is no %s", f->name);
        expect_same(t, f->name, got, n, f->bytes, f->size);
    }
    seedbed_free(s);
}
