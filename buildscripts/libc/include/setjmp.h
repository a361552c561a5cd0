#ifndef BUILDSCRIPTS_LIBC_INCLUDE_SETJMP_H
#define BUILDSCRIPTS_LIBC_INCLUDE_SETJMP_H
/* ebx, esi, edi, ebp, esp, eip */
typedef int jmp_buf[6];
int setjmp(jmp_buf buffer);
void longjmp(jmp_buf buffer, int value);
#endif
