/* The one locale (C99 7.11), and signals that never come (7.14). */
#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

char *setlocale(int category, const char *name) {
    (void)category;
    if (!name || !*name || strcmp(name, "C") == 0 || strcmp(name, "POSIX") == 0)
        return "C";
    return NULL;
}

struct lconv *localeconv(void) {
    static struct lconv c = {".",      "",       "",       "",       "",       "",
                             "",       "",       "",       "",       CHAR_MAX, CHAR_MAX,
                             CHAR_MAX, CHAR_MAX, CHAR_MAX, CHAR_MAX, CHAR_MAX, CHAR_MAX};
    return &c;
}

__signal_handler signal(int number, __signal_handler handler) {
    (void)number;
    (void)handler;
    errno = ENOSYS;
    return SIG_ERR;
}

/* The default action of each is the end of the program. */
int raise(int number) {
    fflush(NULL);
    _exit(128 + number);
    return 0;
}
