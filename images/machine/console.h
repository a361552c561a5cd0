/* The machine's console: bytes become lines; the last ones tell how the build ended. */
#ifndef IMAGES_MACHINE_CONSOLE_H
#define IMAGES_MACHINE_CONSOLE_H

#include "images/machine/run.h"

struct console {
    const struct run_request *request;
    struct run_result *result;
    struct buffer line; /* the unfinished line */
    bool serial;        /* remove the terminal sequences of a BIOS's serial console */
    bool escape;        /* inside such a sequence */
    /* How many instructions `machine` has executed; null: nobody counts. */
    uint64_t (*instructions)(const void *machine);
    const void *machine;
};

/* Starts with an empty line; `result` gets the log. */
void console_open(struct console *c, const struct run_request *request, struct run_result *result);

/* Takes n bytes from the machine. */
void console_feed(struct console *c, const uint8_t *bytes, size_t n);

/* Takes what is left as the last line. */
void console_close(struct console *c);

/* Whether the log ends with "Build finished." and a length, which becomes *length. */
bool console_finished(const struct console *c, uint32_t *length);

/* Whether the last line, finished or not, holds an ERROR; it is copied to text, cut to size n. */
bool console_error(const struct console *c, char *text, size_t n);

#endif
