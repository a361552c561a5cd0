#ifndef BUILDSCRIPTS_LIBC_INCLUDE_UNISTD_H
#define BUILDSCRIPTS_LIBC_INCLUDE_UNISTD_H
#include <stddef.h>
#include <sys_types.h>
#define STDIN_FILENO 0
#define STDOUT_FILENO 1
#define STDERR_FILENO 2
#define R_OK 4
#define W_OK 2
#define X_OK 1
#define F_OK 0
#ifndef SEEK_SET
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#endif
extern char **environ;
ssize_t read(int fd, void *to, size_t n);
ssize_t write(int fd, const void *from, size_t n);
off_t lseek(int fd, off_t offset, int whence);
int close(int fd);
pid_t fork(void);
int execve(const char *path, char *const argv[], char *const envp[]);
int execv(const char *path, char *const argv[]);
int execvp(const char *path, char *const argv[]);
void _exit(int status);
int unlink(const char *path);
int rmdir(const char *path);
int access(const char *path, int mode);
int brk(void *address);
void *sbrk(int increment);
char *getcwd(char *to, size_t size);
int chdir(const char *path);
int isatty(int fd);
pid_t getpid(void);
int dup(int fd);
int dup2(int from, int to);
int pipe(int fds[2]);
int ftruncate(int fd, off_t length);
unsigned sleep(unsigned seconds);
#endif
