/* seedbed hex0: the compiler as a command. */
#include <string.h>

#include "images/commands.h"
#include "images/lib/options.h"
#include "images/lib/outfile.h"
#include "images/lib/util.h"
#include "refmodel/hex0.h"

static const char help[] =
    "usage: seedbed hex0 [--strict] IN OUT\n\n"
    "Compiles hex0 text to bytes. `-` is stdin or stdout.\n\n"
    "  --strict  refuse bytes that are neither digits, white space nor comments\n";

int cmd_hex0(int argc, char **argv) {
    bool strict = false;
    int i;
    struct option_spec specs[] = {{"--strict", OPTION_FLAG, &strict, 0}, {0}};
    int status = options_read(specs, help, argc, argv, &i);
    if (status >= 0)
        return status;
    if (argc - i != 2)
        return usage_error(argv[0], "one IN and one OUT are wanted");

    struct problem p;
    struct buffer text = {0};
    size_t made;
    struct hex0_error e;
    const char *name = strcmp(argv[i], "-") == 0 ? "stdin" : argv[i];
    int r = outfile_spares(argv[i + 1], argv[i], &p);
    if (r == 0)
        r = read_file(argv[i], &text, &p);
    if (r == 0 && hex0_compile(text.data, text.len, strict, text.data, &made, &e) < 0)
        r = problem_set(&p, "%s:%zu:%zu: %s, correct the text", name, e.line, e.column, e.what);
    if (r == 0)
        r = write_file(argv[i + 1], text.data, made, &p);
    buffer_free(&text);
    return r < 0 ? problem_report(&p) : 0;
}
