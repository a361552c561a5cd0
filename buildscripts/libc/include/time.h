#ifndef BUILDSCRIPTS_LIBC_INCLUDE_TIME_H
#define BUILDSCRIPTS_LIBC_INCLUDE_TIME_H
#include <stddef.h>
#define CLOCKS_PER_SEC 1000000L
typedef long time_t;
typedef long clock_t;
struct tm {
    int tm_sec, tm_min, tm_hour, tm_mday, tm_mon, tm_year, tm_wday, tm_yday, tm_isdst;
};
struct timespec {
    time_t tv_sec;
    long tv_nsec;
};
/* The machine has no clock: it is always the first second of 1970. */
#define TIME_UTC 1
int timespec_get(struct timespec *now, int base);
time_t time(time_t *now);
clock_t clock(void);
double difftime(time_t a, time_t b);
struct tm *gmtime(const time_t *time);
struct tm *localtime(const time_t *time);
time_t mktime(struct tm *time);
size_t strftime(char *to, size_t size, const char *format, const struct tm *time);
char *asctime(const struct tm *time);
char *ctime(const time_t *time);
#endif
