#ifndef BUILDSCRIPTS_LIBC_INCLUDE_SYS_TYPES_H
#define BUILDSCRIPTS_LIBC_INCLUDE_SYS_TYPES_H
#include <stddef.h>
typedef int ssize_t;
typedef long off_t;
typedef int pid_t;
typedef unsigned mode_t;
typedef unsigned uid_t;
typedef unsigned gid_t;
typedef unsigned long ino_t;
typedef unsigned long dev_t;
#endif
