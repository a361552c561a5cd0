#ifndef BUILDSCRIPTS_LIBC_INCLUDE_SYS_STAT_H
#define BUILDSCRIPTS_LIBC_INCLUDE_SYS_STAT_H
#include <sys_types.h>
/* The kernel keeps no more of a file than name and content: stat and fstat fail with ENOSYS, chmod
 * does nothing. */
struct stat {
    dev_t st_dev;
    ino_t st_ino;
    mode_t st_mode;
    off_t st_size;
    long st_mtime;
};
#define S_IFMT 0170000
#define S_IFREG 0100000
#define S_IFDIR 0040000
#define S_ISREG(m) (((m)&S_IFMT) == S_IFREG)
#define S_ISDIR(m) (((m)&S_IFMT) == S_IFDIR)
#define S_IRWXU 0700
int stat(const char *path, struct stat *result);
int lstat(const char *path, struct stat *result);
int fstat(int fd, struct stat *result);
int mkdir(const char *path, mode_t mode);
int chmod(const char *path, mode_t mode);
mode_t umask(mode_t mask);
#endif
