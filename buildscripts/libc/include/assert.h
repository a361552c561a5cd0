/* May be included again, with NDEBUG as it is then (C99 7.2). */
#undef assert
#ifdef NDEBUG
#define assert(x) ((void)0)
#else
#define assert(x) ((x) ? (void)0 : __assert_failed(#x, __FILE__, __LINE__, __func__))
#endif
#ifndef BUILDSCRIPTS_LIBC_INCLUDE_ASSERT_H
#define BUILDSCRIPTS_LIBC_INCLUDE_ASSERT_H
void __assert_failed(const char *what, const char *file, int line, const char *function);
#ifndef static_assert
#define static_assert _Static_assert
#endif
#endif
