/* errors: pointers past RAM, wrong descriptors, sizes and offsets below zero. */
#include "verify/guest/rt.h"

static char buf[64];

static void wrong_descriptors(void) {
    static const int wrong[] = {-1, 3, 4, 100, 255, 256, 257, 1024, 0x7FFFFFFF, (int)0x80000000};
    for (u32 i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        int fd = wrong[i];
        say("descriptor %d: read %e, write %e, lseek %e, close %e", fd, sys_read(fd, buf, 1),
            sys_write(fd, "x", 1), sys_lseek(fd, 0, 0), sys_close(fd));
    }
    int fd = sys_open("/errors/f", O_RDWR);
    sys_close(fd);
    say("closed: read %e, write %e, close %e", sys_read(fd, buf, 1), sys_write(fd, "x", 1),
        sys_close(fd));
    say("of no bytes: read %e, write %e", sys_read(fd, buf, 0), sys_write(fd, "x", 0));
}

static void pointers(void) {
    char *wild = (char *)NOWHERE;
    int fd = sys_open("/errors/f", O_RDWR);
    int r = sys_read(fd, wild, 4);
    say("read past RAM: %e, position %e", r, sys_lseek(fd, 0, SEEK_SET));
    say("read past RAM, across 4 GiB: %e", sys_read(fd, wild, 0x20));
    sys_lseek(fd, 0, SEEK_SET);
    r = sys_write(fd, wild, 4);
    say("write from past RAM: %e, position %e", r, sys_lseek(fd, 0, SEEK_CUR));
    say("write from past RAM, across 4 GiB: %e", sys_write(fd, wild, 0x20));
    say("the file: %s, end %e", text_of("/errors/f"), sys_lseek(fd, 0, SEEK_END));
    say("write past RAM at the end: %e, end %e", sys_write(fd, wild, 9),
        sys_lseek(fd, 0, SEEK_END));
    say("of no bytes: read %e, write %e", sys_read(fd, wild, 0), sys_write(fd, wild, 0));
    sys_lseek(fd, 0, SEEK_SET);
    sys_close(fd);
    say("open: %e", sys_open(wild, O_RDONLY));
    say("open to create: %e", sys_open(wild, O_RDWR | O_CREAT));
    say("unlink: %e", sys_unlink(wild));
    say("chdir: %e", sys_chdir(wild));
    say("access: %e", sys_access(wild, 0));
    say("mkdir: %e", sys_mkdir(wild));
    say("getcwd: %e", sys_getcwd(wild, 64));
    say("execve: %e", sys_execve(wild, (char *[]){"x", 0}, (char *[]){0}));
    say("waitpid without a child: %e", sys_waitpid(-1, (int *)wild));
    char *top = (char *)0xFFFFFFFF;
    say("the last byte: open %e, chdir %e, write %e", sys_open(top, 0), sys_chdir(top),
        sys_write(1, top, 1));
    say("the console: write %e, of no bytes %e", sys_write(1, wild, 5), sys_write(1, wild, 0));
}

static void sizes(void) {
    const char *why = "the size of a call is below 2 GiB, as on a 32-bit Linux";
    put_file("/errors/s", "abc", 3);
    int fd = sys_open("/errors/s", O_RDWR);
    differs("3", "EINVAL", why, "read of 2 GiB: %e", sys_read(fd, buf, 0x80000000));
    sys_lseek(fd, 0, SEEK_SET);
    differs("3", "EINVAL", why, "read of 4 GiB - 1: %e", sys_read(fd, buf, 0xFFFFFFFF));
    sys_lseek(fd, 0, SEEK_SET);
    say("read of 2 GiB - 1: %e, %s", sys_read(fd, buf, 0x7FFFFFFF), buf);
    say("read of a descriptor and a size, both wrong: %e", sys_read(99, buf, 0xFFFFFFFF));
    int r = sys_write(fd, buf, 0x80000000);
    differs("some", "EINVAL", why, "write of 2 GiB: %s", r > 0 ? "some" : outcome(r));
    r = sys_write(fd, buf, 0xFFFFFFFF);
    differs("some", "EINVAL", why, "write of 4 GiB - 1: %s", r > 0 ? "some" : outcome(r));
    sys_close(fd);
    fd = sys_open("/errors/s", O_RDWR | O_TRUNC);
    sys_close(fd);
    fd = sys_open("/errors/s", O_RDONLY | O_TRUNC);
    say("emptied: read %e", sys_read(fd, buf, 60));
    sys_close(fd);
}

/* An error is an error only for its own call: the next one is as always. */
static void afterwards(void) {
    put_file("/errors/after", "still here", 10);
    say("afterwards: %s", text_of("/errors/after"));
    int fd = sys_open("/errors/after", O_RDONLY);
    say("the lowest descriptor: %d", fd);
    sys_close(fd);
}

int main(void) {
    say("== errors: 1");
    sys_mkdir("/errors");
    put_file("/errors/f", "0123456789", 10);
    wrong_descriptors();
    pointers();
    sizes();
    afterwards();
    return 0;
}
