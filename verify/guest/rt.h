/* rt.h: what a guest program stands on: raw system calls, and findings written as text.
 *
 * A guest program is a static i386 ELF file that runs unchanged on Linux and on the builder.
 * It writes what it finds to /dev/hda, one "key: value" a line, and the test compares the two
 * texts. Process numbers, addresses and times never go into a value. */
#ifndef VERIFY_GUEST_RT_H
#define VERIFY_GUEST_RT_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;

/* The registers at the entry of the program (start.S), and those of call_with. */
struct regs {
    u32 eax, ebx, ecx, edx, esi, edi, ebp, esp, flags, fpu_control, fpu_status;
};
extern const struct regs entry_state;

/* Numbers of the calls: Linux's for i386. */
enum {
    NR_EXIT = 1,
    NR_FORK = 2,
    NR_READ = 3,
    NR_WRITE = 4,
    NR_OPEN = 5,
    NR_CLOSE = 6,
    NR_WAITPID = 7,
    NR_UNLINK = 10,
    NR_EXECVE = 11,
    NR_CHDIR = 12,
    NR_LSEEK = 19,
    NR_ACCESS = 33,
    NR_MKDIR = 39,
    NR_BRK = 45,
    NR_DUP2 = 63,
    NR_WAIT4 = 114,
    NR_GETCWD = 183,
    NR_EXIT_GROUP = 252,
    /* these do nothing: */
    NR_CHMOD = 15,
    NR_GETUID = 24,
    NR_UTIME = 30,
    NR_SYNC = 36,
    NR_UMASK = 60,
    NR_FCHMOD = 94,
};

enum { O_RDONLY = 0, O_WRONLY = 1, O_RDWR = 2, O_CREAT = 0100, O_EXCL = 0200 };
enum { O_TRUNC = 01000, O_APPEND = 02000 };
enum { SEEK_SET = 0, SEEK_CUR = 1, SEEK_END = 2 };

enum {
    ENOENT = 2,
    E2BIG = 7,
    ENOEXEC = 8,
    EBADF = 9,
    ECHILD = 10,
    EAGAIN = 11,
    ENOMEM = 12,
    EFAULT = 14,
    EEXIST = 17,
    ENOTDIR = 20,
    EINVAL = 22,
    EMFILE = 24,
    ENOSPC = 28,
    ESPIPE = 29,
    ERANGE = 34,
    ENAMETOOLONG = 36,
    ENOSYS = 38,
};

/* One entry of /e820; the high halves are 0 below 4 GiB. */
struct region {
    u32 size, base, base_high, length, length_high, type;
};

/* A pointer into the last 16 bytes of the address space: RAM on no machine of ours. */
#define NOWHERE 0xFFFFFFF0u

/* One system call; the result is EAX, a negative errno where it failed. */
int call(u32 nr, u32 b, u32 c, u32 d, u32 s, u32 di);

/* What `call` calls: the entry that Linux has for it, after call_linux. 0: int 80h. */
extern u32 call_gate;

/* On Linux: from now on `call` uses the entry that its auxiliary vector names (AT_SYSINFO). It does
 * the same, but an int 80h may have to go through the host of a virtual machine, and takes a
 * hundred times as long then. On the builder, whose vector is empty, nothing changes. `argv`: of
 * main. */
void call_linux(char **argv);

/* One system call with every register and the flags from *r; *r gets them back. ESP is not used. */
void call_with(struct regs *r);

/* One system call; how many bytes below the stack pointer it changed, without the 12 that the
 * processor pushes (start.S). */
int call_below(u32 nr, u32 b, u32 c, u32 d);

static inline u32 ptr(const void *p) {
    return (u32)p;
}

static inline int sys_fork(void) {
    return call(NR_FORK, 0, 0, 0, 0, 0);
}

static inline int sys_read(int fd, void *buf, u32 n) {
    return call(NR_READ, (u32)fd, ptr(buf), n, 0, 0);
}

static inline int sys_write(int fd, const void *buf, u32 n) {
    return call(NR_WRITE, (u32)fd, ptr(buf), n, 0, 0);
}

static inline int sys_open(const char *path, int flags) {
    return call(NR_OPEN, ptr(path), (u32)flags, 0777, 0, 0);
}

static inline int sys_close(int fd) {
    return call(NR_CLOSE, (u32)fd, 0, 0, 0, 0);
}

static inline int sys_dup2(int from, int to) {
    return call(NR_DUP2, (u32)from, (u32)to, 0, 0, 0);
}

static inline int sys_waitpid(int pid, int *status) {
    return call(NR_WAITPID, (u32)pid, ptr(status), 0, 0, 0);
}

static inline int sys_unlink(const char *path) {
    return call(NR_UNLINK, ptr(path), 0, 0, 0, 0);
}

static inline int sys_execve(const char *path, char *const *argv, char *const *envp) {
    return call(NR_EXECVE, ptr(path), ptr(argv), ptr(envp), 0, 0);
}

static inline int sys_chdir(const char *path) {
    return call(NR_CHDIR, ptr(path), 0, 0, 0, 0);
}

static inline int sys_lseek(int fd, int offset, int whence) {
    return call(NR_LSEEK, (u32)fd, (u32)offset, (u32)whence, 0, 0);
}

static inline int sys_access(const char *path, int mode) {
    return call(NR_ACCESS, ptr(path), (u32)mode, 0, 0, 0);
}

static inline int sys_mkdir(const char *path) {
    return call(NR_MKDIR, ptr(path), 0777, 0, 0, 0);
}

static inline u32 sys_brk(u32 address) {
    return (u32)call(NR_BRK, address, 0, 0, 0, 0);
}

static inline int sys_getcwd(char *buf, u32 size) {
    return call(NR_GETCWD, ptr(buf), size, 0, 0, 0);
}

static inline void sys_exit(int status) {
    call(NR_EXIT, (u32)status, 0, 0, 0, 0);
    for (;;) {
    }
}

/* A decimal number. */
static inline u32 parse_number(const char *text) {
    u32 n = 0;
    while (*text)
        n = n * 10 + (u32)(*text++ - '0');
    return n;
}

/* The usual ones of <string.h>; the compiler calls some of them by itself. */
void *memcpy(void *to, const void *from, u32 n);
void *memset(void *to, int byte, u32 n);
int memcmp(const void *a, const void *b, u32 n);
u32 strlen(const char *s);
int streq(const char *a, const char *b);

/* Appends one line to /dev/hda: "key: value", from a format with
 *   %s  a string      %d  a signed number      %x  8 hex digits
 *   %e  a result: its errno's name when it is one (ENOENT), else the number.
 * A line is at most 1,023 bytes. */
void say(const char *format, ...);

/* As say, for a line that is not the same on both sides, on purpose: what Linux gives, what the
 * builder gives and why stand behind the value, and the test holds each side to its own. */
void differs(const char *linux_value, const char *seedbed_value, const char *why,
             const char *format, ...);

/* As say, for a program that only the builder runs: the value it must find stands behind it. */
void must(const char *seedbed_value, const char *format, ...);

/* Between these two, what is said is kept in memory: at most 8 KiB, and only by this process. */
void hold_findings(void);
void release_findings(void);

/* Makes the file with this content (replacing it); the result of write, or the error of open. */
int put_file(const char *path, const void *content, u32 n);

/* Reads the file into buf, at most n bytes; the number read, or the error of open. */
int get_file(const char *path, void *buf, u32 n);

/* The content of a small text file (at most 255 bytes), or its error's name, for say's %s. The
 * string is the next call's to overwrite. */
const char *text_of(const char *path);

/* The name of a result: "ENOENT", or "ok" when it is not an error. */
const char *outcome(int result);

/* The name PREFIX followed by five decimal digits of n; the next call's to overwrite. */
const char *numbered(const char *prefix, u32 n);

/* Waits for a child; the status of an exit is its code, one that a signal ended is 1000 and more.
 */
int wait_for(int pid);

/* On Linux: blocks until the child has ended without taking its status (waitid with WNOWAIT). The
 * builder runs a child to its end within fork and answers 0 to a call it does not know. */
void settle(int pid);

/* A running checksum (FNV-1a); starts at FNV_START. */
#define FNV_START 2166136261u
u32 fnv(u32 sum, const void *bytes, u32 n);

/* The next number of a small generator (xorshift32); *state must not be 0. */
u32 next_random(u32 *state);

#endif
