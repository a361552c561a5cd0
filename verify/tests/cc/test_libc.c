/* The library of the ladder's C compiler against glibc, on generated calls. */
#include <stdlib.h>

#include "verify/tests/cc/compile.h"

#define PROGRAMS "verify/tests/cc/programs/"

/* Builds PROGRAMS/NAME.c both ways: by cc.scm with its library (test_path ours), by gcc with glibc
 * (theirs). */
static void build_both(struct test *t, const char *name) {
    needs_gcc32(t);
    static const char *const plain[] = {"-O1", "-fno-builtin", "-Wl,--no-as-needed", "-lm", NULL};
    const char *source = xprintf(PROGRAMS "%s.c", name);
    const char *const by_gcc[] = {source, NULL};
    const char *module = test_path(t, "module.link");
    const char *const modules[] = {module, NULL};
    cc_compile(t, source, module, NULL);
    cc_link(t, test_path(t, "ours"), modules);
    gcc32(t, test_path(t, "theirs"), plain, by_gcc);
}

/* Runs both with the words, and compares what they print, which is at least `least` bytes. */
static void same_output(struct test *t, const char *const words[3], size_t least) {
    const char *const run_ours[] = {test_path(t, "ours"), words[0], words[1], words[2], NULL};
    const char *const run_theirs[] = {test_path(t, "theirs"), words[0], words[1], words[2], NULL};
    struct outcome got = test_command(t, run_ours);
    struct outcome want = test_command(t, run_theirs);
    if (want.status != 0 || want.output.len < least)
        test_fail(t, "glibc's program ends with %d after %zu bytes", want.status, want.output.len);
    if (got.status != 0)
        test_fail(t, "our program ends with %d after %zu bytes", got.status, got.output.len);
    expect_same(t, xprintf("the results of %s", words[0]), got.output.data, got.output.len,
                want.output.data, want.output.len);
    buffer_free(&got.output);
    buffer_free(&want.output);
}

/*
 * 10^5 calls of printf, and 10^5 texts for each of strtof, strtod and strtold. LIBC_SEEDS=N in the
 * environment: so many times as many (make libc-long).
 */
TEST_WITHIN(3600, libc_prints_and_reads_numbers_as_glibc_does) {
    build_both(t, "numbers");
    const char *seeds = getenv("LIBC_SEEDS");
    for (int seed = seeds ? atoi(seeds) : 1; seed > 0; seed--) {
        const char *const words[] = {xprintf("%d", seed), "100000", "100000"};
        same_output(t, words, 10000000);
    }
}

/* Results of strtol, scanf, qsort, malloc; mathematics, strings and files. */
TEST(libc_gives_what_glibc_gives_on_generated_calls) {
    build_both(t, "libc");
    const char *const words[] = {test_path(t, "scratch"), NULL, NULL};
    same_output(t, words, 1000000);
}

/* What the kernel does not have must say so; errors of calls must arrive. */
TEST(libc_says_what_the_kernel_does_not_have) {
    static const char source[] =
        "#include <errno.h>\n#include <fcntl.h>\n#include <setjmp.h>\n#include <stdio.h>\n"
        "#include <stdlib.h>\n#include <string.h>\n#include <sys/stat.h>\n#include <sys/wait.h>\n"
        "#include <time.h>\n#include <unistd.h>\n"
        "static jmp_buf out;\n"
        "static void jump(int n) { if (n == 0) longjmp(out, 7); jump(n - 1); }\n"
        "static void bye(void) { puts(\"bye\"); }\n"
        "int main(int argc, char **argv) {\n"
        "    struct stat s;\n"
        "    int status, n;\n"
        "    n = stat(\"/\", &s);\n"
        "    printf(\"%d %d \", n, errno == ENOSYS);\n"
        "    n = dup(1);\n"
        "    printf(\"%d %d \", n, errno == ENOSYS);\n"
        "    n = open(\"/none/such\", O_RDONLY);\n"
        "    printf(\"%d %d \", n, errno == ENOENT);\n"
        "    printf(\"%s %ld\\n\", strerror(errno), (long)time(NULL));\n"
        "    if ((n = setjmp(out)) == 0) jump(5); else printf(\"jumped %d\\n\", n);\n"
        "    fflush(stdout);\n"
        "    if (fork() == 0) _exit(9);\n"
        "    wait(&status);\n"
        "    printf(\"%d %d %d\\n\", WIFEXITED(status), WEXITSTATUS(status), "
        "malloc(0x7FFFFFFF) == NULL);\n"
        "    atexit(bye);\n"
        "    return argc == 1 ? 0 : 3;\n"
        "}\n";
    const char *path = test_path(t, "calls.c");
    const char *module = test_path(t, "calls.link");
    const char *program = test_path(t, "calls");
    const char *const modules[] = {module, NULL};
    test_write(t, path, source, sizeof source - 1);
    cc_compile(t, path, module, NULL);
    cc_link(t, program, modules);
    struct buffer got = output_of(t, program);
    expect_text(t, "the calls", (const char *)got.data,
                "-1 1 -1 1 -1 1 No such file or directory 0\njumped 7\n1 9 1\nbye\n");
    buffer_free(&got);
}
