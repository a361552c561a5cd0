#ifndef _SIGNAL_H
#define _SIGNAL_H
/* The kernel has no signals: a handler is never called, and signal says so with ENOSYS. */
typedef int sig_atomic_t;
typedef void (*__signal_handler)(int);
#define SIG_DFL ((__signal_handler)0)
#define SIG_IGN ((__signal_handler)1)
#define SIG_ERR ((__signal_handler)-1)
#define SIGINT 2
#define SIGILL 4
#define SIGABRT 6
#define SIGFPE 8
#define SIGSEGV 11
#define SIGTERM 15
__signal_handler signal(int number, __signal_handler handler);
int raise(int number);
#endif
