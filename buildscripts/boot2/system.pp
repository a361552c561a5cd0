# The system calls of the contract, and their numbers as i386 Linux has them.

SYS_EXIT = 1
SYS_FORK = 2
SYS_READ = 3
SYS_WRITE = 4
SYS_OPEN = 5
SYS_CLOSE = 6
SYS_WAITPID = 7
SYS_UNLINK = 10
SYS_EXECVE = 11
SYS_CHDIR = 12
SYS_LSEEK = 19
SYS_ACCESS = 33
SYS_MKDIR = 39
SYS_BRK = 45
SYS_UMASK = 60				# the builder does nothing and gives 0
SYS_WAIT4 = 114
SYS_GETCWD = 183

STDIN = 0
STDOUT = 1
STDERR = 2

O_RDONLY = 0
O_WRONLY = 1
O_RDWR = 2
O_CREAT = 0o100
O_EXCL = 0o200
O_TRUNC = 0o1000
O_APPEND = 0o2000

SEEK_SET = 0
SEEK_CUR = 1
SEEK_END = 2

EPERM = 1
ENOENT = 2
EIO = 5
ENOEXEC = 8
EBADF = 9
ECHILD = 10
EAGAIN = 11
ENOMEM = 12
EACCES = 13
EBUSY = 16
EEXIST = 17
ENOTDIR = 20
EISDIR = 21
EINVAL = 22
ENFILE = 23
EMFILE = 24
ETXTBSY = 26
EFBIG = 27
ENOSPC = 28
ESPIPE = 29
EROFS = 30
ERANGE = 34
ENAMETOOLONG = 36
ELOOP = 40

# system NUMBER: calls the system; eax is the result, at and below -1 a negative errno. The other
# registers keep their values.
%macro system number
	mov	eax, {number}
	int	0x80
%end
