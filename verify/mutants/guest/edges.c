/* edges: what programs seldom do, one thing for each word. What the kernel does then is compared
 * with what another kernel does. */
#include "verify/guest/rt.h"

enum { FIRST_TAKEN = 0x00100000, LAST_TAKEN = 0x001FFFFF };

static void touch(u32 address) {
    *(volatile u8 *)address = 1;
}

static u32 word_at(u32 address) {
    u32 value;
    __asm__ volatile("mov (%1), %0" : "=r"(value) : "r"(address));
    return value;
}

static void write_line(const char *text) {
    sys_write(1, text, strlen(text));
    sys_write(1, "\n", 1);
}

/* Page 0 is there once the machine is taken over, and stays so. */
static void take_over(u32 address) {
    touch(address);
    say("page 0: %x", word_at(0) ^ word_at(0));
    write_line("a line");
    say("page 0 behind a line: %x", word_at(0) ^ word_at(0));
    say("fork: %e", sys_fork());
    say("brk: %x", sys_brk(sys_brk(0) + 5));
    say("open: %e", sys_open("/nosuch", O_RDONLY));
}

static void take_over_first(void) {
    take_over(FIRST_TAKEN);
}

static void take_over_last(void) {
    take_over(LAST_TAKEN);
}

/* An error of the FPU is a fault, also behind a take-over. */
static void divide_by_zero(void) {
    static const u16 CONTROL = 0x37B;
    __asm__ volatile("fninit; fldcw %0; fld1; fldz; fdivrp; fwait" : : "m"(CONTROL));
}

static void take_over_and_divide(void) {
    touch(FIRST_TAKEN);
    divide_by_zero();
}

/* A page fault behind a line of the console: a switch of tasks loads all segments. */
static void fault_behind_a_line(void) {
    static volatile u32 page[2048];
    write_line("a line");
    int pid = sys_fork();
    if (pid == 0) {
        page[1000]++;
        write_line("another");
        page[2000]++;
        sys_exit((int)page[1000]);
    }
    int status = 0;
    sys_waitpid(pid, &status);
    say("status %x, %d %d", (u32)status, (int)page[1000], (int)page[2000]);
}

static const struct edge {
    const char *name;
    void (*run)(void);
} EDGES[] = {
    {"first", take_over_first},
    {"last", take_over_last},
    {"line", fault_behind_a_line},
    {"divide", take_over_and_divide},
};

int main(int argc, char **argv) {
    for (u32 n = 0; argc == 2 && n < sizeof EDGES / sizeof EDGES[0]; n++)
        if (streq(argv[1], EDGES[n].name))
            EDGES[n].run();
    return 0;
}
