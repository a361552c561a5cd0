/* work: what `make bench` times, the same file on Linux and on the builder: `work WHAT COUNT`.
 *
 * The time of a start and of what WHAT prepares cancels out, as the bench subtracts the time of a
 * smaller COUNT. Paths are relative, so that it needs no root of its own. */
#include "verify/guest/rt.h"

enum { MIB = 1 << 20, BLOCK = 65536, FEW = 10, MANY = 10000 };

static void fail(void) {
    sys_exit(1);
}

static void one_byte_writes(u32 count) {
    int fd = sys_open("bench-file", O_WRONLY | O_CREAT | O_TRUNC);
    while (count--)
        if (sys_write(fd, "x", 1) != 1)
            fail();
    sys_close(fd);
}

/* So many bytes from the break on. */
static void *grow_heap(u32 bytes) {
    u32 first = sys_brk(0);
    if (sys_brk(first + bytes) != first + bytes)
        fail();
    return (void *)first;
}

/* From a file of 64 KiB, started anew at its end. */
static void one_byte_reads(u32 count) {
    char *block = grow_heap(BLOCK);
    if (put_file("bench-file", block, BLOCK) != BLOCK)
        fail();
    int fd = sys_open("bench-file", O_RDONLY);
    while (count--)
        if (sys_read(fd, block, 1) != 1 && sys_lseek(fd, 0, SEEK_SET) != 0)
            fail();
    sys_close(fd);
}

/* As a simple malloc does it: a little more each time. */
static void brks(u32 count) {
    u32 first = sys_brk(0), end = first;
    while (count--) {
        end = end - first < MIB ? end + 64 : first;
        if (sys_brk(end) != end)
            fail();
    }
}

static const char *name_of(u32 i) {
    return numbered("bench-dir/", i);
}

static void opens(u32 files, u32 count) {
    u32 state = 1;
    sys_mkdir("bench-dir");
    for (u32 i = 0; i < files; i++)
        put_file(name_of(i), "", 0);
    while (count--) {
        int fd = sys_open(name_of(next_random(&state) % files), O_RDONLY);
        if (fd < 0)
            fail();
        sys_close(fd);
    }
    for (u32 i = 0; i < files; i++)
        sys_unlink(name_of(i));
}

/* The least program: ELF header, program header, xor ebx, ebx; lea eax, [ebx + 1]; int 80h. */
static const u32 nothing[] = {
    0x464C457F, 0x00010101, 0,          0, 0x00030002, 1,          0x08048054, 52,
    0,          0,          0x00200034, 1, 0,          1,          0,          0x08048000,
    0x08048000, 92,         92,         5, 0x1000,     0x438DDB31, 0x0080CD01,
};

/* A parent with so many bytes of heap forks, and the child becomes the least program. */
static void forks(u32 bytes, u32 count) {
    memset(grow_heap(bytes), 0x55, bytes);
    put_file("bench-nothing", nothing, sizeof nothing);
    while (count--) {
        int pid = sys_fork();
        if (pid == 0) {
            char *argv[] = {"nothing", 0};
            sys_exit(sys_execve("bench-nothing", argv, 0) != 0);
        }
        if (pid < 0 || wait_for(pid) != 0)
            fail();
    }
}

static void lines(u32 count) {
    static const char line[] = "a line of forty characters, counted so:\n";
    while (count--)
        if (sys_write(1, line, sizeof line - 1) != sizeof line - 1)
            fail();
}

/* Two instructions a round. */
static void rounds(u32 count) {
    __asm__ volatile("1: dec %0\n\tjnz 1b" : "+r"(count));
}

static u32 number(const char *digits) {
    u32 value = 0;
    while (*digits)
        value = value * 10 + (u32)(*digits++ - '0');
    return value;
}

int main(int argc, char **argv) {
    if (argc != 3)
        return 2;
    const char *what = argv[1];
    u32 count = number(argv[2]);
    if (streq(what, "write"))
        one_byte_writes(count);
    else if (streq(what, "read"))
        one_byte_reads(count);
    else if (streq(what, "brk"))
        brks(count);
    else if (streq(what, "open-few"))
        opens(FEW, count);
    else if (streq(what, "open-many"))
        opens(MANY, count);
    else if (streq(what, "fork-small"))
        forks(BLOCK, count);
    else if (streq(what, "fork-large"))
        forks(64 * MIB, count);
    else if (streq(what, "fork-huge"))
        forks(1024 * MIB, count);
    else if (streq(what, "lines"))
        lines(count);
    else if (streq(what, "rounds"))
        rounds(count);
    else
        return 2;
    return 0;
}
