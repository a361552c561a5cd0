#ifndef BUILDSCRIPTS_LIBC_INCLUDE_WCHAR_H
#define BUILDSCRIPTS_LIBC_INCLUDE_WCHAR_H
#include <stddef.h>
#include <stdint.h>

/* Wide characters as numbers: nothing reads, prints or converts them. */
typedef unsigned wint_t;
#define WEOF ((wint_t)-1)

size_t wcslen(const wchar_t *string);
int wcscmp(const wchar_t *a, const wchar_t *b);
wchar_t *wcscpy(wchar_t *to, const wchar_t *from);
wchar_t *wcschr(const wchar_t *string, wchar_t c);
#endif
