/*
 * The same programs on Linux and on the builder: their findings (verify/guest/rt.h) must be the
 * same, line by line, and where the contract differs each side must find what the line says.
 */
#define _GNU_SOURCE /* memmem */
#include <stdlib.h>
#include <string.h>

#include "verify/guest/limits.h"
#include "verify/harness/boot.h"
#include "verify/harness/native.h"

enum { BATCH_SECONDS = 60 };

/* Programs that one boot runs one after another. */
struct batch {
    const char *programs[10];
    bool builder_only; /* the lines hold what must be found, and there is no oracle */
    const struct engine *engine;
    uint64_t mem_mib;
};

/* One line of findings: "key: value", perhaps " | Linux: A | Seedbed: B | why". */
struct finding {
    const char *text;
    size_t size;       /* of all */
    size_t value;      /* where the value starts */
    size_t value_size; /* and its length */
};

static const char ON_LINUX[] = " | Linux: ";
static const char ON_SEEDBED[] = " | Seedbed: ";

static const char *find(const struct finding *f, const char *word) {
    return memmem(f->text, f->size, word, strlen(word));
}

/* Takes the next line off *text. */
static struct finding next_finding(struct buffer *text) {
    const char *newline = memchr(text->data, '\n', text->len);
    struct finding f = {.text = (const char *)text->data};
    f.size = newline ? (size_t)(newline - f.text) : text->len;
    const char *end = find(&f, ON_LINUX);
    if (!end)
        end = find(&f, ON_SEEDBED);
    size_t stop = end ? (size_t)(end - f.text) : f.size;
    for (size_t i = 0; i + 1 < stop; i++)
        if (f.text[i] == ':' && f.text[i + 1] == ' ')
            f.value = i + 2;
    f.value_size = stop - f.value;
    size_t taken = f.size + (newline ? 1 : 0);
    text->data += taken;
    text->len -= taken;
    return f;
}

/* Whether the value is what stands behind `where` (ON_LINUX, ON_SEEDBED) on the line itself. */
static bool is_own(const struct finding *f, const char *where) {
    const char *want = find(f, where);
    if (!want)
        return false;
    want += strlen(where);
    size_t room = (size_t)(f->text + f->size - want);
    if (f->value_size > room || memcmp(want, f->text + f->value, f->value_size) != 0)
        return false;
    return f->value_size == room || memcmp(want + f->value_size, " | ", 3) == 0;
}

/* Whether two lines are the same but for the value. */
static bool same_but_value(const struct finding *a, const struct finding *b) {
    size_t a_rest = a->size - a->value - a->value_size;
    size_t b_rest = b->size - b->value - b->value_size;
    return a->value == b->value && memcmp(a->text, b->text, a->value) == 0 && a_rest == b_rest &&
           memcmp(a->text + a->size - a_rest, b->text + b->size - b_rest, a_rest) == 0;
}

static bool agree(const struct finding *linux_line, const struct finding *seedbed_line) {
    if (find(linux_line, ON_LINUX)) {
        return same_but_value(linux_line, seedbed_line) && is_own(linux_line, ON_LINUX) &&
               is_own(seedbed_line, ON_SEEDBED);
    }
    return linux_line->size == seedbed_line->size &&
           memcmp(linux_line->text, seedbed_line->text, linux_line->size) == 0;
}

/* The name of the program whose findings these are: the last "== " line. */
static void note_program(const struct finding *f, char *program, size_t size) {
    if (f->size > 3 && memcmp(f->text, "== ", 3) == 0)
        snprintf(program, size, "%.*s", (int)f->size - 3, f->text + 3);
}

enum { SHOWN = 300 };

static int shown(size_t size) {
    return size < SHOWN ? (int)size : SHOWN;
}

static void expect_agreement(struct test *t, struct buffer linux_text, struct buffer seedbed_text) {
    char program[64] = "?";
    while (linux_text.len > 0 && seedbed_text.len > 0) {
        struct finding a = next_finding(&linux_text);
        struct finding b = next_finding(&seedbed_text);
        note_program(&a, program, sizeof program);
        if (!agree(&a, &b)) {
            test_fail(t, "%s: Linux finds `%.*s`, the builder `%.*s`", program, shown(a.size),
                      a.text, shown(b.size), b.text);
        }
    }
    if (linux_text.len != seedbed_text.len) {
        bool on_linux = linux_text.len > 0;
        struct finding f = next_finding(on_linux ? &linux_text : &seedbed_text);
        test_fail(t, "%s: only %s finds `%.*s`", program, on_linux ? "Linux" : "the builder",
                  shown(f.size), f.text);
    }
}

static void expect_findings(struct test *t, struct buffer text) {
    char program[64] = "?";
    size_t lines = 0;
    while (text.len > 0) {
        struct finding f = next_finding(&text);
        note_program(&f, program, sizeof program);
        if (find(&f, ON_SEEDBED)) {
            lines++;
            if (!is_own(&f, ON_SEEDBED))
                test_fail(t, "%s: `%.*s`", program, shown(f.size), f.text);
        }
    }
    if (lines == 0)
        test_fail(t, "no program has found anything");
}

/* The words of one shell line up to the contract's 131,072 bytes, after the program's name. */
static void add_long_line(struct buffer *script, const char *name) {
    size_t left = LIMIT_ARGUMENTS - strlen(name) - 1;
    buffer_printf(script, "%s", name);
    for (size_t n = 1; left > 0; n = n % 997 + 1) {
        size_t word = n + 1 < left ? n : left - 1;
        buffer_append(script, " ", 1);
        memset(buffer_room(script, word), 'a' + (int)(n % 26), word);
        script->len += word;
        left -= word + 1;
    }
    buffer_append(script, "\n", 1);
}

static struct buffer make_script(struct test *t, const struct batch *b) {
    struct buffer script = {0};
    buffer_printf(&script, "src 0 /dev\nsrc 0 /bin\n");
    for (size_t i = 0; b->programs[i]; i++) {
        int name = (int)strcspn(b->programs[i], " "); /* arguments may follow */
        char *host = xprintf("build/guest/%.*s", name, b->programs[i]);
        char *path = xprintf("/bin/%.*s", name, b->programs[i]);
        struct buffer file = test_read(t, host);
        add_src(&script, path, file.data, file.len);
        buffer_printf(&script, "# %s\n/bin/%s\n", b->programs[i], b->programs[i]);
        if (strcmp(b->programs[i], "console") == 0)
            buffer_printf(&script, "Hello, program\nABC\n\n");
        if (strcmp(b->programs[i], "args") == 0) {
            buffer_printf(&script, "  %s  many   words  of  a line \n", path);
            add_long_line(&script, path);
        }
        buffer_free(&file);
        free(host);
        free(path);
    }
    return script;
}

static void run_batch(struct test *t, const void *argument) {
    const struct batch *b = argument;
    struct buffer script = make_script(t, b);
    struct buffer linux_text = {0};
    if (!b->builder_only)
        linux_text = native_run(t, &script);
    struct run_request how = {.mem_mib = b->mem_mib, .timeout = BATCH_SECONDS};
    struct aftermath a = boot_script_on(t, b->engine, &script, &how, NULL);
    expect_finished(t, "the programs", &a);
    struct buffer seedbed_text = {a.disk.data, a.length, 0};
    if (b->builder_only)
        expect_findings(t, seedbed_text);
    else
        expect_agreement(t, linux_text, seedbed_text);
    aftermath_free(&a);
    buffer_free(&linux_text);
    buffer_free(&script);
}

struct oracle_test {
    const char *name;
    struct batch batch;
};

/* In QEMU, one boot for each program: it is short, and tells what is wrong. */
static const struct oracle_test IN_QEMU[] = {
    {"modes-of-open-are-as-on-linux", {{"modes"}, false, &engine_qemu_tcg, 0}},
    {"lseek-is-as-on-linux", {{"seek"}, false, &engine_qemu_tcg, 0}},
    {"unlink-is-as-on-linux", {{"unlink"}, false, &engine_qemu_tcg, 0}},
    {"interleaved-writers-are-as-on-linux", {{"writers"}, false, &engine_qemu_tcg, 0}},
    {"paths-are-as-on-linux", {{"paths"}, false, &engine_qemu_tcg, 0}},
    {"descriptors-are-as-on-linux", {{"descriptors"}, false, &engine_qemu_tcg, 0}},
    {"random-calls-are-as-on-linux", {{"random"}, false, &engine_qemu_tcg, 0}},
    {"the-entry-of-a-program-is-as-on-linux", {{"entry"}, false, &engine_qemu_tcg, 0}},
    {"bss-is-as-on-linux", {{"bss"}, false, &engine_qemu_tcg, 0}},
    {"many-segments-are-as-on-linux", {{"loads"}, false, &engine_qemu_tcg, 0}},
    {"brk-is-as-on-linux", {{"brk"}, false, &engine_qemu_tcg, 0}},
    {"fork-is-as-on-linux", {{"fork"}, false, &engine_qemu_tcg, 0}},
    {"wait-is-as-on-linux", {{"wait"}, false, &engine_qemu_tcg, 0}},
    {"argv-and-envp-are-as-on-linux", {{"args"}, false, &engine_qemu_tcg, 0}},
    {"execve-is-as-on-linux", {{"exec"}, false, &engine_qemu_tcg, 0}},
    {"broken-programs-are-as-on-linux", {{"broken"}, false, &engine_qemu_tcg, 0}},
    {"errors-are-as-on-linux", {{"errors"}, false, &engine_qemu_tcg, 0}},
    {"registers-are-kept-as-on-linux", {{"keeps"}, false, &engine_qemu_tcg, 0}},
    {"unknown-calls-answer-0", {{"unknown"}, false, &engine_qemu_tcg, 0}},
    {"the-console-is-as-on-linux", {{"console"}, false, &engine_qemu_tcg, 0}},
    {"pointers-are-checked-up-to-the-end-of-ram", {{"edge"}, true, &engine_qemu_tcg, 256}},
    {"a-full-memory-loses-nothing", {{"full"}, true, &engine_qemu_tcg, 160}},
    {"names-and-tables-are-as-section-7-says", {{"names"}, true, &engine_qemu_tcg, 0}},
};

/* Bochs takes its time: what writes hundreds of MiB is left out there. */
static const struct oracle_test ELSEWHERE[] = {
    {"files-are-as-on-linux-in-bochs",
     {{"modes", "seek", "paths", "descriptors", "random SHORT"}, false, &engine_bochs, 0}},
    {"programs-are-as-on-linux-in-bochs",
     {{"entry", "bss", "loads", "brk", "args", "exec", "broken"}, false, &engine_bochs, 0}},
    {"calls-are-as-on-linux-in-bochs",
     {{"fork", "wait", "errors", "keeps", "unknown", "console"}, false, &engine_bochs, 0}},
    {"pointers-are-checked-up-to-the-end-of-ram-in-bochs", {{"edge"}, true, &engine_bochs, 256}},
    {"files-are-as-on-linux-in-the-model",
     {{"modes", "seek", "unlink", "writers", "paths", "descriptors", "random"},
      false,
      &engine_model,
      0}},
    {"programs-are-as-on-linux-in-the-model",
     {{"entry", "bss", "loads", "brk", "args", "exec", "broken"}, false, &engine_model, 0}},
    {"calls-are-as-on-linux-in-the-model",
     {{"fork", "wait", "errors", "keeps", "unknown", "console"}, false, &engine_model, 0}},
    {"pointers-are-checked-up-to-the-end-of-ram-in-the-model",
     {{"edge"}, true, &engine_model, 256}},
    {"a-full-memory-loses-nothing-in-the-model", {{"full"}, true, &engine_model, 160}},
    {"names-and-tables-are-as-section-7-says-in-the-model", {{"names"}, true, &engine_model, 0}},
};

static void add_tests(struct suite *s, const struct oracle_test *tests, size_t count) {
    for (size_t i = 0; i < count; i++)
        suite_add_slow(s, tests[i].name, BATCH_SECONDS + 30, run_batch, &tests[i].batch);
}

TESTS(oracle_tests) {
    add_tests(s, IN_QEMU, sizeof IN_QEMU / sizeof IN_QEMU[0]);
    add_tests(s, ELSEWHERE, sizeof ELSEWHERE / sizeof ELSEWHERE[0]);
}
