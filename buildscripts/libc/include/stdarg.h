#ifndef BUILDSCRIPTS_LIBC_INCLUDE_STDARG_H
#define BUILDSCRIPTS_LIBC_INCLUDE_STDARG_H
/* Arguments lie one behind the other on the stack, in whole words. tcc has no words of its own for
   this on i386. */
#ifdef __TINYC__
typedef char *va_list;
#define __words(type) ((sizeof(type) + 3) & ~3)
#define va_start(ap, last) ((ap) = (char *)&(last) + __words(last))
#define va_arg(ap, type) (*(type *)(((ap) += __words(type)) - __words(type)))
#define va_copy(to, from) ((to) = (from))
#define va_end(ap) ((void)(ap))
#else
typedef __builtin_va_list va_list;
#define va_start(ap, last) __builtin_va_start(ap, last)
#define va_arg(ap, type) __builtin_va_arg(ap, type)
#define va_copy(to, from) __builtin_va_copy(to, from)
#define va_end(ap) __builtin_va_end(ap)
#endif
#endif
