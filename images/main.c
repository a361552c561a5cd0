/* build/seedbed: finds the subcommand and runs it. */
#include <stdio.h>
#include <string.h>

#include "images/commands.h"

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
    {"make", cmd_make, "the rebuild chain: every program built in every way"},
    {"hexfmt", cmd_hexfmt, "refresh or check the byte column of hex0 files"},
    {"model", cmd_model, "run a build script on the reference model"},
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void usage(FILE *to) {
    fputs("usage: seedbed COMMAND [ARGUMENT...]\n\n", to);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(to, "  %-8s %s\n", commands[i].name, commands[i].summary);
    fputs("\n`seedbed COMMAND --help` says more.\n", to);
}

int main(int argc, char **argv) {
    if (argc < 2) {
        usage(stderr);
        return 2;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        usage(stdout);
        return 0;
    }
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    fprintf(stderr, "seedbed: no command '%s', see `seedbed --help`\n", argv[1]);
    return 2;
}
