/* exec: execve with and without fork: what stays, what goes, and what a failure leaves. */
#include "verify/guest/rt.h"

enum { STEPS = 60 };

static u8 memory[50000];

static void try(const char *path) {
    say("exec %s: %e", path, sys_execve(path, (char *[]){"x", 0}, (char *[]){0}));
}

static void failures(void) {
    u8 *heap = (u8 *)sys_brk(0);
    sys_brk(ptr(heap) + 10000);
    memset(heap, 0x44, 10000);
    memset(memory, 0x45, sizeof memory);
    sys_chdir("/exec");
    int fd = sys_open("/exec/text", O_RDONLY);
    sys_lseek(fd, 3, SEEK_SET);
    try("/exec/none");
    try("none");
    try("/exec/none/none");
    try("");
    try("/exec/text");
    try("empty");
    u32 wrong = 0;
    for (u32 i = 0; i < sizeof memory; i++)
        wrong += memory[i] != 0x45;
    for (u32 i = 0; i < 10000; i++)
        wrong += heap[i] != 0x44;
    char cwd[16] = "";
    sys_getcwd(cwd, sizeof cwd);
    say("after the failures: %d bytes wrong, break %d, position %e, in %s", wrong,
        sys_brk(0) - ptr(heap), sys_lseek(fd, 0, SEEK_CUR), cwd);
    sys_close(fd);
    sys_brk(ptr(heap));
    differs("EACCES", "ENOEXEC", "a directory is an empty file", "exec of a directory: %e",
            sys_execve("/exec", (char *[]){"x", 0}, (char *[]){0}));
    static char copy[65536];
    int n = get_file("/bin/exec", copy, sizeof copy);
    int out = call(NR_OPEN, ptr("/exec/plain"), O_WRONLY | O_CREAT, 0644, 0, 0);
    sys_write(out, copy, (u32)n);
    sys_close(out);
    int pid = sys_fork();
    if (pid == 0)
        sys_exit(-sys_execve("/exec/plain", (char *[]){"exec", "quiet", 0}, (char *[]){0}));
    differs("EACCES", "ok", "modes are ignored", "exec of a file of mode 644: %s",
            outcome(-wait_for(pid)));
}

/* The selectors of FS and GS, which a new program finds null. */
static u32 fs_and_gs(void) {
    u32 fs, gs;
    __asm__ volatile("mov %%fs, %0; mov %%gs, %1" : "=r"(fs), "=r"(gs));
    return fs | gs;
}

static void set_fs_and_gs(void) {
    __asm__ volatile("mov %%es, %%eax; mov %%eax, %%fs; mov %%eax, %%gs" ::: "eax");
}

/* What the new program finds: descriptors with their positions and the directory, fresh memory. */
static int inherits(char **argv) {
    u32 selectors = fs_and_gs();
    char cwd[32] = "", got[8] = "";
    u32 used = 0;
    for (u32 i = 0; i < sizeof memory; i++)
        used += memory[i] != 0;
    sys_getcwd(cwd, sizeof cwd);
    int fd = argv[2][0] - '0';
    int closed = argv[3][0] - '0';
    int sought = sys_lseek(fd, 0, SEEK_CUR);
    int read = sys_read(fd, got, 3);
    say("inherited: position %e, read %e, %s, write %e", sought, read, got, sys_write(fd, "z", 1));
    say("inherited: a closed descriptor %e, in %s, %d bytes used", sys_lseek(closed, 0, SEEK_CUR),
        cwd, used);
    say("inherited: FS and GS %x", selectors);
    memset(memory, 0xFF, sizeof memory);
    return 21;
}

static void inheritance(void) {
    u8 *heap = (u8 *)sys_brk(0);
    sys_brk(ptr(heap) + 100000);
    int fd = sys_open("/exec/text", O_RDONLY);
    int closed = sys_open("/exec/text", O_RDONLY);
    sys_lseek(fd, 4, SEEK_SET);
    sys_close(closed);
    sys_chdir("/exec");
    memset(memory, 0x77, sizeof memory);
    memset(heap, 0x78, 100000);
    int pid = sys_fork();
    if (pid == 0) {
        char which[2] = {(char)('0' + fd), 0}, hole[2] = {(char)('0' + closed), 0};
        set_fs_and_gs();
        sys_exit(sys_execve("../bin/exec", (char *[]){"exec", "inherits", which, hole, 0},
                            (char *[]){"A=b", 0}));
    }
    say("the exec'd child: %e", wait_for(pid));
    u32 wrong = 0;
    for (u32 i = 0; i < sizeof memory; i++)
        wrong += memory[i] != 0x77;
    for (u32 i = 0; i < 100000; i++)
        wrong += heap[i] != 0x78;
    say("its parent: %d bytes wrong, break %d", wrong, sys_brk(0) - ptr(heap));
    sys_close(fd);
    sys_brk(ptr(heap));
}

/* The file of a running program may go; the program does not. */
static int removes_itself(void) {
    say("a program unlinks itself: %e", sys_unlink("/exec/copy"));
    say("and goes on: %e", sys_access("/exec/copy", 0));
    return 17;
}

static void removal(void) {
    static char copy[65536];
    int n = get_file("/bin/exec", copy, sizeof copy);
    put_file("/exec/copy", copy, (u32)n);
    int pid = sys_fork();
    if (pid == 0)
        sys_exit(-sys_execve("/exec/copy", (char *[]){"exec", "removes", 0}, (char *[]){0}));
    say("it ends with: %e", wait_for(pid));
}

/* execve without fork, again and again: the count travels as the length of a word. */
static int chain(char *count) {
    u32 n = strlen(count);
    if (n == STEPS) {
        say("a chain of execs: %d long", n);
        return 0;
    }
    char next[STEPS + 2];
    memcpy(next, count, n);
    next[n] = 'i';
    next[n + 1] = 0;
    char *argv[] = {"exec", "chain", next, 0};
    return -sys_execve("/bin/exec", argv, (char *[]){0});
}

int main(int argc, char **argv) {
    if (argc > 1) {
        return streq(argv[1], "quiet")      ? 0
               : streq(argv[1], "inherits") ? inherits(argv)
               : streq(argv[1], "removes")  ? removes_itself()
                                            : chain(argv[2]);
    }
    say("== exec: 1");
    sys_mkdir("/exec");
    put_file("/exec/text", "plain text, no program", 22);
    put_file("/exec/empty", "", 0);
    failures();
    inheritance();
    removal();
    return chain("");
}
