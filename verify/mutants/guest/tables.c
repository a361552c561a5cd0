/* tables: what a program can see of the kernel's own: the tables of CONTRACT 7.4, which pages are
 * there, how far the break goes, and what is in registers and on the stack at the start. The
 * findings are compared with those of another kernel, so they may hold addresses. */
#include "verify/guest/file_table.h"

enum { LAST_SAID = 40, PAGE = 4096 };

static void say_files(void) {
    for (u32 n = FIRST_FILE; n < LAST_SAID; n++) {
        const struct descriptor *f = descriptor_in_table(n);
        const char *name = name_in_table(n);
        if (name[0] != '/')
            continue;
        u32 sum = f->length ? fnv(FNV_START, (const void *)f->address, f->length) : 0;
        say("%d: %s at %x, %d bytes, %x", (int)n, name, f->address, (int)f->length, sum);
    }
}

/* What a program that takes over may use must be free. */
static void say_free(void) {
    static const u32 FREE[][2] = {{0x4000, 0x5000}, {0x9800, 0xB000}};
    for (u32 i = 0; i < 2; i++)
        say("free from %x: %x", FREE[i][0],
            fnv(FNV_START, (const void *)FREE[i][0], FREE[i][1] - FREE[i][0]));
}

/* A pointer to each of these: whether write takes from there. */
static void say_pages(void) {
    static const u32 PLACES[] = {0,          0xFFF,      0x1000,     0x00100000, 0x07FFFFFF,
                                 0x08000000, 0x0BFFFFFF, 0x0C000000, 0x1F000000, 0x25800000,
                                 0x7FFFFFFF, 0xC0000000, 0xFFFFFFFF};
    int fd = sys_open("/taken", O_RDWR | O_CREAT);
    for (u32 i = 0; i < sizeof PLACES / sizeof PLACES[0]; i++)
        say("page %x: %e", PLACES[i], call(NR_WRITE, (u32)fd, PLACES[i], 1, 0, 0));
    sys_close(fd);
}

/* The end of memory, and whether there is anything in the 4 MiB behind. */
static void say_end(void) {
    int fd = sys_open("/taken", O_RDWR | O_CREAT);
    u32 low = 0x08000000u, there = 0;
    for (u32 step = 0x80000000u; step >= PAGE; step >>= 1)
        if (low + step > low && call(NR_WRITE, (u32)fd, low + step, 1, 0, 0) == 1)
            low += step;
    for (u32 n = 1; n <= 1024; n++)
        there += call(NR_WRITE, (u32)fd, low + n * PAGE, 1, 0, 0) == 1;
    say("memory ends with page %x, %d behind it", low, (int)there);
    sys_close(fd);
}

static void say_break(void) {
    u32 low = sys_brk(0), step;
    say("break %x", low);
    for (step = 0x80000000u; step >= PAGE; step >>= 1)
        if (sys_brk(low + step) == low + step && low + step > low)
            low += step;
    say("highest break %x, a byte more %x", low, sys_brk(low + 1));
    int pid = sys_fork(); /* nothing is left for what it would save */
    if (pid == 0)
        sys_exit(0);
    say("fork there: %e", pid < 0 ? pid : 1);
}

/* Numbers of children, and what waitpid gives for them. */
static void say_children(void) {
    for (int n = 0; n < 3; n++) {
        int status = -1, pid = sys_fork();
        if (pid == 0) {
            int inner = sys_fork();
            if (inner == 0)
                sys_exit(7);
            say("a child's child is %d", inner);
            sys_exit(n + 1);
        }
        say("child %d", pid);
        say("waitpid %d", sys_waitpid(-1, &status));
        say("status %x", (u32)status);
    }
}

/* Interrupts are enabled for a while, and none may come. */
static void wait_enabled(void) {
    __asm__ volatile("sti");
    for (volatile u32 n = 0; n < 20000; n++) {
    }
    u8 mask;
    __asm__ volatile("inb $0x21, %0" : "=a"(mask));
    __asm__ volatile("cli");
    say("no interrupt, mask %x", mask);
}

int main(int argc, char **argv) {
    say("stack %x, %d words, the first at %x", ptr(&argv), argc, ptr(argv[0]));
    say("registers %x %x %x %x %x %x %x, flags %x", entry_state.eax, entry_state.ebx,
        entry_state.ecx, entry_state.edx, entry_state.esi, entry_state.edi, entry_state.ebp,
        entry_state.flags);
    wait_enabled();
    say_children();
    say_files();
    say_free();
    say_pages();
    if (argc == 1)
        say_break();
    else
        say_end();
    return 0;
}
