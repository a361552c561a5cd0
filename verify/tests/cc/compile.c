/* Running buildscripts/boot3/cc.scm and its library in tests. */
#include "verify/tests/cc/compile.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SCHEME "build/scheme"
#define LIBC "buildscripts/libc"

enum { MAX_WORDS = 128 };

const char *const *cc_words(struct test *t) {
    static const char *const words[] = {SCHEME, "buildscripts/boot3/cc.scm", NULL};
    test_needs(t, SCHEME, SCHEME);
    return words;
}

static void append(struct test *t, const char **words, size_t *n, const char *const more[]) {
    for (; more && *more; more++) {
        if (*n == MAX_WORDS - 1)
            test_fail(t, "a command of more than %d words", MAX_WORDS);
        words[(*n)++] = *more;
    }
    words[*n] = NULL;
}

struct outcome cc_try(struct test *t, const char *source, const char *out,
                      const char *const options[]) {
    const char *words[MAX_WORDS];
    size_t n = 0;
    const char *const fixed[] = {"-o", out, "-I", LIBC "/include", "-I", "verify/tests/cc", NULL};
    const char *const last[] = {source, NULL};
    append(t, words, &n, cc_words(t));
    append(t, words, &n, fixed);
    append(t, words, &n, options);
    append(t, words, &n, last);
    return test_command(t, words);
}

void cc_compile(struct test *t, const char *source, const char *out, const char *const options[]) {
    struct outcome o = cc_try(t, source, out, options);
    if (o.status != 0)
        test_fail(t, "%s: cc.scm says %s", source, (const char *)o.output.data);
    buffer_free(&o.output);
}

void needs_gcc32(struct test *t) {
    const char *source = test_path(t, "probe.c");
    const char *out = test_path(t, "probe");
    test_write(t, source, "int main(void){return 0;}", 25);
    const char *const words[] = {"gcc", "-m32", "-o", out, source, NULL};
    struct outcome o = test_command(t, words);
    buffer_free(&o.output);
    if (o.status != 0)
        test_skip(t, "gcc makes no programs for i386 here; gcc-multilib or gcc-12-multilib has it");
}

void gcc32(struct test *t, const char *out, const char *const options[],
           const char *const inputs[]) {
    const char *words[MAX_WORDS];
    size_t n = 0;
    const char *const fixed[] = {
        "gcc", "-m32", "-w", "-fno-pic",    "-no-pie",  "-fwrapv",
        "-o",  out,    "-z", "noexecstack", "-isystem", "/usr/include/x86_64-linux-gnu",
        NULL};
    append(t, words, &n, fixed);
    append(t, words, &n, options);
    append(t, words, &n, inputs);
    struct outcome o = test_command(t, words);
    if (o.status != 0)
        test_fail(t, "gcc: %s", (const char *)o.output.data);
    buffer_free(&o.output);
}

const char *cc_library(struct test *t) {
    const char *all = test_path(t, "libc");
    if (access(all, F_OK) == 0)
        return all;
    mkdir(all, 0777);
    DIR *dir = opendir(LIBC);
    if (!dir)
        test_fail(t, LIBC ": no such folder");
    for (struct dirent *entry; (entry = readdir(dir));) {
        size_t n = strlen(entry->d_name);
        if (n > 2 && strcmp(entry->d_name + n - 2, ".c") == 0)
            cc_compile(t, xprintf(LIBC "/%s", entry->d_name),
                       xprintf("%s/%.*s.link", all, (int)n - 2, entry->d_name), NULL);
    }
    closedir(dir);
    return all;
}

void cc_link(struct test *t, const char *out, const char *const modules[]) {
    const char *words[MAX_WORDS];
    const char *library = cc_library(t);
    size_t n = 0;
    const char *const fixed[] = {"build/link-host", out, NULL};
    append(t, words, &n, fixed);
    append(t, words, &n, modules);
    DIR *dir = opendir(library);
    for (struct dirent *entry; (entry = readdir(dir));)
        if (entry->d_name[0] != '.') {
            const char *const one[] = {xprintf("%s/%s", library, entry->d_name), NULL};
            append(t, words, &n, one);
        }
    closedir(dir);
    struct outcome o = test_command(t, words);
    if (o.status != 0)
        test_fail(t, "link: %s", (const char *)o.output.data);
    buffer_free(&o.output);
    chmod(out, 0755);
}

struct buffer output_of(struct test *t, const char *program) {
    const char *const words[] = {program, NULL};
    struct outcome o = test_command(t, words);
    if (o.status != 0)
        test_fail(t, "%s ends with status %d after %.200s", program, o.status,
                  (const char *)o.output.data);
    return o.output;
}
