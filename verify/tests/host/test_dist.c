/*
 * What `make dist` hands out, used as live-bootstrap does: its image step and its way to lay out a
 * tree are done here once more, by the letter.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "verify/harness/boot.h"

#define DIST "build/dist/builder-hex0-x86-"

static const char GREETING[] = "# the tree has arrived\n";

TEST(dist_is_complete_and_its_sums_are_right) {
    static const char *const NAMES[] = {"stage1.hex0", "stage1.img", "stage2.hex0", "mini.hex0",
                                        "mini.img",    "full.hex0",  "full.img"};
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        char *path = xprintf(DIST "%s", NAMES[i]);
        if (access(path, R_OK) != 0)
            test_fail(t, "%s is missing", path);
        free(path);
    }
    struct buffer said =
        test_run(t, 0, "sh", "-c", "cd build/dist && sha256sum -c SHA256SUMS", NULL);
    size_t lines = 0;
    for (size_t i = 0; i < said.len; i++)
        lines += said.data[i] == '\n';
    if (lines != sizeof NAMES / sizeof NAMES[0] + 1) /* and the README */
        test_fail(t, "SHA256SUMS has %zu lines", lines);
}

/* The README names each file, and what is to be pasted are four lines. */
TEST(dist_has_a_readme_of_four_commands) {
    struct buffer text = test_read(t, "build/dist/README.md");
    buffer_append(&text, "", 1);
    const char *head = strstr((const char *)text.data, "## Four commands\n");
    const char *end = head ? strstr(head + 1, "\n## ") : NULL;
    size_t commands = 0;
    for (const char *at = head; at && at < end; at = strchr(at, '\n') + 1)
        commands += strncmp(at, "    ", 4) == 0;
    if (commands != 4)
        test_fail(t, "the README has %zu commands, should have 4", commands);
}

/* bytes.fromhex of each line, cut at # and ;: a line must hold whole bytes. */
static struct buffer compile_lines(struct test *t, const char *path) {
    struct buffer text = test_read(t, path), bytes = {0};
    buffer_append(&text, "", 1);
    unsigned line = 1;
    for (char *at = (char *)text.data; *at; line++) {
        char *next = at + strcspn(at, "\n");
        next += *next == '\n';
        char *end = at + strcspn(at, "#;\n");
        while (at < end) {
            char *after = NULL;
            char pair[3] = {at[0], end - at > 1 ? at[1] : ' ', 0};
            if (strchr(" \t\r", *at)) {
                at++;
                continue;
            }
            uint8_t byte = (uint8_t)strtoul(pair, &after, 16);
            if (after != pair + 2)
                test_fail(t, "%s:%u: half a byte", path, line);
            buffer_append(&bytes, &byte, 1);
            at += 2;
        }
        at = next;
    }
    buffer_free(&text);
    return bytes;
}

/* The image step: stage1, text, zeros to the next sector. */
static struct buffer image_step(struct test *t, const char *stage2) {
    struct buffer image = compile_lines(t, DIST "stage1.hex0");
    struct buffer text = test_read(t, stage2);
    buffer_append(&image, text.data, text.len);
    while (image.len % SECTOR != 0)
        buffer_append(&image, "", 1);
    buffer_free(&text);
    return image;
}

static void add_hex0(struct buffer *image, const char *path, const struct buffer *bytes) {
    struct buffer text = {0};
    for (size_t i = 0; i < bytes->len; i++)
        buffer_printf(&text, "%02X%s", bytes->data[i], i % 16 == 15 ? "\n" : " ");
    buffer_printf(image, "src %zu %s\n", text.len, path);
    buffer_append(image, text.data, text.len);
    buffer_free(&text);
}

/*
 * The tree as os.walk gives it: a folder's folders, then its files, then the same of each of these
 * folders; and the commands that start what is in it. The seed gives /kaem.x86 back as /dev/hda.
 */
static void add_tree(struct test *t, struct buffer *image) {
    struct buffer seed = test_read(t, "build/guest/give");
    struct buffer any = {(uint8_t *)"any", 3, 0};
    buffer_printf(image, "src 0 .\nsrc 0 ./x86\nsrc 0 ./dev\nsrc 0 ./High Level Prototypes\n");
    buffer_printf(image, "src %zu ./kaem.x86\n%s", sizeof GREETING - 1, GREETING);
    buffer_printf(image, "src 0 ./after.kaem\n");
    add_hex0(image, "./x86/hex0_x86.hex0", &any);
    add_hex0(image, "./x86/kaem-minimal.hex0", &seed);
    buffer_printf(image, "src 0 ./High Level Prototypes/sub folder\n");
    buffer_printf(image, "src 5 ./High Level Prototypes/a file.c\nint a");
    buffer_printf(image, "src 8 ./High Level Prototypes/sub folder/b\nnosuch\n\n");
    buffer_printf(image, "src 0 /bootstrap-seeds\nsrc 0 /bootstrap-seeds/POSIX\n");
    buffer_printf(image, "src 0 /bootstrap-seeds/POSIX/x86\n");
    buffer_printf(image, "hex0 /x86/hex0_x86.hex0 /bootstrap-seeds/POSIX/x86/hex0-seed\n");
    buffer_printf(image, "hex0 /x86/kaem-minimal.hex0 "
                         "/bootstrap-seeds/POSIX/x86/kaem-optional-seed\n");
    buffer_printf(image, "hex0 /x86/kaem-minimal.hex0 /init\n");
    buffer_printf(image, "/bootstrap-seeds/POSIX/x86/kaem-optional-seed /kaem.x86\n");
    add_zeros(image, (1 << 20) - image->len % (1 << 20));
    buffer_free(&seed);
}

static void expect_tree(struct test *t, const char *stage2) {
    struct buffer image = image_step(t, stage2);
    add_tree(t, &image);
    struct aftermath a = boot_image(t, &image, NULL);
    expect_artifact(t, "what the tree's program gives", &a, GREETING, sizeof GREETING - 1);
    aftermath_free(&a);
    buffer_free(&image);
}

TEST(dist_boots_a_tree_laid_out_as_live_bootstrap_does) {
    expect_tree(t, DIST "stage2.hex0");
}

/* argument: by how many bytes the text is longer than a whole number of sectors. */
static void boots_at_length(struct test *t, const void *argument) {
    size_t more = *(const size_t *)argument;
    struct buffer text = test_read(t, "hex0/kernel.hex0");
    size_t fill = SECTOR + (SECTOR + more - text.len % SECTOR) % SECTOR;
    memset(buffer_room(&text, fill), '#', fill);
    text.len += fill;
    char *kernel = test_path(t, "kernel.hex0");
    char *dist = test_path(t, "dist");
    char *stage2 = xprintf("%s/builder-hex0-x86-stage2.hex0", dist);
    test_write(t, kernel, text.data, text.len);
    test_run(t, 0, "sh", "images/dist.sh", dist, "build/seeds", kernel, NULL);
    struct buffer made = test_read(t, stage2);
    if (made.len != text.len + (more == 0))
        test_fail(t, "a text of %zu bytes becomes one of %zu", text.len, made.len);
    expect_tree(t, stage2);
}

TESTS(dist_lengths) {
    static const size_t MORE[] = {0, 1, SECTOR - 1};
    for (size_t i = 0; i < sizeof MORE / sizeof MORE[0]; i++) {
        suite_add(s, xprintf("dist-boots-a-text-of-whole-sectors-and-%zu", MORE[i]),
                  boots_at_length, &MORE[i]);
    }
}
