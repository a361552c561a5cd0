/* boot1's pp and link on the model, on spoilt sources: as on Linux, and no fault of the processor.
 */
#include <string.h>

#include "verify/tests/ladder/generate.h"
#include "verify/tests/ladder/generate_boot1.h"
#include "verify/tests/ladder/ladder.h"

enum { SOURCES = 60, SECONDS = 300 };

/* The folder with both programs and SOURCES sources for each. */
static char *room_with_sources(struct test *t) {
    uint32_t state = 23;
    char *room = test_path(t, "room");
    test_run(t, 0, "mkdir", "-p", room, NULL);
    for (int i = 0; i < SOURCES; i++) {
        struct buffer pp = generate_pp(&state), link = generate_link(&state, 0, 1);
        mutate(&pp, &state);
        mutate(&link, &state);
        test_write(t, xprintf("%s/pp.%d", room, i), pp.data, pp.len);
        test_write(t, xprintf("%s/link.%d", room, i), link.data, link.len);
        buffer_free(&pp);
        buffer_free(&link);
    }
    test_run(t, 0, "cp", test_path(t, "pp"), test_path(t, "link"), room, NULL);
    return room;
}

TEST_WITHIN(SECONDS, pp_and_link_do_with_spoilt_sources_on_the_model_what_they_do_on_linux) {
    boot1_build(t);
    char *room = room_with_sources(t), *number = xprintf("%d", SOURCES);
    char *build = test_path(t, "spoilt.build"), *files = test_path(t, "files");
    char *text = xprintf("@file /scheme scheme\n@file /spoilt.scm spoilt.scm\n@tree /room room\n"
                         "@dir /dev\n/scheme /spoilt.scm /room %s\nsrc 3 /dev/hda\nok\n",
                         number);
    test_write(t, build, text, strlen(text));
    test_run(t, 0, "cp", "build/scheme", "verify/ladder/spoilt.scm", test_path(t, "."), NULL);
    test_run(t, 0, "build/seedbed", "build", "--engine", "model", "--quiet", "--files", files, "-o",
             test_path(t, "artifact"), build, NULL);
    test_run(t, 0, "build/scheme", "verify/ladder/spoilt.scm", room, number, NULL);
    struct buffer statuses = test_read(t, xprintf("%s/statuses", room));
    const char *all = (const char *)statuses.data;
    if (!strstr(all, "\" 0)"))
        test_fail(t, "none of the sources is right");
    for (int status = 2; status < 256; status++)
        if (strstr(all, xprintf("\" %d)", status)))
            test_fail(t, "a program ends with status %d", status);
    test_run(t, 0, "diff", "-r", room, xprintf("%s/room", files), NULL);
    buffer_free(&statuses);
}
