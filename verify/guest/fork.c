/* fork: the child gets a copy of everything, and nothing it does to it is seen by the parent. */
#include "verify/guest/rt.h"

enum { MIB = 1 << 20, DEEPEST = 40 };

static u8 memory[100000];

/* The pieces of a process that a child is let loose on. */
struct process {
    u8 *heap;
    u32 heap_size;
    int fd;
};

static u32 count_not(const u8 *at, u32 n, u8 byte) {
    u32 wrong = 0;
    while (n--)
        wrong += *at++ != byte;
    return wrong;
}

static void spoil(struct process *p, u8 *stack, u32 stack_size) {
    char got[4];
    memset(memory, 0x99, sizeof memory);
    memset(p->heap, 0x99, p->heap_size);
    memset(stack, 0x99, stack_size);
    sys_read(p->fd, got, 3);
    sys_brk(ptr(p->heap) + p->heap_size + MIB);
    memset(p->heap, 0x98, p->heap_size + MIB);
    sys_brk(ptr(p->heap) + 10);
    sys_chdir("/fork/sub");
    put_file("made", "by the child", 12);
    sys_close(p->fd);
    put_file("/fork/other", "other", 5);
    sys_open("/fork/other", O_RDONLY);
    sys_open("/fork/other", O_RDONLY);
    memset(p, 0, sizeof *p);
    sys_exit(33);
}

static void check(struct process *p, const u8 *stack, u32 stack_size) {
    char cwd[32];
    char got[4] = "";
    say("memory: %d wrong", count_not(memory, sizeof memory, 0x11));
    say("stack: %d wrong", count_not(stack, stack_size, 0x33));
    say("break: %d", sys_brk(0) - ptr(p->heap));
    say("heap: %d wrong", count_not(p->heap, p->heap_size, 0x22));
    sys_getcwd(cwd, sizeof cwd);
    say("directory: %s", cwd);
    say("what the child made: %s", text_of("/fork/sub/made"));
    differs("5", "2", "child and parent do not share file positions", "position: %e",
            sys_lseek(p->fd, 0, SEEK_CUR));
    sys_lseek(p->fd, 2, SEEK_SET);
    say("read: %e, %s", sys_read(p->fd, got, 3), got);
    int fd = sys_open("/fork/data", O_RDONLY);
    say("the next descriptor: %d", fd - p->fd);
    sys_close(fd);
}

static void snapshot(void) {
    static const char text[] = "0123456789";
    u8 stack[50000];
    char got[2];
    struct process p = {(u8 *)sys_brk(0), 2 * MIB + 77, 0};
    sys_brk(ptr(p.heap) + p.heap_size);
    put_file("/fork/data", text, 10);
    p.fd = sys_open("/fork/data", O_RDWR);
    sys_read(p.fd, got, 2);
    sys_chdir("/fork");
    memset(memory, 0x11, sizeof memory);
    memset(p.heap, 0x22, p.heap_size);
    memset(stack, 0x33, sizeof stack);
    for (int i = 0; i < 3; i++) {
        int pid = sys_fork();
        if (pid == 0) {
            say("the child's copy: %d wrong", count_not(memory, sizeof memory, 0x11) +
                                                  count_not(p.heap, p.heap_size, 0x22) +
                                                  count_not(stack, sizeof stack, 0x33));
            spoil(&p, stack, sizeof stack);
        }
        say("child %d: %e", i, wait_for(pid));
        check(&p, stack, sizeof stack);
        sys_lseek(p.fd, 2, SEEK_SET);
        sys_unlink("/fork/sub/made");
    }
    sys_close(p.fd);
    sys_brk(ptr(p.heap));
    sys_chdir("/");
}

/* A descriptor that the child has closed is the parent's still, one it opened is not. */
static void descriptors(void) {
    int gone = sys_open("/fork/data", O_RDONLY);
    int kept = sys_open("/fork/data", O_RDWR | O_APPEND);
    sys_close(gone);
    int pid = sys_fork();
    if (pid == 0) {
        say("the child has the same holes: %e", sys_lseek(gone, 0, SEEK_CUR));
        say("and the same modes: %e", sys_write(kept, "!", 1));
        sys_unlink("/fork/data");
        sys_close(kept);
        int fd = sys_open("/fork/other", O_RDONLY);
        sys_exit(fd == gone);
    }
    say("the lowest was free for the child: %e", wait_for(pid));
    say("the parent's hole: %e", sys_lseek(gone, 0, SEEK_CUR));
    say("the unlinked file's end: %e", sys_lseek(kept, 0, SEEK_END));
    say("written to: %e", sys_write(kept, "?", 1));
    say("its name: %e", sys_access("/fork/data", 0));
    sys_close(kept);
}

/* The FPU of the child is a copy, and what it does to it stays its own. */
static u32 float_state(void) {
    u16 control;
    u32 top;
    __asm__ volatile("fnstcw %0\n\tfsts %1" : "=m"(control), "=m"(top));
    return control << 16 ^ top;
}

static void floats(void) {
    u16 control = 0x0F7F; /* round towards zero, to 64 bits */
    __asm__ volatile("fninit\n\tfldcw %0\n\tfldpi" : : "m"(control));
    u32 before = float_state();
    int pid = sys_fork();
    if (pid == 0) {
        int same = float_state() == before;
        __asm__ volatile("fninit\n\tfld1\n\tfldz\n\tfld1");
        sys_exit(same);
    }
    say("the child has the same FPU: %d", wait_for(pid));
    say("the parent still: %d", float_state() == before);
    control = 0x0F7B; /* a division by zero is no longer masked, and waits */
    __asm__ volatile("fninit\n\tfldcw %0\n\tfld1\n\tfldz\n\tfdivrp" : : "m"(control));
    pid = sys_fork();
    if (pid == 0)
        sys_exit(5);
    __asm__ volatile("fninit");
    say("a fork while an exception waits: %d", wait_for(pid));
    pid = sys_fork();
    if (pid == 0) {
        __asm__ volatile("fldcw %0\n\tfld1\n\tfldz\n\tfdivrp" : : "m"(control));
        sys_exit(6);
    }
    say("an exit while one waits: %d", wait_for(pid));
    __asm__ volatile("fninit");
}

/* Each level forks the next. The answer travels back as exit codes: how many levels there were
 * below, and this level's own memory must be as it was.
 */
static int descend(int level) {
    u32 own = (u32)level * 0x01010101;
    memset(memory, level, sizeof memory);
    if (level == DEEPEST)
        return DEEPEST;
    int pid = sys_fork();
    if (pid == 0)
        sys_exit(descend(level + 1));
    int below = pid < 0 ? 200 : wait_for(pid);
    if (own != (u32)level * 0x01010101 || count_not(memory, sizeof memory, (u8)level))
        return 100 + level;
    return below;
}

/* The break in the middle of a page: what a child writes behind it is not there afterwards. */
static void behind_the_break(void) {
    u8 *end = (u8 *)sys_brk(0);
    sys_brk(ptr(end) + 100);
    memset(end, 0x44, 100);
    int pid = sys_fork();
    if (pid == 0) {
        sys_brk(ptr(end) + 10000);
        memset(end, 0x55, 10000);
        sys_exit(0);
    }
    wait_for(pid);
    sys_brk(ptr(end) + 10000);
    say("behind the break: %d wrong", count_not(end, 100, 0x44) + count_not(end + 100, 9900, 0));
    sys_brk(ptr(end));
}

/* A stack of the program's own in the heap: what the child pushes there is not the parent's. */
static void heap_stack(void) {
    u32 base = sys_brk(0), top = base + 65536, kept;
    int status;
    sys_brk(top);
    __asm__ volatile("mov %%esp, %%esi\n\t"
                     "mov %1, %%esp\n\t"
                     "push $0x1234\n\t"
                     "push $0x5678\n\t"
                     "mov $2, %%eax\n\t"
                     "int $0x80\n\t"
                     "test %%eax, %%eax\n\t"
                     "jnz 1f\n\t"
                     "add $8, %%esp\n\t"
                     "push $0\n\t"
                     "push $0\n\t"
                     "xor %%ebx, %%ebx\n\t"
                     "mov $1, %%eax\n\t"
                     "int $0x80\n"
                     "1:\tpop %%ecx\n\t"
                     "pop %0\n\t"
                     "xor %%ecx, %0\n\t"
                     "mov %%esi, %%esp"
                     : "=&r"(kept)
                     : "m"(top)
                     : "eax", "ebx", "ecx", "edx", "esi", "memory", "cc");
    say("the child of a stack in the heap: %d", sys_waitpid(-1, &status) > 0 && status == 0);
    say("what lay on that stack: %d", (int)kept);
    sys_brk(base);
}

/* The child writes all over some 3 MiB of stack. */
static u32 deep_stack(u32 levels, volatile u8 *top) {
    volatile u8 room[3000];
    room[0] = room[2999] = (u8)levels;
    if (levels)
        return deep_stack(levels - 1, top) + (room[0] != (u8)levels || room[2999] != (u8)levels);
    int pid = sys_fork();
    if (pid == 0) {
        for (volatile u8 *at = room; at < top; at++)
            *at = 0x66;
        sys_exit(4);
    }
    return wait_for(pid) == 4 ? 0 : 5000;
}

/* What a child has the kernel write for it. */
static void written_by_calls(void) {
    static u8 block[4][4096] __attribute__((aligned(4096)));
    memset(block, 0x77, sizeof block);
    put_file("/fork/data", "0123456789", 10);
    int pid = sys_fork();
    if (pid == 0) {
        int fd = sys_open("/fork/data", O_RDONLY);
        int right = sys_read(fd, block[0] + 4090, 10) == 10 && block[1][3] == '9';
        right += sys_getcwd((char *)block[2], 100) > 0;
        int grandchild = sys_fork();
        if (grandchild == 0)
            sys_exit(3);
        right += sys_waitpid(grandchild, (int *)block[3]) == grandchild && block[3][1] == 3;
        sys_exit(right);
    }
    say("calls that write for a child: %d", wait_for(pid));
    say("the parent's: %d wrong", count_not(block[0], sizeof block, 0x77));
}

static void many(void) {
    static int pids[300];
    int twice = 0, wrong = 0;
    for (int i = 0; i < 300; i++) {
        pids[i] = sys_fork();
        if (pids[i] == 0)
            sys_exit(i & 0xFF);
        wrong += wait_for(pids[i]) != (i & 0xFF);
        for (int j = 0; j < i; j++)
            twice += pids[j] == pids[i] || pids[i] <= 0;
    }
    say("300 children one after another: %d wrong, %d numbers given twice", wrong, twice);
}

int main(void) {
    say("== fork: 1");
    sys_mkdir("/fork");
    sys_mkdir("/fork/sub");
    snapshot();
    descriptors();
    floats();
    say("nested: %d", descend(0));
    say("nested again: %d", descend(0));
    behind_the_break();
    heap_stack();
    u8 top;
    say("a deep stack: %d wrong", deep_stack(1000, &top));
    written_by_calls();
    many();
    return 0;
}
