/* seedbed hexfmt: the formatter of hex0 sources as a command. */
#include "images/commands.h"
#include "images/hexfmt/hexfmt.h"
#include "images/lib/options.h"
#include "images/lib/util.h"

static const char help[] =
    "usage: seedbed hexfmt [--check] FILE...\n\n"
    "Refreshes the bytes and the address remarks of hex0 sources from the NASM text in their\n"
    "lines.\n\n"
    "  --check   change nothing, and fail where they are not what the NASM text assembles to\n";

int cmd_hexfmt(int argc, char **argv) {
    bool check_only = false;
    int i;
    struct option_spec specs[] = {{"--check", OPTION_FLAG, &check_only, 0}, {0}};
    int status = options_read(specs, help, argc, argv, &i);
    if (status >= 0)
        return status;
    if (i == argc)
        return usage_error(argv[0], "one FILE or more are wanted");
    bool good = true;
    for (; i < argc; i++)
        good = hexfmt(argv[i], check_only) && good;
    return good ? 0 : 1;
}
