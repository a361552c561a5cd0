#ifndef BUILDSCRIPTS_LIBC_INCLUDE_SYS_TIME_H
#define BUILDSCRIPTS_LIBC_INCLUDE_SYS_TIME_H
#include <sys_types.h>
struct timeval {
    long tv_sec;
    long tv_usec;
};
int gettimeofday(struct timeval *now, void *zone);
#endif
