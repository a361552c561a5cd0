/* pp OUT IN...: the program. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verify/ladder/pp.h"

int main(int argc, char **argv) {
    if (argc < 3) {
        fputs("usage: pp OUT IN...\n", stderr);
        return 1;
    }
    struct pp *pp = allocate(sizeof *pp);
    add_directives(pp);
    for (int i = 2; i < argc; i++)
        read_file(pp, argv[i]);
    FILE *out = fopen(argv[1], "wb");
    if (!out || fwrite(pp->out, 1, pp->out_size, out) != pp->out_size || fclose(out) != 0) {
        fprintf(stderr, "pp: %s: cannot be written\n", argv[1]);
        return 1;
    }
    return 0;
}
