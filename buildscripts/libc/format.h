/* The engine of printf. */
#ifndef BUILDSCRIPTS_LIBC_FORMAT_H
#define BUILDSCRIPTS_LIBC_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/* Hands the formatted text to write, piece by piece; the number of characters. */
int __format(void (*write)(void *to, const char *text, size_t n), void *to, const char *format,
             va_list arguments);

/* Stores n as an int, or as what h, H (hh), L (ll) and j stand for. */
void __store_integer(void *to, unsigned long long n, char size);

#endif
