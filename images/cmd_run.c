/* seedbed run: boots a disk image. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "images/commands.h"
#include "images/machine/image.h"
#include "images/machine/session.h"
#include "refmodel/pc/pc.h"

static const char help[] = "usage: seedbed run [OPTION...] IMG\n\n"
                           "Boots a disk image and waits for the end of its build. The image is "
                           "changed as the\nmachine's disk would be: the artifact is at its start "
                           "afterwards.\n\n";

/* Prints the table of quirks. */
static int list_quirks(void) {
    size_t count;
    const struct pc_quirk *quirks = pc_quirks(&count);
    for (size_t n = 0; n < count; n++) {
        printf("%-16s %s", quirks[n].name, quirks[n].what);
        printf(quirks[n].number ? " (N = %lu)\n" : "\n", (unsigned long)quirks[n].number);
    }
    return 0;
}

int cmd_run(int argc, char **argv) {
    struct session_options o;
    struct option_spec specs[SESSION_SPECS + 1] = {{0}};
    session_specs(&o, specs);
    int i;
    char *text = session_help(help);
    int status = options_read(specs, text, argc, argv, &i);
    free(text);
    if (status >= 0)
        return status;
    if (o.request.bios && strcmp(o.request.bios, "help") == 0)
        return list_quirks();
    if (argc - i != 1)
        return usage_error(argv[0], "one IMG is wanted");
    uint32_t length;
    o.request.image = argv[i];
    o.request.script = image_find_script(argv[i]);
    return session_run(&o, argv[0], &length);
}
