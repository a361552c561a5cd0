/* seedbed symbols: a hex0 source as an ELF file for debuggers. */
#include <stdlib.h>
#include <unistd.h>

#include "images/commands.h"
#include "images/hexfmt/symbols.h"
#include "images/lib/options.h"
#include "images/lib/outfile.h"
#include "refmodel/hex0.h"

static const char help[] =
    "usage: seedbed symbols -o ELF FILE.hex0\n\n"
    "Makes an ELF file with the bytes of a hex0 source, its labels and the numbers of its lines, "
    "so\n"
    "that gdb knows where it is in hex0/kernel.hex0 and shows that line:\n\n"
    "    seedbed symbols -o build/kernel.elf hex0/kernel.hex0\n"
    "    seedbed run --engine pc --gdb 1234 IMG &\n"
    "    gdb build/kernel.elf -ex 'target remote :1234' -ex 'break shell' -ex continue\n";

int cmd_symbols(int argc, char **argv) {
    const char *out = NULL;
    int i;
    struct option_spec specs[] = {{"-o", OPTION_TEXT, &out, 0}, {0}};
    int status = options_read(specs, help, argc, argv, &i);
    if (status >= 0)
        return status;
    if (argc - i != 1 || !out)
        return usage_error(argv[0], "-o ELF and one FILE are wanted");
    struct problem p;
    struct listing listing = {0};
    struct buffer code = {0}, elf = {0};
    struct hex0_error e;
    size_t made;
    char *folder = getcwd(NULL, 0);
    int r = outfile_spares(out, argv[i], &p);
    if (r == 0)
        r = listing_read(&listing, argv[i], &p);
    if (r == 0)
        r = read_file(argv[i], &code, &p);
    if (r == 0 && hex0_compile(code.data, code.len, true, code.data, &made, &e) < 0)
        r = problem_set(&p, "%s:%zu:%zu: %s, correct the text", argv[i], e.line, e.column, e.what);
    if (r == 0) {
        code.len = made;
        symbols_write(&listing, &code, folder ? folder : ".", &elf);
        r = write_file(out, elf.data, elf.len, &p);
    }
    free(folder);
    listing_free(&listing);
    buffer_free(&code);
    buffer_free(&elf);
    return r < 0 ? problem_report(&p) : 0;
}
