/*
 * What libFuzzer drives: the model, pack, image and hexfmt on arbitrary bytes, one program for
 * each (TARGET), under the address and undefined-behaviour sanitizers.
 */
#define _GNU_SOURCE /* memfd_create */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "images/hexfmt/hexfmt_file.h"
#include "images/machine/image.h"
#include "images/script/plan.h"
#include "images/script/script.h"
#include "refmodel/hex0.h"
#include "refmodel/seedbed.h"

enum { INSTRUCTIONS = 300000, MEMORY_MIB = 160 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A file without a name that holds the bytes, as a path. */
static char *memory_file(const uint8_t *data, size_t size, int *fd) {
    struct problem p;
    *fd = memfd_create("input", MFD_CLOEXEC);
    if (*fd < 0 || write_all(*fd, data, size, "input", &p) < 0)
        abort();
    return xprintf("/proc/self/fd/%d", *fd);
}

/* The bytes are a script. */
static void __attribute__((unused)) fuzz_model(const uint8_t *data, size_t size) {
    struct seedbed_config config = {.memory_mib = MEMORY_MIB, .max_instructions = INSTRUCTIONS};
    struct seedbed *s = seedbed_new(&config);
    size_t n;
    if (!s)
        return;
    enum seedbed_end end = seedbed_run(s, data, size);
    const char *log = seedbed_log(s, &n);
    bool finished = n >= 10 && log[n - 1] == '\n';
    if (end == SEEDBED_FINISHED && (!finished || !seedbed_artifact(s, &n)))
        abort();
    if (end == SEEDBED_ERROR && strncmp(seedbed_error(s), "ERROR: ", 7) != 0)
        abort();
    seedbed_free(s);
}

/* They are a build file; what it names on the host is under /proc/self/fd, if at all. */
static void __attribute__((unused)) fuzz_pack(const uint8_t *data, size_t size) {
    struct plan plan = {0};
    struct problem p;
    int fd;
    char *path = memory_file(data, size, &fd);
    FILE *script = tmpfile();
    int r = plan_load(&plan, path, &p);
    if (r == 0 && script && plan_write(&plan, fileno(script), "script", &p) == 0) {
        fseek(script, 0, SEEK_END);
        if ((uint64_t)ftell(script) != plan.size)
            abort();
    }
    if (r != 0 && (p.text[0] == 0 || strchr(p.text, '\n')))
        abort(); /* a message is one line */
    plan_free(&plan);
    if (script)
        fclose(script);
    close(fd);
    free(path);
}

/* They are an image; every command of its script is looked at. */
static void __attribute__((unused)) fuzz_image(const uint8_t *data, size_t size) {
    char line[64];
    int fd;
    char *path = memory_file(data, size, &fd);
    struct script_walk walk = {.fd = fd, .pos = image_find_script(path)};
    uint64_t before = walk.pos;
    while (script_next(&walk, line, sizeof line) > 0) {
        if (walk.pos <= before)
            abort();
        before = walk.pos;
    }
    close(fd);
    free(path);
}

/* They are hex0 text: what the compiler and the formatter see must agree. */
static void __attribute__((unused)) fuzz_hexfmt(const uint8_t *data, size_t size) {
    struct hex0_error error;
    size_t made = 0;
    uint8_t *out = xrealloc(NULL, hex0_bound(size) + 1);
    char *text = xrealloc(NULL, size + 1);
    memcpy(text, data, size);
    text[size] = 0;
    int strict = hex0_compile(data, size, true, out, &made, &error);
    size_t strictly = made;
    int lax = hex0_compile(data, size, false, out, &made, &error);
    if (made > hex0_bound(size) || (strict == 0 && (lax != 0 || made != strictly)))
        abort();
    if (made > 0 && hex0_line_of(data, size, made - 1) == 0)
        abort();
    struct hex_file file = hex_file_parse("input", text, size);
    size_t bytes = 0;
    bool bad = false;
    for (size_t i = 0; i < file.count; i++) {
        bytes += file.lines[i].byte_count;
        bad |= file.lines[i].problem ? 1 : 0;
    }
    if (strict == 0 && !bad && bytes != strictly)
        abort();
    hex_file_free(&file);
    free(text);
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    TARGET(data, size);
    return 0;
}
