/* The signals are blocked and never taken, so that "has one come?" needs no variable. */
#include "images/lib/stop.h"

#include <signal.h>
#include <stddef.h>

static sigset_t signals(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    return set;
}

void stop_catch(void) {
    sigset_t set = signals();
    sigprocmask(SIG_BLOCK, &set, NULL);
}

bool stop_wanted(void) {
    sigset_t pending;
    sigpending(&pending);
    return sigismember(&pending, SIGINT) || sigismember(&pending, SIGTERM) ||
           sigismember(&pending, SIGHUP);
}

bool stop_release(void) {
    sigset_t set = signals();
    sigset_t old;
    sigprocmask(SIG_UNBLOCK, &set, &old);
    return sigismember(&old, SIGINT);
}
