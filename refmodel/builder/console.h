/* The log, and the lines that end a build. */
#ifndef REFMODEL_BUILDER_CONSOLE_H
#define REFMODEL_BUILDER_CONSOLE_H

#include "refmodel/seedbed.h"
#include "refmodel/strace/text.h"

/* A message of the kernel's begins on a line of its own. */
void console_write(struct seedbed *s, const char *bytes, size_t n);
void console_message(struct seedbed *s, const char *bytes, size_t n);

/* Ends the build with an ERROR line; the text comes without "ERROR: ". Only the first counts. */
void build_error(struct seedbed *s, const char *format, ...) PRINTF_LIKE(2, 3);
/* Ends it for a reason that the kernel would not have. */
void build_stop(struct seedbed *s, enum seedbed_end end, const char *format, ...) PRINTF_LIKE(3, 4);

#endif
