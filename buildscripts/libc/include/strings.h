#ifndef BUILDSCRIPTS_LIBC_INCLUDE_STRINGS_H
#define BUILDSCRIPTS_LIBC_INCLUDE_STRINGS_H
#include <stddef.h>
int strcasecmp(const char *a, const char *b);
int strncasecmp(const char *a, const char *b, size_t n);
#endif
