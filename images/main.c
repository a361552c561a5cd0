/* build/seedbed: finds the subcommand and runs it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "images/commands.h"
#include "images/lib/home.h"
#include "images/lib/sha256.h"
#include "images/lib/stop.h"
#include "images/lib/texts.h"

struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
};

static const struct command commands[] = {
    {"hex0", cmd_hex0, "compile hex0 text to bytes"},
    {"pack", cmd_pack, "make a script from a build file"},
    {"image", cmd_image, "make a disk image from a script"},
    {"run", cmd_run, "boot a disk image"},
    {"build", cmd_build, "pack, image, run, and take the artifact, in one step"},
    {"make", cmd_make, "have every program built in every way"},
    {"hexfmt", cmd_hexfmt, "refresh or check the byte column of hex0 files"},
    {"symbols", cmd_symbols, "make an ELF file of a hex0 source, for gdb"},
    {"model", cmd_model, "run a build script on the reference model"},
    {"write", cmd_write, "write a disk image to a USB stick or another device"},
    {"read", cmd_read, "take the artifact of a build from a device"},
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void usage(FILE *to) {
    fputs("usage: seedbed COMMAND [ARGUMENT...]\n\n", to);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(to, "  %-8s %s\n", commands[i].name, commands[i].summary);
    fputs("\n`seedbed COMMAND --help` says more; `seedbed --version` which one this is.\n", to);
}

/* A descriptor 0, 1 or 2 that is closed would be given to the next file that is opened, and what is
   meant for a terminal would be written into that. */
static void open_standard_descriptors(void) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            open("/dev/null", O_RDWR);
}

/* The version of the program, and of the kernel that it puts on images. */
static int tell_version(void) {
    struct problem p;
    struct buffer kernel = {0};
    char hex[65];
    if (home_compile("hex0/kernel.hex0", &kernel, &p) < 0)
        return problem_report(&p);
    sha256_hex(kernel.data, kernel.len, hex);
    printf("seedbed %s\nkernel: %zu bytes, SHA-256 %s\n", version, kernel.len, hex);
    buffer_free(&kernel);
    return 0;
}

static int run(int argc, char **argv) {
    if (argc < 2) {
        usage(stderr);
        return 2;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        usage(stdout);
        return 0;
    }
    if (strcmp(argv[1], "--version") == 0)
        return tell_version();
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    fprintf(stderr, "seedbed: no command '%s', see `seedbed --help`\n", argv[1]);
    return 2;
}

int main(int argc, char **argv) {
    open_standard_descriptors();
    stop_ends();
    int status = run(argc, argv);
    bool written = ferror(stdout) == 0;
    errno = 0;
    if (fflush(stdout) == 0 && written)
        return status;
    fprintf(stderr, "seedbed: stdout: cannot write%s%s\n", errno ? ": " : "",
            errno ? strerror(errno) : "");
    return status ? status : 1;
}
