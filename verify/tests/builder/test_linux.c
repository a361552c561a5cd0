/*
 * The same programs on Linux and on the builder: their findings (verify/guest/rt.h) must be the
 * same, line by line, and where the contract differs each side must find what the line says.
 */
#define _GNU_SOURCE /* memmem */
#include <stdlib.h>
#include <string.h>

#include "images/machine/engine.h"
#include "verify/guest/limits.h"
#include "verify/harness/boot.h"
#include "verify/harness/native.h"

enum { GUEST_SECONDS = 60 };

/* A program, and where it runs. */
struct guest {
    const char *name;    /* of the test */
    const char *program; /* with its words */
    bool builder_only;   /* the lines hold what must be found, and there is no oracle */
    uint64_t mem_mib;
    enum engine_set set; /* on Bochs only what does not write hundreds of MiB */
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

static struct buffer make_script(struct test *t, const struct guest *g) {
    struct buffer script = {0};
    int name = (int)strcspn(g->program, " "); /* arguments may follow */
    char *path = xprintf("/bin/%.*s", name, g->program);
    char *host = xprintf("build/guest/%.*s", name, g->program);
    struct buffer file = test_read(t, host);
    buffer_printf(&script, "src 0 /dev\nsrc 0 /bin\n");
    add_src(&script, path, file.data, file.len);
    buffer_printf(&script, "# %s\n/bin/%s\n", g->program, g->program);
    if (strcmp(g->program, "console") == 0)
        buffer_printf(&script, "Hello, program\nABC\n\n");
    if (strcmp(g->program, "args") == 0) {
        buffer_printf(&script, "  %s  many   words  of  a line \n", path);
        add_long_line(&script, path);
    }
    buffer_free(&file);
    free(host);
    free(path);
    return script;
}

static void run_guest(struct test *t, const void *argument) {
    const struct guest *g = argument;
    struct buffer script = make_script(t, g);
    struct buffer linux_text = {0};
    if (!g->builder_only)
        linux_text = native_run(t, &script);
    struct run_request how = {.mem_mib = g->mem_mib, .timeout = GUEST_SECONDS};
    struct aftermath a = boot_script(t, &script, &how, NULL);
    expect_finished(t, "the program", &a);
    struct buffer seedbed_text = {a.disk.data, a.length, 0};
    if (g->builder_only)
        expect_findings(t, seedbed_text);
    else
        expect_agreement(t, linux_text, seedbed_text);
    aftermath_free(&a);
    buffer_free(&linux_text);
    buffer_free(&script);
}

/* One boot for each program: it is short, and tells what is wrong. */
static const struct guest GUESTS[] = {
    {"modes-of-open-are-as-on-linux", "modes", false, 0, EVERY_ENGINE},
    {"lseek-is-as-on-linux", "seek", false, 0, EVERY_ENGINE},
    {"unlink-is-as-on-linux", "unlink", false, 0, QUICK_ENGINES},
    {"interleaved-writers-are-as-on-linux", "writers", false, 0, QUICK_ENGINES},
    {"paths-are-as-on-linux", "paths", false, 0, EVERY_ENGINE},
    {"descriptors-are-as-on-linux", "descriptors", false, 0, EVERY_ENGINE},
    {"dup2-is-as-on-linux", "dup2", false, 0, EVERY_ENGINE},
    {"random-calls-are-as-on-linux", "random", false, 0, QUICK_ENGINES},
    {"a-few-random-calls-are-as-on-linux", "random SHORT", false, 0, EVERY_ENGINE},
    {"the-entry-of-a-program-is-as-on-linux", "entry", false, 0, EVERY_ENGINE},
    {"bss-is-as-on-linux", "bss", false, 0, EVERY_ENGINE},
    {"many-segments-are-as-on-linux", "loads", false, 0, EVERY_ENGINE},
    {"brk-is-as-on-linux", "brk", false, 0, EVERY_ENGINE},
    {"fork-is-as-on-linux", "fork", false, 0, EVERY_ENGINE},
    {"wait-is-as-on-linux", "wait", false, 0, EVERY_ENGINE},
    {"argv-and-envp-are-as-on-linux", "args", false, 0, EVERY_ENGINE},
    {"execve-is-as-on-linux", "exec", false, 0, EVERY_ENGINE},
    {"broken-programs-are-as-on-linux", "broken", false, 0, EVERY_ENGINE},
    {"errors-are-as-on-linux", "errors", false, 0, EVERY_ENGINE},
    {"registers-are-kept-as-on-linux", "keeps", false, 0, EVERY_ENGINE},
    {"unknown-calls-answer-0", "unknown", false, 0, EVERY_ENGINE},
    {"the-console-is-as-on-linux", "console", false, 0, EVERY_ENGINE},
    {"pointers-are-checked-up-to-the-end-of-ram", "edge", true, 256, EVERY_ENGINE},
    {"a-full-memory-loses-nothing", "full", true, 160, QUICK_ENGINES},
    {"names-and-tables-are-as-section-7-says", "names", true, 0, QUICK_ENGINES},
    {"the-pool-has-the-limits-of-the-contract", "pool", true, 160, QUICK_ENGINES},
};

TESTS(guests) {
    for (size_t i = 0; i < sizeof GUESTS / sizeof GUESTS[0]; i++)
        suite_add_on(s, GUESTS[i].set, GUESTS[i].name, run_guest, &GUESTS[i]);
}

/* SEEDBED_HEADERS: so many instead of 300. */
TESTS(program_headers) {
    static struct guest g = {.name = "program-headers-made-at-random-are-as-the-contract-says"};
    const char *count = getenv("SEEDBED_HEADERS");
    g.program = xprintf("headers %s 1", count ? count : "300");
    suite_add_on(s, QUICK_ENGINES, g.name, run_guest, &g);
}

/* The model's machine is the usual one: what a program can find of it is the same to the byte. */
static void is_the_usual_machine(struct test *t, const void *argument) {
    struct run_request how = {.mem_mib = *(const unsigned *)argument};
    struct buffer script = {0}, file = test_read(t, "build/guest/machine");
    buffer_printf(&script, "src 0 /dev\nsrc 0 /bin\n");
    add_src(&script, "/bin/machine", file.data, file.len);
    buffer_printf(&script, "../bin/machine a bc def \n");
    struct aftermath kernel = boot_script(t, &script, &how, NULL);
    struct aftermath model = boot_script_on(t, &engine_model, &script, &how, NULL);
    expect_finished(t, "the kernel", &kernel);
    expect_finished(t, "the model", &model);
    expect_same(t, "what a program finds", model.disk.data, model.length, kernel.disk.data,
                kernel.length);
}

TESTS(usual_machines) {
    static const unsigned mem[] = {150, 256, 480, 512, 1024, 3072, 4096};
    for (size_t i = 0; i < sizeof mem / sizeof mem[0]; i++)
        suite_add_on(s, DISK_ENGINES, xprintf("the-model-is-the-usual-machine-with-%u-mib", mem[i]),
                     is_the_usual_machine, &mem[i]);
}
