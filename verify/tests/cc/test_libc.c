/* The library of the ladder's C compiler against glibc, on generated calls. */
#include "verify/tests/cc/compile.h"

#define SOURCE "verify/tests/cc/programs/libc.c"

/* More than 10^5 results of printf, strtod, strtol, scanf, qsort; memory, strings and files. */
TEST(libc_gives_what_glibc_gives_on_generated_calls) {
    needs_gcc32(t);
    static const char *const plain[] = {"-O1", "-fno-builtin", "-Wl,--no-as-needed", "-lm", NULL};
    const char *const by_gcc[] = {SOURCE, NULL};
    const char *module = test_path(t, "libc.link");
    const char *const modules[] = {module, NULL};
    const char *ours = test_path(t, "ours");
    const char *theirs = test_path(t, "theirs");
    cc_compile(t, SOURCE, module, NULL);
    cc_link(t, ours, modules);
    gcc32(t, theirs, plain, by_gcc);
    const char *const run_ours[] = {ours, test_path(t, "scratch"), NULL};
    const char *const run_theirs[] = {theirs, test_path(t, "scratch"), NULL};
    struct outcome got = test_command(t, run_ours);
    struct outcome want = test_command(t, run_theirs);
    if (want.status != 0 || want.output.len < 1000000)
        test_fail(t, "glibc's program ends with %d after %zu bytes", want.status, want.output.len);
    if (got.status != 0)
        test_fail(t, "our program ends with %d after %zu bytes", got.status, got.output.len);
    expect_same(t, "the results", got.output.data, got.output.len, want.output.data,
                want.output.len);
    buffer_free(&got.output);
    buffer_free(&want.output);
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
