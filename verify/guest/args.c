/* args: argv and envp arrive as they were given, up to the limits, and not beyond.
 *
 * Started as /bin/args it runs itself with many kinds of argv and envp; under any other argv[0] it
 * only says what arrived. */
#include "verify/guest/limits.h"
#include "verify/guest/rt.h"

enum { LIMIT = LIMIT_ARGUMENTS };

static char big[LIMIT + 16];
static char *many[LIMIT + 4];
static char *many_more[LIMIT + 4];

/* The sum of the strings with their NULs, in order; *bytes is their total length. */
static u32 sum_strings(char **strings, int *count, u32 *bytes) {
    u32 sum = FNV_START;
    *count = 0;
    *bytes = 0;
    for (; strings[*count]; ++*count) {
        u32 n = strlen(strings[*count]) + 1;
        sum = fnv(sum, strings[*count], n);
        *bytes += n;
    }
    return sum;
}

static int report(int argc, char **argv, char **envp) {
    int args, vars;
    u32 arg_bytes, var_bytes;
    u32 arg_sum = sum_strings(argv, &args, &arg_bytes);
    u32 var_sum = sum_strings(envp, &vars, &var_bytes);
    if (args != argc || envp != argv + argc + 1 || entry_state.esp % 16)
        say("argc, argv and envp: do not fit together");
    say("  argv: %d strings, %d bytes, sum %x", args, arg_bytes, arg_sum);
    say("  envp: %d strings, %d bytes, sum %x", vars, var_bytes, var_sum);
    return 0;
}

/* Runs this program anew; what execve answered, "ok" if it did not come back. */
static const char *run(char **argv, char **envp) {
    int pid = sys_fork();
    if (pid == 0)
        sys_exit(-sys_execve("/bin/args", argv, envp));
    int code = wait_for(pid);
    return code < 0 || code > 255 ? "lost" : outcome(-code);
}

/* A word of n bytes with its NUL, from the end of big. */
static char *word(u32 n) {
    return big + LIMIT - (n - 1);
}

static void few(void) {
    char *none[] = {0};
    say("one word: %s", run((char *[]){"c", 0}, none));
    say("odd words: %s", run((char *[]){"c", "", "a b", "", "\x01\x80\xFF\n\t", "", 0},
                             (char *[]){"A=1", "", "=", "no equals sign", "A=2", 0}));
    say("one string four times: %s",
        run((char *[]){word(30000), word(30000), word(30000), 0}, (char *[]){word(30000), 0}));
    say("no words but variables: %s", run((char *[]){"", 0}, (char *[]){"PATH=/bin", 0}));
}

/* Linux since 5.18 makes one empty word where there is none, so what arrived differs as well. */
static void none_at_all(void) {
    char *none[] = {0};
    int pid = sys_fork();
    if (pid == 0)
        sys_exit(-sys_execve("/bin/args", (char *[]){"count", 0}, 0));
    say("a null envp: %d variables", wait_for(pid));
    char **cases[] = {0, none};
    for (int i = 0; i < 2; i++) {
        pid = sys_fork();
        if (pid == 0)
            sys_exit(-sys_execve("/bin/args", cases[i], (char *[]){"COUNT", 0}));
        differs("1", "0", "Linux adds an empty argv[0]", "argc of %s argv: %d",
                i ? "an empty" : "a null", wait_for(pid));
    }
}

static void limits(void) {
    char *none[] = {0};
    const char *why = "argv and envp have at most 131,072 bytes";
    say("a word of 64 KiB: %s", run((char *[]){"c", word(65536), 0}, none));
    say("a variable of 64 KiB: %s", run((char *[]){"c", 0}, (char *[]){word(65536), 0}));
    say("one word to the limit: %s", run((char *[]){"c", word(LIMIT - 2), 0}, none));
    say("one variable to the limit: %s", run((char *[]){"c", 0}, (char *[]){word(LIMIT - 2), 0}));
    say("both to the limit: %s",
        run((char *[]){"c", word(65536), 0}, (char *[]){word(LIMIT - 2 - 65536), 0}));
    /* What is beyond the limit is told to keep quiet, as only Linux runs it. */
    differs("ok", "E2BIG", why, "one word beyond: %s",
            run((char *[]){"-", word(LIMIT - 1), 0}, none));
    differs("ok", "E2BIG", why, "one variable beyond: %s",
            run((char *[]){"-", 0}, (char *[]){word(LIMIT - 1), 0}));
    differs("ok", "E2BIG", why, "both beyond: %s",
            run((char *[]){"-", word(65536), 0}, (char *[]){word(LIMIT - 1 - 65536), 0}));
}

/* The most strings that fit: empty ones, one byte each. */
static void most_strings(void) {
    char *empty = big + LIMIT;
    for (int i = 0; i < LIMIT; i++) {
        many[i] = empty;
        many_more[i] = empty;
    }
    many[0] = "c";
    many[65535] = 0;
    many_more[65536] = 0;
    say("131,071 strings: %s", run(many, many_more));
    many[0] = "-";
    many[65535] = empty;
    many[65536] = 0;
    differs("ok", "E2BIG", "argv and envp have at most 131,072 bytes", "one string more: %s",
            run(many, many_more));
}

static void wild_pointers(void) {
    char *wild = (char *)NOWHERE;
    char *none[] = {0};
    say("argv past RAM: %e", sys_execve("/bin/args", (char **)NOWHERE, none));
    say("envp past RAM: %e", sys_execve("/bin/args", (char *[]){"c", 0}, (char **)NOWHERE));
    say("a word past RAM: %e", sys_execve("/bin/args", (char *[]){"c", wild, 0}, none));
    say("a variable past RAM: %e", sys_execve("/bin/args", (char *[]){"c", 0}, &wild));
    say("the path past RAM: %e", sys_execve(wild, (char *[]){"c", 0}, none));
}

int main(int argc, char **argv, char **envp) {
    if (argc == 0 || (envp[0] && streq(envp[0], "COUNT")))
        return argc;
    if (streq(argv[0], "-"))
        return 0;
    if (streq(argv[0], "count"))
        return envp[0] != 0;
    if (!streq(argv[0], "/bin/args"))
        return report(argc, argv, envp);
    if (argc > 1) {
        say("== args: %s", argv[1]);
        return report(argc, argv, envp);
    }
    say("== args: 1");
    for (u32 i = 0; i < LIMIT; i++)
        big[i] = (char)('a' + i % 23);
    few();
    none_at_all();
    limits();
    most_strings();
    wild_pointers();
    say("variables from the shell: %s", envp[0] ? envp[0] : "none");
    return 0;
}
