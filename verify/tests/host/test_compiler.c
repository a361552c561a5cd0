/*
 * The host's hex0 compiler against two programs that know nothing of it: xxd (after sed and tr have
 * removed what is no digit) and hex2 of Debian's mescc-tools.
 */
#include <stdlib.h>
#include <string.h>

#include "verify/harness/harness.h"

static const char *const SOURCES[] = {"hex0/boot.hex0", "hex0/kernel.hex0", "hex0/mini.hex0",
                                      "stage1/stage1.hex0"};

static struct buffer by_seedbed(struct test *t, const char *source) {
    char *out = test_path(t, "seedbed.bin");
    test_run(t, 0, "build/seedbed", "hex0", source, out, NULL);
    return test_read(t, out);
}

static struct buffer by_xxd(struct test *t, const char *source) {
    char *out = test_path(t, "xxd.bin");
    char *command = xprintf("LC_ALL=C sed 's/[#;].*//' %s | LC_ALL=C tr -cd 0-9a-fA-F | "
                            "xxd -r -p > %s",
                            source, out);
    test_needs(t, "xxd", NULL);
    test_run(t, 0, "sh", "-c", command, NULL);
    return test_read(t, out);
}

static struct buffer by_hex2(struct test *t, const char *source) {
    char *out = test_path(t, "hex2.bin");
    test_run(t, 0, "hex2", "--little-endian", "--architecture", "x86", "--base-address", "0", "-f",
             source, "-o", out, NULL);
    return test_read(t, out);
}

/* Compares the three; `strange` files hold bytes that hex2 takes for its own syntax. */
static void compare(struct test *t, const char *source, bool strange) {
    struct buffer ours = by_seedbed(t, source);
    struct buffer xxd = by_xxd(t, source);
    char *what = xprintf("%s by seedbed and by xxd", source);
    expect_same(t, what, ours.data, ours.len, xxd.data, xxd.len);
    if (!strange) {
        struct buffer hex2 = by_hex2(t, source);
        what = xprintf("%s by seedbed and by hex2", source);
        expect_same(t, what, ours.data, ours.len, hex2.data, hex2.len);
        buffer_free(&hex2);
    }
    buffer_free(&ours);
    buffer_free(&xxd);
}

TEST(compiler_agrees_with_xxd_and_hex2_on_the_sources) {
    for (size_t i = 0; i < sizeof SOURCES / sizeof SOURCES[0]; i++)
        compare(t, SOURCES[i], false);
}

TEST(compiler_takes_the_sources_as_strict) {
    for (size_t i = 0; i < sizeof SOURCES / sizeof SOURCES[0]; i++)
        test_run(t, 0, "build/seedbed", "hex0", "--strict", SOURCES[i], "/dev/null", NULL);
}

/* Appends a comment of random bytes, which may hold digits and marks, and its newline. */
static void add_comment(struct buffer *text, uint32_t *state) {
    buffer_append(text, test_random(state) & 1 ? "#" : ";", 1);
    for (uint32_t left = test_random(state) % 40; left > 0; left--) {
        uint8_t byte = (uint8_t)test_random(state);
        if (byte != '\n' && byte != '\r' && byte != 0) /* hex2: \r is a newline */
            buffer_append(text, &byte, 1);
    }
    buffer_append(text, "\n", 1);
}

/*
 * hex0 text of `bytes` bytes: digits of both cases with white space (`strange`: anything) before,
 * between and after them, and comments.
 */
static struct buffer generate(uint32_t seed, size_t bytes, bool strange) {
    static const char DIGITS[] = "0123456789abcdefABCDEF";
    static const char SPACE[] = " \t\r\n";
    static const char STRANGE[] = " \t\r\nghzGZ@:!$%&/()-_.\x7F\x80\xFF\x01";
    const char *filler = strange ? STRANGE : SPACE;
    struct buffer text = {0};
    uint32_t state = seed;
    for (size_t digits = 0; digits < 2 * bytes;) {
        uint32_t choice = test_random(&state) % 32;
        if (choice == 0) {
            add_comment(&text, &state);
        } else if (choice < 8) {
            buffer_append(&text, &filler[test_random(&state) % strlen(filler)], 1);
        } else {
            buffer_append(&text, &DIGITS[test_random(&state) % (sizeof DIGITS - 1)], 1);
            digits++;
        }
    }
    if (seed % 3 == 0)
        buffer_append(&text, "# no newline here", 17);
    else if (seed % 3 == 1)
        add_comment(&text, &state);
    return text;
}

static void generated_agree(struct test *t, const void *argument) {
    bool strange = *(const bool *)argument;
    char *source = test_path(t, "generated.hex0");
    for (uint32_t seed = 1; seed <= 60; seed++) {
        size_t bytes = seed <= 4 ? seed - 1 : (size_t)seed * seed;
        struct buffer text = generate(seed, bytes, strange);
        test_write(t, source, text.data, text.len);
        buffer_free(&text);
        compare(t, source, strange);
    }
}

TEST(compiler_agrees_with_xxd_and_hex2_on_4_mib) {
    char *source = test_path(t, "large.hex0");
    struct buffer text = generate(77, 4 << 20, false);
    test_write(t, source, text.data, text.len);
    compare(t, source, false);
}

struct refusal {
    const char *text;
    const char *where; /* LINE:COLUMN: what, as the message has it */
    bool strict;
};

static const struct refusal REFUSALS[] = {
    {"0", "1:1: odd digit", false},
    {"00 11\n22 3 # 4\n\n", "2:4: odd digit", false},
    {"AB\tC ; D\n#E\n", "1:4: odd digit", false},
    {"xyz 0 1 2", "1:9: odd digit", false},
    {"00\n 1 x 2\n", "2:4: neither", true},
    {"00 11 # ok\n\n  @", "3:3: neither", true},
};

TEST(compiler_refuses_with_line_and_column_and_keeps_the_output) {
    char *source = test_path(t, "bad.hex0");
    char *out = test_path(t, "out.bin");
    for (size_t i = 0; i < sizeof REFUSALS / sizeof REFUSALS[0]; i++) {
        const struct refusal *r = &REFUSALS[i];
        test_write(t, source, r->text, strlen(r->text));
        test_write(t, out, "old", 3);
        struct buffer message =
            test_run(t, 1, "build/seedbed", "hex0", r->strict ? "--strict" : source,
                     r->strict ? source : out, r->strict ? out : NULL, NULL);
        char *want = xprintf("seedbed: %s:%s", source, r->where);
        if (strncmp((const char *)message.data, want, strlen(want)) != 0) {
            test_fail(t, "message is `%s`, should begin with `%s`", (const char *)message.data,
                      want);
        }
        struct buffer left = test_read(t, out);
        expect_same(t, "the old output after an error", left.data, left.len, "old", 3);
    }
}

TEST(compiler_reads_stdin_and_writes_stdout) {
    struct buffer out =
        test_run(t, 0, "sh", "-c", "printf '53 65 # S e\\n65 64' | build/seedbed hex0 - -", NULL);
    expect_same(t, "stdout", out.data, out.len, "Seed", 4);
}

TESTS(compiler_tests) {
    static const bool YES = true;
    static const bool NO = false;
    suite_add(s, "compiler-agrees-with-xxd-and-hex2-on-generated-text", generated_agree, &NO);
    suite_add(s, "compiler-agrees-with-xxd-on-text-with-strange-bytes", generated_agree, &YES);
}
