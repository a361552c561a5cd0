/* edge: the end of RAM, the page below the stack, the memory behind the image, and what the calls
 * do there. For the builder only. */
#include "verify/guest/file_table.h"

enum { KEPT = 64, MIB = 1 << 20, PROGRAMS = 0x08000000, STACK = 0x07800000, PAGE = 4096 };

extern u8 _end[];

static void check_map(void) {
    static struct region map[64];
    int n = get_file("/e820", map, sizeof map);
    u32 wrong = 0;
    must("0", "the size of /e820 modulo 24: %d", n % 24);
    for (int i = 0; i < n / 24; i++)
        wrong += map[i].size != 20;
    must("0", "entries of another size: %d", wrong);
}

/* What lies at the end of RAM is the kernel's log of saved pages: it is put back after each call.
 */
struct edge {
    u8 *end;
    u8 kept[KEPT];
};

static void put_back(struct edge *e) {
    memcpy(e->end - KEPT, e->kept, KEPT);
}

/* What the file holds from its position on, which stays. */
static const char *rest_of(int fd) {
    static char text[16];
    int n = sys_read(fd, text, sizeof text - 1);
    text[n < 0 ? 0 : n] = 0;
    sys_lseek(fd, -n, SEEK_CUR);
    return text;
}

static void reading(struct edge *e) {
    put_file("/edge/f", "0123456789", 10);
    int fd = sys_open("/edge/f", O_RDWR);
    int r = sys_read(fd, e->end - 4, 4);
    int right = memcmp(e->end - 4, "0123", 4) == 0;
    put_back(e);
    must("4 1", "read up to the end of RAM: %e %d", r, right);
    sys_lseek(fd, 0, SEEK_SET);
    r = sys_read(fd, e->end - 4, 5);
    put_back(e);
    must("EFAULT", "read past it: %e", r);
    must("0", "its position: %e", sys_lseek(fd, 0, SEEK_CUR));
    must("EFAULT", "read at it: %e", sys_read(fd, e->end, 1));
    must("0", "read of nothing at it: %e", sys_read(fd, e->end, 0));
    must("4", "write up to it: %e", sys_write(fd, e->end - 4, 4));
    memcpy(e->end - 4, "ABCD", 4);
    must("EFAULT", "write past it: %e", sys_write(fd, e->end - 4, 5));
    must("EFAULT", "write far past it: %e", sys_write(fd, e->end - 4, 5000000));
    put_back(e);
    must("456789", "what is there still: %s", rest_of(fd));
    must("EFAULT", "write at it: %e", sys_write(fd, e->end, 1));
    must("EFAULT", "write to the console past it: %e", sys_write(1, e->end - 1, 2));
    must("4", "the position after that: %e", sys_lseek(fd, 0, SEEK_CUR));
    must("10", "the file after that: %e", sys_lseek(fd, 0, SEEK_END));
    sys_close(fd);
}

/* A path whose NUL is the last byte of RAM, and one that has none before the end. */
static int with_path(struct edge *e, u32 nr, const char *path, u32 missing) {
    u32 n = strlen(path) + 1 - missing;
    memcpy(e->end - n, path, n);
    int r = call(nr, ptr(e->end - n), 0, 0, 0, 0);
    put_back(e);
    return r;
}

static void paths(struct edge *e) {
    must("0", "a path up to the end of RAM: %e", with_path(e, NR_ACCESS, "/edge/f", 0));
    must("ENOENT", "a missing one: %e", with_path(e, NR_ACCESS, "/edge/g", 0));
    must("EFAULT", "access, no NUL: %e", with_path(e, NR_ACCESS, "/edge/f", 1));
    must("EFAULT", "open, no NUL: %e", with_path(e, NR_OPEN, "/edge/f", 1));
    must("EFAULT", "chdir, no NUL: %e", with_path(e, NR_CHDIR, "/edge", 1));
    must("EFAULT", "unlink, no NUL: %e", with_path(e, NR_UNLINK, "/edge/f", 1));
    must("EFAULT", "mkdir, no NUL: %e", with_path(e, NR_MKDIR, "/edge/d", 1));
    must("EFAULT", "execve, no NUL: %e", with_path(e, NR_EXECVE, "/bin/edge", 1));
    sys_chdir("/edge");
    int r = sys_getcwd((char *)e->end - 6, 6);
    int right = memcmp(e->end - 6, "/edge", 6) == 0;
    put_back(e);
    must("6 1", "getcwd up to the end: %e %d", r, right);
    r = sys_getcwd((char *)e->end - 5, 100);
    put_back(e);
    must("EFAULT", "getcwd past it: %e", r);
    r = sys_getcwd((char *)e->end - 6, 100);
    put_back(e);
    must("6", "getcwd of a size past it: %e", r);
    must("ERANGE", "getcwd of no size at it: %e", sys_getcwd((char *)e->end, 0));
    sys_chdir("/");
}

static void vectors(struct edge *e) {
    char *argv[] = {"edge", "child", 0};
    memcpy(e->end - 8, argv, 8);
    int r = sys_execve("/bin/edge", (char **)(e->end - 8), 0);
    put_back(e);
    must("EFAULT", "argv without its end: %e", r);
    int pid = sys_fork();
    if (pid == 0) {
        memcpy(e->end - 12, argv, 12);
        sys_exit(sys_execve("/bin/edge", (char **)(e->end - 12), 0));
    }
    must("12", "argv up to the end: %e", wait_for(pid));
    pid = sys_fork();
    if (pid == 0)
        sys_exit(3);
    r = sys_waitpid(pid, (int *)(e->end - 3));
    put_back(e);
    must("EFAULT", "a status past the end: %e", r);
    r = sys_waitpid(pid, (int *)(e->end - 4));
    int right = memcmp(e->end - 4, "\0\3\0\0", 4) == 0;
    put_back(e);
    must("1 1", "a status up to it: %d %d", r == pid, right);
    must("EFAULT", "vectors of the whole address space: %e",
         sys_execve("/bin/edge", (char **)0xFFFFFFFC, 0));
}

/* The stack may be used down to its lowest byte; the page below is not there. */
static void guard(void) {
    u8 *lowest = (u8 *)STACK;
    int fd = sys_open("/edge/stack", O_RDWR | O_CREAT);
    memcpy(lowest, "WXYZ", 4);
    must("4", "write from the lowest bytes of the stack: %e", sys_write(fd, lowest, 4));
    sys_lseek(fd, 0, SEEK_SET);
    must("EFAULT", "write from below: %e", sys_write(fd, lowest - PAGE, PAGE));
    const u8 *over = lowest - PAGE - 4;
    must("EFAULT", "write from before it to behind it: %e", sys_write(fd, over, PAGE + 8));
    must("EFAULT", "the same to the console: %e", sys_write(1, over, PAGE + 8));
    must("WXYZ", "what the file holds: %s", rest_of(fd));
    must("EFAULT", "a path there: %e", sys_access((char *)lowest - 1, 0));
    sys_lseek(fd, 0, SEEK_SET);
    must("4", "read to the lowest bytes: %e", sys_read(fd, lowest, 4));
    sys_lseek(fd, 0, SEEK_SET);
    must("EFAULT", "read to below: %e", sys_read(fd, lowest - 4, 4));
    sys_close(fd);
}

/* Section 5: at least 128 KiB behind the image, and zero. */
static void behind_the_image(void) {
    u32 first = sys_brk(0), used = 0;
    must("0", "the first break modulo 4096: %d", first % 4096);
    must("yes", "128 KiB behind the image: %s", first >= ptr(_end) + 131072 ? "yes" : "no");
    for (u8 *p = _end; ptr(p) < first; p++)
        used += *p != 0;
    must("0", "bytes there not zero: %d", used);
    memset(_end, 0xA5, first - ptr(_end));
    int pid = sys_fork();
    if (pid == 0) {
        memset(_end, 0, first - ptr(_end));
        sys_exit(0);
    }
    wait_for(pid);
    used = 0;
    for (u8 *p = _end; ptr(p) < first; p++)
        used += *p != 0xA5;
    must("0", "bytes there that a fork has changed: %d", used);
}

int main(int argc, char **argv) {
    if (argc == 2 && streq(argv[1], "child"))
        return 12;
    say("== edge: 1");
    sys_mkdir("/edge");
    check_map();
    struct edge e = {.end = (u8 *)end_of_ram()};
    memcpy(e.kept, e.end - KEPT, KEPT);
    must("/ /e820", "files 4 and 5: %s %s", name_in_table(FIRST_FILE),
         name_in_table(FIRST_FILE + 1));
    must("yes", "the stack is below programs: %s", ptr(&e) < PROGRAMS ? "yes" : "no");
    must("yes", "and within 8 MiB of them: %s", PROGRAMS - ptr(&e) < 8 * MIB ? "yes" : "no");
    guard();
    behind_the_image();
    reading(&e);
    paths(&e);
    vectors(&e);
    return 0;
}
