/* dup2: redirections as a shell makes them, what a copy has of its original, and who keeps a file.
 */
#include "verify/guest/limits.h"
#include "verify/guest/rt.h"

enum { SAVED_OUT = 10, SAVED_IN = 11, COPY = 20, LAST = LIMIT_OPEN + 2 };

/* cmd > file: 1 is saved, taken, and put back. */
static void output(void) {
    int file = sys_open("/dup2/out", O_WRONLY | O_CREAT);
    say("1 is saved: %e", sys_dup2(1, SAVED_OUT));
    say("the file is 1: %e", sys_dup2(file, 1));
    say("its first number is closed: %e", sys_close(file));
    say("written: %e", sys_write(1, "output", 6));
    say("1 has a position: %e", sys_lseek(1, 0, SEEK_CUR));
    say("1 is back: %e", sys_dup2(SAVED_OUT, 1));
    say("1 has none: %e", sys_lseek(1, 0, SEEK_CUR));
    say("what was saved is closed: %e", sys_close(SAVED_OUT));
    differs("EBADF", "0", "closing the console changes nothing", "then: %e",
            sys_write(SAVED_OUT, "", 0));
    say("the file has: %s", text_of("/dup2/out"));
}

/* cmd < file; then without 0, whose number the next file gets. */
static void input(void) {
    char got[8] = {0};
    int file = sys_open("/dup2/out", O_RDONLY);
    say("0 is saved: %e", sys_dup2(0, SAVED_IN));
    say("the file is 0: %e", sys_dup2(file, 0));
    sys_close(file);
    say("read: %e", sys_read(0, got, 3));
    say("these: %s", got);
    say("not to be written: %e", sys_write(0, "x", 1));
    say("0 is closed: %e", sys_close(0));
    say("again: %e", sys_close(0));
    say("it is free: %e", sys_open("/dup2/out", O_RDONLY));
    say("0 is back: %e", sys_dup2(SAVED_IN, 0));
    say("not to be written: %e", sys_write(0, "", 0));
}

/* Child and parent write to one file through 1, at its end each time. */
static void append(void) {
    int file = sys_open("/dup2/log", O_WRONLY | O_CREAT | O_APPEND);
    sys_dup2(1, SAVED_OUT);
    sys_dup2(file, 1);
    sys_close(file);
    int pid = sys_fork();
    if (pid == 0) {
        sys_write(1, "child", 5);
        sys_exit(sys_close(1) != 0);
    }
    int status = wait_for(pid);
    int wrote = sys_write(1, " parent", 7);
    sys_dup2(SAVED_OUT, 1);
    say("the child: %e, the parent: %e", status, wrote);
    say("both wrote: %s", text_of("/dup2/log"));
}

static void copies(void) {
    char got[8];
    int file = sys_open("/dup2/out", O_RDONLY), other = sys_open("/dup2/log", O_RDWR);
    sys_read(file, got, 3);
    say("over an open one: %e", sys_dup2(file, other) - other);
    say("from where it is: %e", sys_lseek(other, 0, SEEK_CUR));
    say("two bytes: %e", sys_read(other, got, 2));
    differs("5", "3", "a copy has a position of its own", "the first one is at: %e",
            sys_lseek(file, 0, SEEK_CUR));
    say("as it is: %e", sys_write(other, "x", 1));
    say("onto itself: %e", sys_dup2(file, file) - file);
    say("from nothing: %e", sys_dup2(77, 88));
    say("from nothing onto itself: %e", sys_dup2(77, 77));
    say("from below 0: %e", sys_dup2(-1, 88));
    say("to the last: %e", sys_dup2(file, LAST));
    say("past it: %e", sys_dup2(file, LAST + 1));
    say("far past it: %e", sys_dup2(file, 0x10000 + other));
    say("below 0: %e", sys_dup2(file, -1));
    say("all are open: %e %e %e", sys_close(file), sys_close(other), sys_close(LAST));
    say("and none twice: %e %e %e", sys_close(file), sys_close(other), sys_close(LAST));
}

/* A file without a name lives as long as one descriptor of several. */
static void nameless(void) {
    char got[8] = {0};
    int file = sys_open("/dup2/gone", O_RDWR | O_CREAT);
    sys_write(file, "still", 5);
    sys_dup2(file, COPY);
    sys_dup2(COPY, COPY);
    sys_unlink("/dup2/gone");
    sys_close(file);
    put_file("/dup2/gone", "other", 5);
    sys_lseek(COPY, 0, SEEK_SET);
    say("read: %e", sys_read(COPY, got, 8));
    say("it is there: %s", got);
    say("closed: %e", sys_close(COPY));
    say("the new one: %s", text_of("/dup2/gone"));
}

/* More files than there is room for, each given up by the next one in its place. */
static void many(void) {
    int failed = 0;
    for (int i = 0; i < LIMIT_NAMES + 100; i++) {
        int file = sys_open("/dup2/m", O_RDWR | O_CREAT | O_EXCL);
        failed += sys_dup2(file, COPY) != COPY || sys_close(file) || sys_unlink("/dup2/m");
    }
    say("one after the other: %d failed", failed);
    say("the last is closed: %e", sys_close(COPY));
}

int main(void) {
    say("== dup2: 1");
    sys_mkdir("/dup2");
    output();
    input();
    append();
    copies();
    nameless();
    many();
    return 0;
}
