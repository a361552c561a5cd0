/* Programs that others have written, by cc.scm with its library and by gcc with glibc. */
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "verify/tests/cc/compile.h"

enum { MOST_SOURCES = 64, PROGRAM_SECONDS = 180 };

/* Adds the files of a pattern, but for those that end in one of `without`. */
static void add_sources(const char **sources, size_t *n, const char *pattern,
                        const char *const without[]) {
    glob_t found;
    if (glob(pattern, 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc && *n < MOST_SOURCES - 1; i++) {
        bool left_out = false;
        for (const char *const *w = without; *w; w++) {
            const char *slash = strrchr(found.gl_pathv[i], '/');
            left_out |= strcmp(slash + 1, *w) == 0;
        }
        if (!left_out)
            sources[(*n)++] = xstrdup(found.gl_pathv[i]);
    }
    sources[*n] = NULL;
}

/* Builds both ways, runs with one argument, and compares what is printed. */
static void same_program(struct test *t, const char *const sources[], const char *const options[],
                         const char *argument) {
    const char *modules[MOST_SOURCES + 1] = {NULL};
    const char *ours = test_path(t, "ours");
    const char *theirs = test_path(t, "theirs");
    for (size_t i = 0; sources[i]; i++) {
        modules[i] = test_path(t, xprintf("module%zu.link", i));
        cc_compile(t, sources[i], modules[i], options);
    }
    cc_link(t, ours, modules);
    const char *theirs_options[16] = {"-O1", "-Wl,--no-as-needed", "-lm"};
    for (size_t i = 0; options[i]; i++)
        theirs_options[3 + i] = options[i];
    gcc32(t, theirs, theirs_options, sources);
    const char *const run_ours[] = {"env", "TZ=UTC", ours, argument, NULL};
    const char *const run_theirs[] = {"env", "TZ=UTC", theirs, argument, NULL};
    struct outcome got = test_command(t, run_ours);
    struct outcome want = test_command(t, run_theirs);
    if (got.status != want.status || want.status != 0)
        test_fail(t, "status %d, by gcc %d: %s", got.status, want.status,
                  (const char *)got.output.data);
    expect_same(t, "what it prints", got.output.data, got.output.len, want.output.data,
                want.output.len);
    buffer_free(&got.output);
    buffer_free(&want.output);
}

TEST_WITHIN(PROGRAM_SECONDS, cc_compiles_lua_as_gcc_does) {
    needs_gcc32(t);
    test_needs_source(t, "lua5.4");
    static const char *const without[] = {"luac.c", NULL};
    static const char *const options[] = {"-D", "LUA_USE_C89", NULL};
    const char *sources[MOST_SOURCES] = {NULL};
    size_t n = 0;
    add_sources(sources, &n, "build/lua5.4/src/*.c", without);
    if (n < 30)
        test_fail(t, "only %zu sources of Lua", n);
    same_program(t, sources, options, "verify/tests/cc/programs/script.lua");
}

TEST_WITHIN(PROGRAM_SECONDS, cc_compiles_zlib_and_bzip2_as_gcc_does) {
    needs_gcc32(t);
    test_needs_source(t, "zlib");
    test_needs_source(t, "bzip2");
    static const char *const not_zlib[] = {"gzclose.c", "gzlib.c", "gzread.c", "gzwrite.c", NULL};
    static const char *const not_bzip2[] = {"bzip2.c", "bzip2recover.c", "dlltest.c", "mk251.c",
                                            "spewG.c", "unzcrash.c",     NULL};
    static const char *const options[] = {"-D", "BZ_NO_STDIO", "-I", "build/zlib",
                                          "-I", "build/bzip2", NULL};
    const char *sources[MOST_SOURCES] = {"verify/tests/cc/programs/packers.c"};
    size_t n = 1;
    add_sources(sources, &n, "build/zlib/*.c", not_zlib);
    add_sources(sources, &n, "build/bzip2/*.c", not_bzip2);
    if (n < 15)
        test_fail(t, "only %zu sources", n);
    same_program(t, sources, options, "");
}
