/* The model as a library: limits, ends that the kernel has not, several machines, memory, profile.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "refmodel/seedbed.h"
#include "verify/harness/boot.h"
#include "verify/harness/harness.h"

enum { ENTRY = 0x08048054, LIMIT = 1000000, MEMORY_KIB = 16 << 10 };

/* An ELF file of one segment that holds the code, which begins at ENTRY. */
static struct buffer program(const uint8_t *code, size_t n) {
    static const uint8_t header[0x54] = {
        0x7F, 'E', 'L',  'F',  1,    1, 1, 0,    0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 3,    0,    1,
        0,    0,   0,    0x54, 0x80, 4, 8, 0x34, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,    0x34, 0,
        0x20, 0,   1,    0,    0,    0, 0, 0,    0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0,    0x80, 4,
        8,    0,   0x80, 4,    8,    0, 2, 0,    0, 0, 2, 0, 0, 7, 0, 0, 0, 0, 0x10, 0,    0};
    struct buffer file = {0};
    buffer_append(&file, header, sizeof header);
    buffer_append(&file, code, n);
    add_zeros(&file, 0x200 - file.len);
    return file;
}

/* A script that runs the code and has an empty /dev/hda. */
static struct buffer script_of(const uint8_t *code, size_t n) {
    struct buffer script = {0};
    struct buffer file = program(code, n);
    buffer_printf(&script, "src 0 /dev\nsrc 0 /dev/hda\n");
    add_src(&script, "/p", file.data, file.len);
    buffer_printf(&script, "/p\n");
    buffer_free(&file);
    return script;
}

static struct seedbed *machine(struct test *t, const struct seedbed_config *config) {
    struct seedbed *s = seedbed_new(config);
    if (!s)
        test_fail(t, "no machine");
    return s;
}

/* Code, and how its build must end. */
struct ending {
    uint8_t code[48];
    size_t n;
    enum seedbed_end end;
    const char *error;
};

static void ends_so(struct test *t, const void *argument) {
    const struct ending *e = argument;
    struct seedbed_config config = {.max_instructions = LIMIT};
    struct seedbed *s = machine(t, &config);
    struct buffer script = script_of(e->code, e->n);
    enum seedbed_end end = seedbed_run(s, script.data, script.len);
    expect_text(t, "the error", seedbed_error(s), e->error);
    if (end != e->end)
        test_fail(t, "end %d, should be %d", (int)end, (int)e->end);
    size_t n;
    if (seedbed_artifact(s, &n) && end != SEEDBED_FINISHED)
        test_fail(t, "a build that did not finish has an artifact");
    seedbed_free(s);
    buffer_free(&script);
}

/* How much memory the machine has to have; the BIOS takes 132 KiB of it. */
TEST(the_model_needs_21_mib_of_memory) {
    static const struct {
        uint32_t mib;
        const char *error;
    } sizes[] = {{1, "ERROR: /: no memory"},
                 {16, "ERROR: /: no memory"},
                 {21, "ERROR: /: no memory"},
                 {22, ""}};
    static const char script[] = "src 0 /dev\nsrc 0 /dev/hda\n";
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct seedbed_config config = {.memory_mib = sizes[i].mib};
        struct seedbed *s = machine(t, &config);
        seedbed_run(s, (const uint8_t *)script, strlen(script));
        expect_text(t, "the error", seedbed_error(s), sizes[i].error);
        seedbed_free(s);
    }
}

TEST(the_model_stops_at_the_limit_of_instructions) {
    static const uint8_t forever[] = {0x40, 0xEB, 0xFD}; /* inc eax; jmp back */
    struct seedbed_config config = {.max_instructions = LIMIT};
    struct seedbed *s = machine(t, &config);
    struct buffer script = script_of(forever, sizeof forever);
    if (seedbed_run(s, script.data, script.len) != SEEDBED_LIMIT)
        test_fail(t, "it ended with `%s`", seedbed_error(s));
    uint64_t n = seedbed_instructions(s);
    if (n < LIMIT || n > LIMIT + 64)
        test_fail(t, "%llu instructions", (unsigned long long)n);
    seedbed_free(s);
    buffer_free(&script);
}

TEST(the_model_stops_at_the_limit_of_time) {
    static const uint8_t forever[] = {0xEB, 0xFE};
    struct seedbed_config config = {.max_seconds = 0.2};
    struct seedbed *s = machine(t, &config);
    struct buffer script = script_of(forever, sizeof forever);
    if (seedbed_run(s, script.data, script.len) != SEEDBED_LIMIT)
        test_fail(t, "it ended with `%s`", seedbed_error(s));
    expect_text(t, "the error", seedbed_error(s), "more than 0.2 seconds");
    seedbed_free(s);
    buffer_free(&script);
}

/* mov eax, 4; mov ebx, 1; mov ecx, esp; mov edx, 1; int 80h; xor ebx, ebx; mov eax, 1; int 80h */
static const uint8_t WRITES[] = {0xB8, 4,    0,    0, 0, 0xBB, 1,    0,    0,    0,
                                 0x89, 0xE1, 0xBA, 1, 0, 0,    0,    0xCD, 0x80, 0x31,
                                 0xDB, 0xB8, 1,    0, 0, 0,    0xCD, 0x80};

struct nest {
    struct test *t;
    int depth;
    int finished;
};

/* Runs another machine to its end while this one waits in its console. */
static void run_another(void *user, const char *bytes, size_t n) {
    struct nest *nest = user;
    if (nest->depth == 3 || n != 1 || bytes[0] != 1)
        return;
    nest->depth++;
    struct seedbed_config config = {.console = run_another, .user = nest};
    struct seedbed *s = machine(nest->t, &config);
    struct buffer script = script_of(WRITES, sizeof WRITES);
    if (seedbed_run(s, script.data, script.len) != SEEDBED_FINISHED)
        test_fail(nest->t, "depth %d: %s", nest->depth, seedbed_error(s));
    nest->finished++;
    seedbed_free(s);
    buffer_free(&script);
}

TEST(machines_in_one_process_do_not_share_anything) {
    struct nest nest = {t, 0, 0};
    run_another(&nest, "\1", 1);
    if (nest.finished != 3)
        test_fail(t, "%d machines have finished", nest.finished);
}

TEST(the_profile_adds_up) {
    struct seedbed_config config = {.profile = true};
    struct seedbed *s = machine(t, &config);
    struct buffer script = script_of(WRITES, sizeof WRITES);
    buffer_printf(&script, "/p\n/p x\n");
    if (seedbed_run(s, script.data, script.len) != SEEDBED_FINISHED)
        test_fail(t, "it ended with `%s`", seedbed_error(s));
    size_t n;
    const struct seedbed_program *p = seedbed_profile(s, &n);
    if (n != 1 || strcmp(p->path, "/p") != 0 || p->runs != 3 || p->calls != 6 ||
        p->instructions != 3 * 8 || seedbed_instructions(s) != 3 * 8) {
        test_fail(t, "%zu programs; %s ran %llu times, %llu calls, %llu instructions", n, p->path,
                  (unsigned long long)p->runs, (unsigned long long)p->calls,
                  (unsigned long long)p->instructions);
    }
    seedbed_free(s);
    buffer_free(&script);
}

TEST(a_small_build_takes_little_memory) {
    struct rusage usage;
    char *path = test_path(t, "script");
    struct buffer script = script_of(WRITES, sizeof WRITES);
    test_write(t, path, script.data, script.len);
    struct buffer log = test_run(t, 0, "build/seedbed", "model", "--mem", "3072", path, NULL);
    if (getrusage(RUSAGE_CHILDREN, &usage) != 0 || usage.ru_maxrss > MEMORY_KIB)
        test_fail(t, "%ld KiB of memory", usage.ru_maxrss);
    buffer_free(&log);
    buffer_free(&script);
    free(path);
}

static const struct {
    const char *name;
    struct ending ending;
} ENDINGS[] = {
    /* hlt */
    {"the-model-tells-when-a-program-halts",
     {{0xF4}, 1, SEEDBED_HALTED, "a program halted the machine before 08048055"}},
    /* mov eax, cr0 */
    {"the-model-tells-what-it-has-not",
     {{0x0F, 0x20, 0xC0},
      3,
      SEEDBED_UNSUPPORTED,
      "instruction at 08048054 that the model does not have"}},
    /* emms */
    {"the-model-tells-that-it-has-no-mmx",
     {{0x0F, 0x77},
      2,
      SEEDBED_UNSUPPORTED,
      "instruction at 08048054 that the model does not have"}},
    /* fxsave [esp - 512] */
    {"the-model-tells-that-it-has-no-fxsave",
     {{0x0F, 0xAE, 0x84, 0x24, 0, 0xFE, 0xFF, 0xFF},
      8,
      SEEDBED_UNSUPPORTED,
      "instruction at 08048054 that the model does not have"}},
    /* movaps xmm0, xmm1, which the kernel has not enabled */
    {"the-model-has-no-sse-as-the-kernel-enables-none",
     {{0x0F, 0x28, 0xC1}, 3, SEEDBED_ERROR, "ERROR: fault 06 at 08048054"}},
    /* pushf; or byte [esp+1], 1; popf; nop; nop */
    {"the-model-single-steps",
     {{0x9C, 0x80, 0x4C, 0x24, 1, 1, 0x9D, 0x90, 0x90},
      9,
      SEEDBED_ERROR,
      "ERROR: fault 01 at 0804805C"}},
    /* xor esp, esp; ud2 */
    {"the-model-tells-of-a-fault-without-a-stack",
     {{0x31, 0xE4, 0x0F, 0x0B}, 4, SEEDBED_ERROR, "ERROR: fault 06 at 08048056"}},
    /* xor eax, eax; mov fs, ax; mov al, [fs:eax] */
    {"the-model-checks-null-segments",
     {{0x31, 0xC0, 0x8E, 0xE0, 0x64, 0x8A, 0}, 7, SEEDBED_ERROR, "ERROR: fault 0D at 08048058"}},
    /* mov ebp, 0x7FFFFFF0; push eax; lea eax, [ebp-8]; mov eax, [eax]; pop ebx */
    {"the-model-faults-at-the-load-of-a-sequence",
     {{0xBD, 0xF0, 0xFF, 0xFF, 0x7F, 0x50, 0x8D, 0x45, 0xF8, 0x8B, 0, 0x5B},
      12,
      SEEDBED_ERROR,
      "ERROR: fault 0E at 0804805D"}},
    /* mov eax, 0x7FFFFFF0; mov eax, [eax] */
    {"the-model-faults-at-the-load-of-a-global",
     {{0xB8, 0xF0, 0xFF, 0xFF, 0x7F, 0x8B, 0}, 7, SEEDBED_ERROR, "ERROR: fault 0E at 08048059"}},
    /* push 0x7FFFFFF0; pop edx; mov [edx], eax; jmp back */
    {"the-model-faults-at-the-store-of-a-sequence",
     {{0x68, 0xF0, 0xFF, 0xFF, 0x7F, 0x5A, 0x89, 2, 0xEB, 0xFE},
      10,
      SEEDBED_ERROR,
      "ERROR: fault 0E at 0804805A"}},
    /* mov eax, 1; mov ecx, 0x07BB; push 0x08048066; pop edx; mov [edx], ecx; mov ebx, 0; int 80h */
    {"the-model-sees-that-a-sequence-changes-the-code-behind-it",
     {{0xB8, 1, 0,    0,    0,    0xB9, 0xBB, 7, 0, 0, 0x68, 0x66, 0x80,
       4,    8, 0x5A, 0x89, 0x0A, 0xBB, 0,    0, 0, 0, 0xCD, 0x80},
      25,
      SEEDBED_ERROR,
      "ERROR: /p: exit 07"}},
    /* mov dword [0x08048FFA], 0x048000B8; mov dword [0x08048FFE], 0xC3188B08, which together are
     * mov eax, 0x08048000; mov ebx, [eax] across two pages; ret. mov edx, 0x08048FFA; call edx;
     * mov byte [0x08049000], 8, which loads ecx instead; call edx; movzx ebx, cl; exit */
    {"the-model-sees-that-the-second-page-of-a-sequence-changes",
     {{0xC7, 5,    0xFA, 0x8F, 4,    8,    0xB8, 0,    0x80, 4,    0xC7, 5,    0xFE, 0x8F, 4,    8,
       8,    0x8B, 0x18, 0xC3, 0xBA, 0xFA, 0x8F, 4,    8,    0xFF, 0xD2, 0xC6, 5,    0,    0x90, 4,
       8,    8,    0xFF, 0xD2, 0x0F, 0xB6, 0xD9, 0xB8, 1,    0,    0,    0,    0xCD, 0x80},
      46,
      SEEDBED_ERROR,
      "ERROR: /p: exit 7F"}},
    /* fninit; fldcw [esp] (0x37B: division by zero unmasked); fld1; fldz; fdivp; fwait */
    {"the-model-raises-x87-exceptions-at-the-next-instruction",
     {{0xDB, 0xE3, 0x68, 0x7B, 3, 0, 0, 0xD9, 0x2C, 0x24, 0xD9, 0xE8, 0xD9, 0xEE, 0xDE, 0xF9, 0x9B},
      17,
      SEEDBED_ERROR,
      "ERROR: fault 10 at 08048064"}}};

TESTS(model_tests) {
    for (size_t i = 0; i < sizeof ENDINGS / sizeof ENDINGS[0]; i++)
        suite_add(s, ENDINGS[i].name, ends_so, &ENDINGS[i].ending);
}
