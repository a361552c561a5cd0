/*
 * The model on other processors and with other compilers: each port runs the same scripts, and
 * what it prints (log, number of instructions, checksum of the trace) and leaves in /dev/hda must
 * be what the first port prints and leaves. The first one is held to what others have made.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "verify/harness/boot.h"
#include "verify/harness/harness.h"

enum { SECONDS = 240 };

struct port {
    const char *name;
    const char *runner; /* null: it runs here */
};

static const struct port FIRST = {"gcc", NULL};

/* What a port has made of a script. */
struct result {
    struct buffer text;
    struct buffer artifact;
};

/* Runs the port with the script as its input; `mib` may be empty. */
static struct result run_port(struct test *t, const struct port *port, const struct buffer *script,
                              const char *mib) {
    char *in = test_path(t, "script");
    char *out = test_path(t, "out");
    char *quiet = port->runner ? xprintf("%s ", port->runner) : xstrdup("");
    char *line = xprintf("%sbuild/ports/%s '%s' %s < '%s'", quiet, port->name, out, mib, in);
    test_write(t, in, script->data, script->len);
    unlink(out);
    if (port->runner)
        test_needs(t, port->runner, NULL);
    test_needs(t, xprintf("build/ports/%s", port->name), NULL);
    const char *const argv[] = {"sh", "-c", line, NULL};
    struct outcome o = test_command(t, argv);
    if (o.status != 0)
        test_fail(t, "status %d: %.300s", o.status, (const char *)o.output.data);
    struct result r = {o.output, test_read(t, out)};
    free(in);
    free(out);
    free(quiet);
    free(line);
    return r;
}

static void result_free(struct result *r) {
    buffer_free(&r->text);
    buffer_free(&r->artifact);
}

static void add_file(struct test *t, struct buffer *script, const char *host, const char *path) {
    struct buffer file = test_read(t, host);
    add_src(script, path, file.data, file.len);
    buffer_free(&file);
}

/* The image that `make` makes of boot sector and kernel. */
static struct buffer rebuild(struct test *t) {
    struct buffer script = {0};
    struct buffer text = test_read(t, "hex0/boot.hex0");
    struct buffer kernel = test_read(t, "hex0/kernel.hex0");
    buffer_append(&text, kernel.data, kernel.len);
    add_src(&script, "/full.hex0", text.data, text.len);
    buffer_printf(&script, "src 0 /dev\nhex0 full.hex0 /dev/hda\n");
    buffer_free(&text);
    buffer_free(&kernel);
    return script;
}

/* The guest programs that run in any memory. */
static struct buffer guests(struct test *t) {
    static const char *const programs[] = {
        "args",   "brk",    "broken", "bss",     "console", "descriptors", "entry",
        "errors", "exec",   "fork",   "keeps",   "loads",   "modes",       "names",
        "paths",  "random", "seek",   "unknown", "unlink",  "wait",        "writers"};
    struct buffer script = {0};
    buffer_printf(&script, "src 0 /dev\nsrc 0 /bin\n");
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
        char *host = xprintf("build/guest/%s", programs[i]);
        char *path = xprintf("/bin/%s", programs[i]);
        add_file(t, &script, host, path);
        bool random = strcmp(programs[i], "random") == 0; /* which takes minutes under emulation */
        buffer_printf(&script, "%s%s\n", path, random ? " SHORT" : "");
        if (strcmp(programs[i], "console") == 0)
            buffer_printf(&script, "Hello, program\nABC\n\n");
        free(host);
        free(path);
    }
    return script;
}

static struct buffer edge(struct test *t) {
    struct buffer script = {0};
    buffer_printf(&script, "src 0 /dev\n");
    add_file(t, &script, "build/guest/edge", "/edge");
    buffer_printf(&script, "/edge\n");
    return script;
}

static struct buffer processor(struct test *t) {
    struct buffer script = {0};
    add_file(t, &script, "build/cpu/cpu", "/cpu");
    buffer_printf(&script, "/cpu 1\nsrc 0 /dev\nsrc 0 /dev/hda\n");
    return script;
}

static const struct {
    const char *name;
    struct buffer (*script)(struct test *t);
    const char *mib;
} RUNS[] = {{"rebuild", rebuild, ""},
            {"guests", guests, ""},
            {"edge", edge, "256"},
            {"processor", processor, ""}};

enum { REBUILD = 0, PROCESSOR = 3, RUN_COUNT = sizeof RUNS / sizeof RUNS[0] };

static void is_the_same(struct test *t, const void *argument) {
    const struct port *port = argument;
    for (size_t i = 0; i < RUN_COUNT; i++) {
        struct buffer script = RUNS[i].script(t);
        struct result want = run_port(t, &FIRST, &script, RUNS[i].mib);
        struct result got = run_port(t, port, &script, RUNS[i].mib);
        expect_text(t, RUNS[i].name, (const char *)got.text.data, (const char *)want.text.data);
        expect_same(t, RUNS[i].name, got.artifact.data, got.artifact.len, want.artifact.data,
                    want.artifact.len);
        result_free(&want);
        result_free(&got);
        buffer_free(&script);
    }
}

/* What cut and xxd make of the sources, and what the program prints on this machine. */
TEST_WITHIN(SECONDS, the_model_is_the_same_as_xxd_and_this_processor) {
    struct buffer script = rebuild(t);
    struct result r = run_port(t, &FIRST, &script, RUNS[REBUILD].mib);
    struct buffer seed = test_read(t, "build/seeds/seedbed.bin");
    expect_same(t, "the rebuilt image", r.artifact.data, r.artifact.len, seed.data, seed.len);
    result_free(&r);
    buffer_free(&seed);
    buffer_free(&script);
    script = processor(t);
    r = run_port(t, &FIRST, &script, RUNS[PROCESSOR].mib);
    struct buffer native = test_run(t, 0, "build/cpu/cpu", "1", NULL);
    if (!strstr((const char *)r.text.data, (const char *)native.data))
        test_fail(t, "the program prints something else than on this machine");
    result_free(&r);
    buffer_free(&native);
    buffer_free(&script);
}

TESTS(model_ports_tests) {
    static const struct {
        const char *name;
        struct port port;
    } tests[] = {{"the-model-is-the-same-on-s390x", {"s390x", "qemu-s390x"}},
                 {"the-model-is-the-same-on-riscv64", {"riscv64", "qemu-riscv64"}},
                 {"the-model-is-the-same-on-aarch64", {"aarch64", "qemu-aarch64"}},
                 {"the-model-is-the-same-on-32-bits", {"gcc-m32", NULL}},
                 {"the-model-is-the-same-with-clang", {"clang", NULL}},
                 {"the-model-is-the-same-with-the-sanitizers-of-gcc", {"gcc-sanitized", NULL}},
                 {"the-model-is-the-same-with-the-sanitizers-of-clang", {"clang-sanitized", NULL}}};
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++)
        suite_add_slow(s, tests[i].name, SECONDS, is_the_same, &tests[i].port);
}
