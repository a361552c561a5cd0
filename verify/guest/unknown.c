/* unknown: a call that is not in the contract answers ENOSYS and does nothing, by its whole number;
 * some that programs make and do not need answer 0. */
#include "verify/guest/rt.h"

static void nowhere(const char *name, u32 nr, u32 b, u32 c) {
    say("%s: %e", name, call(nr, b, c, 0777, 0, 0));
}

static void ours(const char *name, const char *linux_value, u32 nr, u32 b, u32 c) {
    differs(linux_value, "ENOSYS", "not in the contract", "%s: %e", name,
            call(nr, b, c, 0777, 0, 0));
}

static int group(void) {
    int pid = sys_fork();
    if (pid == 0) {
        call(NR_EXIT_GROUP, 42, 0, 0, 0, 0);
        sys_exit(1);
    }
    return wait_for(pid);
}

int main(void) {
    static const char path[] = "/unknown/new";
    say("== unknown: 1");
    sys_mkdir("/unknown");
    nowhere("call 500", 500, ptr(path), 0777);
    nowhere("call 1000", 1000, ptr(path), 0777);
    nowhere("call 0x10001", 0x10001, 3, 0);
    nowhere("call 0x1000A", 0x1000A, ptr("/unknown"), 0);
    nowhere("call 0x1000F", 0x1000F, ptr("/unknown"), 0);
    nowhere("call 0x10127", 0x10127, ptr(path), 0777);
    nowhere("call 0x80000005", 0x80000005, ptr(path), O_CREAT);
    nowhere("call 0xFFFFFFFF", 0xFFFFFFFF, 0, 0);
    nowhere("call 0xFFFFFF27", 0xFFFFFF27, ptr(path), 0777);
    ours("openat, mkdir's low byte", "EFAULT", 295, ptr(path), 0777);
    say("nothing was made: %e", sys_access(path, 0));
    ours("rmdir of a missing directory", "ENOENT", 40, ptr(path), 0);
    ours("dup of no descriptor", "EBADF", 41, 77, 0);
    ours("rename of a missing file", "ENOENT", 38, ptr(path), ptr("/unknown/x"));
    ours("fcntl of no descriptor", "EBADF", 55, 77, 0);
    put_file(path, "abc", 3);
    say("chmod: %e", call(NR_CHMOD, ptr(path), 0700, 0, 0, 0));
    say("utime: %e", call(NR_UTIME, ptr(path), 0, 0, 0, 0));
    say("sync: %e", call(NR_SYNC, 0, 0, 0, 0, 0));
    say("getuid: %e", call(NR_GETUID, 0, 0, 0, 0, 0));
    say("what is there stays: %s", text_of(path));
    say("exit_group: %d", group());
    return 0;
}
