/* Numbers of i386 Linux: errors, system calls, flags of open. */
#ifndef REFMODEL_STRACE_LINUX_H
#define REFMODEL_STRACE_LINUX_H

/* Errors of system calls, as Linux numbers them. */
enum {
    E_NOENT = 2,
    E_BIG = 7,
    E_NOEXEC = 8,
    E_BADF = 9,
    E_CHILD = 10,
    E_AGAIN = 11,
    E_NOMEM = 12,
    E_FAULT = 14,
    E_EXIST = 17,
    E_NOTDIR = 20,
    E_INVAL = 22,
    E_MFILE = 24,
    E_NOSPC = 28,
    E_SPIPE = 29,
    E_RANGE = 34,
    E_NAMETOOLONG = 36,
    E_NOSYS = 38
};

/* System call numbers. */
enum {
    SYS_EXIT = 1,
    SYS_FORK = 2,
    SYS_READ = 3,
    SYS_WRITE = 4,
    SYS_OPEN = 5,
    SYS_CLOSE = 6,
    SYS_WAITPID = 7,
    SYS_UNLINK = 10,
    SYS_EXECVE = 11,
    SYS_CHDIR = 12,
    SYS_LSEEK = 19,
    SYS_ACCESS = 33,
    SYS_MKDIR = 39,
    SYS_BRK = 45,
    SYS_DUP2 = 63,
    SYS_WAIT4 = 114,
    SYS_GETCWD = 183,
    SYS_EXIT_GROUP = 252,
    /* these do nothing: */
    SYS_CHMOD = 15,
    SYS_GETUID = 24,
    SYS_UTIME = 30,
    SYS_SYNC = 36,
    SYS_UMASK = 60,
    SYS_FCHMOD = 94
};

enum { O_READING = 0, O_WRITING = 1 };
enum { O_ACCESS = 3, O_CREATE = 0x40, O_EXCLUSIVE = 0x80, O_TRUNCATE = 0x200, O_ADD = 0x400 };

#endif
