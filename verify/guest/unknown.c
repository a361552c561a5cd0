/* unknown: a call that is not in the contract answers 0 and does nothing, by its whole number. */
#include "verify/guest/rt.h"

static void answer(const char *name, const char *linux_value, u32 nr, u32 b, u32 c) {
    differs(linux_value, "0", "an unknown call answers 0", "%s: %e", name,
            call(nr, b, c, 0777, 0, 0));
}

int main(void) {
    static const char path[] = "/unknown/new";
    say("== unknown: 1");
    sys_mkdir("/unknown");
    answer("call 500", "ENOSYS", 500, ptr(path), 0777);
    answer("call 1000", "ENOSYS", 1000, ptr(path), 0777);
    answer("call 0x10001", "ENOSYS", 0x10001, 3, 0);
    answer("call 0x1000A", "ENOSYS", 0x1000A, ptr("/unknown"), 0);
    answer("call 0x10127", "ENOSYS", 0x10127, ptr(path), 0777);
    answer("call 0x80000005", "ENOSYS", 0x80000005, ptr(path), O_CREAT);
    answer("call 0xFFFFFFFF", "ENOSYS", 0xFFFFFFFF, 0, 0);
    answer("call 0xFFFFFF27", "ENOSYS", 0xFFFFFF27, ptr(path), 0777);
    answer("openat, mkdir's low byte", "EFAULT", 295, ptr(path), 0777);
    say("nothing was made: %e", sys_access(path, 0));
    answer("rmdir of a missing directory", "ENOENT", 40, ptr(path), 0);
    answer("dup of no descriptor", "EBADF", 41, 77, 0);
    answer("rename of a missing file", "ENOENT", 38, ptr(path), ptr("/unknown/x"));
    answer("fcntl of no descriptor", "EBADF", 55, 77, 0);
    answer("dup2 of no descriptor", "EBADF", 63, 77, 88);
    put_file(path, "abc", 3);
    say("chmod: %e", call(15, ptr(path), 0700, 0, 0, 0));
    say("sync: %e", call(36, 0, 0, 0, 0, 0));
    say("what is there stays: %s", text_of(path));
    return 0;
}
