/* keeps: a system call changes EAX and nothing else: no register, no flag, nothing below the stack
 * pointer but the 44 bytes that processor and kernel push. */
#include "verify/guest/rt.h"

enum { CARRY_TO_OVERFLOW = 0xCD5 }; /* CF PF AF ZF SF DF OF */

static char text[64] = "/keeps/f";
static char buf[64];
static int status;

/* One call under these flags: says the result and what changed. EBP is no argument, and marked. */
static void check(const char *name, u32 nr, u32 b, u32 c, u32 d, u32 flags) {
    struct regs r = {nr, b, c, d, 0x5A5A5A51, 0x5A5A5A52, 0x5A5A5A53, 0, flags | 2, 0, 0};
    struct regs was = r;
    call_with(&r);
    if (nr == NR_FORK && r.eax == 0) {
        int kept = r.ebx == was.ebx && r.ebp == was.ebp && r.edi == was.edi &&
                   (r.flags & CARRY_TO_OVERFLOW) == (flags & CARRY_TO_OVERFLOW);
        sys_exit(kept ? 0 : 1);
    }
    say("%s, flags %x: %s%s%s%s%s%s%s%s", name, flags,
        nr == NR_FORK || nr == NR_BRK ? "a number" : outcome((int)r.eax),
        r.ebx == was.ebx ? "" : ", ebx changed", r.ecx == was.ecx ? "" : ", ecx changed",
        r.edx == was.edx ? "" : ", edx changed", r.esi == was.esi ? "" : ", esi changed",
        r.edi == was.edi ? "" : ", edi changed", r.ebp == was.ebp ? "" : ", ebp changed",
        (r.flags & CARRY_TO_OVERFLOW) == (flags & CARRY_TO_OVERFLOW) ? "" : ", flags changed");
    if (nr == NR_FORK)
        say("and in the child: %e", wait_for((int)r.eax));
}

static void every_call(u32 flags) {
    int fd = sys_open(text, O_RDWR | O_CREAT);
    check("write", NR_WRITE, (u32)fd, ptr("twelve bytes"), 12, flags);
    check("lseek", NR_LSEEK, (u32)fd, 0, SEEK_SET, flags);
    memset(buf, 0, sizeof buf);
    check("read", NR_READ, (u32)fd, ptr(buf), 12, flags);
    say("read gave: %s", buf);
    check("console", NR_WRITE, 1, ptr("keeps\n"), 6, flags);
    check("close", NR_CLOSE, (u32)fd, 0, 0, flags);
    check("close again", NR_CLOSE, (u32)fd, 0, 0, flags);
    check("open", NR_OPEN, ptr("/keeps//../keeps/new"), O_RDWR | O_CREAT | O_TRUNC, 0777, flags);
    check("open, missing", NR_OPEN, ptr("/keeps/none"), O_RDONLY, 0, flags);
    sys_close(fd);
    check("access", NR_ACCESS, ptr("/keeps/new"), 0, 0, flags);
    check("unlink", NR_UNLINK, ptr("/keeps/new"), 0, 0, flags);
    check("mkdir", NR_MKDIR, ptr("/keeps"), 0777, 0, flags);
    check("chdir", NR_CHDIR, ptr("/keeps"), 0, 0, flags);
    check("getcwd", NR_GETCWD, ptr(buf), sizeof buf, 0, flags);
    say("getcwd gave: %s", buf);
    check("brk", NR_BRK, 0, 0, 0, flags);
    check("brk, larger", NR_BRK, sys_brk(0) + 5000, 0, 0, flags);
    check("waitpid", NR_WAITPID, (u32)-1, ptr(&status), 0, flags);
    check("wait4", NR_WAIT4, (u32)-1, ptr(&status), 0, flags);
    check("execve, missing", NR_EXECVE, ptr("/keeps/none"), 0, 0, flags);
    check("execve, no program", NR_EXECVE, ptr(text), 0, 0, flags);
    check("a wild pointer", NR_GETCWD, NOWHERE, sizeof buf, 0, flags);
    check("fork", NR_FORK, 0x5A5A5A54, 0, 0, flags);
}

/* A leaf function may keep bytes below the stack pointer: the 44 bytes of a call go there. */
static void below_the_stack(const char *name, u32 nr, u32 b, u32 c, u32 d) {
    say("%s: %d bytes changed below the stack", name, call_below(nr, b, c, d));
}

int main(void) {
    say("== keeps: 1");
    sys_mkdir("/keeps");
    every_call(0);
    every_call(0x8D5);
    every_call(0x400);
    every_call(0xCD5);
    int fd = sys_open(text, O_RDWR | O_CREAT);
    below_the_stack("write", NR_WRITE, (u32)fd, ptr(text), 9);
    below_the_stack("open", NR_OPEN, ptr("/keeps/../keeps/f"), O_RDONLY, 0);
    below_the_stack("getcwd", NR_GETCWD, ptr(buf), sizeof buf, 0);
    below_the_stack("console", NR_WRITE, 1, ptr("keeps\n"), 6);
    below_the_stack("unknown", 5000, 0, 0, 0);
    return 0;
}
