/* boot1's pp and link against the same programs in C, on generated and on spoilt sources. */
#include <stdlib.h>
#include <string.h>

#include "verify/tests/ladder/generate.h"
#include "verify/tests/ladder/generate_boot1.h"
#include "verify/tests/ladder/ladder.h"

/* LADDER_CASES makes it another number. */
enum { CASES = 300, CASE_SECONDS = 300, MODULES = 3 };

static int cases(void) {
    const char *number = getenv("LADDER_CASES");
    return number ? atoi(number) : CASES;
}

/* Keeps a source that two programs disagree on where a person can look at it. */
static void keep(struct test *t, const char *name, const struct buffer *text) {
    test_write(t, xprintf("build/boot1-failure-%s", name), text->data, text->len);
}

/*
 * Fails unless both have said and made the same, in the files `ours` and `theirs`; a program that a
 * signal ended, or a time limit, does not agree with anything. True if they succeeded.
 */
static bool agree(struct test *t, const char *what, struct outcome ours, struct outcome theirs) {
    if (ours.status != theirs.status || ours.status > 1)
        test_fail(t, "%s: exit status %d (%s), of the C program %d (%s)", what, ours.status,
                  (const char *)ours.output.data, theirs.status, (const char *)theirs.output.data);
    expect_text(t, what, (const char *)ours.output.data, (const char *)theirs.output.data);
    bool made = ours.status == 0;
    if (made) {
        struct buffer got = test_read(t, test_path(t, "ours"));
        struct buffer want = test_read(t, test_path(t, "theirs"));
        expect_same(t, what, got.data, got.len, want.data, want.len);
        buffer_free(&got);
        buffer_free(&want);
    }
    buffer_free(&ours.output);
    buffer_free(&theirs.output);
    return made;
}

static bool agree_pp(struct test *t, const char *what, const char *first, const char *second) {
    const char *ours[] = {test_path(t, "pp"), test_path(t, "ours"), first, second, NULL};
    const char *theirs[] = {"build/pp-host", test_path(t, "theirs"), first, second, NULL};
    return agree(t, what, test_command(t, ours), test_command(t, theirs));
}

static bool agree_link(struct test *t, const char *what, char *const in[MODULES], bool symbols) {
    char *our_map = test_path(t, "our-map"), *their_map = test_path(t, "their-map");
    const char *ours[10] = {test_path(t, "link"), "--map", our_map, "--symbols"};
    const char *theirs[10] = {"build/link-host", "--map", their_map, "--symbols"};
    size_t n = symbols ? 4 : 3;
    ours[n] = test_path(t, "ours");
    theirs[n] = test_path(t, "theirs");
    for (size_t i = 0; i < MODULES; i++)
        ours[n + 1 + i] = theirs[n + 1 + i] = in[i];
    bool made = agree(t, what, test_command(t, ours), test_command(t, theirs));
    if (made) {
        struct buffer got = test_read(t, our_map), want = test_read(t, their_map);
        expect_same(t, what, got.data, got.len, want.data, want.len);
        buffer_free(&got);
        buffer_free(&want);
    }
    return made;
}

/* The share of sources that have no mistake must say something. */
static void expect_share(struct test *t, int made, int of) {
    if (made < of / 5 || made > of - of / 20)
        test_fail(t, "%d of %d sources have no mistake: that compares too little", made, of);
}

TEST_WITHIN(CASE_SECONDS, pp_agrees_with_the_c_program_on_generated_sources) {
    uint32_t state = 14;
    int made = 0, count = cases();
    boot1_build(t);
    char *in = test_path(t, "in.pp");
    for (int i = 0; i < count; i++) {
        struct buffer text = generate_pp(&state);
        test_write(t, in, text.data, text.len);
        keep(t, "generated.pp", &text);
        made += agree_pp(t, xprintf("source %d", i), I386, in);
        buffer_free(&text);
    }
    expect_share(t, made, count);
}

TEST_WITHIN(CASE_SECONDS, pp_agrees_with_the_c_program_on_spoilt_sources) {
    uint32_t state = 15;
    boot1_build(t);
    char *in = test_path(t, "in.pp"), *table = test_path(t, "table.pp");
    for (int i = 0, count = cases(); i < count; i++) {
        struct buffer text = generate_pp(&state);
        struct buffer instructions = test_read(t, I386);
        mutate(i % 4 ? &text : &instructions, &state);
        test_write(t, in, text.data, text.len);
        test_write(t, table, instructions.data, instructions.len);
        keep(t, "spoilt.pp", &text);
        keep(t, "spoilt-table.pp", &instructions);
        agree_pp(t, xprintf("source %d", i), table, in);
        buffer_free(&text);
        buffer_free(&instructions);
    }
}

static void compare_link(struct test *t, uint32_t state, bool spoil) {
    int made = 0, count = cases();
    boot1_build(t);
    char *in[MODULES];
    for (int m = 0; m < MODULES; m++)
        in[m] = test_path(t, xprintf("in%d", m));
    for (int i = 0; i < count; i++) {
        for (int m = 0; m < MODULES; m++) {
            struct buffer text = generate_link(&state, m, MODULES);
            if (spoil)
                mutate(&text, &state);
            test_write(t, in[m], text.data, text.len);
            keep(t, xprintf("%d.link", m), &text);
            buffer_free(&text);
        }
        made += agree_link(t, xprintf("source %d", i), in, i % 2);
    }
    if (!spoil)
        expect_share(t, made, count);
}

TEST_WITHIN(CASE_SECONDS, link_agrees_with_the_c_program_on_generated_modules) {
    compare_link(t, 16, false);
}

TEST_WITHIN(CASE_SECONDS, link_agrees_with_the_c_program_on_spoilt_modules) {
    compare_link(t, 17, true);
}

/*
 * boot0's hex2 is the witness: the same bytes, and the same messages but for the program's name;
 * where the name of a label is empty hex2 leaves a colon.
 */
TEST_WITHIN(CASE_SECONDS, link_makes_of_hex2_what_hex2_makes) {
    uint32_t state = 18;
    boot1_build(t);
    char *in = test_path(t, "in.hex2");
    for (int i = 0, count = cases(); i < count; i++) {
        struct generated_hex2 made = generate_hex2(&state);
        if (i % 3 == 0)
            mutate(&made.text, &state);
        test_write(t, in, made.text.data, made.text.len);
        keep(t, "hex2", &made.text);
        char *base = xprintf("0x%08x", made.base);
        struct outcome theirs = boot0_run(t, "hex2", in, test_path(t, "theirs"), base, NULL);
        struct outcome ours =
            boot0_run(t, "link", "--hex2", "--base", base, test_path(t, "ours"), in, NULL);
        char *said = (char *)theirs.output.data;
        if (theirs.status != 0) {
            memcpy(said, "link", 4);
            char *colon = strstr(said, ": \n");
            if (colon)
                memcpy(colon, "\n", 2);
        }
        agree(t, xprintf("source %d, base %s", i, base), ours, theirs);
        buffer_free(&made.text);
    }
}

/* 50,000 labels, with a reference to each. */
static struct buffer many_labels(void) {
    struct buffer text = {0};
    buffer_printf(&text, ":start\n");
    for (uint32_t i = 0; i < 50000; i++)
        buffer_printf(&text, ":label_%u 8B45 !8 E8 %%label_%u\n", i, i * 7919 % 50000);
    return text;
}

TEST(link_takes_fifty_thousand_labels) {
    struct buffer text = many_labels();
    boot1_build(t);
    char *in[MODULES] = {test_path(t, "in"), NULL, NULL};
    test_write(t, in[0], text.data, text.len);
    if (!agree_link(t, "50,000 labels", in, true))
        test_fail(t, "50,000 labels cannot be linked");
}

/* Seconds that a machine without KVM takes for a build. */
static double seconds_of_build(struct test *t, const char *module) {
    char *build = test_path(t, "link.build");
    char *text = xprintf("@file /link link\n@file /in %s\n@dir /dev\n/link /dev/hda /in\n", module);
    test_write(t, build, text, strlen(text));
    double began = now();
    test_run(t, 0, "build/seedbed", "build", "--engine", "qemu-tcg", "--quiet", "-o",
             test_path(t, "out"), build, NULL);
    return now() - began;
}

TEST(link_takes_fifty_thousand_labels_in_a_second_of_an_emulated_processor) {
    test_needs(t, "qemu-system-i386", "qemu-system-x86");
    boot1_build(t);
    struct buffer text = many_labels();
    test_write(t, test_path(t, "many"), text.data, text.len);
    test_write(t, test_path(t, "few"), ":start", 6);
    double least = 1e9;
    for (int i = 0; i < 3; i++) { /* a busy machine may be slow in one of them */
        double few = seconds_of_build(t, "few");
        double taken = seconds_of_build(t, "many") - few;
        least = taken < least ? taken : least;
    }
    if (least > 1.0 * test_patience())
        test_fail(t, "it takes %.2f s", least);
}
