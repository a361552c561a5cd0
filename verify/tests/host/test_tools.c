/* The commands of build/seedbed that make, boot and build images, and the rebuild chain. */
#define _XOPEN_SOURCE 700 /* pseudo-terminals, nftw */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "images/lib/process.h"
#include "verify/harness/boot.h"

#define SCRIPT "src 0 /dev\nsrc 4 /dev/hda\nSEED"

/* Writes a script to the temporary folder and makes an image of it; returns the image's path. */
static char *make_image(struct test *t, const char *script, const char *option) {
    char *source = test_path(t, "script.src");
    char *image = test_path(t, "made.img");
    test_write(t, source, script, strlen(script));
    const char *argv[] = {"build/seedbed", "image", "-o", image, source, option, NULL};
    if (option) {
        argv[4] = option;
        argv[5] = source;
    }
    struct outcome made = test_command(t, argv);
    if (made.status != 0)
        test_fail(t, "image ends with %d: %s", made.status, (const char *)made.output.data);
    return image;
}

static struct stat status_of(struct test *t, const char *path) {
    struct stat status;
    if (stat(path, &status) != 0)
        test_fail(t, "%s: %s", path, strerror(errno));
    return status;
}

/* The image begins with system and script, and the rest of it is zeros that take no room. */
static void expect_image(struct test *t, const char *path, struct buffer system, off_t size) {
    struct stat status = status_of(t, path);
    buffer_append(&system, SCRIPT, sizeof SCRIPT - 1);
    if (status.st_size != size) {
        test_fail(t, "the image has %lld bytes, should have %lld", (long long)status.st_size,
                  (long long)size);
    }
    if (status.st_blocks > 2048) /* of 512 bytes */
        test_fail(t, "the image takes %lld KiB of the disk", (long long)status.st_blocks / 2);
    add_zeros(&system, 1 << 16);
    uint8_t *got = xrealloc(NULL, system.len);
    int fd = open(path, O_RDONLY);
    if (fd < 0 || read(fd, got, system.len) != (ssize_t)system.len)
        test_fail(t, "%s: %s", path, strerror(errno));
    close(fd);
    expect_same(t, "the image", got, system.len, system.data, system.len);
}

TEST(image_has_the_full_layout) {
    expect_image(t, make_image(t, SCRIPT, NULL), full_system(t), 1 << 30);
}

TEST(image_has_the_staged_layout) {
    expect_image(t, make_image(t, SCRIPT, "--staged"), staged_system(t), 1 << 30);
}

TEST(image_has_the_size_asked_for) {
    expect_image(t, make_image(t, SCRIPT, "--size=3M"), full_system(t), 3 << 20);
    expect_image(t, make_image(t, SCRIPT, "--size=8G"), full_system(t), (off_t)8 << 30);
    expect_image(t, make_image(t, SCRIPT, "--size=504K"), full_system(t), 504 << 10);
    char *script = test_path(t, "small.src");
    test_write(t, script, SCRIPT, sizeof SCRIPT - 1);
    test_run(t, 1, "build/seedbed", "image", "-o", test_path(t, "small.img"), "--size=515584",
             script, NULL);
}

/* `seedbed run` with a time limit; the output must hold `words`. */
static void expect_run(struct test *t, const char *image, const char *log, int status,
                       const char *words) {
    const char *const argv[] = {"build/seedbed", "run", "--engine", "qemu-tcg", "--timeout", "3",
                                "--log",         log,   image,      NULL};
    struct outcome o = test_command(t, argv);
    if (o.status != status || !strstr((const char *)o.output.data, words)) {
        test_fail(t, "run ends with %d, should be %d with `%s`: %s", o.status, status, words,
                  (const char *)o.output.data);
    }
}

static void run_finishes(struct test *t, const void *argument) {
    const char *option = argument;
    char *image = make_image(t, SCRIPT, option);
    char *log = test_path(t, "log");
    expect_run(t, image, log, 0, "Build finished.");
    struct buffer text = test_read(t, log);
    buffer_append(&text, "", 1);
    const char *shown = strstr((const char *)text.data, "src 0 ");
    expect_text(t, "log", shown ? shown : "",
                "src 0 /dev\nsrc 4 /dev/hda\nBuild finished.\n00000004\n");
    char first[4] = "";
    int fd = open(image, O_RDONLY);
    if (fd < 0 || read(fd, first, 4) != 4)
        test_fail(t, "%s: %s", image, strerror(errno));
    close(fd);
    expect_same(t, "the image after the run", first, 4, "SEED", 4);
}

TEST(run_reports_an_error_at_once) {
    char *image = make_image(t, "src 0 /dev\nnosuch\n", NULL);
    char *log = test_path(t, "log");
    time_t start = time(NULL);
    expect_run(t, image, log, 1, "seedbed: command 2 of 2, `nosuch`: ERROR: nosuch: not found\n");
    if (time(NULL) - start > 2)
        test_fail(t, "the run went on after the ERROR");
}

/* A program that counts down from 3 * 2^29, in hex: ELF header, program header, code. */
#define COUNTS                                                                                     \
    "7F454C4601010100 0000000000000000 0200030001000000 5480040834000000 0000000000000000\n"       \
    "3400200001000000 00000000 01000000 00000000 00800408 00800408 63000000 63000000\n"            \
    "07000000 00100000 B900000060 49 75FD 89C8 40 31DB CD80\n"

TEST(run_samples_where_the_time_goes) {
    char *script = xprintf("src 0 /dev\nsrc %zu /count.hex0\n" COUNTS
                           "hex0 /count.hex0 /count\n/count\nsrc 4 /dev/hda\nSEED",
                           sizeof COUNTS - 1);
    struct buffer shown = test_run(t, 0, "build/seedbed", "run", "--engine", "qemu-tcg", "--sample",
                                   make_image(t, script, NULL), NULL);
    buffer_append(&shown, "", 1);
    const char *share = strstr((const char *)shown.data, "samples: user code ");
    if (!share || strtod(share + strlen("samples: user code "), NULL) < 50)
        test_fail(t, "a program that computes is not seen: %s", (const char *)shown.data);
    free(script);
}

/* Boot sectors that do something else than build, written by hand. */
struct oddity {
    const char *name;
    const char *code;
    size_t size;
    const char *words; /* of the message */
};

#define CODE(bytes) (bytes), sizeof(bytes) - 1

static const struct oddity ODDITIES[] = {
    /* mov ax, 0x0E41; int 0x10; inc ax; int 0x10; mov al, 13; ... 10; jmp $ */
    {"hangs", CODE("\xB8\x41\x0E\xCD\x10\x40\xCD\x10\xB0\x0D\xCD\x10\xB0\x0A\xCD\x10\xEB\xFE"),
     "AB\nseedbed: no end after 3 seconds"},
    /* jmp 0xF000:0xFFF0 */
    {"resets", CODE("\xEA\xF0\xFF\x00\xF0"), "reset before the end"},
    /* cli; hlt; jmp $-1 */
    {"halts", CODE("\xFA\xF4\xEB\xFD"), "halted for good without an ERROR line"},
};

static void run_reports_an_oddity(struct test *t, const void *argument) {
    const struct oddity *o = argument;
    struct buffer disk = {0};
    buffer_append(&disk, o->code, o->size);
    add_zeros(&disk, 510 - disk.len);
    buffer_append(&disk, "\x55\xAA", 2);
    end_disk(&disk);
    char *image = test_path(t, "odd.img");
    char *log = test_path(t, "log");
    test_write(t, image, disk.data, disk.len);
    expect_run(t, image, log, strstr(o->words, "no end") ? 124 : 1, o->words);
}

/* An error leaves an artifact of an earlier build alone and makes none. */
TEST(build_is_whole_or_not_at_all) {
    char *build = test_path(t, "bad.build");
    char *out = test_path(t, "out");
    static const char TEXT[] = SCRIPT "\nnosuch\n";
    test_write(t, build, TEXT, sizeof TEXT - 1);
    test_run(t, 1, "build/seedbed", "build", "--engine", "qemu-tcg", "-o", out, build, NULL);
    if (access(out, F_OK) == 0)
        test_fail(t, "a failed build has made an artifact");
    test_write(t, out, "old", 3);
    test_run(t, 1, "build/seedbed", "build", "--engine", "qemu-tcg", "-o", out, build, NULL);
    struct buffer left = test_read(t, out);
    expect_same(t, "the old artifact", left.data, left.len, "old", 3);
}

static void expect_empty_folder(struct test *t, const char *path) {
    DIR *folder = opendir(path);
    if (!folder)
        test_fail(t, "%s: %s", path, strerror(errno));
    for (struct dirent *e = readdir(folder); e; e = readdir(folder))
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            test_fail(t, "%s is left over", e->d_name);
    closedir(folder);
}

/* argument: the status of the build. Neither a good nor a bad one leaves anything behind. */
static void build_cleans_up(struct test *t, const void *argument) {
    int status = *(const int *)argument;
    char *folder = test_path(t, "tmp");
    char *work = test_path(t, "work");
    if (mkdir(folder, 0777) != 0 || mkdir(work, 0777) != 0 || setenv("TMPDIR", folder, 1) != 0)
        test_fail(t, "%s: %s", folder, strerror(errno));
    char *build = test_path(t, "x.build");
    const char *text = status == 0 ? SCRIPT : SCRIPT "\nnosuch\n";
    test_write(t, build, text, strlen(text));
    char *out = xprintf("%s/artifact", work);
    test_run(t, status, "build/seedbed", "build", "--engine", "qemu-tcg", "-o", out, build, NULL);
    if (status == 0 && unlink(out) != 0)
        test_fail(t, "there is no artifact");
    expect_empty_folder(t, folder);
    expect_empty_folder(t, work);
}

/* The process whose parent is `parent`, or 0. */
static pid_t child_of(pid_t parent) {
    DIR *folder = opendir("/proc");
    pid_t found = 0;
    for (struct dirent *e = readdir(folder); e && found == 0; e = readdir(folder)) {
        char text[512] = "";
        char *path = xprintf("/proc/%s/stat", e->d_name);
        FILE *in = atoi(e->d_name) > 0 ? fopen(path, "r") : NULL;
        if (in && fread(text, 1, sizeof text - 1, in) > 0) {
            const char *rest = strrchr(text, ')'); /* then state and parent */
            found = rest && atoi(rest + 4) == parent ? atoi(e->d_name) : 0;
        }
        if (in)
            fclose(in);
        free(path);
    }
    closedir(folder);
    return found;
}

/* argument: the signal that ends a run whose machine hangs. */
static void signal_leaves_no_emulator(struct test *t, const void *argument) {
    int signal = *(const int *)argument;
    test_needs(t, "qemu-system-i386", NULL);
    char *build = test_path(t, "x.build");
    char *out = test_path(t, "out");
    /* a program that loops for ever would do; content that takes long to read does too */
    struct buffer text = {0};
    buffer_printf(&text, SCRIPT "\n");
    for (size_t i = 0; i < 2000000; i++)
        buffer_printf(&text, "src 0 /x\n");
    test_write(t, build, text.data, text.len);
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    struct problem p;
    struct redirect redirects[] = {{nothing, 1}, {nothing, 2}, {-1, -1}};
    char *argv[] = {"build/seedbed", "build", "--engine", "qemu-tcg", "-o", out, build, NULL};
    pid_t pid = process_start(argv, redirects, &p);
    if (pid < 0)
        test_fail(t, "%s", p.text);
    pid_t emulator = 0;
    for (int i = 0; i < 500 && emulator == 0; i++) {
        sleep_ms(10);
        emulator = child_of(pid);
    }
    sleep_ms(300);
    if (emulator == 0 || kill(emulator, 0) != 0)
        test_fail(t, "no emulator has been started");
    kill(pid, signal);
    int status = 0;
    waitpid(pid, &status, 0);
    for (int i = 0; i < 200 && kill(emulator, 0) == 0; i++)
        sleep_ms(10);
    if (kill(emulator, 0) == 0)
        test_fail(t, "the emulator outlives seedbed");
    if (signal != SIGKILL && (!WIFEXITED(status) || WEXITSTATUS(status) != 130))
        test_fail(t, "the wait status is %04X, should be an exit with 130", (unsigned)status);
    if (access(out, F_OK) == 0)
        test_fail(t, "there is an artifact");
}

/* Runs argv on a pseudo-terminal and returns what it shows. */
static struct buffer on_terminal(struct test *t, char *const argv[]) {
    int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0)
        test_skip(t, "no pseudo-terminal: %s", strerror(errno));
    int other = open(ptsname(terminal), O_RDWR | O_NOCTTY | O_CLOEXEC);
    struct problem p;
    struct redirect redirects[] = {{other, 0}, {other, 1}, {other, 2}, {-1, -1}};
    pid_t pid = process_start(argv, redirects, &p);
    if (pid < 0)
        test_fail(t, "%s", p.text);
    close(other);
    struct buffer shown = {0};
    ssize_t got = 0;
    while ((got = read(terminal, buffer_room(&shown, 4096), 4096)) > 0)
        shown.len += (size_t)got;
    int status = 0;
    waitpid(pid, &status, 0);
    if (status != 0)
        test_fail(t, "%s on a terminal has wait status %04X", argv[0], (unsigned)status);
    buffer_append(&shown, "", 1);
    return shown;
}

/* On a terminal the commands pass by on one line, elsewhere each has its own. */
TEST(run_has_a_status_line_on_a_terminal) {
    test_needs(t, "qemu-system-i386", NULL);
    struct buffer script = {0};
    for (size_t i = 0; i < 3000; i++)
        buffer_printf(&script, "src 0 /file%zu\n", i);
    buffer_printf(&script, "%s", SCRIPT);
    buffer_append(&script, "", 1);
    char *image = make_image(t, (const char *)script.data, NULL);
    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
    struct buffer shown = on_terminal(
        t, (char *const[]){"build/seedbed", "run", "--engine", "qemu-tcg", image, NULL});
    size_t newlines = 0;
    for (const char *p = (const char *)shown.data; *p; p++)
        newlines += *p == '\n';
    if (newlines > 10 || !strchr((const char *)shown.data, '\r') ||
        !strstr((const char *)shown.data, "/file"))
        test_fail(t, "%zu lines on the terminal: %s", newlines, (const char *)shown.data);
    /* The commands are counted: of 3,002 in all. */
    if (!strstr((const char *)shown.data, "/3002 src 0 /file"))
        test_fail(t, "the commands are not counted: %s", (const char *)shown.data);
}

/* A program that counts takes long; the clock of the status line moves with every engine. */
static void status_line_moves(struct test *t, const void *argument) {
    if (strcmp(argument, "qemu-tcg") == 0)
        test_needs(t, "qemu-system-i386", NULL);
    static const char COUNT[] =
        "src 0 /dev\nsrc %zu /c.hex0\n" COUNTS "hex0 /c.hex0 /c\n/c\nsrc 4 /dev/hda\nSEED";
    char *image = make_image(t, xprintf(COUNT, sizeof COUNTS - 1), NULL);
    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
    struct buffer shown = on_terminal(
        t, (char *const[]){"build/seedbed", "run", "--engine", (char *)argument, image, NULL});
    unsigned draws = 0;
    for (const char *at = (const char *)shown.data; (at = strstr(at, "4/5 /c")); at++)
        draws++;
    if (draws < 3)
        test_fail(t, "the line of /c was drawn %u times: %s", draws, (const char *)shown.data);
}

/* argument: a variable of the environment that asks for lines in place of the status line. */
static void lines_where_nothing_is_drawn(struct test *t, const void *argument) {
    char *image = make_image(t, SCRIPT, NULL);
    const char *const *variable = argument;
    setenv("TERM", "xterm", 1);
    setenv(variable[0], variable[1], 1);
    struct buffer shown =
        on_terminal(t, (char *const[]){"build/seedbed", "run", "--engine", "pc", image, NULL});
    if (strchr((const char *)shown.data, 0x1B) ||
        !strstr((const char *)shown.data, "src 4 /dev/hda\r\nBuild finished.\r\n"))
        test_fail(t, "it shows: %s", (const char *)shown.data);
}

TESTS(status_lines) {
    static const char *const ENGINES_OF_IT[] = {"qemu-tcg", "pc", "model"};
    static const char *const DUMB[] = {"TERM", "dumb"}, *const PLAIN[] = {"NO_COLOR", "1"};
    for (size_t i = 0; i < 3; i++)
        suite_add(s, xprintf("status-line-moves-with-%s", ENGINES_OF_IT[i]), status_line_moves,
                  ENGINES_OF_IT[i]);
    suite_add(s, "status-line-not-on-a-dumb-terminal", lines_where_nothing_is_drawn, DUMB);
    suite_add(s, "status-line-not-with-no-color", lines_where_nothing_is_drawn, PLAIN);
}

TEST(make_agrees_with_sha256sum_of_the_seeds) {
    test_needs(t, "qemu-system-i386", NULL);
    struct buffer output = test_run(t, 0, "build/seedbed", "make", "--engine", "qemu-tcg",
                                    "build/seeds", t->dir, NULL);
    struct buffer sums = test_run(t, 0, "sha256sum", "build/seeds/mini.bin",
                                  "build/seeds/stage1.bin", "build/seeds/seedbed.bin", NULL);
    const char *sum = (const char *)sums.data;
    for (int i = 0; i < 3; i++) {
        char *digits = xprintf("%.64s", sum);
        const char *line = strstr((const char *)output.data, digits);
        if (!line || strncmp(line + 64 + strspn(line + 64, " 0123456789"), "SAME\n", 5) != 0)
            test_fail(t, "no line with %s and SAME: %s", digits, (const char *)output.data);
        sum = strchr(sum, '\n') + 1;
    }
}

/* A byte of a seed that is another one: exit 1, its place, and the line of the source. */
TEST(make_finds_a_difference) {
    enum { PLACE = 430 }; /* among the zeros after the code */
    static const char *const SEEDS[] = {"mini.bin", "stage1.bin", "seedbed.bin"};
    for (size_t i = 0; i < 3; i++) {
        struct buffer seed = test_read(t, xprintf("build/seeds/%s", SEEDS[i]));
        seed.data[PLACE] ^= i == 0;
        test_write(t, test_path(t, SEEDS[i]), seed.data, seed.len);
    }
    char *out = test_path(t, "out");
    if (mkdir(out, 0777) != 0)
        test_fail(t, "%s: %s", out, strerror(errno));
    struct buffer output =
        test_run(t, 1, "build/seedbed", "make", "--engine", "qemu-tcg", t->dir, out, NULL);
    const char *text = (const char *)output.data;
    if (!strstr(text, "DIFFERENT\n") || !strstr(text, "hex0/mini.hex0:") ||
        (!strstr(text, "430") && !strstr(text, "1AE") && !strstr(text, "1ae")))
        test_fail(t, "no word of the difference at byte 430: %s", text);
}

/* argument: a command. Help is no error; an unknown option is one of usage. */
static void command_has_help(struct test *t, const void *argument) {
    const char *command = argument;
    struct buffer help = test_run(t, 0, "build/seedbed", command, "--help", NULL);
    char *usage = xprintf("usage: seedbed %s ", command);
    if (strncmp((const char *)help.data, usage, strlen(usage)) != 0)
        test_fail(t, "the help does not begin with `%s`", usage);
    struct buffer message = test_run(t, 2, "build/seedbed", command, "--no-such", NULL);
    if (strncmp((const char *)message.data, "seedbed: ", 9) != 0)
        test_fail(t, "the message is `%s`", (const char *)message.data);
    test_run(t, 2, "build/seedbed", command, NULL);
}

TEST(command_that_does_not_exist_is_refused) {
    test_run(t, 2, "build/seedbed", "nosuch", NULL);
    test_run(t, 2, "build/seedbed", NULL);
    test_run(t, 0, "build/seedbed", "--help", NULL);
}

TESTS(tools_tests) {
    static const char *const COMMANDS[] = {"hex0",  "pack", "image", "run",
                                           "build", "make", "hexfmt"};
    static const int GOOD = 0;
    static const int BAD = 1;
    static const int INTERRUPT = SIGINT;
    static const int TERMINATE = SIGTERM;
    static const int KILL = SIGKILL;
    suite_add(s, "run-finishes-and-keeps-a-log", run_finishes, NULL);
    suite_add(s, "run-finishes-from-a-staged-image", run_finishes, "--staged");
    for (size_t i = 0; i < sizeof ODDITIES / sizeof ODDITIES[0]; i++) {
        suite_add(s, xprintf("run-reports-a-machine-that-%s", ODDITIES[i].name),
                  run_reports_an_oddity, &ODDITIES[i]);
    }
    suite_add(s, "build-leaves-nothing-behind", build_cleans_up, &GOOD);
    suite_add(s, "build-that-fails-leaves-nothing-behind", build_cleans_up, &BAD);
    suite_add(s, "build-that-is-interrupted-leaves-no-emulator", signal_leaves_no_emulator,
              &INTERRUPT);
    suite_add(s, "build-that-is-terminated-leaves-no-emulator", signal_leaves_no_emulator,
              &TERMINATE);
    suite_add(s, "build-that-is-killed-leaves-no-emulator", signal_leaves_no_emulator, &KILL);
    for (size_t i = 0; i < sizeof COMMANDS / sizeof COMMANDS[0]; i++) {
        suite_add(s, xprintf("command-%s-has-help-and-refuses-nonsense", COMMANDS[i]),
                  command_has_help, COMMANDS[i]);
    }
}
