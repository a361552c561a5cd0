/* seedbed run: boots a disk image. */
#include <stdlib.h>

#include "images/commands.h"
#include "images/machine/image.h"
#include "images/machine/session.h"
#include "images/lib/stop.h"

static const char help[] = "usage: seedbed run [OPTION...] IMG\n\n"
                           "Boots a disk image and waits for the end of its build. The image is "
                           "changed as the\nmachine's disk would be: the artifact is at its start "
                           "afterwards.\n\n";

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
    if (argc - i != 1)
        return usage_error(argv[0], "one IMG is wanted");
    uint32_t length;
    o.request.image = argv[i];
    o.request.script = image_find_script(argv[i]);
    stop_catch();
    return session_run(&o, argv[0], &length);
}
