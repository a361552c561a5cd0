/*
 * scheme-bench: the same programs on our Scheme and on guile (its VM, without JIT; compiled first),
 * tinyscheme and chicken's interpreter, as a table of seconds of processor time. Each number is
 * the least of three runs, less that of an empty program. `-`: the interpreter cannot run it.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RUNS = 3, SYSTEMS = 4, ARGUMENTS = 8, FOLDER_ROOM = 64, PATH_ROOM = 256 };

/* An interpreter: its command, with @ for the program's path without suffix; what goes before a
   program; a command that prepares it. */
struct interpreter {
    const char *name;
    const char *command[ARGUMENTS];
    const char *prepare[ARGUMENTS];
    const char *hash_tables; /* makes those of SRFI 69 known; null: there are none */
};

static const struct interpreter SYSTEM[SYSTEMS] = {
    {.name = "ours", .command = {"build/scheme", "@.scm"}, .hash_tables = ""},
    {.name = "guile",
     .command = {"guile", "-q", "-c", "(load-compiled \"@.go\")"},
     .prepare = {"guile", "-q", "-c",
                 "(use-modules (system base compile)) (compile-file (cadr (command-line)) "
                 "#:output-file (caddr (command-line)))",
                 "@.scm", "@.go"},
     .hash_tables = "(use-modules (srfi srfi-69))\n"},
    {.name = "tinyscheme", .command = {"tinyscheme", "@.scm"}},
    {.name = "csi", .command = {"csi", "-q", "-s", "@.scm"}},
};

static const char *const PROGRAMS[] = {"fib", "tak", "nqueens", "strings", "hash", "sort"};
enum { PROGRAM_COUNT = sizeof PROGRAMS / sizeof PROGRAMS[0] };

/* The word with `path` for the @ in it (allocated). */
static char *with_path(const char *word, const char *path) {
    const char *at = strchr(word, '@');
    char *text = malloc(strlen(word) + strlen(path) + 1);
    if (!text)
        exit(1);
    if (at)
        sprintf(text, "%.*s%s%s", (int)(at - word), word, path, at + 1);
    else
        strcpy(text, word);
    return text;
}

/* In the child: runs the command with the output in the file PATH.out. */
static _Noreturn void become(const char *const command[], const char *path) {
    char *argv[ARGUMENTS + 1] = {NULL};
    for (int i = 0; i < ARGUMENTS && command[i]; i++)
        argv[i] = with_path(command[i], path);
    int in = open("/dev/null", O_RDONLY);
    int out = open(with_path("@.out", path), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (in < 0 || out < 0)
        _exit(1);
    dup2(in, 0);
    dup2(out, 1);
    dup2(out, 2);
    setenv("GUILE_JIT_THRESHOLD", "-1", 1);
    setenv("GUILE_AUTO_COMPILE", "0", 1);
    execvp(argv[0], argv);
    _exit(127);
}

/* Seconds of processor time of the command; negative if it fails. */
static double run(const char *const command[], const char *path) {
    pid_t pid = fork();
    if (pid == 0)
        become(command, path);
    int status;
    struct rusage usage;
    if (pid < 0 || wait4(pid, &status, 0, &usage) != pid || status != 0)
        return -1;
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* Whether the output of a run is that of our Scheme. */
static bool same_output(const char *path, char *first, bool ours) {
    static char text[4096];
    FILE *file = fopen(with_path("@.out", path), "r");
    size_t n = file ? fread(text, 1, sizeof text - 1, file) : 0;
    text[n] = '\0';
    if (file)
        fclose(file);
    if (ours)
        strcpy(first, text);
    return strcmp(text, first) == 0;
}

/* Writes the program for the interpreter to PATH.scm; false if it cannot run it. */
static bool write_program(const struct interpreter *system, const char *name, const char *path) {
    char source[PATH_ROOM];
    snprintf(source, sizeof source, "verify/scheme/bench/%s.scm", name);
    bool hashes = strcmp(name, "hash") == 0;
    if (hashes && !system->hash_tables)
        return false;
    FILE *out = fopen(with_path("@.scm", path), "w");
    FILE *in = *name ? fopen(source, "r") : NULL;
    if (!out || (*name && !in))
        return false;
    fputs(hashes ? system->hash_tables : "", out);
    for (int c; in && (c = fgetc(in)) != EOF;)
        fputc(c, out);
    if (in)
        fclose(in);
    fclose(out);
    return !system->prepare[0] || run(system->prepare, path) >= 0;
}

/* The least time of the program; negative if it cannot be run or gives something else. */
static double measure(int which, const char *name, const char *path, char *first) {
    const struct interpreter *system = &SYSTEM[which];
    if (!write_program(system, name, path))
        return -1;
    double best = -1;
    for (int i = 0; i < RUNS; i++) {
        double seconds = run(system->command, path);
        if (seconds < 0 || !same_output(path, first, which == 0))
            return -1;
        if (best < 0 || seconds < best)
            best = seconds;
    }
    return best;
}

int main(void) {
    char folder[FOLDER_ROOM] = "/tmp/scheme-bench-XXXXXX";
    if (!mkdtemp(folder))
        return 1;
    char path[PATH_ROOM];
    snprintf(path, sizeof path, "%s/program", folder);
    static char first[4096];
    double idle[SYSTEMS];
    printf("%-10s", "seconds");
    for (int s = 0; s < SYSTEMS; s++) {
        idle[s] = measure(s, "", path, first);
        printf(" %10s", SYSTEM[s].name);
    }
    printf("\n%-10s", "(empty)");
    for (int s = 0; s < SYSTEMS; s++)
        printf(" %10.3f", idle[s]);
    double logarithms[SYSTEMS] = {0};
    int counts[SYSTEMS] = {0};
    for (int p = 0; p < PROGRAM_COUNT; p++) {
        double ours = 0;
        printf("\n%-10s", PROGRAMS[p]);
        for (int s = 0; s < SYSTEMS; s++) {
            double seconds = measure(s, PROGRAMS[p], path, first);
            if (seconds < 0) {
                printf(" %10s", "-");
                continue;
            }
            seconds = seconds - idle[s] > 0.001 ? seconds - idle[s] : 0.001;
            ours = s == 0 ? seconds : ours;
            logarithms[s] += log(seconds / ours);
            counts[s]++;
            printf(" %10.3f", seconds);
            fflush(stdout);
        }
    }
    printf("\n%-10s", "mean");
    for (int s = 0; s < SYSTEMS; s++)
        printf(" %9.2fx", counts[s] ? exp(logarithms[s] / counts[s]) : 0.0);
    printf(
        "\n\nmean: geometric, of the time in relation to ours. The times are without those of the "
        "empty program.\n");
    return 0;
}
