#ifndef BUILDSCRIPTS_LIBC_INCLUDE_SYS_WAIT_H
#define BUILDSCRIPTS_LIBC_INCLUDE_SYS_WAIT_H
#include <sys_types.h>
#define WIFEXITED(status) (((status)&0x7f) == 0)
#define WEXITSTATUS(status) (((status) >> 8) & 0xff)
#define WIFSIGNALED(status) (((status)&0x7f) != 0)
#define WTERMSIG(status) ((status)&0x7f)
pid_t waitpid(pid_t pid, int *status, int options);
pid_t wait(int *status);
#endif
