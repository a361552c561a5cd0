/* The signals are blocked and never taken, so that "has one come?" needs no variable. */
#include "images/lib/stop.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "images/lib/util.h"

static const int all[] = {SIGINT, SIGTERM, SIGHUP};
enum { ALL = sizeof all / sizeof all[0] };

static sigset_t signals(void) {
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < ALL; i++)
        sigaddset(&set, all[i]);
    return set;
}

static void end(int signal) {
    static const char line[] = "seedbed: interrupted\n";
    (void)signal;
    if (write(STDERR_FILENO, line, sizeof line - 1) < 0)
        _exit(STOP_STATUS);
    _exit(STOP_STATUS);
}

void stop_ends(void) {
    struct sigaction old;
    for (size_t i = 0; i < ALL; i++)
        if (sigaction(all[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(all[i], &(struct sigaction){.sa_handler = end}, NULL);
}

bool stop_catch(void) {
    sigset_t set = signals();
    sigaddset(&set, SIGTSTP);
    sigset_t old;
    sigprocmask(SIG_BLOCK, &set, &old);
    return sigismember(&old, SIGINT);
}

bool stop_wanted(void) {
    sigset_t pending;
    sigpending(&pending);
    return sigismember(&pending, SIGINT) || sigismember(&pending, SIGTERM) ||
           sigismember(&pending, SIGHUP);
}

double stop_pause(pid_t child) {
    sigset_t pending, one;
    sigpending(&pending);
    if (!sigismember(&pending, SIGTSTP))
        return 0;
    double began = now();
    if (child > 0)
        kill(child, SIGSTOP);
    /* The signal is taken by its usual action. */
    sigemptyset(&one);
    sigaddset(&one, SIGTSTP);
    sigprocmask(SIG_UNBLOCK, &one, NULL);
    sigprocmask(SIG_BLOCK, &one, NULL);
    if (child > 0)
        kill(child, SIGCONT);
    return now() - began;
}

bool stop_release(void) {
    sigset_t set = signals();
    sigaddset(&set, SIGTSTP);
    sigset_t old;
    sigprocmask(SIG_UNBLOCK, &set, &old);
    return sigismember(&old, SIGINT);
}
