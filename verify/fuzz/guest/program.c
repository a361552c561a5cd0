/* What the programs call that verify/fuzz_program.c generates. The routines take their arguments
 * in registers and stand in a table at the start of this file, in the order of enum routine. After
 * each system call a program has all its registers and flags mixed into its sum, which is the one
 * line that it leaves in /dev/hda. */
#include "verify/fuzz/guest/quick.h"

#define ROUTINE __attribute__((regparm(3), used)) static
/* Of the zeros that the program's last segment is made of. */
#define BUFFER ((u8 *)0x08090000)

enum { LARGEST = 16384, CHILDREN = 80, HIGHEST = 40, HEAP_STEP = 3001, HEAP_SEEN = 2 << 20 };

static struct {
    u32 sum, answers, number, depth, trace;
    u32 first; /* the first break */
    int top;   /* the highest descriptor that a call may have given, at most HIGHEST */
    u32 children;
    int pid[CHILDREN]; /* of this process's children */
} run;

int main(void); /* start.S wants one */

int main(void) {
    return 0;
}

static void fold(const void *bytes, u32 n) {
    run.sum = digest(run.sum, bytes, n);
}

static void note(int answer) {
    fold(&answer, sizeof answer);
    run.answers++;
    if (run.trace) {
        say("program %d.%d %d: %e %x", (int)run.number, (int)run.answers, (int)run.depth, answer,
            run.sum);
    }
}

/* edi esi ebp esp ebx edx ecx eax flags, as a system call has left them. */
__attribute__((regparm(1), used)) void mix(u32 *regs);

__attribute__((regparm(1), used)) void mix(u32 *regs) {
    u32 seen = regs[7] <= LARGEST ? regs[7] : 0;
    regs[3] = 0; /* the stack is elsewhere on Linux; popal does not look */
    regs[8] &= 0xCD5;
    fold(regs, 7 * sizeof *regs);
    fold(&regs[8], sizeof *regs);
    fold(BUFFER, seen < 64 ? 64 : seen);
    if ((int)regs[7] > run.top && regs[7] <= HIGHEST)
        run.top = (int)regs[7];
    note((int)regs[7]);
}

/* The routine that keeps every register. */
void mix_all(void);
__asm__("mix_all:\n"
        "        pushfl\n"
        "        pushal\n"
        "        cld\n"
        "        movl    %esp, %eax\n"
        "        call    mix\n"
        "        popal\n"
        "        popfl\n"
        "        ret\n");

/* `stack` is that of the program's entry. */
ROUTINE void begin(u32 number, u32 *stack) {
    char name[16] = "/e";
    char digits[12];
    int n = 0, k = 2;
    call_linux((char **)(stack + 1));
    run.sum = FNV_START;
    run.number = number;
    run.trace = stack[0] > 1;
    run.first = sys_brk(0);
    do {
        digits[n++] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    while (n)
        name[k++] = digits[--n];
    sys_mkdir(name);
    sys_chdir(name);
}

/* n bytes to be written. */
ROUTINE void fill(u32 n, u32 seed) {
    fill_from(BUFFER, n < LARGEST ? n : LARGEST, seed);
}

/* The whole of a file. */
ROUTINE void sum(const char *path) {
    int got = 0, fd = call(NR_OPEN, ptr(path), 0, 0, 0, 0);
    while (fd >= 0 && (got = sys_read(fd, BUFFER, LARGEST)) > 0)
        fold(BUFFER, (u32)got);
    note(fd < 0 ? fd : got);
    sys_close(fd);
}

ROUTINE void move_break(u32 offset) {
    u32 was = sys_brk(0), got = sys_brk(run.first + offset);
    note((int)(was - run.first));
    note((int)(got - run.first));
    for (u32 at = run.first; at < got && at < run.first + HEAP_SEEN; at += HEAP_STEP) {
        fold((u8 *)at, 1);
        *(u8 *)at = (u8)(run.sum | 1);
    }
}

ROUTINE void shut(void) {
    int open = 0;
    for (int fd = 3; fd <= run.top; fd++)
        open += sys_close(fd) == 0;
    note(open);
}

/* A child: what is left of it is its sum, for its parent to add. */
ROUTINE void leave(u32 code) {
    put_file("/sum", &run.sum, sizeof run.sum);
    sys_exit((int)code);
}

/* The end of the program, or of a child that has no other. */
ROUTINE void finish(void) {
    if (run.depth)
        leave(0);
    say("program %d: %x after %d answers", (int)run.number, run.sum, (int)run.answers);
    sys_exit(0);
}

/* 0 in the child. */
ROUTINE int make_child(void) {
    u32 child_sum = 0;
    int pid = sys_fork();
    if (pid == 0) {
        run.depth++;
        run.children = 0;
        return 0;
    }
    if (pid > 0) {
        settle(pid);
        get_file("/sum", &child_sum, sizeof child_sum);
        fold(&child_sum, sizeof child_sum);
        if (run.children < CHILDREN)
            run.pid[run.children++] = pid;
    }
    note(pid < 0 ? pid : 1);
    return 1;
}

/* For child number `which` of this process, or any. */
ROUTINE void wait_child(int which) {
    int status = 0x5A5A5A5A;
    int pid = which < 0 ? which : (u32)which < run.children ? run.pid[which] : 0x7FFFFFF;
    int got = sys_waitpid(pid, &status);
    for (u32 i = 0; got > 0 && i < run.children; i++)
        if (run.pid[i] == got)
            note((int)i);
    note(got > 0 ? 0 : got);
    note(status);
}

__attribute__((section(".table"), used)) static const void *const TABLE[] = {
    mix_all, begin, fill, sum, move_break, shut, leave, finish, make_child, wait_child,
};
