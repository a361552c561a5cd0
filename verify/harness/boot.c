/* Booting disks from a test. */
#include "verify/harness/boot.h"

#include <stdlib.h>
#include <string.h>

#include "images/lib/home.h"

struct buffer compile_source(struct test *t, const char *source) {
    struct buffer binary = {0};
    struct problem p;
    if (home_compile(source, &binary, &p) != 0)
        test_fail(t, "%s", p.text);
    return binary;
}

void add_zeros(struct buffer *image, size_t count) {
    memset(buffer_room(image, count), 0, count);
    image->len += count;
}

void pad_sectors(struct buffer *image) {
    add_zeros(image, (SECTOR - image->len % SECTOR) % SECTOR);
}

void end_disk(struct buffer *disk) {
    add_zeros(disk, 1);
    pad_sectors(disk);
    if (disk->len < DISK_MIN)
        add_zeros(disk, DISK_MIN - disk->len);
}

void add_filler(struct buffer *script, size_t size) {
    uint8_t *room = buffer_room(script, size);
    memset(room, 'x', size);
    room[0] = '#';
    room[size - 1] = '\n';
    script->len += size;
}

struct buffer full_system(struct test *t) {
    struct buffer image = compile_source(t, "hex0/boot.hex0");
    struct buffer kernel = compile_source(t, "hex0/kernel.hex0");
    if (image.len != SECTOR)
        test_fail(t, "hex0/boot.hex0 has %zu bytes", image.len);
    buffer_append(&image, kernel.data, kernel.len);
    pad_sectors(&image);
    buffer_free(&kernel);
    return image;
}

struct buffer staged_system(struct test *t) {
    struct buffer image = compile_source(t, "stage1/stage1.hex0");
    struct buffer text = test_read(t, "hex0/kernel.hex0");
    if (image.len != SECTOR)
        test_fail(t, "stage1/stage1.hex0 has %zu bytes", image.len);
    buffer_append(&image, text.data, text.len);
    add_zeros(&image, 1);
    pad_sectors(&image);
    buffer_free(&text);
    return image;
}

/* What the console shows after the BIOS has said what it boots from. */
static char *log_text(const struct buffer *log) {
    static const char BIOS[] = "Booting from ";
    char *text = xprintf("%.*s", (int)log->len, log->len > 0 ? (const char *)log->data : "");
    if (strncmp(text, BIOS, sizeof BIOS - 1) == 0) {
        const char *rest = text + strcspn(text, "\n");
        memmove(text, rest + (*rest == '\n'), strlen(rest + (*rest == '\n')) + 1);
    }
    return text;
}

void need_engine(struct test *t, const struct engine *engine) {
    char *why = NULL;
    if (engine->works && !engine->works(&why))
        test_skip(t, "%s: %s", engine->name, why);
    free(why);
}

struct aftermath boot_image_on(struct test *t, const struct engine *engine,
                               const struct buffer *image, const struct run_request *how) {
    struct problem p;
    struct run_request request = how ? *how : (struct run_request){0};
    struct run_result result;
    char *path = test_path(t, "disk.img");
    need_engine(t, engine);
    request.image = path;
    request.timeout = (request.timeout > 0 ? request.timeout : BOOT_SECONDS) * test_patience();
    test_write(t, path, image->data, image->len);
    if (boot(engine, &request, &result, &p) != 0)
        test_fail(t, "%s", p.text);
    struct aftermath a = {
        .end = result.end,
        .length = result.length,
        .log = log_text(&result.log),
        .message = xstrdup(result.message),
        .disk = test_read(t, path),
        .seconds = result.seconds,
    };
    run_result_free(&result);
    free(path);
    return a;
}

/* What the test runs on. */
/* SEEDBED_ENGINE names another engine for the tests that leave it open. */
static const struct engine *own_engine(const struct test *t) {
    const char *name = getenv("SEEDBED_ENGINE");
    struct problem p;
    const struct engine *other = name ? engine_choose(name, NULL, &p) : NULL;
    return t->engine ? t->engine : other ? other : &engine_qemu_tcg;
}

struct aftermath boot_image(struct test *t, const struct buffer *image,
                            const struct run_request *how) {
    return boot_image_on(t, own_engine(t), image, how);
}

struct aftermath boot_script_on(struct test *t, const struct engine *engine,
                                const struct buffer *script, const struct run_request *how,
                                struct buffer *image) {
    struct buffer disk = full_system(t);
    struct run_request request = how ? *how : (struct run_request){0};
    request.script = disk.len;
    buffer_append(&disk, script->data, script->len);
    end_disk(&disk);
    struct aftermath a = boot_image_on(t, engine, &disk, &request);
    if (image)
        *image = disk;
    else
        buffer_free(&disk);
    return a;
}

struct aftermath boot_script(struct test *t, const struct buffer *script,
                             const struct run_request *how, struct buffer *image) {
    return boot_script_on(t, own_engine(t), script, how, image);
}

void aftermath_free(struct aftermath *a) {
    free(a->log);
    free(a->message);
    buffer_free(&a->disk);
    *a = (struct aftermath){0};
}

void expect_finished(struct test *t, const char *what, const struct aftermath *a) {
    if (a->end != RUN_FINISHED)
        test_fail(t, "%s: %s; last line: %s", what, a->message, last_line(a->log));
}

void expect_artifact(struct test *t, const char *what, const struct aftermath *a, const void *want,
                     size_t size) {
    expect_finished(t, what, a);
    if (a->length > a->disk.len)
        test_fail(t, "%s: the length is %u, beyond the disk", what, a->length);
    expect_same(t, what, a->disk.data, a->length, want, size);
}

void expect_error(struct test *t, const char *what, const struct aftermath *a, const char *line,
                  const struct buffer *image) {
    char *last = last_line(a->log);
    if (a->end != RUN_ERROR) {
        test_fail(t, "%s: should end with `%.200s`, but %s; last line: %.200s", what, line,
                  a->end == RUN_FINISHED ? "finished" : a->message, last);
    }
    if (strcmp(last, line) != 0)
        test_fail(t, "%s: `%.200s`, should be `%.200s`", what, last, line);
    char *disk = xprintf("%s: the disk after the error", what);
    expect_same(t, disk, a->disk.data, a->disk.len, image->data, image->len);
    free(last);
    free(disk);
}

void add_src(struct buffer *script, const char *path, const void *data, size_t size) {
    buffer_printf(script, "src %zu %s\n", size, path);
    buffer_append(script, data, size);
}

uint8_t *random_bytes(uint32_t seed, size_t size) {
    uint8_t *bytes = xrealloc(NULL, size + 4);
    for (size_t i = 0; i < size; i += 4) {
        uint32_t word = test_random(&seed);
        memcpy(bytes + i, &word, 4);
    }
    return bytes;
}
